"""The wheel, and a project that has it installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

REPOSITORY = Path(__file__).parents[2]
ROOTS = ("fakes", "simulator", "scenarios")


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints. It must succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as it is for a release."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, REPOSITORY, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment: our dependencies and the wheel, but nothing of this repository."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    ours = Path(sysconfig.get_path("purelib"))
    theirs = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    for entry in ours.iterdir():
        if "hubtwin" not in entry.name and entry.suffix != ".pth":
            (theirs / entry.name).symlink_to(entry)
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    return python


def test_the_wheel_holds_the_three_roots(wheel: Path) -> None:
    """All files of the roots are in the wheel, data files among them, and nothing else is."""
    expected = {
        str(file.relative_to(REPOSITORY / root))
        for root in ROOTS
        for file in (REPOSITORY / root).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == expected
    assert "hubtwin/portal/data/properties.tsv" in packed


def test_the_wheel_announces_itself(wheel: Path) -> None:
    """The command, the pytest plugins and the licence are where tools look for them."""
    with ZipFile(wheel) as archive:
        texts = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "hubtwin = hubtwin.cli.__main__:main" in texts["entry_points.txt"]
    assert "hubtwin.pytest_plugin = hubtwin.pytest_plugin" in texts["entry_points.txt"]
    assert "MIT" in texts["LICENSE"]


def test_the_command_is_installed(python: Path, tmp_path: Path) -> None:
    """`hubtwin` runs in an environment that has nothing but the wheel."""
    assert "Usage: hubtwin" in run(python.with_name("hubtwin"), "--help", cwd=tmp_path)


CONSUMER = {
    "pyproject.toml": """
[tool.pytest.ini_options]
pythonpath = ["."]
filterwarnings = ["error"]
""",
    "simulator/__init__.py": "LOAD = 3\n",
    "scenarios.py": "BUSY = 'busy'\n",
    "tests/fakes.py": "class FakeMailer:\n    sent = ()\n",
    "crm.py": """
from hubspot import HubSpot
from hubspot.crm.contacts import SimplePublicObjectInputForCreate

def add(email):
    contact = SimplePublicObjectInputForCreate(properties={"email": email})
    return HubSpot(access_token="secret").crm.contacts.basic_api.create(contact).id
""",
    "tests/test_crm.py": """
import fakes
import scenarios
import simulator
from crm import add

def test_own_modules():
    assert (fakes.FakeMailer.sent, simulator.LOAD, scenarios.BUSY) == ((), 3, "busy")

def test_contact(portal):
    contact = portal.find("contacts", add("ada@example.com"))
    assert contact.get("lifecyclestage") == "lead"

def test_served(portal):
    assert portal.url.startswith("http://127.0.0.1:")
""",
    "stages.scenario.yaml": """
scenario: 1
suite: Stages
tests:
  - id: forward-only
    title: An app moves no contact back
    given: [{contact: {as: ada, email: ada@example.com, lifecyclestage: customer}}]
    steps:
      - update: {record: $ada, set: {lifecyclestage: lead}}
      - expect: {record: $ada, has: {lifecyclestage: customer}}
""",
}


def test_a_project_with_folders_of_the_same_names(python: Path, tmp_path: Path) -> None:
    """A project with its own `fakes`, `simulator` and `scenarios` tests its code on a portal, without a warning."""
    for name, text in CONSUMER.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    summary = run(python, "-W", "error", "-m", "pytest", "-q", "-W", "error", cwd=tmp_path)
    assert "4 passed" in summary


def test_types_are_found(python: Path, tmp_path: Path) -> None:
    """A type checker sees the annotations of the installed packages."""
    (tmp_path / "typed.py").write_text("from hubtwin.portal import Portal\n\nreveal_type(Portal().clock.now)\n")
    shown = run(sys.executable, "-m", "mypy", "--python-executable", python, "typed.py", cwd=tmp_path)
    assert 'Revealed type is "int"' in shown.replace("builtins.", "")

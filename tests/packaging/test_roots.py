"""The three source roots: what may know of what."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
ROOTS = ("fakes", "simulator", "scenarios")

IMPORT_ALL = """
import importlib, sys
sys.path[:] = [*{below}, *(path for path in sys.path if path not in {roots})]
modules = sys.argv[1:]
for module in modules:
    importlib.import_module(module)
print(len(modules), "imported")
"""


def modules_of(root: str) -> Iterator[str]:
    """The dotted names of all modules of a root."""
    for file in sorted((REPOSITORY / root).rglob("*.py")):
        yield ".".join(file.relative_to(REPOSITORY / root).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("number", range(3), ids=ROOTS)
def test_a_root_needs_only_those_below_it(number: int) -> None:
    """Every module of a root can be imported with only that root and those below it on the path."""
    roots = [str(REPOSITORY / root) for root in ROOTS]
    code = IMPORT_ALL.format(below=roots[: number + 1], roots=roots)
    modules = list(modules_of(ROOTS[number]))
    command = [sys.executable, "-I", "-W", "error", "-c", code, *modules]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == f"{len(modules)} imported\n", done.stderr


@pytest.mark.parametrize("root", ROOTS)
def test_the_namespace_belongs_to_nobody(root: str) -> None:
    """Nothing but packages lies in a root's `hubtwin/`: a file there would close the namespace for the others."""
    inside = [path.name for path in (REPOSITORY / root / "hubtwin").iterdir() if not path.is_dir()]
    assert inside == []


@pytest.mark.parametrize("root", ROOTS)
def test_every_package_says_that_it_is_typed(root: str) -> None:
    """Type checkers read our annotations in each package of the namespace."""
    packages = {file.parent for file in (REPOSITORY / root / "hubtwin").glob("*/*.py")}
    assert [str(package) for package in sorted(packages) if not (package / "py.typed").exists()] == []
    assert [str(package) for package in sorted(packages) if not (package / "__init__.py").exists()] == []

"""The command line as a whole: help, version, unknown commands, and what starting it costs."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import COMMANDS, hubtwin

HEAVY = {"simpy", "pydantic", "faker", "starlette", "uvicorn", "yaml", "hubtwin.portal"}


def test_help_lists_the_commands() -> None:
    """Each command is there with what it does."""
    output = " ".join(CliRunner().invoke(hubtwin, ["--help"]).output.split())
    assert all(f" {name} {words}" in output for name, words in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str) -> None:
    """`hubtwin COMMAND --help` works for all that are listed."""
    result = CliRunner().invoke(hubtwin, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: hubtwin {name} ")


def test_help_imports_nothing_heavy() -> None:
    """The libraries that commands need are imported by those commands alone."""
    code = (
        "import sys\nfrom hubtwin.cli.__main__ import main\nsys.argv = ['hubtwin', '--help']\n"
        "try: main()\nexcept SystemExit: print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: hubtwin ")
    assert not HEAVY & set(done.stderr.split())


def test_an_unknown_command_is_bad_usage() -> None:
    """Exit code 2, with the commands that there are and the one that was probably meant."""
    result = CliRunner().invoke(hubtwin, ["srve"])
    assert result.exit_code == 2
    assert f"no command is called 'srve'; choose from: {', '.join(COMMANDS)}; did you mean 'serve'?" in result.stderr
    assert result.stdout == ""


def test_the_version_is_the_package_s() -> None:
    """One line that a bug report can quote."""
    result = CliRunner().invoke(hubtwin, ["--version"], prog_name="hubtwin")
    assert result.output.startswith("hubtwin 0.")

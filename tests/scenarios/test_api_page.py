"""docs/api.md: its code runs, and its output is the real one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
SERVED = "http://127.0.0.1:8080"


def test_the_pages_tests(pytester: pytest.Pytester) -> None:
    """Every piece of Python on the page is a file, and the tests among them pass without a warning."""
    assert len(FILES) == PAGE.count("```python")
    for name, code in FILES.items():
        (pytester.path / name).write_text(code, encoding="utf-8")
    tests = sum(code.count("def test_") for code in FILES.values())
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=tests)


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    """The program that the page shows prints that, and `hubtwin calls` says this of it."""
    (session,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    program = tmp_path / "nightly.py"
    program.write_text(FILES["nightly.py"])
    with LocalPortal() as portal:
        printed = subprocess.check_output([sys.executable, program, portal.url], text=True)
        told = CliRunner().invoke(hubtwin, ["calls", portal.url]).output
    assert session == f"$ python nightly.py {SERVED}\n{printed}$ hubtwin calls {SERVED}\n{told}"


def test_a_failing_assertion_shows_the_calls(pytester: pytest.Pytester) -> None:
    """As the page has it."""
    pytester.makepyfile(FILES["test_calls.py"].replace("len(portal.calls) == 2", "len(portal.calls) == 1"))
    output = pytester.runpytest_subprocess().stdout.str()
    (shown,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert all(line in output for line in shown.splitlines())

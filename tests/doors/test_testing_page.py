"""The page about testing: its code runs as it stands there."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def test_the_pages_code(pytester: pytest.Pytester) -> None:
    """Every piece of Python on the page is a file of one project, whose tests pass without a warning."""
    text = PAGE.read_text(encoding="utf-8")
    files = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert len(files) == text.count("```python")
    for name, code in files.items():
        (pytester.path / name).write_text(code, encoding="utf-8")
    tests = sum(code.count("def test_") for code in files.values())
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=tests)

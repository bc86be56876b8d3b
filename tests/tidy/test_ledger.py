"""The ledger and the tests hold each other to their word."""

import ast
import re
import runpy
from pathlib import Path

import pytest

from hubtwin.ledger import CONFIDENCE, rows
from hubtwin.portal import Configuration

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"\b[FW]\d+\.b?\d+(?:\.\d+)?\b")
ROWS = {row.id: row for row in rows()}


def docstrings(folder: str) -> str:
    return "\n".join(
        ast.get_docstring(node) or ""
        for path in sorted((ROOT / folder).rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def cited(text: str) -> set[str]:
    """The ids that a text names, ranges such as `F2.b6 to F2.b11` spelled out."""
    ids = set(CITED.findall(text))
    for start, low, high in re.findall(r"\b([FW]\d+\.b?)(\d+) to \1(\d+)\b", text):
        ids.update(f"{start}{number}" for number in range(int(low), int(high) + 1))
    return ids


def test_rows_are_unique_and_complete() -> None:
    """Every row has a behaviour, a source and a known confidence."""
    assert len(ROWS) == len(rows())
    for row in rows():
        assert row.behaviour
        assert row.source
        assert row.confidence in CONFIDENCE


def test_every_row_has_a_test() -> None:
    """A claim that no test names is not made."""
    assert sorted(set(ROWS) - cited(docstrings("tests"))) == []


def test_every_citation_has_a_row() -> None:
    """What code and tests refer to is in the ledger; `W2.7` stands for all of W2.7.1, W2.7.2 and so on."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "fakes").rglob("*.py"))]
    found = set(CITED.findall("\n".join(texts))) | cited(docstrings("tests"))
    known = {id for row in ROWS for id in (row, row.rpartition(".")[0])}
    assert sorted(found - known) == []


@pytest.mark.parametrize("row", [row for row in rows() if row.option], ids=lambda row: row.id)
def test_a_rows_option_exists(row: object) -> None:
    """The portal option that a row names is a field of the configuration."""
    value: object = Configuration()
    for step in row.option.split("."):  # type: ignore[attr-defined]  # a Row; pytest passes it as it is
        value = getattr(value, step)


def test_the_coverage_page_is_up_to_date() -> None:
    """`python docs/coverage.py` writes the page, and this is what it writes."""
    made = runpy.run_path(str(ROOT / "docs" / "coverage.py"))["page"]()
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == made

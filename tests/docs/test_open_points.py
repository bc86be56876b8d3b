"""The page about open points names options that exist, and rows that the ledger has."""

import re
from pathlib import Path

import yaml

from hubtwin.ledger import rows
from hubtwin.portal import Configuration

PAGE = (Path(__file__).parents[2] / "docs" / "open-points.md").read_text(encoding="utf-8")
OPTIONS = [row.split("|")[3] for row in PAGE.splitlines() if row.startswith("| ") and "`" in row.split("|")[3]]


def test_every_option_is_one() -> None:
    """What stands in the last column can be written into a portal file."""
    for text in OPTIONS:
        path, _, value = re.findall(r"`([^`]+)`", text)[0].partition(": ")
        said: object = yaml.safe_load(value) if value else None
        *parents, last = path.split(".")
        for step in reversed([*parents, last]):
            said = {step: str(said) if isinstance(said, int) and not isinstance(said, bool) else said}
        if value:
            Configuration.model_validate(said)
        else:
            assert path in Configuration.model_fields or path == "options.backward"


def test_every_row_is_in_the_ledger() -> None:
    """No answer is without its source."""
    known = {row.id for row in rows()} | {row.id.rpartition(".")[0] for row in rows()}
    assert sorted(set(re.findall(r"\b[FW]\d+\.b?\d+(?:\.\d+)?\b", PAGE)) - known) == []

"""docs/scenarios.md: its files are run, and its output is the real one."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.scenarios.expectations import KINDS
from hubtwin.scenarios.format import Given, Step
from hubtwin.verbs.connected import Billing, MarketingAutomation, Product
from hubtwin.verbs.salesforce import Salesforce
from hubtwin.verbs.table import Action
from hubtwin.verbs.verbs import Group

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")

#: The page's blocks: language and text.
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
FILES = {text.splitlines()[0].removeprefix("# "): text for kind, text in BLOCKS if kind == "yaml"}
SESSIONS = [text.removeprefix("$ hubtwin ").partition("\n") for kind, text in BLOCKS if kind == "console"]


@pytest.mark.parametrize(("command", "output"), [(command, output) for command, _, output in SESSIONS])
def test_the_page_shows_what_is_printed(folder: Path, command: str, output: str) -> None:
    """Each command of the page, run on the page's files, prints what the page shows."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    assert CliRunner().invoke(hubtwin, shlex.split(command)).output == output


def test_the_page_explains_every_verb() -> None:
    """Whatever a step or an expectation can be is in one of the page's tables."""
    words = [*Given.model_fields, *Step.model_fields, *KINDS]
    assert [word for word in words if not re.search(rf"[`{{]{word}\b", PAGE)] == []


@pytest.mark.parametrize("group", [Salesforce, Billing, Product, MarketingAutomation], ids=lambda group: group.__name__)
def test_the_page_explains_what_other_systems_do(group: type[Group]) -> None:
    """Each word below a system's own has a row of its own."""
    (system,) = (word for word, field in Action.model_fields.items() if field.annotation == group | None)
    assert [word for word in group.model_fields if f"| `{system}: {word}` |" not in PAGE] == []

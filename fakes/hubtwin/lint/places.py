"""Places: where in the files or in the account a rule of the configuration stands."""

from typing import NamedTuple

from hubtwin.files.portal_file import PortalFile
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.flows.workflows import Workflows


class Place(NamedTuple):
    """Where a *rule* stands: in a *file* on a *line*; what was made through the API has neither. *words* say it."""

    rule: str
    words: str
    file: str | None = None
    line: int | None = None


class Places:
    """The places of one portal, of the *file* that it was made from, and of its *workflows*."""

    def __init__(self, file: PortalFile, workflows: Workflows) -> None:
        self._document = file.document
        self._flows = {flow.rule: flow.name for flow in workflows}

    def of(self, rule: str) -> Place:
        """The place of a rule, or of the nearest thing around it that is written down."""
        steps = tuple(int(step) if step.isdecimal() else step for step in rule.split("."))
        if steps[0] not in Configuration.model_fields:
            return Place(rule, self._made(rule))
        document = self._document
        if document is None:
            return Place(rule, rule)
        if not document.has(steps if steps[0] == "settings" else steps[:2]):
            return Place(rule, f"{rule} (default)")
        return Place(rule, document.where(steps), document.name, document.line(steps))

    def _made(self, rule: str) -> str:
        """What was made through the API, in words."""
        kind, *steps = rule.split(".")
        name = self._flows.get(".".join((kind, *steps[:1])))
        if name is None:
            return rule
        action = f", action {steps[2]}" if steps[1:2] == ["actions"] else ""
        return f"flow {steps[0]} ({name}){action}"

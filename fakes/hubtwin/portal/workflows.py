"""Workflows that records are enrolled in by hand, and their action log.

Actions set and clear properties of the enrolled record. Triggers, delays, branches and HubSpot's own flow JSON
are not built yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.configuration import SetProperty
from hubtwin.portal.errors import InvalidValues, UnknownName
from hubtwin.portal.log import ACTION_FAILED, ACTION_SUCCEEDED
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.sources import workflow as workflow_source
from hubtwin.portal.stages import Verdict
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """One line of a workflow's action log (F7.33): what an action did to a record, and when."""

    workflow: str
    enrollment: int
    action: int
    record: Record
    moment: int
    succeeded: bool
    message: str


class Workflows:
    """The workflows of one portal, and what they did."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._workflows = {
            workflow.name: (number, workflow) for number, workflow in enumerate(portal.configuration.workflows)
        }
        self._enrollments = 0
        self.action_log: list[ActionEvent] = []

    def find(self, name: str) -> configuration.Workflow:
        """The workflow with this name. Raises UnknownName."""
        try:
            return self._workflows[name][1]
        except KeyError:
            raise UnknownName("workflow", name, list(self._workflows)) from None

    def uses(self) -> Iterator[Use]:
        """The properties that actions write."""
        for number, workflow in self._workflows.values():
            type = self._portal.type(workflow.object)
            for index, action in enumerate(workflow.actions):
                property, value = _written(action)
                rule = f"workflows.{number}.actions.{index}"
                yield Use(f"workflow {workflow.name}", rule, type, property, True, (value,))

    @property
    def issues(self) -> Iterator[ActionEvent]:
        """The actions that failed: what HubSpot shows as *Needs review*."""
        return (event for event in self.action_log if not event.succeeded)

    def enroll(self, name: str, record: Record) -> None:
        """Enroll a record by hand: the actions run in order, each one after a failed one too (F7.34).

        Raises UnknownName, and ValueError where the workflow is about another object type.
        """
        workflow = self.find(name)
        if self._portal.type(workflow.object) is not record.type:
            raise ValueError(f"workflow {name!r} enrolls {workflow.object}, not {record.type.name}")
        self._enrollments += 1
        number = self._workflows[name][0]
        for index, action in enumerate(workflow.actions):
            rule = f"workflows.{number}.actions.{index}"
            source = workflow_source(self._enrollments, index, workflow.name, rule)
            self._run(workflow.name, index, action, record, source)

    def _run(
        self,
        name: str,
        index: int,
        action: configuration.WorkflowAction,
        record: Record,
        source: Source,
    ) -> None:
        property, value = _written(action)
        cause: int | None = None
        try:
            old = record.get(property)
            outcome = self._portal.update(record, {property: value}, source=source)
            failed = outcome.verdict is Verdict.REFUSED
            cause = outcome.entry
            message = _refused(value, old) if failed else f"{property} set to {value!r}"
        except InvalidValues as error:
            failed, message = True, str(error)
        now = self._portal.clock.now
        kind = ACTION_FAILED if failed else ACTION_SUCCEEDED
        self._portal.log.append(kind, now, record, source, cause, property, message)
        self.action_log.append(ActionEvent(name, self._enrollments, index, record, now, not failed, message))


def _written(action: configuration.WorkflowAction) -> tuple[str, str]:
    """The property that an action writes, and its new value."""
    return (action.set, action.to) if isinstance(action, SetProperty) else (action.clear, "")


def _refused(new: str, old: str | None) -> str:
    """HubSpot's own words for this are not known; these are ours (F2.12)."""
    return f'Lifecycle stage was not updated: "{new}" comes before the current stage "{old}".'

"""The verbs about workflows."""

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused
from hubtwin.verbs.fields import Reference, Text
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class _InWorkflow(Part):
    """A record and a workflow for such records."""

    record: Reference
    workflow: Name

    def check(self, names: Names, place: Place) -> None:
        """Check the record, the workflow and whether the one is for the other."""
        with names.at((*place, "workflow")):
            flow = names.portal.workflows.find(self.workflow)
            names.record(self.record, (*place, "record"), flow.plan.type.name)


class Enroll(_InWorkflow):
    """A record is enrolled in a workflow by hand."""

    def do(self, world: World) -> None:
        """Enroll it."""
        world.portal.workflows.enroll(self.workflow, world.record(self.record))


class Unenroll(_InWorkflow):
    """A record is taken out of a workflow by hand."""

    def do(self, world: World) -> None:
        """Take it out."""
        world.portal.workflows.unenroll(self.workflow, world.record(self.record))


class _AWorkflow(Part):
    """A workflow, by its name."""

    workflow: Name

    def check(self, names: Names, place: Place) -> None:
        """Check that there is such a workflow."""
        with names.at((*place, "workflow")):
            names.portal.workflows.find(self.workflow)


class TurnOn(_AWorkflow):
    """Somebody turns a workflow on; `existing` enrolls the records, too, that meet its criteria already."""

    existing: bool = False

    def do(self, world: World) -> None:
        """Turn it on."""
        workflows = world.portal.workflows
        workflows.turn(workflows.find(self.workflow), on=True, existing=self.existing)


class TurnOff(_AWorkflow):
    """Somebody turns a workflow off."""

    def do(self, world: World) -> None:
        """Turn it off."""
        workflows = world.portal.workflows
        workflows.turn(workflows.find(self.workflow), on=False)


class HideIssues(_AWorkflow):
    """Somebody marks issues of a workflow as fixed, or ignores them: all of them, those of an action, or of a kind."""

    action: Text | None = None
    kind: Text | None = None

    def do(self, world: World) -> None:
        """Hide them, until they happen again (F2.12.1). Raises Refused where there are none."""
        workflows = world.portal.workflows
        flow = workflows.find(self.workflow)
        issues = workflows.review.needs_review(flow.id)
        meant = [one for one in issues if self.action in (None, one.action) and self.kind in (None, one.kind)]
        if not meant:
            there = ", ".join(f"{one.kind} at action {one.action}" for one in issues) or "none"
            raise Refused(f"workflow {flow.name!r} has no such issue; those that need review: {there}")
        for issue in meant:
            workflows.review.hide(issue)

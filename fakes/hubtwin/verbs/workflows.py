"""The verbs about workflows."""

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.verbs.fields import Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class Enroll(Part):
    """A record is enrolled in a workflow by hand."""

    record: Reference
    workflow: Name

    def check(self, names: Names, place: Place) -> None:
        """Check the record, the workflow and whether the one is for the other."""
        with names.at((*place, "workflow")):
            flow = names.portal.workflows.find(self.workflow)
            names.record(self.record, (*place, "record"), flow.plan.type.name)

    def do(self, world: World) -> None:
        """Enroll it."""
        world.portal.workflows.enroll(self.workflow, world.record(self.record))

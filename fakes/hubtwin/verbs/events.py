"""The verbs about custom events."""

from pydantic import Field

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.verbs.fields import Reference, Written
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class TrackEvent(Part):
    """A custom event occurs to a record: somebody used the product, say."""

    record: Reference
    event: Name
    properties: dict[str, Written] = Field(default_factory=dict)

    def check(self, names: Names, place: Place) -> None:
        """Check the event, its properties and whether it is about such records."""
        with names.at((*place, "event")):
            event = names.portal.custom_events.check(self.event, self.properties)
            names.record(self.record, (*place, "record"), event.object.name)

    def do(self, world: World) -> None:
        """Let it occur."""
        world.portal.custom_events.occur(self.event, world.record(self.record), self.properties)

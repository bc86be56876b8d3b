"""The verb that lets time pass."""

from pydantic import RootModel

from hubtwin.files.documents import Place
from hubtwin.verbs.fields import Duration
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class Wait(RootModel[Duration]):
    """Time passes, and whatever falls due in it happens."""

    def check(self, names: Names, place: Place) -> None:
        """Check that the calendar goes on so long."""
        names.wait(self.root, place)

    def do(self, world: World) -> None:
        """Let it pass."""
        world.portal.clock.advance(self.root)

"""The verbs about which e-mail people want."""

from hubtwin.files.documents import Place
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Name
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.preferences import SUBSCRIBED, UNSUBSCRIBED, Subscription
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Person
from hubtwin.verbs.world import World


class _Preference(Person):
    """A person and a subscription type, by its name; a user may note it for them, or else an app does."""

    subscription: Name | None = None
    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the person, the subscription type and the user."""
        self.check_person(names, place)
        names.user(self.by, (*place, "by"))
        if self.subscription is not None:
            with names.at((*place, "subscription")):
                _find(names.portal, self.subscription)

    def change(self, world: World, state: str) -> None:
        """Note what the person wants."""
        portal, email = world.portal, self.address(world)
        if not email:
            raise Refused("a contact without an e-mail address has no subscriptions")
        address, source = portal.preferences.address(email), world.writer(self.by) or portal.app
        if self.subscription is None:
            portal.preferences.opt_out(address, source=source)
        else:
            portal.preferences.change(address, _find(portal, self.subscription), state, source=source)


class Subscribe(_Preference):
    """Somebody subscribes to a type of e-mail."""

    subscription: Name

    def do(self, world: World) -> None:
        """Note it."""
        self.change(world, SUBSCRIBED)


class Unsubscribe(_Preference):
    """Somebody wants no more e-mail: of one subscription type, or none at all."""

    def do(self, world: World) -> None:
        """Note it."""
        self.change(world, UNSUBSCRIBED)


def _find(portal: Portal, name: str) -> Subscription:
    """The subscription type with this name. Raises UnknownName."""
    for subscription in portal.preferences:
        if subscription.settings.name == name:
            return subscription
    raise UnknownName("subscription type", name, [one.settings.name for one in portal.preferences])

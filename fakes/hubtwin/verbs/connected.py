"""The verbs of what is around the portal: billing, the product, marketing automation, and the syncs."""

from typing import Literal

from pydantic import Field, RootModel

from hubtwin.connected.billing import Billing as BillingSystem
from hubtwin.connected.billing import Subscription
from hubtwin.connected.connector import Connector
from hubtwin.connected.systems import Connected
from hubtwin.connected.tables import Row
from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name
from hubtwin.portal.errors import Refused, UnknownName, choices
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.verbs.fields import Text, Written
from hubtwin.verbs.names import Names
from hubtwin.verbs.verbs import Group
from hubtwin.verbs.visitors import Person, Visitor
from hubtwin.verbs.world import World

# -- billing -------------------------------------------------------------------------------------------


class Subscribe(Visitor):
    """Somebody subscribes to a plan; `fields` are properties of a contact that is new."""

    plan: Name
    fields: dict[str, Written] = Field(default_factory=dict)

    def check(self, names: Names, place: Place) -> None:
        """Check the person, the plan, properties and values."""
        self.check_visitor(names, place)
        names.connected("billing", place)
        settings = names.portal.configuration.connected.billing
        plans = [plan.name for plan in settings.plans] if settings is not None else [self.plan]
        if self.plan not in plans:
            names.problems.append(((*place, "plan"), f"no plan is called {self.plan!r}; {choices(self.plan, plans)}"))
        names.written(CONTACTS, self.fields, (*place, "fields"))

    def do(self, world: World) -> None:
        """Subscribe."""
        portal, email = world.portal, self.address(world)
        portal.connected.billing.subscribe(email, self.plan, self.fields)
        _bind(self, world, email)


class _Subscriber(Person):
    """Somebody with a subscription: the newest that is not cancelled."""

    def check(self, names: Names, place: Place) -> None:
        """Check the person, and that there is a billing system."""
        self.check_person(names, place)
        names.connected("billing", place)

    def do(self, world: World) -> None:
        """Do something to the subscription. Raises Refused where there is none."""
        billing, email = world.portal.connected.billing, self.address(world)
        running = [one for one in billing if one.email.lower() == email.lower() and one.state != "canceled"]
        if not running:
            raise Refused(f"{email} has no subscription that runs")
        self.do_to(billing, running[-1])

    def do_to(self, billing: BillingSystem, subscription: Subscription) -> None:
        """Do it."""
        raise NotImplementedError


class Activate(_Subscriber):
    """A trial ends, or what is past due is settled: it is paid now."""

    def do_to(self, billing: BillingSystem, subscription: Subscription) -> None:
        """Pay."""
        billing.activate(subscription)


class FailPayments(_Subscriber):
    """The customer's card fails from now on, or works again."""

    fails: bool = True

    def do_to(self, billing: BillingSystem, subscription: Subscription) -> None:
        """Let it fail."""
        billing.fail_payments(subscription, self.fails)


class Cancel(_Subscriber):
    """A subscription is cancelled, now or when its period ends."""

    at_period_end: bool = False

    def do_to(self, billing: BillingSystem, subscription: Subscription) -> None:
        """Cancel it."""
        billing.cancel(subscription, at_period_end=self.at_period_end)


class Billing(Group):
    """Something that happens in the billing system."""

    subscribe: Subscribe | None = None
    activate: Activate | None = None
    fail_payments: FailPayments | None = None
    cancel: Cancel | None = None


# -- the product ---------------------------------------------------------------------------------------


class SignUp(Visitor):
    """Somebody signs up for the product; `fields` are properties of a contact that is new."""

    fields: dict[str, Written] = Field(default_factory=dict)

    def check(self, names: Names, place: Place) -> None:
        """Check the person, properties and values."""
        self.check_visitor(names, place)
        names.connected("product", place)
        names.written(CONTACTS, self.fields, (*place, "fields"))

    def do(self, world: World) -> None:
        """Sign up."""
        email = self.address(world)
        world.portal.connected.product.sign_up(email, self.fields)
        _bind(self, world, email)


class ProductEvent(Person):
    """Somebody who signed up does something in the product."""

    event: Name
    properties: dict[str, Text] = Field(default_factory=dict)

    def check(self, names: Names, place: Place) -> None:
        """Check the person, the event and its properties."""
        self.check_person(names, place)
        names.connected("product", place)
        with names.at((*place, "event")):
            names.portal.custom_events.check(self.event, self.properties)

    def do(self, world: World) -> None:
        """Do it."""
        world.portal.connected.product.event(self.address(world), self.event, self.properties)


class Product(Group):
    """Something that people do with the product."""

    sign_up: SignUp | None = None
    event: ProductEvent | None = None


# -- marketing automation ------------------------------------------------------------------------------


class _OfAutomation(Person):
    """Somebody whom the marketing automation may know."""

    def check(self, names: Names, place: Place) -> None:
        """Check the person, and that there is such a system."""
        self.check_person(names, place)
        names.connected("marketing_automation", place)

    def row(self, world: World) -> Row:
        """The person in the other system. Raises Refused where there is none."""
        email = self.address(world)
        row = world.portal.connected.marketing_automation.people.having("email", email)
        if row is None:
            raise Refused(f"the marketing automation knows nobody with the address {email!r}; let a sync run first")
        return row


class Act(_OfAutomation):
    """Somebody does something that is worth points there."""

    activity: Name

    def check(self, names: Names, place: Place) -> None:
        """Check the person and the activity."""
        super().check(names, place)
        settings = names.portal.configuration.connected.marketing_automation
        if settings is not None and self.activity not in settings.points:
            known = choices(self.activity, list(settings.points))
            names.problems.append(((*place, "activity"), f"no activity is called {self.activity!r}; {known}"))

    def do(self, world: World) -> None:
        """Do it."""
        world.portal.connected.marketing_automation.act(self.row(world), self.activity)


class SetFields(_OfAutomation):
    """A user of the other system writes fields of a person, who is made where there is none."""

    set: dict[str, Text]

    def check(self, names: Names, place: Place) -> None:
        """Check the person and the fields."""
        super().check(names, place)
        with names.at((*place, "set")):
            known = list(names.portal.connected.marketing_automation.people.columns)
            for name in self.set:
                if name not in known:
                    raise UnknownName("field", name, known)

    def do(self, world: World) -> None:
        """Write them."""
        people, email = world.portal.connected.marketing_automation.people, self.address(world)
        row = people.having("email", email)
        if row is None:
            people.create({**self.set, "email": email})
        else:
            people.update(row, self.set)


class MarketingAutomation(Group):
    """Something that happens in the marketing automation."""

    act: Act | None = None
    set: SetFields | None = None


# -- syncs ---------------------------------------------------------------------------------------------


class Sync(RootModel[Literal["all", "salesforce", "marketing_automation"]]):
    """A connector runs now, or all of them do, whatever the time."""

    def check(self, names: Names, place: Place) -> None:
        """Check that there is such a system."""
        if self.root != "all":
            names.connected(self.root, place)

    def do(self, world: World) -> None:
        """Let it run."""
        connected = world.portal.connected
        connector: Connected | Connector = connected if self.root == "all" else getattr(connected, self.root)
        connector.sync()


def _bind(visitor: Visitor, world: World, email: str) -> None:
    contact = contact_with(world.portal, email)
    if contact is not None:
        world.bind(visitor.alias, contact)

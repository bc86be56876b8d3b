"""States: what a buyer does at one point of a journey.

A new kind of state is a class here: its fields, what it needs of the portal, and what happens on entering it.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.journeys.buyers import Buyer, World
from hubtwin.journeys.conditions import Condition, any_of
from hubtwin.journeys.distributions import Distribution
from hubtwin.journeys.fields import NameList, Remarks, several
from hubtwin.journeys.kinds import ByKey
from hubtwin.journeys.names import Names
from hubtwin.journeys.transitions import Branches, Direct, TraitChance, Way, Weights
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.moments import from_iso
from hubtwin.portal.people import contact_with

#: What happens when a buyer enters a state; gives the time until they leave it, in milliseconds.
Enter = Callable[[Buyer], int]


class State(Part):
    """What all states have in common. *remarks* name the sources of the numbers in it."""

    #: Whether a buyer always stays a while, so that a loop through the state takes time.
    takes_time: ClassVar[bool] = False
    #: Whether a buyer has a meeting from here on.
    gives_meeting: ClassVar[bool] = False
    #: Whether only buyers who have a meeting may come here.
    needs_meeting: ClassVar[bool] = False

    remarks: Remarks = ()

    @property
    def way(self) -> tuple[str, Way] | None:
        """The way out and its key; None at the end of a journey."""
        return None

    @property
    def watched(self) -> Iterable[str]:
        """The contact properties that somebody who waits here keeps an eye on."""
        return ()

    def check(self, names: Names, place: Place) -> None:
        """Check what the state names in the portal; *place* is where it stands in the file."""

    def compile(self, world: World) -> Enter:
        """What happens on entering the state, as a function of the buyer."""
        return lambda buyer: 0


class Passing(State):
    """A state that is left again, by exactly one of four ways."""

    next: Direct | None = None
    weights: Weights | None = None
    branches: Branches | None = None
    chance: TraitChance | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Passing":
        if len(found := [key for key, way in self._ways() if way is not None]) != 1:
            ways = ", ".join(key for key, _ in self._ways())
            raise ValueError(f"a state has one way out, of {ways}; found {' and '.join(found) or 'none'}")
        return self

    def _ways(self) -> list[tuple[str, Way | None]]:
        return [("next", self.next), ("weights", self.weights), ("branches", self.branches), ("chance", self.chance)]

    @property
    def way(self) -> tuple[str, Way] | None:
        """The way out and its key."""
        return next(((key, way) for key, way in self._ways() if way is not None), None)

    def check(self, names: Names, place: Place) -> None:
        """Check what the way out names."""
        for key, way in self._ways():
            if way is not None:
                way.check(names, (*place, key))


class SubmitForm(Passing):
    """The buyer submits a form, filling in what they know of its fields."""

    submit_form: Name

    def check(self, names: Names, place: Place) -> None:
        """The portal must have the form."""
        super().check(names, place)
        names.form(self.submit_form, (*place, "submit_form"))

    def compile(self, world: World) -> Enter:
        """Submit it; that takes no time."""
        forms = world.portal.forms
        wanted = forms.find(self.submit_form).contact_fields

        def enter(buyer: Buyer) -> int:
            buyer.contact = forms.submit(self.submit_form, buyer.person.fields(wanted))
            return 0

        return enter


class BookMeeting(Passing):
    """The buyer books a meeting: the first free time on a meetings link, *notice* from now or later.

    Of several links it is that of the contact's owner, or else the one with the earliest time.
    """

    book_meeting: NameList
    notice: Distribution
    gives_meeting: ClassVar[bool] = True

    def check(self, names: Names, place: Place) -> None:
        """The portal must have the links, and the team their hosts."""
        super().check(names, place)
        for number, slug in enumerate(self.book_meeting):
            names.meeting_link(slug, (*place, "book_meeting", number))

    def compile(self, world: World) -> Enter:
        """Book it; that takes no time."""

        def enter(buyer: Buyer) -> int:
            earliest = world.kernel.now + self.notice.sample(buyer.random)
            slug, start = world.sales.first_free(self.book_meeting, buyer.contact, earliest)
            buyer.meeting = world.portal.meetings.book(
                slug,
                buyer.person.email,
                start=start,
                first_name=buyer.person.first_name,
                last_name=buyer.person.last_name,
            )
            buyer.contact = contact_with(world.portal, buyer.person.email)
            return 0

        return enter


class Attend(Passing):
    """The buyer comes to the meeting that they booked last, and stays until it is over."""

    attend: Literal[True]
    needs_meeting: ClassVar[bool] = True

    def compile(self, world: World) -> Enter:
        """Wait for the meeting's end; whoever goes elsewhere instead has not shown up."""

        def enter(buyer: Buyer) -> int:
            assert buyer.meeting is not None  # noqa: S101  the journey was checked for this
            world.sales.expect(buyer.meeting)
            end = from_iso(buyer.meeting.values["hs_meeting_end_time"])
            return max(0, end - world.kernel.now)

        return enter


class Wait(Passing):
    """Time passes."""

    wait: Distribution
    takes_time: ClassVar[bool] = True

    def compile(self, world: World) -> Enter:
        """Draw how much."""
        return lambda buyer: self.wait.sample(buyer.random)


class WaitUntil(Passing):
    """The buyer waits until the CRM says one of several things about them, for *at_most* so long."""

    wait_until: Annotated[tuple[Condition, ...], BeforeValidator(several), Field(min_length=1)]
    at_most: Distribution

    @property
    def watched(self) -> Iterable[str]:
        """The properties in the conditions."""
        return [condition.crm for condition in self.wait_until if condition.crm]

    def check(self, names: Names, place: Place) -> None:
        """The portal must have what the conditions name."""
        super().check(names, place)
        for number, condition in enumerate(self.wait_until):
            condition.check(names, (*place, "wait_until", number))

    def compile(self, world: World) -> Enter:
        """Hope for one of the conditions, unless one holds already."""
        hopes = any_of(self.wait_until, world.portal)

        def enter(buyer: Buyer) -> int:
            if hopes(buyer):
                return 0
            buyer.hopes = hopes
            return self.at_most.sample(buyer.random)

        return enter


class Decide(Passing):
    """A fork in the way: nothing happens but that the buyer goes on. The text says what is decided."""

    decide: str


class End(State):
    """The journey is over; the text says how it ended."""

    end: Name


#: Any kind of state.
AnyState = Annotated[
    SubmitForm | BookMeeting | Attend | Wait | WaitUntil | Decide | End,
    ByKey("state"),
]

"""Buyers on their journey, and what is within their reach."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hubtwin.market.people import Person
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.runs.kernel import Kernel
from hubtwin.teams.sales import Sales


class Buyer:
    """A person on a journey.

    *state* is where the buyer is, *step* how many states they have been in. *contact* is the CRM's record of
    them, once there is one, *meeting* the last one that they booked. *hopes* is what a waiting buyer looks out
    for.
    """

    __slots__ = ("contact", "hopes", "meeting", "person", "random", "state", "step")

    def __init__(self, person: Person, random: Random) -> None:
        self.person = person
        self.random = random
        self.state = ""
        self.step = 0
        self.contact: Record | None = None
        self.meeting: Record | None = None
        self.hopes: Callable[[Buyer], bool] | None = None

    def __repr__(self) -> str:
        return f"<Buyer {self.person.number} in {self.state!r}>"


@dataclass(frozen=True, slots=True)
class World:
    """What buyers can reach: the *portal*'s pages, the calendars of the *sales* team, and time."""

    portal: Portal
    sales: Sales
    kernel: Kernel

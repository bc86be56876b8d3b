"""Whom workflows enroll, when they do it, and who leaves before the end (F7.5, F7.9, F7.10, F7.26)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from hubtwin.portal.configuration.chatflows import Day, TimeOfDay
from hubtwin.portal.configuration.conditions import Condition, Filters, PropertyCondition, Values
from hubtwin.portal.configuration.parts import Name, Part, Refers

ListName = Annotated[Name, Refers("list")]

DayOfMonth = Annotated[int, Field(ge=1, le=31)]

#: A day of each year, as in `12-24`.
DayOfYear = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]

#: A day of one year, or of each: `2026-12-31`, `12-24`.
CalendarDay = Annotated[str, StringConstraints(pattern=r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class EventTrigger(Part):
    """Something that happens to a record (F7.11)."""

    event: Name
    """What happens: `property changed`, `object created`, `form submitted`, `page visited`, `marketing e-mail opened`,
    `joined list`, `left list`… An event of the account's own goes by its label."""
    property: Name | None = None
    """The property that changed; any, where it is left out."""
    to: Values | None = None
    """Its new value, or several of which one will do; any, where it is left out."""
    form: Annotated[Name, Refers("form")] | None = None
    """The form; any, where it is left out."""
    email: Annotated[Name, Refers("marketing email")] | None = None
    """The marketing e-mail; any, where it is left out."""
    list: ListName | None = None
    """The list that the record joined or left."""
    where: tuple[PropertyCondition, ...] = ()
    """What the event's own properties must be like, as in `{property: hs_url, contains: /pricing}`."""

    @model_validator(mode="after")
    def _names_what_goes_with_it(self) -> "EventTrigger":
        goes_with = {"property": "property changed", "to": "property changed", "form": "form", "email": "e-mail"}
        for key, word in goes_with.items():
            if getattr(self, key) is not None and word not in self.event:
                raise ValueError(f"{key!r} doesn't go with the event {self.event!r}")
        if (self.list is None) == (self.event in ("joined list", "left list")):
            raise ValueError("the events 'joined list' and 'left list' need a list, and no others have one")
        return self


class EnrollmentSchedule(Part):
    """The times at which a workflow enrolls all who meet its conditions then: daily, if nothing else is said."""

    at: TimeOfDay
    """The time of day, in the account's time zone."""
    weekly: Annotated[tuple[Day, ...], Field(min_length=1)] | None = None
    """On these days of the week."""
    monthly: Literal["first monday", "last day"] | Annotated[tuple[DayOfMonth, ...], Field(min_length=1)] | None = None
    """On these days of the month, as in `[1, 15]`; or `first monday`, `last day`."""
    yearly: DayOfYear | None = None
    """On this day of the year, as in `12-24`."""
    date: Name | None = None
    """On the date that each record has in this property."""
    days: int = 0
    """How many days after that date; before it, where it is below 0."""
    every_year: bool = False
    """Whether the day comes again each year, as a birthday does."""

    @model_validator(mode="after")
    def _one_rhythm(self) -> "EnrollmentSchedule":
        if sum(given is not None for given in (self.weekly, self.monthly, self.yearly, self.date)) > 1:
            raise ValueError("a schedule has one of the keys weekly, monthly, yearly, date; without any it is daily")
        if self.date is None and (self.days or self.every_year):
            raise ValueError("days and every_year go with date")
        return self


class Enrollment(Part):
    """Whom a workflow enrolls (F7.9): who comes to meet conditions, whom something happens to, or both together."""

    when: Filters | None = None
    """The conditions, in the short form, or as HubSpot's own filterBranch. Where there are events, too, a record has to
    meet them as the event happens."""
    events: tuple[EventTrigger, ...] = ()
    """Events, of which each one enrolls."""
    again: bool | Annotated[tuple[Condition, ...], Field(min_length=1)] = False
    """Whether records come in more than once: as often as they come to meet the conditions, or as the events happen. A
    list of conditions says which of them lets a record in again (F7.23): `{property: lifecyclestage, known: true}` at
    every change of it."""
    leave_when_not_met: bool = False
    """Whether a record leaves once it meets the conditions no longer."""
    schedule: EnrollmentSchedule | None = None
    """The times at which the conditions are asked; at once, where it is left out."""
    existing: bool = False
    """Whether those who meet the conditions already come in when the workflow is turned on (F7.24)."""

    @model_validator(mode="after")
    def _asks_something(self) -> "Enrollment":
        if self.when is None and not self.events and self.schedule is None:
            raise ValueError("enroll has one of the keys when, events, schedule; leave it out to enroll by hand only")
        if self.when is None or self.events:
            for key in ("leave_when_not_met", "existing"):
                if getattr(self, key):
                    raise ValueError(f"{key} goes with conditions in when, and without events")
            if isinstance(self.again, tuple):
                raise ValueError("again is true or false here: conditions in it go with those in when")
        if self.events and self.schedule is not None:
            raise ValueError("a schedule goes with conditions in when, not with events")
        return self


def _form_of_suppression(suppressed: Any) -> str:
    return "filters" if isinstance(suppressed, Mapping | Part) else "lists"


#: Who is kept out: the members of lists, or those who meet conditions.
Suppression = Annotated[
    Annotated[tuple[ListName, ...], Tag("lists")] | Annotated[Filters, Tag("filters")],
    Discriminator(_form_of_suppression),
]

"""Chatflows: live chats and bots, where they show, and whom they hand conversations to."""

from collections.abc import Collection, Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from hubtwin.portal.configuration import chatflow_steps
from hubtwin.portal.configuration.chatflow_steps import Step
from hubtwin.portal.configuration.parts import Defines, Name, Part, Refers, StageName, TimeZone, UserName
from hubtwin.portal.errors import ConfigurationError, choices

Day = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]

#: A time of day, as in `09:30`.
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class PageRule(Part):
    """A rule about the page that a visitor looks at: about its address, or about a query parameter of it."""

    match: Literal["any", "is", "contains", "starts with", "ends with"] = "is"
    """How *value* is compared; an address is compared without query, whole, without `https://`, and as a path."""
    value: str = ""
    """What it is compared with, whatever its case."""
    parameter: Name | None = None
    """The query parameter that is looked at in place of the address; `any` asks only whether it is there."""

    @model_validator(mode="after")
    def _something_to_compare_with(self) -> "PageRule":
        if self.match != "any" and not self.value:
            raise ValueError(f"a rule that asks what {self.match!r} needs the value to compare with")
        return self


class Target(Part):
    """On which pages a chatflow shows, and to whom."""

    show: tuple[PageRule, ...] = (PageRule(match="any"),)
    """The pages on which it shows: those that one of these rules fits."""
    hide: tuple[PageRule, ...] = ()
    """The pages on which it does not: those that one of these fits, whatever *show* says."""
    visitors: Literal["all", "known", "anonymous"] = "all"
    """Whether it shows to visitors who are contacts, to those who aren't, or to both."""
    in_lists: tuple[Annotated[Name, Refers("list")], ...] = ()
    """The contact lists of which a visitor has to be in one; none, and everybody sees it."""
    not_in_lists: tuple[Annotated[Name, Refers("list")], ...] = ()
    """The contact lists of which a visitor may be in none."""


class Hours(Part):
    """When the team is there: on these days of the week, from one time of day to another."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)] = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
    """The days of the week."""
    start: TimeOfDay = "09:00"
    """When it comes; in quotes, as YAML takes a bare 9:00 for a number."""
    end: TimeOfDay = "17:00"
    """When it leaves; `24:00` is midnight."""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Hours":
        if self.start >= self.end:
            raise ValueError(f"opening hours end after they begin: {self.start} to {self.end}")
        return self


class Availability(Part):
    """When visitors can chat."""

    when: Literal["always", "business hours", "users available"] = "always"
    """Always, in opening hours, or while one of those users is available who get its conversations."""
    hours: Annotated[tuple[Hours, ...], Field(min_length=1)] = (Hours(),)
    """The opening hours."""
    time_zone: TimeZone | None = None
    """Whose clocks the hours are read on; the account's by default."""
    away_message: str | None = None
    """What visitors read at other times, who can leave a message then; null, and the chat does not show."""


class Assignment(Part):
    """Who gets a conversation: the contact's owner first, where wanted, else the users by turns."""

    contact_owner: bool = False
    """Whether the owner of the contact comes first."""
    users: tuple[UserName, ...] = ()
    """The users who get conversations by turns, those who are available; one alone gets all."""
    team: Name | None = None
    """The team whose members get them by turns."""

    @model_validator(mode="after")
    def _somebody(self) -> "Assignment":
        if not (self.contact_owner or self.users or self.team):
            raise ValueError("say who gets the conversations: contact_owner, users or team")
        return self


class Chatflow(Part):
    """A live chat or a rule-based bot on the website (F9.1)."""

    name: Annotated[Name, Defines("chatflow")]
    kind: Literal["live_chat", "bot"] = "live_chat"
    """Whether people answer, or a bot takes its *steps*."""
    active: bool = True
    """Whether it shows at all."""
    inbox: Annotated[str, Refers("inbox")] | None = None
    """Where its conversations arrive; the first inbox by default."""
    welcome: str = "Got any questions? I'm happy to help."
    """What visitors read first."""
    target: Target = Target()
    availability: Availability = Availability()
    asks_for_email: bool = True
    """Whether a live chat asks visitors who are not known for their e-mail address. Bots have a step for that."""
    contact_stage: StageName | None = None
    """The lifecycle stage of contacts that it makes (F4.10); null, and they get the account's default."""
    marketing_contact: bool = False
    """Whether contacts that it makes are marketing contacts (F9.1.2)."""
    assign: Assignment | None = None
    """Who gets its conversations; null, and they wait in the inbox."""
    steps: tuple[Step, ...] = ()
    """What a bot does, from the first step on, one after the other."""

    @field_validator("steps")
    @classmethod
    def _steps_lead_somewhere(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        chatflow_steps.check(steps)
        return steps

    @model_validator(mode="after")
    def _only_bots_take_steps(self) -> "Chatflow":
        if (self.kind == "bot") != bool(self.steps):
            raise ValueError("a bot needs steps" if self.kind == "bot" else "only a bot takes steps: say 'kind: bot'")
        return self


def check_teams(chatflows: Sequence[Chatflow], teams: Collection[str]) -> None:
    """Check that each team that gets conversations has members. Raises ConfigurationError."""
    for number, chatflow in enumerate(chatflows):
        team = chatflow.assign.team if chatflow.assign else None
        if team is not None and team not in teams:
            place = ("chatflows", number, "assign", "team")
            raise ConfigurationError(place, f"no user is in a team {team!r}; {choices(team, sorted(teams))}")

"""Lead scores (F10.5)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from hubtwin.portal.configuration.conditions import Days, PropertyCondition
from hubtwin.portal.configuration.parts import Defines, Name, Part, Refers

ListName = Annotated[Name, Refers("list")]


class ScoreDecay(Part):
    """How the points of events fade."""

    interval_days: int = Field(default=30, ge=1, le=3650)
    """After how many days they lose some of them, again and again."""
    percent: int = Field(ge=1, le=100)
    """How much of them they lose each time."""


class PropertyRule(Part):
    """Points for records whose properties meet all of these conditions."""

    when: Annotated[tuple[PropertyCondition, ...], Field(min_length=1)]
    """What the record must be like, as in `{property: industry, is: [SOFTWARE]}`."""
    points: float
    """What that is worth; below 0, it takes points away."""
    max: float | None = None
    """The most that the rule may give."""
    min: float | None = None
    """The least that the rule may give."""


class EventRule(Part):
    """Points for what people did."""

    event: Name
    """The event by its name: `form submitted`, `property changed`."""
    form: Annotated[Name, Refers("form")] | None = None
    """The form that was submitted; any, where it is left out."""
    where: tuple[PropertyCondition, ...] = ()
    """What the event's own properties must be like, as in `{property: hs_page_url, contains: /pricing}`."""
    times: Literal["every", "once"] | Annotated[int, Field(ge=1)] = "every"
    """Whether each time counts, or once; a number: once, when it happened so often."""
    within_days: Days | None = None
    """How far back it counts."""
    points: float
    """What it is worth; below 0, it takes points away."""
    max: float | None = None
    """The most that the rule may give."""
    min: float | None = None
    """The least that the rule may give."""


class SegmentRule(Part):
    """Points for the members of a list, or for those who are none."""

    list: ListName
    """The list's name."""
    member: bool = True
    """Whether it is about members."""
    points: float
    """What it is worth; below 0, it takes points away."""
    max: float | None = None
    """The most that the rule may give."""
    min: float | None = None
    """The least that the rule may give."""


_KINDS = {"when": PropertyRule, "event": EventRule, "list": SegmentRule}


def _kind_of_rule(rule: Any) -> str | None:
    if isinstance(rule, Part):
        return type(rule).__name__
    return next((_KINDS[key].__name__ for key in _KINDS if isinstance(rule, Mapping) and key in rule), None)


ScoreRule = Annotated[
    Annotated[PropertyRule, Tag("PropertyRule")]
    | Annotated[EventRule, Tag("EventRule")]
    | Annotated[SegmentRule, Tag("SegmentRule")],
    Discriminator(
        _kind_of_rule,
        custom_error_type="rule",
        custom_error_message="a rule of a score has one of the keys when, event, list",
    ),
]


class ScoreGroup(Part):
    """Rules whose points together stay within limits."""

    name: Name
    category: Literal["fit", "engagement"]
    """What the rules are about: who somebody is, or what they do."""
    max: float | None = None
    """The most that the group may give."""
    min: float | None = None
    """The least that the group may give."""
    decay: ScoreDecay | None = None
    """How the points of its events fade; of engagement only."""
    rules: Annotated[tuple[ScoreRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fades_rightly(self) -> "ScoreGroup":
        if self.decay is not None and self.category == "fit":
            raise ValueError("decay goes with engagement: what fits doesn't fade")
        if self.decay is not None and any(getattr(rule, "within_days", None) is not None for rule in self.rules):
            raise ValueError("a group has decay, or rules with within_days, but not both")  # F10.5.6
        return self


class Grades(Part):
    """The two halves of a combined label, such as A1, each with the points from which on it is given."""

    fit: Annotated[dict[str, float], Field(min_length=1)]
    """The first half, as in `{A: 40, B: 20, C: 0}`."""
    engagement: Annotated[dict[str, float], Field(min_length=1)]
    """The second half, as in `{"1": 40, "2": 20, "3": 0}`."""


class Score(Part):
    """A score of contacts, companies or deals, published when the account starts (F10.5)."""

    name: Annotated[Name, Defines("score")]
    label: Name | None = None
    """What people call its property; the name, where it is left out."""
    object: Literal["contacts", "companies", "deals"] = "contacts"
    property: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)] | None = None
    """The property that has the points; made of the name, where it is left out. Further ones begin like it: with
    `_threshold` for the label, `_fit` and `_engagement` for the halves of a score with both categories."""
    max: float | None = Field(default=None, gt=0)
    """The most points of each category."""
    groups: Annotated[tuple[ScoreGroup, ...], Field(min_length=1)]
    labels: dict[str, float] | None = None
    """Labels, with the points from which on they are given, as in `{High: 60, Medium: 30, Low: 0}`."""
    grades: Grades | None = None
    """The labels of a score with both categories; A to C and 1 to 3 by thirds, where they are left out."""
    only: tuple[ListName, ...] = ()
    """Lists: who is in none of them is not scored."""
    never: tuple[ListName, ...] = ()
    """Lists: who is in one of them is not scored."""

    @model_validator(mode="after")
    def _labels_fit(self) -> "Score":
        if self.only and self.never:
            raise ValueError("a score has lists in only or in never, but not in both")
        if self.grades is not None and len({group.category for group in self.groups}) == 1:
            raise ValueError("grades go with a score that has groups of both categories; give labels instead")
        return self

"""What a portal refuses, and why. The HTTP face and the file readers put these into their own words.

PortalError
  UnknownObjectType
  UnknownRecord
  UnknownProperty
  InvalidValues
  MissingProperties
  DuplicateValue
  InvalidAssociation
  InvalidMerge
  InvalidSchema
  InvalidDefinition
    InvalidFilterBranch
    TooManyLabels
  PipelineRuleBroken
  BackwardStage
  UnknownName
  Refused
  CascadeError
ConfigurationError
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


def choices(wanted: str, allowed: Sequence[str]) -> str:
    """The end of an error message: the allowed words, and the one that was probably meant."""
    close = get_close_matches(wanted, allowed, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"choose from: {', '.join(allowed) or 'none are defined'}{hint}"


class PortalError(Exception):
    """A portal refused something. Nothing of it was applied."""


class UnknownObjectType(PortalError):
    """No object type has this name."""

    def __init__(self, word: str, allowed: Sequence[str]) -> None:
        super().__init__(f"no object type is called {word!r}; {choices(word, allowed)}")
        self.word = word


class UnknownRecord(PortalError):
    """No record of the type has this id."""

    def __init__(self, singular: str, id: object, property: str = "hs_object_id") -> None:
        super().__init__(f"no {singular} has {property} {id!r}")
        self.singular = singular
        self.id = id


class UnknownProperty(PortalError):
    """The object type has no property of this name."""

    def __init__(self, type: str, name: str, allowed: Sequence[str]) -> None:
        close = get_close_matches(name, allowed, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        super().__init__(f"{type} have no property {name!r}{hint}")
        self.name = name


@dataclass(frozen=True)
class Problem:
    """Why one *value* can't be written: HubSpot's *code* and *message* for it (W2.7), and what is *allowed* instead."""

    property: str
    code: str
    message: str
    value: str = ""
    allowed: tuple[str, ...] = ()

    def plain(self) -> str:
        """The message in one line, for whoever writes a file: HubSpot's takes three for each choice."""
        return f"can't be {self.value!r}; {choices(self.value, self.allowed)}" if self.allowed else self.message


class InvalidValues(PortalError):
    """Some values of a write are not valid; the write is refused whole."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.property}: {problem.message}" for problem in problems))
        self.problems = tuple(problems)


class MissingProperties(PortalError):
    """A new record lacks properties that its type requires."""

    def __init__(self, singular: str, missing: Sequence[str]) -> None:
        super().__init__(f"a new {singular} needs {' and '.join(missing)}")
        self.singular = singular
        self.missing = tuple(missing)


class DuplicateValue(PortalError):
    """Another record has the same value in a unique property."""

    def __init__(self, singular: str, property: str, value: str, existing: int | None) -> None:
        holder = "another one of the batch" if existing is None else f"{singular} {existing}"
        super().__init__(f"{holder} has {property} {value!r} already")
        self.singular = singular
        self.property = property
        self.value = value
        self.existing = existing


class InvalidAssociation(PortalError):
    """Two records can't be associated as asked. *context* says why, as HubSpot's error body does (W2.7)."""

    def __init__(self, message: str, context: dict[str, list[str]]) -> None:
        super().__init__(message)
        self.context = context


class InvalidMerge(PortalError):
    """Two records can't be merged."""

    def __init__(self, message: str, *, too_many: bool = False) -> None:
        super().__init__(message)
        self.too_many = too_many


class InvalidDefinition(PortalError):
    """A property, pipeline, stage, list or association label can't be defined, changed or deleted as asked.

    *category*, *sub_category* and *context* are HubSpot's own words for the reason, where they are known.
    """

    def __init__(
        self,
        message: str,
        sub_category: str | None = None,
        *,
        category: str | None = "VALIDATION_ERROR",
        context: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.category = category
        self.sub_category = sub_category
        self.context = context


class InvalidFilterBranch(InvalidDefinition):
    """A filter branch breaks the grammar, or asks for what the portal knows nothing about (W6.4.20)."""


class TooManyLabels(InvalidDefinition):
    """Two object types have as many association labels between them as they may (W3.12.4)."""


class PipelineRuleBroken(PortalError):
    """A person wanted to move or create a record as a rule of its pipeline forbids (F2.15). *rule* names it."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class BackwardStage(PortalError):
    """A writer may not move a lifecycle stage back, and the portal's options say that it is told so."""

    def __init__(self, present: str, wanted: str) -> None:
        super().__init__(f"the lifecycle stage can't go back from {present!r} to {wanted!r}; clear it first")
        self.present = present
        self.wanted = wanted


class InvalidSchema(PortalError):
    """A custom object type can't be as it was asked for."""


class UnknownName(PortalError):
    """The portal's configuration has no such form, meetings link, workflow, user or the like."""

    def __init__(self, kind: str, name: str, allowed: Sequence[str]) -> None:
        super().__init__(f"no {kind} is called {name!r}; {choices(name, allowed)}")
        self.kind = kind
        self.name = name


class Refused(PortalError):
    """What was asked for can't be done; the message says why, and what can."""


class CascadeError(PortalError):
    """Changes caused changes without end; *story* shows the loop."""

    def __init__(self, limit: int, story: Sequence[str]) -> None:
        loop = "\n  ".join(story)
        super().__init__(f"more than {limit} changes in one chain of causes; the last of them:\n  {loop}")
        self.story = tuple(story)


class ConfigurationError(ValueError):
    """Parts of a configuration don't fit together; *place* leads from its top to the part that is wrong.

    Where several don't, *all* are all of these errors, this first one included.
    """

    def __init__(self, place: Sequence[str | int], message: str, *others: "ConfigurationError") -> None:
        self.place = tuple(place)
        self.message = message
        self.all: tuple[ConfigurationError, ...] = (self, *(one for other in others for one in other.all))
        lines = [f"{'.'.join(map(str, one.place))}: {one.message}".removeprefix(": ") for one in self.all]
        super().__init__("\n".join(lines))

    @classmethod
    def of(cls, errors: "Sequence[ConfigurationError]") -> "ConfigurationError":
        """One error that stands for all of *errors*, of which there is one at least."""
        first, *others = errors
        return cls(first.place, first.message, *others)

    def below(self, *place: str | int) -> "ConfigurationError":
        """The same about a configuration of which the one so far is the part at *place*."""
        return self.of([ConfigurationError((*place, *one.place), one.message) for one in self.all])

"""The verb `expect`: what must hold when a test comes to it.

Each kind of expectation is known by one key that no other kind has.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from hubtwin.files.documents import Place
from hubtwin.portal import PortalError, Record
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import choices
from hubtwin.portal.log import CREATED
from hubtwin.scenarios.comparing import listed, normal, shown
from hubtwin.scenarios.counts import ActionCount, IssueCount, ListMembers, RecordCount, StageCounts
from hubtwin.scenarios.failures import ExpectationFailed, Mismatch, story_of_property
from hubtwin.scenarios.reasons import Because, PropertyOf, UsedIn
from hubtwin.scenarios.systems import RowHas
from hubtwin.scenarios.told import NotificationCount, ViewShows
from hubtwin.verbs.fields import Expected, Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.table import Action
from hubtwin.verbs.world import World


class RecordHas(Part):
    """A record's properties have these values; null and '' mean that a property is empty."""

    record: Reference
    has: dict[str, Expected]

    def check(self, names: Names, place: Place) -> None:
        """Check the record, the properties, and that they can have these values."""
        type = names.record(self.record, (*place, "record"))
        for name, text in self.has.items():
            definition = names.property(type, name, (*place, "has", name))
            if text is not None:
                names.value(definition, text, (*place, "has", name))

    def do(self, world: World) -> None:
        """Compare. Raises ExpectationFailed."""
        mismatches = list(self._mismatches(world, world.record(self.record)))
        if mismatches:
            raise ExpectationFailed(mismatches)

    def _mismatches(self, world: World, record: Record) -> Iterator[Mismatch]:
        for name, text in self.has.items():
            expected, present = normal(world.portal, record.type, name, text), record.get(name) or None
            if present != expected:
                line = f"{self.record}: expected {name} = {shown(expected)}, is {shown(present)}"
                yield Mismatch(line, story_of_property(world.portal, record, name))


_NEVER = "(never set)"


class HistoryIs(Part):
    """A property had these values one after the other, the oldest first; null where it was cleared."""

    history: PropertyOf
    versions: tuple[Expected, ...] = Field(alias="is")

    def check(self, names: Names, place: Place) -> None:
        """Check the record, the property, and that it can have these values."""
        of = self.history
        type = names.record(of.record, (*place, "history", "record"))
        definition = names.property(type, of.property, (*place, "history", "property"))
        for number, text in enumerate(self.versions):
            if text is not None:
                names.value(definition, text, (*place, "is", number))

    def do(self, world: World) -> None:
        """Compare. Raises ExpectationFailed."""
        name, record = self.history.property, world.record(self.history.record)
        expected = [normal(world.portal, record.type, name, text) for text in self.versions]
        present = [version.value or None for version in world.portal.log.versions(record, name)][::-1]
        if present != expected:
            line = f"{self.history.record}: expected history of {name} = {listed(expected, _NEVER)}"
            line += f", is {listed(present, _NEVER)}"
            raise ExpectationFailed([Mismatch(line, story_of_property(world.portal, record, name))])


class IsRefused(Part):
    """The portal refuses a step, for a reason with these words in it."""

    refused: Action
    because: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the names in the step; its values may be what the portal refuses."""
        with names.refusing():
            self.refused.verb.check(names, (*place, "refused", self.refused.word))

    def do(self, world: World) -> None:
        """Try the step. Raises ExpectationFailed where it works, or is refused for another reason."""
        before = len(world.portal.log)
        try:
            self.refused.verb.do(world)
        except PortalError as error:
            self._compare(str(error))
        else:
            happened = [entry for entry in world.portal.log if entry.number >= before]
            story = tuple(entry for entry in happened if entry.kind == CREATED or entry.property)
            raise ExpectationFailed([Mismatch(f"expected {self.refused.word} to be refused, it worked", story)])

    def _compare(self, reason: str) -> None:
        if self.because is not None and self.because.lower() not in reason.lower():
            line = f"expected {self.refused.word} to be refused because of {self.because!r}, is: {reason}"
            raise ExpectationFailed([Mismatch(line)])


#: Which key makes which kind; a kind's tag is its class, so that errors can say which keys it has.
KINDS = {
    "history": HistoryIs.__name__,
    "record": RecordHas.__name__,
    "records": RecordCount.__name__,
    "stage_counts": StageCounts.__name__,
    "list": ListMembers.__name__,
    "view": ViewShows.__name__,
    "notifications": NotificationCount.__name__,
    "workflow_issues": IssueCount.__name__,
    "workflow_log": ActionCount.__name__,
    "why": Because.__name__,
    "used_in": UsedIn.__name__,
    "row": RowHas.__name__,
    "refused": IsRefused.__name__,
}


def _known(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"expected keys and values, found {value!r}")
    if not any(key in KINDS for key in value):
        first = str(next(iter(value), ""))
        raise ValueError(f"nothing known is expected: {first!r}; {choices(first, list(KINDS))}")
    return value


def _kind(value: Any) -> str:
    return next(kind for key, kind in KINDS.items() if key in value)


Expect = Annotated[
    Annotated[RecordHas, Tag("RecordHas")]
    | Annotated[HistoryIs, Tag("HistoryIs")]
    | Annotated[RecordCount, Tag("RecordCount")]
    | Annotated[StageCounts, Tag("StageCounts")]
    | Annotated[ListMembers, Tag("ListMembers")]
    | Annotated[ViewShows, Tag("ViewShows")]
    | Annotated[NotificationCount, Tag("NotificationCount")]
    | Annotated[IssueCount, Tag("IssueCount")]
    | Annotated[ActionCount, Tag("ActionCount")]
    | Annotated[Because, Tag("Because")]
    | Annotated[UsedIn, Tag("UsedIn")]
    | Annotated[RowHas, Tag("RowHas")]
    | Annotated[IsRefused, Tag("IsRefused")],
    Discriminator(_kind),
    BeforeValidator(_known),
]

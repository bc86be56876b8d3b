"""Expectations about why: which rule made a value, and what uses a property or a stage."""

from pydantic import Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal import Entry, uses
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.stories import tell
from hubtwin.portal.uses import Use
from hubtwin.scenarios.comparing import listed
from hubtwin.scenarios.failures import ExpectationFailed, Mismatch, story_of_property
from hubtwin.verbs.fields import Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class PropertyOf(Part):
    """A property of a record."""

    record: Reference
    property: Name


class Because(Part):
    """A rule had a part in the present value of a property: named by its path in the portal file, or by words.

    `settings.deal_won` is a path, `form Demo` are words as the story of the value has them.
    """

    why: PropertyOf
    because: Name

    def check(self, names: Names, place: Place) -> None:
        """Check the record and the property."""
        type = names.record(self.why.record, (*place, "why", "record"))
        names.property(type, self.why.property, (*place, "why", "property"))

    def do(self, world: World) -> None:
        """Look for the rule among the causes. Raises ExpectationFailed."""
        record, property = world.record(self.why.record), self.why.property
        if not any(map(self._is_named, world.portal.why(record, property))):
            line = f"{self.why.record}: expected {property} because of {self.because}; it isn't"
            raise ExpectationFailed([Mismatch(line, story_of_property(world.portal, record, property))])

    def _is_named(self, entry: Entry) -> bool:
        return f"{entry.source.rule}.".startswith(f"{self.because}.") or self.because.lower() in tell(entry).lower()


class Used(Part):
    """A property or a lifecycle stage, which something uses."""

    property: Name | None = None
    stage: Name | None = None
    object: Name = "contacts"
    writes: bool | None = None
    """Whether only what writes it is meant, or only what reads it."""

    @model_validator(mode="after")
    def _one_thing(self) -> "Used":
        if (self.property is None) == (self.stage is None):
            raise ValueError("name a property (property) or a lifecycle stage (stage)")
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check the property and its type, or the stage."""
        if self.stage is not None:
            names.value(names.property(CONTACTS, LIFECYCLE, place), self.stage, (*place, "stage"))
        if self.property is not None:
            with names.at((*place, "object")):
                names.property(names.portal.type(self.object), self.property, (*place, "property"))

    def found(self, world: World) -> list[Use]:
        """Its uses."""
        if self.stage is not None:
            found = uses.of_stage(world.portal, self.stage)
        else:
            found = uses.of_property(world.portal, world.portal.type(self.object), self.property or "")
        return [use for use in found if self.writes in (None, use.writes)]


class UsedIn(Part):
    """*Used in*: these settings, forms, workflows and so on use a property or a stage, and no others."""

    used_in: Used
    assets: tuple[Name, ...] = Field(alias="is")

    def check(self, names: Names, place: Place) -> None:
        """Check the property or the stage."""
        self.used_in.check(names, (*place, "used_in"))

    def do(self, world: World) -> None:
        """Compare, whatever the order. Raises ExpectationFailed."""
        present = sorted({use.asset for use in self.used_in.found(world)})
        if present != sorted(set(self.assets)):
            line = f"{self.used_in.stage or self.used_in.property}: expected used in = {listed(sorted(self.assets))}"
            raise ExpectationFailed([Mismatch(f"{line}, is {listed(present)}")])

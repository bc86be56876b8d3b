"""Uses: which settings, forms, workflows and lists read or write a property or a stage.

It is what HubSpot's settings show as *Used in* (F11.1). Each part of the portal that has such assets tells their uses;
nothing is noted twice.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from hubtwin.portal.objects import LIFECYCLE, ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Use(NamedTuple):
    """One asset that reads or *writes* a property of records of *type*.

    *asset* is what people call it: `form Demo`, `setting deal_won`. *rule* is its path in the portal file, or its id
    where somebody made it later. *values* are those that it names: stages, options; "" where it clears.
    """

    asset: str
    rule: str
    type: ObjectType
    property: str
    writes: bool
    values: tuple[str, ...] = ()


class Assets(Protocol):
    """A part of a portal that uses properties."""

    def uses(self) -> Iterator[Use]:
        """All its uses, in the order in which the assets were made."""


def of_property(portal: "Portal", type: ObjectType, name: str) -> list[Use]:
    """What reads or writes a property."""
    return [use for part in portal.assets for use in part.uses() if (use.type, use.property) == (type, name)]


def of_stage(portal: "Portal", stage: str) -> list[Use]:
    """What names a lifecycle stage, of contacts or of companies."""
    return [
        use
        for part in portal.assets
        for use in part.uses()
        if use.property == LIFECYCLE and use.type.has_lifecycle and stage in use.values
    ]


def of_branch(asset: str, rule: str, type: ObjectType, branch: Mapping[str, Any] | None) -> Iterator[Use]:
    """The properties of the record itself that a filter branch asks about, and the values that it names."""
    if branch is None:
        return
    for one in branch.get("filters") or ():
        if one.get("filterType") == "PROPERTY" and isinstance(one.get("property"), str):
            yield Use(asset, rule, type, one["property"], False, _named(one.get("operation")))
    for inner in branch.get("filterBranches") or ():
        if inner.get("filterBranchType") not in ("ASSOCIATION", "UNIFIED_EVENTS"):
            yield from of_branch(asset, rule, type, inner)


def _named(operation: Any) -> tuple[str, ...]:
    if not isinstance(operation, Mapping):
        return ()
    values = operation.get("values") or ()
    return tuple(map(str, [*values, *([operation["value"]] if "value" in operation else [])]))

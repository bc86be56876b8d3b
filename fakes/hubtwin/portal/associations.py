"""Associations: which records belong together, and as what (W3).

Every association type has an inverse; both directions of a link are always kept. "Primary" is a type of its
own beside the unlabelled one.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import count

from hubtwin.portal.association_limits import AssociationLimits
from hubtwin.portal.errors import InvalidAssociation
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
USER_DEFINED = "USER_DEFINED"

#: The ids of a portal's own types start here, beyond all of HubSpot's.
_FIRST_OWN_ID = 2001


@dataclass(frozen=True, slots=True)
class AssociationType:
    """One direction of one kind of link, such as contact → company, Primary (W3.18)."""

    id: int
    name: str
    from_type: str
    to_type: str
    is_primary: bool = False
    label: str | None = None
    category: str = HUBSPOT_DEFINED

    @property
    def is_default(self) -> bool:
        """Whether this is the unlabelled type of its pair."""
        return self.label is None and self.name == f"{self.from_type}_TO_{self.to_type}".upper()


@cache
def defaults() -> tuple[AssociationType, ...]:
    """HubSpot's own association types (W3.18)."""
    table = files("hubtwin.portal").joinpath("data/association_types.tsv").read_text(encoding="utf-8")
    return tuple(
        AssociationType(
            id=int(row["id"]),
            name=row["name"],
            from_type=row["from"],
            to_type=row["to"],
            is_primary=row["primary"] == "yes",
            label="Primary" if row["primary"] == "yes" else None,
        )
        for row in csv.DictReader(table.splitlines(), delimiter="\t")
    )


def _swapped(name: str) -> str:
    """`CONTACT_TO_DEAL` → `DEAL_TO_CONTACT`; for Primary types see `_inverses`."""
    left, _, right = name.partition("_TO_")
    return f"{right}_TO_{left}"


@cache
def _inverses() -> dict[int, AssociationType]:
    by_name = {type.name: type for type in defaults()}
    inverses: dict[int, AssociationType] = {}
    for type in defaults():
        name = _swapped(type.name)
        if type.name.startswith("PRIMARY_") and name not in by_name:
            name = f"PRIMARY_{_swapped(type.name.removeprefix('PRIMARY_'))}"  # primary at both ends: 1 and 2
        if name in by_name:
            inverses[type.id] = by_name[name]
    parent, child = by_name["PARENT_TO_CHILD_COMPANY"], by_name["CHILD_TO_PARENT_COMPANY"]
    return inverses | {parent.id: child, child.id: parent}


@cache
def _by_id() -> dict[int, AssociationType]:
    return {type.id: type for type in defaults()}


@cache
def _by_pair() -> dict[tuple[str, str], list[AssociationType]]:
    pairs: dict[tuple[str, str], list[AssociationType]] = {}
    for type in defaults():
        pairs.setdefault((type.from_type, type.to_type), []).append(type)
    return pairs


class Associations:
    """The links between the records of a portal."""

    def __init__(self) -> None:
        self._own_ids = count(_FIRST_OWN_ID)
        self._own: dict[int, AssociationType] = {}
        self._own_inverses: dict[int, AssociationType] = {}
        self.limits = AssociationLimits(self)
        self._links: dict[Record, dict[ObjectType, dict[Record, set[int]]]] = {}

    def types(self, from_type: ObjectType, to_type: ObjectType) -> list[AssociationType]:
        """The association types from one object type to another, by ascending id."""
        pair = (from_type.singular, to_type.singular)
        own = [type for type in self._own.values() if (type.from_type, type.to_type) == pair] if self._own else []
        return [*_by_pair().get(pair, ()), *own]

    def default(self, from_type: ObjectType, to_type: ObjectType) -> AssociationType:
        """The unlabelled type of a pair. Raises InvalidAssociation where HubSpot has none."""
        for type in self.types(from_type, to_type):
            if type.is_default:
                return type
        raise InvalidAssociation(
            f"{from_type.name} can't be associated with {to_type.name}",
            {"fromObjectType": [from_type.singular], "toObjectType": [to_type.singular]},
        )

    def primary(self, from_type: ObjectType, to_type: ObjectType) -> AssociationType | None:
        """The Primary type of a pair, None where the pair has none."""
        return next((type for type in self.types(from_type, to_type) if type.is_primary), None)

    def get(self, category: str, id: int, from_type: ObjectType) -> AssociationType:
        """The type with this category and id, for links from records of *from_type*.

        Raises InvalidAssociation (W2.7).
        """
        name = f"{category}={id}"
        type = self.find(category, id)
        if type is None:
            raise InvalidAssociation(
                "One or more associations are invalid",
                {
                    "associationSpec": [name],
                    "INVALID_ASSOCIATION_TYPE_ID": [f"{name} is not a valid association definition id"],
                },
            )
        if type.from_type != from_type.singular:
            raise InvalidAssociation(
                f"{name} is invalid from object type {from_type.id} for associations to be created."
                f" expected: {type.from_type}",
                {"associationSpec": [name], "fromObjectType": [from_type.id]},
            )
        return type

    def inverse(self, type: AssociationType) -> AssociationType | None:
        """The same link seen from the other end."""
        return self._own_inverses.get(type.id) or _inverses().get(type.id)

    def define(
        self,
        from_type: ObjectType,
        to_type: ObjectType,
        name: str,
        label: str | None = None,
        inverse_label: str | None = None,
    ) -> tuple[AssociationType, AssociationType]:
        """A type of the portal's own, and its inverse. Their ids are no ids of HubSpot's own types.

        A type without a label that is named `MACHINE_TO_CONTACT`, say, is the unlabelled one of its pair. The two
        directions of a labelled one have the same name (W3.12.1).
        """
        id = next(self._own_ids)
        next(self._own_ids)
        one = AssociationType(id, name, from_type.singular, to_type.singular, label=label, category=USER_DEFINED)
        inverse = replace(
            one,
            id=id + 1,
            name=_swapped(name) if label is None else name,
            from_type=to_type.singular,
            to_type=from_type.singular,
            label=inverse_label or label,
        )
        self._own |= {one.id: one, inverse.id: inverse}
        self._own_inverses |= {one.id: inverse, inverse.id: one}
        return one, inverse

    def undefine(self, ids: Iterable[int]) -> None:
        """Take types of the portal's own out. Links of these types must be gone."""
        for id in ids:
            self._own.pop(id, None)
            self._own_inverses.pop(id, None)
            self.limits.remove(id)

    def relabel(self, type: AssociationType, label: str, inverse_label: str) -> None:
        """Give a type of the portal's own, and its inverse, other labels."""
        inverse = self._own_inverses[type.id]
        one, other = replace(type, label=label), replace(inverse, label=inverse_label)
        self._own |= {one.id: one, other.id: other}
        self._own_inverses |= {one.id: other, other.id: one}

    @property
    def own(self) -> list[AssociationType]:
        """The types that the portal defined for itself."""
        return list(self._own.values())

    def find(self, category: str, id: int) -> AssociationType | None:
        """The type with this category and id, None where there is none."""
        type = _by_id().get(id) or self._own.get(id)
        return type if type is not None and type.category == category else None

    def linked_as(self, type: AssociationType) -> list[tuple[Record, Record]]:
        """The pairs of records that are linked by a type."""
        return [
            (record, other)
            for record, by_type in self._links.items()
            for linked in by_type.values()
            for other, ids in linked.items()
            if type.id in ids
        ]

    def of(self, record: Record, to_type: ObjectType) -> dict[Record, set[int]]:
        """The records of a type that *record* is linked with, and the ids of the links' types."""
        return self._links.get(record, {}).get(to_type, {})

    def primary_of(self, record: Record, to_type: ObjectType) -> Record | None:
        """The record's primary company, or whatever else the pair has a Primary for."""
        primary = self.primary(record.type, to_type)
        if primary is None:
            return None
        return next((other for other, ids in self.of(record, to_type).items() if primary.id in ids), None)

    def having_primary(self, company: Record, from_type: ObjectType) -> list[Record]:
        """The records of a type whose primary company is *company*, by ascending id."""
        primary = self.primary(company.type, from_type)
        linked = self.of(company, from_type).items()
        return sorted((r for r, ids in linked if primary and primary.id in ids), key=lambda record: record.id)

    def counts(self) -> Iterator[tuple[Record, ObjectType, int]]:
        """How many records of each type every record that has any is linked with."""
        for record, by_type in self._links.items():
            for type, linked in by_type.items():
                if linked:
                    yield record, type, len(linked)

    def neighbours(self, record: Record) -> Iterator[Record]:
        """All records that *record* is linked with."""
        for linked in self._links.get(record, {}).values():
            yield from linked

    def add(self, record: Record, other: Record, types: Iterable[AssociationType]) -> set[int]:
        """Link two records as *types* say; return the ids that are new. Only the write path calls this."""
        mine = self._side(record, other)
        new: set[int] = set()
        for type in types:
            if type.id in mine:
                continue
            mine.add(type.id)
            new.add(type.id)
            if (inverse := self.inverse(type)) is not None:
                self._side(other, record).add(inverse.id)
        return new

    def remove(self, record: Record, other: Record, ids: Iterable[int] | None = None) -> set[int]:
        """Unlink two records, wholly or of some types; return the ids that are gone."""
        mine = self.of(record, other.type).get(other)
        if mine is None:
            return set()
        gone = mine & (mine if ids is None else set(ids))
        theirs = self._side(other, record)
        mine -= gone
        types = [type for type in self.types(record.type, other.type) if type.id in gone]
        theirs -= {inverse.id for type in types if (inverse := self.inverse(type)) is not None}
        if not mine:
            del self._links[record][other.type][other]
            self._links[other].get(record.type, {}).pop(record, None)
        return gone

    def _side(self, record: Record, other: Record) -> set[int]:
        return self._links.setdefault(record, {}).setdefault(other.type, {}).setdefault(other, set())

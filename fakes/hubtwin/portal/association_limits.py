"""How many records one may be linked with by an association type (W3.15)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hubtwin.portal.errors import InvalidAssociation

if TYPE_CHECKING:
    from hubtwin.portal.associations import Associations, AssociationType
    from hubtwin.portal.objects import ObjectType
    from hubtwin.portal.records import Record


class AssociationLimits:
    """The limits that one portal's administrators set. A type without one links as many as there are."""

    def __init__(self, associations: "Associations") -> None:
        self._associations = associations
        self._limits: dict[int, int] = {}

    def of(self, type: "AssociationType") -> int | None:
        """The limit of a type, None where there is none."""
        return self._limits.get(type.id)

    def set(self, type: "AssociationType", most: int) -> None:
        """Limit a type. Links that are there already stay."""
        self._limits[type.id] = most

    def remove(self, id: int) -> None:
        """Take the limit of the type with this id away."""
        self._limits.pop(id, None)

    def check(
        self,
        from_type: "ObjectType",
        record: "Record | None",
        links: "Iterable[tuple[Record, Iterable[AssociationType]]]",
    ) -> None:
        """Check links to be made, from both ends; *record* is None for one that is still to be created.

        Raises InvalidAssociation.
        """
        if not self._limits:
            return
        planned: dict[int, int] = {}
        for other, types in links:
            default = self._associations.default(from_type, other.type)
            present = self._associations.of(record, other.type) if record else {}
            for type in dict.fromkeys((default, *types)):
                if type.id not in present.get(other, ()):
                    planned[type.id] = planned.get(type.id, 0) + 1
                    self._check(type, _count(type, present.values()) + planned[type.id])
                    self._check_inverse(type, other, from_type)

    def _check_inverse(self, type: "AssociationType", other: "Record", from_type: "ObjectType") -> None:
        inverse = self._associations.inverse(type)
        if inverse is not None:
            self._check(inverse, _count(inverse, self._associations.of(other, from_type).values()) + 1)

    def _check(self, type: "AssociationType", wanted: int) -> None:
        most = self._limits.get(type.id)
        if most is not None and wanted > most:
            name = f"{type.category}={type.id}"
            raise InvalidAssociation(
                f"{name} links a {type.from_type} with {most} {type.to_type} at most", {"associationSpec": [name]}
            )


def _count(type: "AssociationType", links: Iterable[Iterable[int]]) -> int:
    return sum(type.id in ids for ids in links)

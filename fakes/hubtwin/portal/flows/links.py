"""Links: what a flow associates with what (F7.17.14, F7.17.63189541).

An association type is named by its category and id. A record that a flow makes is linked with the enrolled one
(ENROLLED_OBJECT), with what that is associated with (COPY_ASSOCIATION), or with one that a token names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import InvalidAssociation
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import tokens
from hubtwin.portal.flows.actions import Run
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, NOTES, TASKS, TICKETS, ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.writes import Link

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

ENROLLED_OBJECT, COPY_ASSOCIATION, COORDINATES = "ENROLLED_OBJECT", "COPY_ASSOCIATION", "SINGLE_OBJECT_COORDINATES"

#: What tasks and notes were associated by when all activities were "engagements"; flows still name them (F7.17.302).
_ENGAGEMENTS = MappingProxyType({8: COMPANIES, 10: CONTACTS, 12: DEALS, 18: TICKETS})


@dataclass(frozen=True, slots=True)
class Linking:
    """One association of a record to be made: by a *type*, None for the default one, to records of *target*.

    *copied* is the type that leads from the enrolled record to them; *token* names one. Neither is there for the
    enrolled record itself.
    """

    type: AssociationType | None
    target: ObjectType
    copied: AssociationType | None = None
    token: str | None = None

    def links(self, run: Run) -> Iterator[Link]:
        """The links as they would be now."""
        types = () if self.type is None else (self.type,)
        for other in self._others(run):
            if other.type is self.target:
                yield other, types

    def _others(self, run: Run) -> Sequence[Record]:
        if self.token is not None:
            named = tokens.record_of(self.token, run)
            return [] if named is None else [named]
        if self.copied is None:
            return [run.record]
        return associated(run, self.target, self.copied)


def associated(run: Run, target: ObjectType, type: AssociationType) -> list[Record]:
    """The records that an association type leads to from the enrolled one, by ascending id."""
    linked = run.portal.associations.of(run.record, target)
    return sorted((other for other, ids in linked.items() if type.id in ids), key=lambda other: other.id)


def read(portal: "Portal", enrolled: ObjectType, made: ObjectType, node: Node) -> list[Linking]:
    """The `associations` of an action that makes a record of type *made*. Raises InvalidFilterBranch."""
    return [_linking(portal, enrolled, made, one) for one in node.objects("associations")]


def association_of(portal: "Portal", type: ObjectType, node: Node) -> AssociationType:
    """The association type that a JSON object names, from records of *type*. Raises InvalidFilterBranch."""
    id = node.whole("associationTypeId", low=0, high=10**12)
    try:
        return portal.associations.get(node.text("associationCategory", "HUBSPOT_DEFINED"), id, type)
    except InvalidAssociation as error:
        raise node.wrong("associationTypeId", f"can't be used: {error}") from None


def _linking(portal: "Portal", enrolled: ObjectType, made: ObjectType, node: Node) -> Linking:
    value = node.object("value")
    type, target = _target(portal, made, node.object("target"))
    kind = value.choice("type", (ENROLLED_OBJECT, COPY_ASSOCIATION, COORDINATES))
    if kind == COORDINATES:
        return Linking(type, target, token=value.text("coordinatesToken"))
    if kind == ENROLLED_OBJECT:
        if target is not enrolled:
            raise node.wrong("target", f"leads to {target.name}; the workflow enrolls {enrolled.name}")
        return Linking(type, target)
    copied = association_of(portal, enrolled, value.object("sourceSpec"))
    if portal.type(copied.to_type) is not target:
        raise value.wrong("sourceSpec", f"leads to {copied.to_type} records, not to {target.name}")
    return Linking(type, target, copied=copied)


def _target(portal: "Portal", made: ObjectType, node: Node) -> tuple[AssociationType | None, ObjectType]:
    id = node.whole("associationTypeId", low=0, high=10**12)
    if made in (TASKS, NOTES) and id in _ENGAGEMENTS:
        return None, _ENGAGEMENTS[id]
    type = association_of(portal, made, node)
    return type, portal.type(type.to_type)

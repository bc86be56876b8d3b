"""Data sources: records that a flow fetches beside the enrolled one, for its tokens (F7.8).

They are fetched each time that something asks for them, as they are then (our model).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.actions import Run
from hubtwin.portal.flows.links import association_of
from hubtwin.portal.log import ASSOCIATED
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

ASSOCIATION, ASSOCIATION_TIMESTAMP = "ASSOCIATION", "ASSOCIATION_TIMESTAMP"
STATIC_PROPERTY_FILTER = "STATIC_PROPERTY_FILTER"

#: What HubSpot can fetch by and the portal can't: the flow keeps it, and its tokens stay empty (F7.8.3).
NOT_FETCHED = (
    *("ENROLLED_RECORD_PROPERTY_FILTER", "DATASET_FIELD_PROPERTY_FILTER"),
    "ENROLLED_ARGUMENT_PROPERTY_FILTER",
)


@dataclass(frozen=True, slots=True)
class Sort:
    """By which property the one to fetch is chosen; without one, the record with the lowest id is."""

    property: str | None = None
    descending: bool = False

    def first(self, records: Iterable[Record]) -> Record | None:
        """The first of some records; those without a value come last."""
        found = sorted(records, key=lambda record: record.id)
        if self.property is None:
            return next(iter(found), None)
        having = [record for record in found if record.get(self.property)]
        having.sort(key=self._key, reverse=self.descending)
        return next(iter([*having, *found]), None)

    def _key(self, record: Record) -> tuple[bool, float, str]:
        value = record.get(self.property or "") or ""
        try:
            return False, float(value), ""
        except ValueError:
            return True, 0.0, value


@dataclass(frozen=True, slots=True)
class DataSource:
    """Fetches one record: of those associated with the enrolled one, or of those with a *value* of a *property*."""

    kind: str
    association: AssociationType | None = None
    target: ObjectType | None = None
    sort: Sort = Sort()
    property: str = ""
    value: str = ""

    def fetch(self, run: Run) -> Record | None:
        """The record; None where there is none, or the portal can't fetch this way."""
        if self.kind == STATIC_PROPERTY_FILTER:
            return self.sort.first(run.portal.records[run.flow.plan.type].having(self.property, self.value))
        if self.association is None or self.target is None:
            return None
        linked = run.portal.associations.of(run.record, self.target)
        found = [other for other, ids in linked.items() if self.association.id in ids]
        return _latest(run, found) if self.kind == ASSOCIATION_TIMESTAMP else self.sort.first(found)


def read(portal: "Portal", type: ObjectType, node: Node) -> Mapping[str, DataSource]:
    """The `dataSources` of a flow, by their names. Raises InvalidFilterBranch."""
    sources: dict[str, DataSource] = {}
    for one in node.objects("dataSources"):
        name = one.text("name")
        if name in sources:
            raise one.wrong("name", f"{name!r} is there twice")
        sources[name] = _source(portal, type, one)
    return sources


def _source(portal: "Portal", type: ObjectType, node: Node) -> DataSource:
    kind = node.choice("type", (ASSOCIATION, ASSOCIATION_TIMESTAMP, STATIC_PROPERTY_FILTER, *NOT_FETCHED))
    if kind in NOT_FETCHED:
        return DataSource(kind)
    if kind == STATIC_PROPERTY_FILTER:
        return DataSource(kind, sort=_sort(node), property=node.text("propertyName"), value=node.text("staticValue"))
    association = association_of(portal, type, node)
    return DataSource(kind, association, portal.type(association.to_type), _sort(node))


def _sort(node: Node) -> Sort:
    if "sortBy" not in node:
        return Sort()
    sort = node.object("sortBy")
    return Sort(sort.text("property"), sort.choice("order", ("ASC", "DESC"), "ASC") == "DESC")


def _latest(run: Run, records: Iterable[Record]) -> Record | None:
    """The one that was associated last (F7.8.2)."""
    wanted = set(records)
    for entry in run.portal.log.timeline(run.record):
        if entry.kind == ASSOCIATED and entry.value is not None and entry.value[0] in wanted:
            other: Record = entry.value[0]
            return other
    return None

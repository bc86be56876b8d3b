"""Search (W2.8): filter groups, sorts, paging and `query`, over the portal's predicate core."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import BAD_SEARCH, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.rendering import record_json, shown
from hubtwin.portal.errors import UnknownObjectType
from hubtwin.portal.filters import Comparison, InvalidComparison, Predicate, predicate, sort_key, tokens
from hubtwin.portal.ids import as_number
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record, Records

MAX_BODY = 3_000
MAX_PAGE = 200
MAX_DEPTH = 10_000
MAX_GROUPS = 5
MAX_FILTERS_IN_GROUP = 6
MAX_FILTERS = 18

_PSEUDO = "associations."


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a search: what *matches* lets through.

    *only* are the texts that alone can match, where an index can help; *folded* says that case doesn't count.
    """

    property: str
    matches: Predicate
    only: Sequence[str] = ()
    folded: bool = False

    def lets_through(self, record: Record) -> bool:
        """Whether the record matches."""
        return self.matches(record.get(self.property))

    def candidates(self, records: Records) -> Iterable[Record]:
        """The records that an index leaves. Only for filters that have *only*."""
        find = records.having_folded if self.folded else records.having
        return (record for text in self.only for record in find(self.property, text))


@dataclass(frozen=True, slots=True)
class AssociationFilter:
    """`associations.company EQ 12`: the records that are associated with one of *ids*."""

    portal: Portal
    type: ObjectType
    ids: frozenset[str]

    def lets_through(self, record: Record) -> bool:
        """Whether the record matches."""
        return any(str(other.id) in self.ids for other in self.portal.associations.of(record, self.type))


Group = Sequence[Filter | AssociationFilter]


def search(call: Call) -> Response:
    """POST /{objectType}/search: 200, `total` and a page; `after` is an offset and there is no `link`."""
    if len(call.request.body) > MAX_BODY:
        raise invalid(f"The search's body is longer than {MAX_BODY} characters")
    body, type = call.body, call.type
    limit, offset = _page(body)
    found = matching(call.portal, type, body)
    requested = body.texts("properties")
    results = [
        record_json(call.portal, record, shown(call.portal, record, requested))
        for record in found[offset : offset + limit]
    ]
    answered: dict[str, Any] = {"total": len(found), "results": results}
    if offset + limit < len(found):
        answered["paging"] = {"next": {"after": str(offset + limit)}}
    return answer(answered)


def matching(portal: Portal, type: ObjectType, body: Body) -> list[Record]:
    """The records that a search's filters and query let through, in the order of its sort. Raises ApiError."""
    return _sorted(portal, type, _matching(portal, type, body), body)


def _page(body: Body) -> tuple[int, int]:
    limit, after = body.number("limit", 10), body.text("after") or "0"
    if not 0 <= limit <= MAX_PAGE:
        raise invalid(f"limit must be a number from 0 to {MAX_PAGE}, not {limit}")
    offset = as_number(after)
    if offset is None or offset + limit > MAX_DEPTH:
        raise invalid(f"A search ends after {MAX_DEPTH} results; after is {after} and limit {limit}")
    return limit, offset


def _matching(portal: Portal, type: ObjectType, body: Body) -> list[Record]:
    groups = _groups(portal, type, body)
    wanted = tokens(body.text("query") or "")
    return [
        record
        for record in _candidates(portal, type, groups)
        if (not groups or any(all(f.lets_through(record) for f in group) for group in groups))
        and (not wanted or _mentions(record, type, wanted))
    ]


def _candidates(portal: Portal, type: ObjectType, groups: Sequence[Group]) -> Iterable[Record]:
    """Those records that can match at all: where every group has a filter that an index serves, only theirs."""
    records = portal.records[type]
    served = [next((f for f in group if isinstance(f, Filter) and f.only), None) for group in groups]
    if not served or None in served:
        return records
    return {record: None for one in served if one is not None for record in one.candidates(records)}


def _mentions(record: Record, type: ObjectType, wanted: set[str]) -> bool:
    """Whether every word of the query begins a word of what the type's search looks at."""
    words = {word for name in type.searched for word in tokens(record.get(name) or "")}
    return all(any(word.startswith(part) for word in words) for part in wanted)


# -- reading the grammar -------------------------------------------------------------------------------------


def _groups(portal: Portal, type: ObjectType, body: Body) -> list[Group]:
    groups = [group.objects("filters") for group in body.objects("filterGroups")]
    if alone := body.objects("filters"):
        groups.append(alone)  # top-level filters are one group
    too_many = (
        len(groups) > MAX_GROUPS
        or any(len(group) > MAX_FILTERS_IN_GROUP for group in groups)
        or sum(map(len, groups)) > MAX_FILTERS
    )
    if too_many:
        raise invalid(
            f"At most {MAX_GROUPS} filter groups, {MAX_FILTERS_IN_GROUP} filters in a group and {MAX_FILTERS} filters"
            " in all are allowed"
        )
    return [[_filter(portal, type, one) for one in group] for group in groups]


def _filter(portal: Portal, type: ObjectType, body: Body) -> Filter | AssociationFilter:
    body.require("propertyName", "operator")
    name, operator = body.text("propertyName") or "", body.text("operator") or ""
    comparison = Comparison(operator, body.text("value"), body.text("highValue"), body.texts("values"))
    if name.startswith(_PSEUDO):
        return _association_filter(portal, name.removeprefix(_PSEUDO), comparison)
    definition = portal.properties[type].get(name)
    if definition is None:
        raise ApiError(400, BAD_SEARCH)
    try:
        matches = predicate(definition, comparison)
    except InvalidComparison:
        raise ApiError(400, BAD_SEARCH) from None
    texts, folded = _only(definition, comparison)
    return Filter(name, matches, texts, folded)


def _only(definition: PropertyDefinition, comparison: Comparison) -> tuple[Sequence[str], bool]:
    """The stored texts that alone can match, where there are few; and whether their case doesn't count."""
    if comparison.operator == "EQ" and comparison.value is not None:
        texts: Sequence[str] = [comparison.value]
    elif comparison.operator == "IN":
        texts = comparison.values
    else:
        return (), False
    if definition.name == "hs_object_id" or (definition.type in ("enumeration", "bool") and not definition.is_multiple):
        return texts, False
    if definition.type in ("string", "phone_number"):
        return (texts if comparison.operator == "IN" else [text.lower() for text in texts]), True
    return (), False


def _association_filter(portal: Portal, word: str, comparison: Comparison) -> AssociationFilter:
    ids = comparison.values if comparison.operator == "IN" else [comparison.value or ""]
    try:
        type = portal.type(word)
    except UnknownObjectType:
        raise ApiError(400, BAD_SEARCH) from None
    if comparison.operator not in ("EQ", "IN"):
        raise ApiError(400, BAD_SEARCH)
    return AssociationFilter(portal, type, frozenset(ids))


# -- sorting -------------------------------------------------------------------------------------------------


def _sorted(portal: Portal, type: ObjectType, found: list[Record], body: Body) -> list[Record]:
    """One sort; without any, oldest first. Records that lack the property come last."""
    name, descending = _sort(body.items("sorts"))
    if name is None:
        return sorted(found, key=lambda record: record.id)
    definition = portal.properties[type].get(name)
    if definition is None:
        raise ApiError(400, BAD_SEARCH)
    having = [record for record in found if record.get(name) is not None]
    lacking = [record for record in found if record.get(name) is None]
    having.sort(key=lambda record: sort_key(definition, record.get(name) or ""), reverse=descending)
    return having + lacking


def _sort(sorts: Sequence[Any]) -> tuple[str | None, bool]:
    if not sorts:
        return None, False
    if len(sorts) > 1:
        raise invalid("Only one sort is allowed")
    match sorts[0]:
        case str(name):
            return name.removeprefix("-"), name.startswith("-")
        case Mapping() as sort if isinstance(sort.get("propertyName"), str):
            return sort["propertyName"], sort.get("direction") == "DESCENDING"
    raise ApiError(400, BAD_SEARCH)


ENDPOINTS = family(
    "/crm/v3/objects/{objectType}",
    "/crm/objects/{version}/{objectType}",
    ("POST", "/search", search, "crm.objects.{objectType}.read"),
)

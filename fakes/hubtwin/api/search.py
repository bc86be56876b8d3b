"""Search (W2.8): the grammar of filter groups, sorts, paging and `query`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import BAD_SEARCH, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.rendering import record_json, shown
from hubtwin.portal.errors import UnknownObjectType
from hubtwin.portal.filters import Comparison, InvalidComparison, tokens
from hubtwin.portal.ids import as_number
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.queries import AssociationFilter, Filter, Group, Query, filter_on
from hubtwin.portal.records import Record

MAX_BODY = 3_000
MAX_PAGE = 200
MAX_DEPTH = 10_000
MAX_GROUPS = 5
MAX_FILTERS_IN_GROUP = 6
MAX_FILTERS = 18

_PSEUDO = "associations."
_BECAME = re.compile(r"hs_lifecyclestage_\w+_date")


def search(call: Call) -> Response:
    """POST /{objectType}/search: 200, `total` and a page; `after` is an offset and there is no `link`."""
    if len(call.request.body) > MAX_BODY:
        raise invalid(f"The search's body is longer than {MAX_BODY} characters")
    body, type = call.body, call.type
    limit, offset = _page(body)
    total, page = _query(call.portal, type, body).page(offset, limit)
    requested = body.texts("properties")
    results = [record_json(call.portal, record, shown(call.portal, record, requested)) for record in page]
    answered: dict[str, Any] = {"total": total, "results": results}
    if offset + limit < total:
        answered["paging"] = {"next": {"after": str(offset + limit)}}
    return answer(answered)


def matching(portal: Portal, type: ObjectType, body: Body) -> list[Record]:
    """The records that a search's filters and query let through, in the order of its sort. Raises ApiError."""
    return _query(portal, type, body).matching()


def _page(body: Body) -> tuple[int, int]:
    limit, after = body.number("limit", 10), body.text("after") or "0"
    if not 0 <= limit <= MAX_PAGE:
        raise invalid(f"limit must be a number from 0 to {MAX_PAGE}, not {limit}")
    offset = as_number(after)
    if offset is None or offset + limit > MAX_DEPTH:
        raise invalid(f"A search ends after {MAX_DEPTH} results; after is {after} and limit {limit}")
    return limit, offset


# -- reading the grammar -------------------------------------------------------------------------------------


def _query(portal: Portal, type: ObjectType, body: Body) -> Query:
    """What a search asks for. Raises ApiError."""
    groups, words = _groups(portal, type, body), tokens(body.text("query") or "")
    name, descending = _sort(body.items("sorts"))
    sort = None if name is None else _definition(portal, type, name)
    return Query(portal.records[type], groups, frozenset(words), sort, descending)


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
    definition = _definition(portal, type, name)
    try:
        return filter_on(definition, comparison)
    except InvalidComparison:
        raise ApiError(400, BAD_SEARCH) from None


def _definition(portal: Portal, type: ObjectType, name: str) -> PropertyDefinition:
    """A property that a search may name. Raises ApiError."""
    definition = portal.properties[type].get(name)
    is_refused = _BECAME.fullmatch(name) and portal.configuration.options.became_date_in_search == "refused"  # F1.31
    if definition is None or is_refused:
        raise ApiError(400, BAD_SEARCH)
    return definition


def _association_filter(portal: Portal, word: str, comparison: Comparison) -> AssociationFilter:
    ids = comparison.values if comparison.operator == "IN" else [comparison.value or ""]
    try:
        type = portal.type(word)
    except UnknownObjectType:
        raise ApiError(400, BAD_SEARCH) from None
    if comparison.operator not in ("EQ", "IN"):
        raise ApiError(400, BAD_SEARCH)
    return AssociationFilter(portal.associations, type, frozenset(ids))


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

"""Limits tracking: how much of what the account may hold it holds (W7.8)."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.http import Response
from hubtwin.portal.limits_tracking import ByType, Usage
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

#: How many records are named of those that are near a limit or have reached it (W7.8.6).
MAX_SAMPLES = 10


def records(call: Call) -> Response:
    """GET /records: by object type, custom objects together."""
    tracking = call.portal.limits_tracking
    return answer(_two_kinds(call, tracking.records(), tracking.plan.custom_records))


def custom_types(call: Call) -> Response:
    """GET /custom-object-types: how many there are and may be."""
    return answer(_usage_json(call.portal.limits_tracking.custom_types()))


def properties(call: Call) -> Response:
    """GET /custom-properties: the account's own properties, by object type and altogether."""
    tracking = call.portal.limits_tracking
    usages = tracking.properties()
    rows = [{**_type_json(call, type), **_usage_json(usage)} for type, usage in _in_order(call, usages)]
    overall = Usage(sum(usage.usage for usage in usages.values()), tracking.plan.properties)
    return answer({"byObjectType": rows, **_overall_json(overall)})


def calculated_properties(call: Call) -> Response:
    """GET /calculated-properties: the account's own ones, by object type and altogether."""
    tracking = call.portal.limits_tracking
    return answer(_together(call, tracking.calculated_properties(), tracking.plan.calculated_properties))


def pipelines(call: Call) -> Response:
    """GET /pipelines: by object type, custom objects together."""
    tracking = call.portal.limits_tracking
    custom = tracking.plan.pipelines if tracking.plan.custom_types else 0
    return answer(_two_kinds(call, tracking.pipelines(), custom))


def labels(call: Call) -> Response:
    """GET /associations/labels: for each direction in which there are any."""
    wanted = [None if id is None else call.portal.type(id) for id in map(call.text, _ENDS)]
    rows = [
        {
            "allLabels": list(one.labels),
            "fromObjectType": _type_json(call, one.from_type),
            "toObjectType": _type_json(call, one.to_type),
            **_usage_json(one.usage),
        }
        for one in call.portal.limits_tracking.labels()
        if wanted[0] in (None, one.from_type) and wanted[1] in (None, one.to_type)
    ]
    return answer({"results": rows})


def associated_from(call: Call) -> Response:
    """GET /associations/records/from: object types with records near or at a limit."""
    found = ((record.type, usage) for record, _, usage in call.portal.limits_tracking.associated())
    return answer({"results": _near_or_at(call, list(found))})


def associated_to(call: Call) -> Response:
    """GET /associations/records/{fromObjectTypeId}/to: object types of which a record has nearly too many."""
    from_type = call.portal.type(call.path["fromObjectTypeId"])
    found = ((to_type, usage) for _, to_type, usage in call.portal.limits_tracking.associated(from_type))
    return answer({"results": _near_or_at(call, list(found))})


def associated(call: Call) -> Response:
    """GET /associations/records/{fromObjectTypeId}/{toObjectTypeId}: the records near or at the limit."""
    tracking = call.portal.limits_tracking
    from_type, to_type = (call.portal.type(call.path[name]) for name in _ENDS)
    found = [(record, usage) for record, type, usage in tracking.associated(from_type) if type is to_type]
    near = [(record, usage) for record, usage in found if usage.is_near]
    reached = [record for record, usage in found if usage.is_reached]
    return answer(
        {
            "limit": tracking.most_associated(from_type, to_type),
            "totalRecordsNearLimit": len(near),
            "totalRecordsAtLimit": len(reached),
            "nearLimitFromRecordSamples": [
                {**_record_json(record), "usage": usage.usage, "percentage": usage.percentage}
                for record, usage in islice(near, MAX_SAMPLES)
            ],
            "atLimitFromRecordSamples": [_record_json(record) for record in islice(reached, MAX_SAMPLES)],
        }
    )


# -- answering -----------------------------------------------------------------------------------------------

_ENDS = ("fromObjectTypeId", "toObjectTypeId")


def _two_kinds(call: Call, usages: ByType, most_custom: int) -> dict[str, Any]:
    """HubSpot's own types, each with its limit, and custom ones, which share one."""
    return {
        "hubspotDefinedObjectTypes": [
            {**_type_json(call, type), **_usage_json(usage)}
            for type, usage in _in_order(call, usages)
            if not type.is_custom
        ],
        "customObjectTypes": _together(
            call, {type: usage.usage for type, usage in usages.items() if type.is_custom}, most_custom
        ),
    }


def _together(call: Call, counts: Mapping[ObjectType, int], limit: int) -> dict[str, Any]:
    rows = [{**_type_json(call, type), "usage": count} for type, count in _in_order(call, counts)]
    return {"byObjectType": rows, **_overall_json(Usage(sum(counts.values()), limit))}


def _near_or_at(call: Call, found: list[tuple[ObjectType, Usage]]) -> list[dict[str, Any]]:
    near = {type for type, usage in found if usage.is_near}
    reached = {type for type, usage in found if usage.is_reached}
    return [
        {**_type_json(call, type), "hasRecordsNearLimit": type in near, "hasRecordsAtLimit": type in reached}
        for type in call.portal.types
        if type in near or type in reached
    ]


def _in_order(call: Call, rows: Mapping[ObjectType, Any]) -> list[tuple[ObjectType, Any]]:
    """By label, as HubSpot lists them."""
    return sorted(rows.items(), key=lambda row: call.portal.schemas.labels(row[0])["singular"].lower())


def _type_json(call: Call, type: ObjectType) -> dict[str, str]:
    labels = call.portal.schemas.labels(type)
    return {"objectTypeId": type.id, "singularLabel": labels["singular"], "pluralLabel": labels["plural"]}


def _usage_json(usage: Usage) -> dict[str, float]:
    return {"limit": usage.limit, "usage": usage.usage, "percentage": usage.percentage}


def _overall_json(usage: Usage) -> dict[str, float]:
    return {"overallLimit": usage.limit, "overallUsage": usage.usage, "overallPercentage": usage.percentage}


def _record_json(record: Record) -> dict[str, Any]:
    return {"objectId": record.id, "label": record.name}


ENDPOINTS = family(
    "/crm/v3/limits",
    "/crm/limits/{version}",
    ("GET", "/records", records, ""),
    ("GET", "/custom-object-types", custom_types, ""),
    ("GET", "/custom-properties", properties, ""),
    ("GET", "/calculated-properties", calculated_properties, ""),
    ("GET", "/pipelines", pipelines, ""),
    ("GET", "/associations/labels", labels, ""),
    ("GET", "/associations/records/from", associated_from, ""),
    ("GET", "/associations/records/{fromObjectTypeId}/to", associated_to, ""),
    ("GET", "/associations/records/{fromObjectTypeId}/{toObjectTypeId}", associated, ""),
)

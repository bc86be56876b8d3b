"""Contacts, version 1: what older integrations still write through (W12)."""

from hubtwin.api.calls import Call, nothing
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import NOTHING_TO_UPDATE, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.objects import CONTACTS


def update(call: Call) -> Response:
    """POST /contacts/v1/contact/vid/{vid}/profile: 204, also where a stage was kept (F2.b2)."""
    id = call.path["vid"]
    record = call.portal.records[CONTACTS].get(int(id)) if id.isdecimal() else None
    if record is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    values: dict[str, str | None] = {}
    for row in call.body.objects("properties"):
        row.require("property")
        values[row.text("property") or ""] = row.text("value")
    if not values:
        raise invalid(NOTHING_TO_UPDATE)
    call.portal.update(record, values, source=call.source)
    return nothing()


ENDPOINTS = (Endpoint("POST", "/contacts/v1/contact/vid/{vid}/profile", None, update, "crm.objects.contacts.write"),)

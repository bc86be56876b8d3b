"""Owners, version 2: a plain list, with numeric ids and moments in milliseconds (W12.9.10)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.errors import RESOURCE_NOT_FOUND
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.portal.portal import Portal
from hubtwin.portal.users import Owner


def list_(call: Call) -> Response:
    """GET /owners: all, or the one with the e-mail address `email`."""
    email = (call.text("email") or "").lower()
    found = [owner for owner in call.portal.users if email in ("", owner.email)]
    return answer([_owner_json(call.portal, owner) for owner in found])


def read(call: Call) -> Response:
    """GET /owners/{ownerId}: one owner."""
    for owner in call.portal.users:
        if str(owner.id) == call.path["ownerId"]:
            return answer(_owner_json(call.portal, owner))
    raise LegacyError(404, RESOURCE_NOT_FOUND)


def _owner_json(portal: Portal, owner: Owner) -> dict[str, Any]:
    account = portal.configuration.account.id
    user = {
        "id": owner.user_id,
        "portalId": account,
        "ownerId": owner.id,
        "remoteId": str(owner.user_id),
        "remoteType": "HUBSPOT",
        "active": True,
    }
    return {
        "portalId": account,
        "ownerId": owner.id,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "email": owner.email,
        "createdAt": owner.created,
        "updatedAt": owner.created,
        "remoteList": [user],
        "hasContactsAccess": True,
        "activeUserId": owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "isActive": True,
    }


_READ = "crm.objects.owners.read"

ENDPOINTS = operations("/owners/v2", ("GET", "/owners", list_, _READ), ("GET", "/owners/{ownerId}", read, _READ))

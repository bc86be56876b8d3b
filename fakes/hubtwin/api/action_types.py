"""The kinds of actions that flows may have: what they are called, and which fields they take (F7.17.1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.http import Response
from hubtwin.portal.flows.delays import UNITS
from hubtwin.portal.flows.kinds import BUILT_IN
from hubtwin.portal.objects import CONTACTS


class Field(NamedTuple):
    """One field of an action: its name and type, and whether the action needs it."""

    name: str
    type: str
    is_required: bool = True


#: The fields of the actions whose fields are known; others are listed without any.
FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "0-1": (Field("delta", "number"), Field("time_unit", "enumeration")),
        "0-3": (Field("subject", "string"), Field("body", "string", False), Field("task_type", "enumeration", False)),
        "0-4": (Field("content_id", "string"),),
        "0-5": (Field("property_name", "string"), Field("value", "object"), Field("association", "object", False)),
        "0-8": (Field("user_ids", "enumeration", False), Field("subject", "string"), Field("body", "string")),
        "0-9": (Field("user_ids", "enumeration", False), Field("subject", "string"), Field("body", "string")),
        "0-11": (
            *(Field("target_property", "string", False), Field("user_ids", "enumeration", False)),
            *(Field("team_ids", "enumeration", False), Field("overwrite_current_owner", "bool", False)),
        ),
        "0-13": (Field("listId", "string"), Field("operation", "enumeration")),
        "0-14": (Field("object_type_id", "string"), Field("properties", "object"), Field("associations", "object")),
        "0-15": (Field("flow_id", "string"),),
        "0-23": (Field("email_content_id", "string"), Field("recipient_emails", "string")),
        "0-28": (Field("delay", "object"),),
        "0-29": (Field("event_filter_branches", "object"), Field("expiration_minutes", "number", False)),
        "0-31": (Field("marketableType", "enumeration"),),
        "0-35": (Field("date", "object"), Field("delta", "number", False), Field("time_unit", "enumeration", False)),
        "0-43347357": (Field("subscriptionId", "string"), Field("optState", "enumeration")),
        "0-63809083": (Field("listId", "string"),),
        "0-63863438": (Field("listId", "string"),),
        "0-169425243": (Field("note_body", "string"),),
    }
)

_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"time_unit": tuple(UNITS), "operation": ("ADD", "REMOVE"), "marketableType": ("MARKETABLE", "NON_MARKETABLE")}
)

#: The actions that only contacts can take.
_OF_CONTACTS = frozenset({"0-4", "0-31", "0-18224765", "0-43347357"})


def list_(call: Call) -> Response:
    """GET /action-types: all of them, or those for records of `objectTypeId` (F7.17.1)."""
    word = call.text("objectTypeId")
    wanted = None if word is None else call.portal.type(word).id
    types = [type.id for type in call.portal.records]
    rows = [_json(id, kind[0], [CONTACTS.id] if id in _OF_CONTACTS else types) for id, kind in BUILT_IN.items()]
    return answer({"results": [row for row in rows if wanted is None or wanted in row["objectTypeIds"]]})


def _json(id: str, name: str, types: list[str]) -> dict[str, Any]:
    return {
        "actionTypeId": id,
        "actionName": name,
        "groupId": "DELAY" if name.startswith("Delay") else "CRM",
        "objectTypeIds": types,
        "inputFieldDefinitions": [_field_json(field) for field in FIELDS.get(id, ())],
    }


def _field_json(field: Field) -> dict[str, Any]:
    body: dict[str, Any] = {
        "fieldDefinitionType": "ENUM" if field.name in _CHOICES else "SIMPLE",
        "name": field.name,
        "type": field.type,
        "isRequired": field.is_required,
        "label": field.name.replace("_", " ").capitalize(),
    }
    if field.name in _CHOICES:
        body["options"] = [{"label": word.capitalize(), "value": word} for word in _CHOICES[field.name]]
    return body


ENDPOINTS = family("/automation/2026-09-beta", None, ("GET", "/action-types", list_, "automation"))

"""What actions do with records and people, in the short form and in HubSpot's JSON (F7.17).

A further kind is a class in configuration/workflow_steps.py, a row of WRITERS and one of READERS. What is read has to
be written again as it was: the rest stays JSON.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.portal.configuration import (
    AddNote,
    AddToList,
    AssignConversations,
    Audience,
    ClearProperty,
    CopyProperty,
    CreateRecord,
    CreateTask,
    DeleteContact,
    EnrollIn,
    Notify,
    RemoveFromList,
    RotateOwner,
    SendEmail,
    SetMarketing,
    SetProperty,
    Subscribe,
    Unsubscribe,
)
from hubtwin.portal.errors import InvalidAssociation
from hubtwin.portal.filter_branches.short_forms import Json
from hubtwin.portal.flows.short_forms.around import Around
from hubtwin.portal.flows.short_forms.times import read_time, time_of_day
from hubtwin.portal.objects import TASKS

_Fields = Mapping[str, Any]


def single(type: str, fields: Json, version: int = 0) -> Json:
    """An action of one of HubSpot's types."""
    return {"type": "SINGLE_CONNECTION", "actionTypeId": type, "actionTypeVersion": version, "fields": fields}


# -- properties ----------------------------------------------------------------------------------------------


def _edit(around: Around, property: str, value: Json, on: str | None, label: str | None) -> Json:
    association = around.association(on, label, ())
    return single("0-5", {"property_name": property, "value": value, **association})


def _set(around: Around, action: SetProperty) -> Json:
    return _edit(around, action.set, _new_value(around, action), action.associated, action.label)


def _new_value(around: Around, action: SetProperty) -> Json:
    if action.add is not None:
        number = int(action.add) if action.add.is_integer() else action.add
        return {"type": "INCREMENT", "incrementAmount": number}
    if action.append is not None:
        return {"type": "STATIC_APPEND_VALUE", "staticAppendValue": action.append}
    if action.now:
        return {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}
    value = action.value if action.value is not None else action.to
    return around.value(around.target(action.associated), action.set, value)


def _copy(around: Around, action: CopyProperty) -> Json:
    value = {"type": "OBJECT_PROPERTY", "propertyName": action.copy_}
    return _edit(around, action.to, value, action.associated, action.label)


def _clear(around: Around, action: ClearProperty) -> Json:
    return _edit(around, action.clear, {"type": "STATIC_VALUE", "staticValue": ""}, action.associated, action.label)


def _read_edit(around: Around, fields: _Fields) -> Json:
    property, value = fields["property_name"], fields["value"]
    where = around.associated(fields.get("association"))
    match value:
        case {"type": "STATIC_VALUE", "staticValue": ""}:
            return {"clear": property, **where}
        case {"type": "STATIC_VALUE"}:
            return {
                "set": property,
                "to": around.read_value(around.target(where.get("associated")), property, value),
                **where,
            }
        case {"type": "OBJECT_PROPERTY", "propertyName": name}:
            return {"copy": name, "to": property, **where}
        case {"type": "INCREMENT", "incrementAmount": number}:
            return {"set": property, "add": number, **where}
        case {"type": "STATIC_APPEND_VALUE", "staticAppendValue": option}:
            return {"set": property, "append": option, **where}
        case {"type": "TIMESTAMP"}:
            return {"set": property, "now": True, **where}
    return {"set": property, "value": value, **where}


# -- records -------------------------------------------------------------------------------------------------


def _create(around: Around, action: CreateRecord) -> Json:
    made = around.portal.type(action.create)
    properties = [
        {"targetProperty": name, "value": around.value(made, name, value)} for name, value in action.with_.items()
    ]
    try:
        type = around.portal.associations.default(made, around.type)
        target = {"associationCategory": type.category, "associationTypeId": type.id}
        links = [{"target": target, "value": {"type": "ENROLLED_OBJECT"}}]
    except InvalidAssociation:
        links = []
    fields = {"object_type_id": made.id, "properties": properties, "associations": links}
    return single("0-14", {**fields, "use_explicit_associations": "true"})


def _read_create(around: Around, fields: _Fields) -> Json:
    made = around.portal.type(fields["object_type_id"])
    values = {
        one["targetProperty"]: around.read_value(made, one["targetProperty"], one["value"])
        for one in fields["properties"]
    }
    return {"create": made.singular, "with": values}


def _task(around: Around, action: CreateTask) -> Json:
    fields: Json = {"subject": action.task, "task_type": action.kind, "priority": action.priority}
    if action.notes is not None:
        fields["body"] = action.notes
    if action.due_in is not None:
        time = {} if action.time is None else {"timeOfDay": time_of_day(action.time)}
        fields["due_time"] = {"delta": action.due_in, "timeUnit": "DAYS", **time, "daysOfWeek": []}
    if action.owner is not None:
        owner = around.value(TASKS, "hubspot_owner_id", action.owner)
        fields["owner_assignment"] = {"type": "CUSTOM", "value": owner}
    return single("0-3", fields)


def _read_task(around: Around, fields: _Fields) -> Json:
    task: Json = {"task": fields["subject"], "kind": fields["task_type"], "priority": fields["priority"]}
    if "body" in fields:
        task["notes"] = fields["body"]
    if "due_time" in fields:
        task["due_in"] = fields["due_time"]["delta"]
        if "timeOfDay" in fields["due_time"]:
            task["time"] = read_time(fields["due_time"]["timeOfDay"])
    if "owner_assignment" in fields:
        task["owner"] = around.read_value(TASKS, "hubspot_owner_id", fields["owner_assignment"]["value"])
    return task


# -- people --------------------------------------------------------------------------------------------------


def _audience(around: Around, action: Audience) -> Json:
    people = {
        "user_ids": [around.user(email) for email in action.users],
        "team_ids": [around.team(name) for name in action.teams],
        "owner_properties": list(action.owners),
    }
    return {name: ids for name, ids in people.items() if ids}


def _read_audience(around: Around, fields: _Fields) -> Json:
    people = {
        "users": [around.user_called(id) for id in fields.get("user_ids", ())],
        "teams": [around.team_called(id) for id in fields.get("team_ids", ())],
        "owners": list(fields.get("owner_properties", ())),
    }
    return {key: names for key, names in people.items() if names}


def _notify(around: Around, action: Notify) -> Json:
    type = "0-8" if action.by == "email" else "0-9"
    return single(type, {**_audience(around, action), "subject": action.notify, "body": action.text})


def _read_notify(around: Around, fields: _Fields) -> Json:
    return {"notify": fields["subject"], "text": fields["body"], **_read_audience(around, fields)}


def _rotate(around: Around, action: RotateOwner) -> Json:
    overwrites = "true" if action.overwrite else "false"
    people = _audience(around, action)
    return single("0-11", {"target_property": action.rotate_owner, **people, "overwrite_current_owner": overwrites})


def _read_rotate(around: Around, fields: _Fields) -> Json:
    overwrites = fields["overwrite_current_owner"] == "true"
    return {"rotate_owner": fields["target_property"], "overwrite": overwrites, **_read_audience(around, fields)}


def _send(around: Around, action: SendEmail) -> Json:
    id = around.email(action.send_email)
    if action.to is None:
        return single("0-4", {"content_id": id})
    return single("0-23", {"email_content_id": id, "recipient_emails": list(action.to)})


def _subscription(around: Around, name: str, state: str) -> Json:
    id = around.subscription(name)
    contact = "{{ enrolled_object }}"
    return single("0-43347357", {"targetContact": contact, "subscriptionId": id, "optState": state})


def _read_subscription(around: Around, fields: _Fields) -> Json:
    key = {"OPT_IN": "subscribe", "OPT_OUT": "unsubscribe"}[fields["optState"]]
    return {key: around.portal.preferences.find(int(fields["subscriptionId"])).settings.name}


def _marketing(around: Around, action: SetMarketing) -> Json:
    status = "MARKETABLE" if action.marketing_contact else "NON_MARKETABLE"
    return single("0-31", {"targetContact": "{{ enrolled_object }}", "marketableType": status})


# -- the tables ----------------------------------------------------------------------------------------------

#: How actions of a portal file are written, by their classes.
WRITERS: Mapping[type, Callable[[Around, Any], Json]] = MappingProxyType(
    {
        SetProperty: _set,
        CopyProperty: _copy,
        ClearProperty: _clear,
        CreateRecord: _create,
        CreateTask: _task,
        AddNote: lambda around, action: single("0-169425243", {"note_body": action.note}),
        Notify: _notify,
        RotateOwner: _rotate,
        AssignConversations: lambda around, action: single("0-44475148", _audience(around, action)),
        SendEmail: _send,
        EnrollIn: lambda around, action: single("0-15", {"flow_id": around.flow(action.enroll_in)}),
        AddToList: lambda around, action: single("0-63809083", {"listId": around.list(action.add_to_list)}, 5),
        RemoveFromList: lambda around, action: single("0-63863438", {"listId": around.list(action.remove_from_list)}),
        Subscribe: lambda around, action: _subscription(around, action.subscribe, "OPT_IN"),
        Unsubscribe: lambda around, action: _subscription(around, action.unsubscribe, "OPT_OUT"),
        SetMarketing: _marketing,
        DeleteContact: lambda around, action: single("0-18224765", {}),
    }
)

#: How the fields of HubSpot's actions are read, by their types.
READERS: Mapping[str, Callable[[Around, _Fields], Json]] = MappingProxyType(
    {
        "0-3": _read_task,
        "0-4": lambda around, fields: {"send_email": around.email_called(fields["content_id"])},
        "0-5": _read_edit,
        "0-8": _read_notify,
        "0-9": lambda around, fields: {**_read_notify(around, fields), "by": "app"},
        "0-11": _read_rotate,
        "0-14": _read_create,
        "0-15": lambda around, fields: {"enroll_in": around.flow_called(fields["flow_id"])},
        "0-23": lambda around, fields: {
            "send_email": around.email_called(fields["email_content_id"]),
            "to": fields["recipient_emails"],
        },
        "0-31": lambda around, fields: {"marketing_contact": fields["marketableType"] == "MARKETABLE"},
        "0-18224765": lambda around, fields: {"delete": True},
        "0-43347357": _read_subscription,
        "0-44475148": lambda around, fields: {"assign_conversations": True, **_read_audience(around, fields)},
        "0-63809083": lambda around, fields: {"add_to_list": around.list_called(fields["listId"])},
        "0-63863438": lambda around, fields: {"remove_from_list": around.list_called(fields["listId"])},
        "0-169425243": lambda around, fields: {"note": fields["note_body"]},
    }
)

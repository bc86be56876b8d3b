"""Fields of forms as version 2 has them, made of the newer shape and back again (W12.9.13)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hubtwin.portal.form_definitions import CHOICES
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.portal import Portal

Json = dict[str, Any]

#: The kinds of fields by the names that version 2 has for them.
_NEW_KINDS = MappingProxyType(
    {
        "text": "single_line_text",
        "textarea": "multi_line_text",
        "phonenumber": "phone",
        "number": "number",
        "booleancheckbox": "single_checkbox",
        "checkbox": "multiple_checkboxes",
        "select": "dropdown",
        "radio": "radio",
        "date": "datepicker",
        "file": "file",
    }
)
_OLD_KINDS = MappingProxyType({new: old for old, new in _NEW_KINDS.items()})

#: What version 2 calls the types of records that fields are about.
_OBJECTS = MappingProxyType({CONTACTS.id: "CONTACT", COMPANIES.id: "COMPANY"})

#: Operators whose names are more than the newer ones in capitals.
_OLD_OPERATORS = MappingProxyType({"doesnt_contain": "NOT_CONTAINS"})
_NEW_OPERATORS = MappingProxyType({old: new for new, old in _OLD_OPERATORS.items()})


def old_field(portal: Portal, field: Mapping[str, Any], told: Mapping[str, Mapping[str, Any]]) -> Json:
    """A field as version 2 gives it out; *told* is what version 2 was told of fields, by their names."""
    property = portal.properties[portal.type(field["objectTypeId"])].get(field["name"])
    validation = field.get("validation") or {}
    return {
        "description": "" if property is None else property.description,
        "groupName": "" if property is None else property.group,
        "displayOrder": -1,
        "enabled": True,
        "isSmartField": False,
        "unselectedLabel": "",
        "labelHidden": False,
        "metaData": [],
        **told.get(field["name"], {}),
        "name": field["name"],
        "label": field["label"],
        "type": "string" if property is None else property.type,
        "fieldType": _OLD_KINDS.get(field["fieldType"], "text"),
        "required": field["required"],
        "hidden": field["hidden"],
        "defaultValue": field.get("defaultValue") or "",
        "placeholder": field.get("placeholder") or "",
        "selectedOptions": list(field.get("defaultValues") or ()),
        "options": list(field.get("options") or ()),
        "validation": {
            "name": "",
            "message": "",
            "data": _range(validation),
            "useDefaultBlockList": validation.get("useDefaultBlockList", False),
            "blockedEmailAddresses": list(validation.get("blockedEmailDomains") or ()),
        },
        "dependentFieldFilters": [_old_dependent(portal, one, told) for one in field.get("dependentFields") or ()],
        "propertyObjectType": _OBJECTS.get(field["objectTypeId"], field["objectTypeId"]),
        "objectTypeId": field["objectTypeId"],
    }


def new_field(portal: Portal, field: Mapping[str, Any]) -> Json:
    """The newer shape of a field that version 2 is told.

    Raises LookupError, TypeError or ValueError where it is not of version 2's shape.
    """
    type = _type(field)
    kind = _kind(type, field)
    json: Json = {
        "objectTypeId": type,
        "name": field["name"],
        "label": field.get("label") or field["name"],
        "required": bool(field.get("required")),
        "hidden": bool(field.get("hidden")),
        "fieldType": kind,
        "dependentFields": [_new_dependent(portal, one) for one in field.get("dependentFieldFilters") or ()],
    }
    json |= {name: field[name] for name in ("placeholder", "description", "defaultValue") if field.get(name)}
    if kind in CHOICES:
        json["options"] = list(field.get("options") or _own_options(portal, type, field["name"]))
        json["defaultValues"] = list(field.get("selectedOptions") or ())
    return json | _validation(kind, field.get("validation") or {})


def _type(field: Mapping[str, Any]) -> str:
    if field.get("objectTypeId"):
        return str(field["objectTypeId"])
    return COMPANIES.id if field.get("propertyObjectType") == "COMPANY" else CONTACTS.id


def _kind(type: str, field: Mapping[str, Any]) -> str:
    if (type, field["name"]) == (CONTACTS.id, "email"):
        return "email"
    if field["name"] == "mobilephone":
        return "mobile_phone"
    return _NEW_KINDS[field.get("fieldType") or "text"]


def _own_options(portal: Portal, type: str, name: str) -> list[Json]:
    property = portal.properties[portal.type(type)].get(name)
    options = () if property is None else property.options
    return [{"label": one.label, "value": one.value, "displayOrder": one.display_order} for one in options]


def _validation(kind: str, told: Mapping[str, Any]) -> Json:
    least, _, most = str(told.get("data") or "").partition(":")
    digits = {"minAllowedDigits": int(least) if least else None, "maxAllowedDigits": int(most) if most else None}
    match kind:
        case "email":
            blocked = list(told.get("blockedEmailAddresses") or ())
            free = bool(told.get("useDefaultBlockList"))
            return {"validation": {"blockedEmailDomains": blocked, "useDefaultBlockList": free}}
        case "phone":
            return {"useCountryCodeSelect": False, "validation": digits}
        case "number" | "mobile_phone" if least or most:
            return {"validation": digits}
    return {}


def _range(validation: Mapping[str, Any]) -> str:
    """How many digits there may be, as in `3:12` (our model)."""
    least, most = validation.get("minAllowedDigits"), validation.get("maxAllowedDigits")
    if least is None and most is None:
        return ""
    return f"{'' if least is None else least}:{'' if most is None else most}"


# -- dependent fields ----------------------------------------------------------------------------------------


def _old_dependent(portal: Portal, one: Mapping[str, Any], told: Mapping[str, Mapping[str, Any]]) -> Json:
    condition = one["dependentCondition"]
    operator = condition["operator"]
    return {
        "filters": [
            {
                "operator": _OLD_OPERATORS.get(operator, operator.upper()),
                "strValue": condition.get("value") or "",
                "strValues": list(condition.get("values") or ()),
                "rangeStart": condition.get("rangeStart") or "",
                "rangeEnd": condition.get("rangeEnd") or "",
            }
        ],
        "dependentFormField": old_field(portal, one["dependentField"], told),
        "formFieldAction": "DISPLAY",
    }


def _new_dependent(portal: Portal, one: Mapping[str, Any]) -> Json:
    condition = one["filters"][0]
    operator = condition["operator"]
    return {
        "dependentCondition": {
            "operator": _NEW_OPERATORS.get(operator, operator.lower()),
            "value": _first(condition, ("strValue", "numberValue", "boolValue")),
            "values": [str(value) for value in condition.get("strValues") or condition.get("numberValues") or ()],
            "rangeStart": condition.get("rangeStart") or "",
            "rangeEnd": condition.get("rangeEnd") or "",
        },
        "dependentField": new_field(portal, one["dependentFormField"]),
    }


def _first(condition: Mapping[str, Any], names: Sequence[str]) -> str:
    found = next((condition[name] for name in names if condition.get(name) not in (None, "", 0, False)), "")
    return str(found).lower() if isinstance(found, bool) else str(found)

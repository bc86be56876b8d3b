"""Forms of the portal file, as HubSpot's JSON has them (F8.2)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hubtwin.portal import configuration
from hubtwin.portal.objects import COMPANIES, CONTACTS, ObjectType
from hubtwin.portal.problems import Problems
from hubtwin.portal.properties import PropertyDefinition

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = Mapping[str, Any]

#: What forms call the field types of properties.
_KINDS = MappingProxyType(
    {
        "booleancheckbox": "single_checkbox",
        "checkbox": "multiple_checkboxes",
        "date": "datepicker",
        "file": "file",
        "number": "number",
        "phonenumber": "phone",
        "radio": "radio",
        "select": "dropdown",
        "textarea": "multi_line_text",
    }
)

_CHOICES = ("multiple_checkboxes", "dropdown", "radio", "payment_link_radio")


def kind_of(type: ObjectType, property: PropertyDefinition) -> str:
    """The kind of field that suits a property."""
    if type is CONTACTS and property.name == "email":
        return "email"
    if property.name == "mobilephone":
        return "mobile_phone"
    return _KINDS.get(property.field_type, "single_line_text")


def json_of(portal: "Portal", form: configuration.Form) -> dict[str, Any]:
    """The JSON of a form of the portal file. Raises ConfigurationError for fields that are no properties."""
    return _merged(_said(portal, form), form.json_ or {})


def _merged(json: Json, own: Json) -> dict[str, Any]:
    """JSON in which the members of *own* go before those of *json*; null takes one out."""
    merged = dict(json)
    for name, value in own.items():
        present = json.get(name)
        if value is None and name in json:
            del merged[name]
        else:
            is_inner = isinstance(value, Mapping) and isinstance(present, Mapping)
            merged[name] = _merged(present or {}, value) if is_inner else value
    return merged


def difference(json: Json, wanted: Json) -> dict[str, Any]:
    """The members that have to go before those of *json* to make the *wanted* JSON of it."""
    own: dict[str, Any] = dict.fromkeys(name for name in json if name not in wanted)
    for name, value in wanted.items():
        present = json.get(name)
        if isinstance(value, Mapping) and isinstance(present, Mapping):
            own |= {name: inner} if (inner := difference(present, value)) else {}
        elif name not in json or value != present:
            own[name] = value
    return own


def _said(portal: "Portal", form: configuration.Form) -> dict[str, Any]:
    """What the keys of the portal file say."""
    return {
        "formType": "hubspot",
        "name": form.name,
        "fieldGroups": [
            {"groupType": "default_group", "richTextType": "text", "fields": [field]} for field in _fields(portal, form)
        ],
        "configuration": _configuration(portal, form),
        "displayOptions": {
            "renderRawHtml": False,
            "theme": "default_style",
            "submitButtonText": "Submit",
            "style": {},
        },
        "legalConsentOptions": _consent(portal, form.consent),
    }


def _fields(portal: "Portal", form: configuration.Form) -> list[dict[str, Any]]:
    """The fields, those that depend on others inside them."""
    problems = Problems()
    top: list[dict[str, Any]] = []
    by_name: dict[str, dict[str, Any]] = {}
    for place, field in enumerate(form.fields):
        json: dict[str, Any] = {"dependentFields": []}
        with problems.at("fields", place):
            json = _field(portal, form, field)
        by_name[field.name] = json
        if field.when is None:
            top.append(json)
        else:
            dependent = {"dependentCondition": _condition(field.when), "dependentField": json}
            by_name[field.when.field]["dependentFields"].append(dependent)
    problems.settle()
    return top


def _field(portal: "Portal", form: configuration.Form, field: configuration.FormField) -> dict[str, Any]:
    type = COMPANIES if field.is_of_company else CONTACTS
    property = portal.properties[type].find(field.property)
    kind = field.kind or kind_of(type, property)
    json: dict[str, Any] = {
        "objectTypeId": type.id,
        "name": property.name,
        "label": field.label or property.label,
        "required": kind == "email" and type is CONTACTS if field.required is None else field.required,
        "hidden": field.hidden,
        "fieldType": kind,
        "dependentFields": [],
    }
    if field.default:
        json |= {"defaultValues": field.default.split(";")} if kind in _CHOICES else {"defaultValue": field.default}
    if kind in _CHOICES or field.options:
        json["options"] = _options(field, property)
    return json | _validation(form, field, kind)


def _options(field: configuration.FormField, property: PropertyDefinition) -> list[dict[str, Any]]:
    given: Iterable[tuple[str, str]] = [(option.value, option.label or option.value) for option in field.options]
    offered = given or [(option.value, option.label) for option in property.options]
    return [{"label": label, "value": value, "displayOrder": order} for order, (value, label) in enumerate(offered)]


def _validation(form: configuration.Form, field: configuration.FormField, kind: str) -> dict[str, Any]:
    digits = {"minAllowedDigits": field.min_digits, "maxAllowedDigits": field.max_digits}
    if kind == "email":
        blocked = {"blockedEmailDomains": list(form.blocked_domains), "useDefaultBlockList": form.blocks_free_email}
        return {"validation": blocked}
    if kind == "phone":
        return {"useCountryCodeSelect": False, "validation": digits}
    return {"validation": digits} if kind in ("mobile_phone", "number") and any(digits.values()) else {}


def _condition(when: configuration.FieldCondition) -> dict[str, Any]:
    return {
        "operator": when.operator,
        "value": when.value,
        "values": list(when.values),
        "rangeStart": when.start,
        "rangeEnd": when.end,
    }


def _configuration(portal: "Portal", form: configuration.Form) -> dict[str, Any]:
    stages = ((CONTACTS, form.contact_stage), (COMPANIES, form.company_stage))
    action = ("thank_you", form.thanks) if form.redirect is None else ("redirect_url", form.redirect)
    return {
        "language": "en",
        "cloneable": True,
        "editable": True,
        "archivable": True,
        "recaptchaEnabled": form.recaptcha,
        "notifyContactOwner": False,
        "notifyRecipients": [str(portal.users.find(email).user_id) for email in form.notify],
        "createNewContactForNewEmail": form.creates_new_contact_for_new_email,
        "prePopulateKnownValues": True,
        "allowLinkToResetKnownValues": False,
        "lifecycleStages": [{"objectTypeId": type.id, "value": stage} for type, stage in stages if stage is not None],
        "postSubmitAction": {"type": action[0], "value": action[1]},
    }


def _consent(portal: "Portal", consent: configuration.FormConsent | None) -> dict[str, Any]:
    if consent is None:
        return {"type": "none"}
    ids: Mapping[str, int] = {one.settings.name: one.id for one in portal.preferences}
    wanted = [ids[name] for name in consent.subscriptions]
    if consent.kind == "legitimate_interest":
        return {
            "type": "legitimate_interest",
            "lawfulBasis": consent.basis,
            "subscriptionTypeIds": wanted,
            "privacyText": consent.text,
        }
    return {
        "type": f"{consent.kind}_consent_to_process",
        "privacyText": consent.text,
        "communicationsCheckboxes": [
            {"subscriptionTypeId": id, "label": name, "required": consent.required}
            for id, name in zip(wanted, consent.subscriptions, strict=True)
        ],
    }

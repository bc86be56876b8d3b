"""Forms as version 2 has them, made of the newer shape and back again (W12.9.13, F4.4)."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hubtwin.api.legacy.form_fields_v2 import new_field, old_field
from hubtwin.portal.form import Form
from hubtwin.portal.objects import LIFECYCLE
from hubtwin.portal.portal import Portal

Json = dict[str, Any]

#: The members of version 2 that say the same as members of the newer configuration.
_CONFIGURATION = MappingProxyType(
    {
        "cloneable": "cloneable",
        "editable": "editable",
        "deletable": "archivable",
        "captchaEnabled": "recaptchaEnabled",
    }
)

_BLANK_CONFIGURATION: Json = {
    "language": "en",
    "cloneable": True,
    "editable": True,
    "archivable": True,
    "recaptchaEnabled": False,
    "notifyContactOwner": False,
    "notifyRecipients": [],
    "createNewContactForNewEmail": False,
    "prePopulateKnownValues": True,
    "allowLinkToResetKnownValues": False,
    "lifecycleStages": [],
    "postSubmitAction": {"type": "thank_you", "value": "Thanks for submitting the form."},
}

_BLANK: Json = {
    "formType": "hubspot",
    "fieldGroups": [],
    "configuration": _BLANK_CONFIGURATION,
    "displayOptions": {
        "renderRawHtml": False,
        "theme": "default_style",
        "submitButtonText": "Submit",
        "style": {},
    },
    "legalConsentOptions": {"type": "none"},
}


def old_form(portal: Portal, form: Form) -> Json:
    """A form as version 2 gives it out: what version 2 was told about it stays as it was told."""
    configuration, action = form.json["configuration"], form.json["configuration"]["postSubmitAction"]
    return {
        "action": "",
        "method": "POST",
        "cssClass": "hs-form stacked",
        "followUpId": "",
        "leadNurturingCampaignId": "",
        "metaData": [],
        **form.legacy,
        "portalId": portal.configuration.account.id,
        "guid": form.guid,
        "name": form.name,
        "redirect": action["value"] if action["type"] == "redirect_url" else "",
        "inlineMessage": action["value"] if action["type"] == "thank_you" else "",
        "submitText": form.json["displayOptions"]["submitButtonText"],
        "notifyRecipients": ",".join(map(str, configuration["notifyRecipients"])),
        "ignoreCurrentValues": not configuration["prePopulateKnownValues"],
        **{old: configuration[new] for old, new in _CONFIGURATION.items()},
        "formFieldGroups": [_old_group(portal, form, group) for group in form.json["fieldGroups"]],
        "selectedExternalOptions": [
            {
                "referenceType": "PIPELINE_STAGE",
                "objectTypeId": stage["objectTypeId"],
                "propertyName": LIFECYCLE,
                "id": stage["value"],
            }
            for stage in configuration.get("lifecycleStages") or ()
        ],
        "formType": "HUBSPOT",
        "createdAt": form.created,
        "updatedAt": form.updated,
        "deletedAt": form.archived or 0,
    }


def old_fields(portal: Portal, form: Form) -> list[Json]:
    """The fields of a form, in one list."""
    return [field for group in old_form(portal, form)["formFieldGroups"] for field in group["fields"]]


def new_form(portal: Portal, told: Mapping[str, Any], form: Form | None) -> Json:
    """The newer shape of what version 2 is *told* about a new form, or about changes of one.

    Raises LookupError, TypeError or ValueError where it is not of version 2's shape.
    """
    base = _BLANK if form is None else dict(form.json)
    configuration = {**base["configuration"], **_configuration(told)}
    json = {**base, "configuration": configuration}
    if "name" in told:
        json["name"] = told["name"]
    if "submitText" in told:
        json["displayOptions"] = {**base["displayOptions"], "submitButtonText": told["submitText"]}
    if told.get("formFieldGroups") is not None:
        json["fieldGroups"] = [_new_group(portal, group) for group in told["formFieldGroups"]]
    return json


def kept(told: Mapping[str, Any], form: Form | None) -> Json:
    """What version 2 was told, now and earlier: it is given back, whether the newer shape has a place for it or not."""
    return {**({} if form is None else form.legacy), **told}


# -- groups of fields ----------------------------------------------------------------------------------------


def _old_group(portal: Portal, form: Form, group: Mapping[str, Any]) -> Json:
    told = _told_fields(form.legacy.get("formFieldGroups"))
    return {
        "fields": [old_field(portal, field, told) for field in group.get("fields") or ()],
        "default": group["groupType"] == "default_group",
        "isSmartGroup": group["groupType"] != "default_group",
        "richText": {"content": group.get("richText") or "", "type": str(group["richTextType"]).upper()},
    }


def _told_fields(groups: Any) -> dict[str, Mapping[str, Any]]:
    """The fields that version 2 was told, by their names."""
    found = (field for group in _objects(groups) for field in _objects(group.get("fields")))
    return {str(field.get("name")): field for field in found}


def _objects(values: Any) -> Iterator[Mapping[str, Any]]:
    return (value for value in (values if isinstance(values, Sequence) else ()) if isinstance(value, Mapping))


def _new_group(portal: Portal, group: Mapping[str, Any]) -> Json:
    text = group.get("richText") or {}
    json = {
        "groupType": "progressive" if group.get("isSmartGroup") else "default_group",
        "richTextType": str(text.get("type") or "text").lower(),
        "fields": [new_field(portal, field) for field in group.get("fields") or ()],
    }
    return {**json, "richText": text["content"]} if text.get("content") else json


# -- settings ------------------------------------------------------------------------------------------------


def _configuration(told: Mapping[str, Any]) -> Json:
    found: Json = {new: told[old] for old, new in _CONFIGURATION.items() if told.get(old) is not None}
    if "ignoreCurrentValues" in told:
        found["prePopulateKnownValues"] = not told["ignoreCurrentValues"]
    if "notifyRecipients" in told:
        found["notifyRecipients"] = [one for one in str(told["notifyRecipients"] or "").split(",") if one]
    if told.get("redirect"):
        found["postSubmitAction"] = {"type": "redirect_url", "value": told["redirect"]}
    elif told.get("inlineMessage"):
        found["postSubmitAction"] = {"type": "thank_you", "value": told["inlineMessage"]}
    if told.get("selectedExternalOptions") is not None:
        found["lifecycleStages"] = [
            {"objectTypeId": option["objectTypeId"], "value": option["id"]}
            for option in told["selectedExternalOptions"]
            if option["propertyName"] == LIFECYCLE
        ]
    return found

"""Forms as a portal file has them: its own keys for what these can say, HubSpot's JSON for the rest."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from hubtwin.portal import configuration, configured_forms
from hubtwin.portal.configuration.forms import COMPANY
from hubtwin.portal.errors import PortalError
from hubtwin.portal.form import Form, id_of
from hubtwin.portal.form_definitions import Asked, Condition, FieldDefinition
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.properties import PropertyDefinition

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = dict[str, Any]


def forms(portal: "Portal") -> tuple[configuration.Form, ...]:
    """The forms that can be submitted."""
    return tuple(_form(portal, form) for form in portal.forms)


def _form(portal: "Portal", form: Form) -> configuration.Form:
    said: Json = {"name": form.name, **_id(portal, form)}
    for part in (_fields, _configuration, _consent):
        said |= _sayable(portal, form, said, part)
    short = configuration.Form.model_validate(said)
    rest = configured_forms.difference(configured_forms.json_of(portal, short), form.json)
    return configuration.Form.model_validate({**said, "json": rest}) if rest else short


def _sayable(portal: "Portal", form: Form, said: Json, part: Callable[["Portal", Form], Json]) -> Json:
    """What a part of a form says, where the keys of a portal file can say that at all; else nothing."""
    try:
        more = part(portal, form)
        configured_forms.json_of(portal, configuration.Form.model_validate({**said, **more}))
    except (ValueError, PortalError):  # pydantic's and the configuration's errors are ValueErrors
        return {}
    return more


def _id(portal: "Portal", form: Form) -> Json:
    return {} if form.guid == id_of(portal.configuration.account.id, form.name) else {"id": form.guid}


# -- fields --------------------------------------------------------------------------------------------------


def _fields(portal: "Portal", form: Form) -> Json:
    """The fields, if each stands alone in its row: HubSpot's JSON is shorter than what the rows would need."""
    if any(len(group.fields) != 1 for group in form.says.field_groups):
        return {}
    return {"fields": [_field(portal, asked) for asked in form.says.asked()], **_blocked(form)}


def _field(portal: "Portal", asked: Asked) -> Json:
    field, conditions = asked
    type = portal.type(field.object_type_id)
    property = portal.properties[type].find(field.name)
    kind = configured_forms.kind_of(type, property)
    is_needed = field.field_type == "email" and type is CONTACTS
    said: Json = {
        "name": _name(field),
        "required": None if field.required == is_needed else field.required,
        "hidden": field.hidden,
        "default": field.default,
        "label": None if field.label == property.label else field.label,
        "kind": None if field.field_type == kind else field.field_type,
        "options": _options(field, property),
        "min_digits": field.validation and field.validation.min_allowed_digits,
        "max_digits": field.validation and field.validation.max_allowed_digits,
    }
    if conditions:
        said["when"] = _condition(*conditions[-1])
    return said


def _name(field: FieldDefinition) -> str:
    return f"{COMPANY}{field.name}" if field.object_type_id == COMPANIES.id else field.name


def _options(field: FieldDefinition, property: PropertyDefinition) -> list[Json]:
    offered = [(option.value, option.label) for option in field.options or ()]
    if offered == [(option.value, option.label) for option in property.options]:
        return []
    return [{"value": value, "label": None if label == value else label} for value, label in offered]


def _condition(field: FieldDefinition, condition: Condition) -> Json:
    return {
        "field": _name(field),
        "operator": condition.operator,
        "value": condition.value or "",
        "values": list(condition.values or ()),
        "start": condition.range_start or "",
        "end": condition.range_end or "",
    }


def _blocked(form: Form) -> Json:
    """Which e-mail addresses the form refuses."""
    checks: Iterator[Any] = (
        field.validation for field, _ in form.says.asked() if field.field_type == "email" and field.validation
    )
    check = next(checks, None)
    if check is None:
        return {}
    return {"blocked_domains": list(check.blocked_email_domains), "blocks_free_email": check.use_default_block_list}


# -- what becomes of a submission ----------------------------------------------------------------------------


def _configuration(portal: "Portal", form: Form) -> Json:
    says = form.says.configuration
    emails = {str(owner.user_id): owner.email for owner in portal.users}
    action = says.post_submit_action
    return {
        "contact_stage": form.stages.get(CONTACTS.id),
        "company_stage": form.stages.get(COMPANIES.id),
        "notify": [emails[id] for id in says.notify_recipients if id in emails],
        "creates_new_contact_for_new_email": says.create_new_contact_for_new_email,
        "recaptcha": says.recaptcha_enabled,
        ("redirect" if action.type == "redirect_url" else "thanks"): action.value,
    }


def _consent(portal: "Portal", form: Form) -> Json:
    says = form.says.legal_consent_options
    if says.type == "none":
        return {}
    names = {one.id: one.settings.name for one in portal.preferences}
    boxes = says.communications_checkboxes
    ids = (*says.subscription_type_ids, *(box.subscription_type_id for box in boxes))
    consent: Json = {
        "kind": says.type.removesuffix("_consent_to_process"),
        "text": says.privacy_text or "",
        "subscriptions": [names[id] for id in ids if id in names],
        "required": any(box.required for box in boxes),
    }
    return {"consent": consent if says.lawful_basis is None else {**consent, "basis": says.lawful_basis}}

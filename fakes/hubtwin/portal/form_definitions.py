"""Definitions of forms: what HubSpot's JSON of a form says that a portal acts upon (F8.1 to F8.8).

The JSON itself is kept beside it and given back unchanged, with all that nobody here acts upon.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import AliasGenerator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from hubtwin.portal.configuration.forms import FieldKind, FieldOperator
from hubtwin.portal.configuration.parts import Part
from hubtwin.portal.errors import InvalidDefinition

#: How many fields fit into a group, which is a row of the page (F8.4.1).
MAX_IN_GROUP = 3

#: The kinds of fields that offer choices (F8.5).
CHOICES = ("multiple_checkboxes", "dropdown", "radio", "payment_link_radio")

_NEED_VALIDATION = ("email", "phone")
_MAY_VALIDATE = (*_NEED_VALIDATION, "mobile_phone", "number")


class _Json(Part):
    """A part of the JSON: what it says beyond the fields here is let be."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=to_camel), extra="ignore", coerce_numbers_to_str=True
    )


class FieldChoice(_Json):
    """A choice that a field offers."""

    value: str
    label: str


class Validation(_Json):
    """What a field accepts."""

    blocked_email_domains: tuple[str, ...] = ()
    use_default_block_list: bool = False
    min_allowed_digits: int | None = None
    max_allowed_digits: int | None = None


class Condition(_Json):
    """When a dependent field is shown (F8.6)."""

    operator: FieldOperator
    value: str | None = None
    values: tuple[str, ...] | None = None
    range_start: str | None = None
    range_end: str | None = None


class DependentField(_Json):
    """A field that is shown once the one that it depends on is filled in so."""

    dependent_condition: Condition
    dependent_field: "FieldDefinition"


class FieldDefinition(_Json):
    """A field: the property of which type of record it fills in, and what may be filled in (F8.5)."""

    object_type_id: str
    name: str
    label: str
    required: bool
    hidden: bool
    field_type: FieldKind
    default_value: str | None = None
    default_values: tuple[str, ...] | None = None
    options: tuple[FieldChoice, ...] | None = None
    validation: Validation | None = None
    dependent_fields: tuple[DependentField, ...] | None = None

    @property
    def default(self) -> str:
        """The value that is there when the page opens, empty where there is none."""
        return self.default_value or ";".join(self.default_values or ())

    @model_validator(mode="after")
    def _complete(self) -> "FieldDefinition":
        if self.field_type in CHOICES and self.options is None:
            raise ValueError(f"a field of type {self.field_type} needs options")
        if self.field_type in _NEED_VALIDATION and self.validation is None:
            raise ValueError(f"a field of type {self.field_type} needs validation")
        if self.field_type not in _MAY_VALIDATE and self.validation is not None:
            raise ValueError(f"a field of type {self.field_type} has no validation")
        return self


class FieldGroup(_Json):
    """Fields in one row. Those of progressive and queued groups are asked for later, one by one (F8.4)."""

    group_type: Literal["default_group", "progressive", "queued"]
    rich_text_type: Literal["text", "image"]
    fields: tuple[FieldDefinition, ...] = Field(default=(), max_length=MAX_IN_GROUP)


class StageOf(_Json):
    """The lifecycle stage that submissions set on records of a type."""

    object_type_id: str
    value: str


class PostSubmitAction(_Json):
    """What visitors see once they have submitted: some words, or another page."""

    type: Literal["thank_you", "redirect_url"]
    value: str


class FormConfiguration(_Json):
    """What happens to submissions (F8.3)."""

    language: str
    cloneable: bool
    editable: bool
    archivable: bool
    recaptcha_enabled: bool
    notify_contact_owner: bool
    notify_recipients: tuple[str, ...]
    create_new_contact_for_new_email: bool
    pre_populate_known_values: bool
    allow_link_to_reset_known_values: bool
    lifecycle_stages: tuple[StageOf, ...] = ()
    post_submit_action: PostSubmitAction


class DisplayOptions(_Json):
    """What the form looks like (F8.8)."""

    render_raw_html: bool
    theme: Literal["default_style", "canvas", "linear", "round", "sharp", "legacy"]
    submit_button_text: str


class Checkbox(_Json):
    """A subscription that visitors are offered."""

    subscription_type_id: int
    label: str
    required: bool


class LegalConsentOptions(_Json):
    """What visitors agree to (F8.7)."""

    type: Literal["none", "legitimate_interest", "explicit_consent_to_process", "implicit_consent_to_process"]
    lawful_basis: Literal["lead", "client", "other"] | None = None
    subscription_type_ids: tuple[int, ...] = ()
    privacy_text: str | None = None
    communications_checkboxes: tuple[Checkbox, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "LegalConsentOptions":
        if self.type == "legitimate_interest" and self.lawful_basis is None:
            raise ValueError("a legitimate interest needs lawfulBasis")
        return self


class Asked(NamedTuple):
    """A field of a form, and the fields that it depends on, each with its condition; the outermost first."""

    field: FieldDefinition
    conditions: tuple[tuple[FieldDefinition, Condition], ...]


class FormDefinition(_Json):
    """A form."""

    name: str = Field(min_length=1, max_length=200)
    form_type: Literal["hubspot"]
    field_groups: tuple[FieldGroup, ...]
    configuration: FormConfiguration
    display_options: DisplayOptions
    legal_consent_options: LegalConsentOptions

    def asked(self) -> Iterator[Asked]:
        """All its fields, in order, those that depend on others after them."""
        for group in self.field_groups:
            for field in group.fields:
                yield from _asked(field, ())


def _asked(field: FieldDefinition, conditions: tuple[tuple[FieldDefinition, Condition], ...]) -> Iterator[Asked]:
    yield Asked(field, conditions)
    for dependent in field.dependent_fields or ():
        yield from _asked(dependent.dependent_field, (*conditions, (field, dependent.dependent_condition)))


def read(json: Mapping[str, Any]) -> FormDefinition:
    """What the JSON of a form says. Raises InvalidDefinition with each place that is wrong."""
    try:
        return FormDefinition.model_validate(json)
    except (ValidationError, RecursionError) as error:
        raise InvalidDefinition(f"The form is not valid: {_words(error)}") from None


def _words(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "its fields depend on each other too deeply"
    return "; ".join(
        f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors()
    )

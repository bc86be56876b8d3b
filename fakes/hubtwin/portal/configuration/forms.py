"""Forms."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from hubtwin.portal.configuration.parts import Brief, Defines, Name, Part, Refers, StageName, UserName
from hubtwin.portal.configuration.properties import Option
from hubtwin.portal.errors import ConfigurationError, choices

#: What the names of companies' properties begin with.
COMPANY = "company."

#: A form's guid, in lower case, as HubSpot writes it.
FormId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]

#: What a field may be on the page (F8.5).
FieldKind = Literal[
    "email",
    "phone",
    "mobile_phone",
    "single_line_text",
    "multi_line_text",
    "number",
    "single_checkbox",
    "multiple_checkboxes",
    "dropdown",
    "radio",
    "datepicker",
    "file",
    "payment_link_radio",
]

#: How a condition compares (F8.6).
FieldOperator = Literal[
    "eq",
    "neq",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "not_between",
    "contains",
    "doesnt_contain",
    "str_starts_with",
    "str_ends_with",
    "is_not_empty",
    "set_eq",
    "set_neq",
    "set_any",
    "set_not_any",
    "set_all",
    "set_not_all",
    "within_time",
    "within_time_reverse",
]


class FieldCondition(Part):
    """When a field is shown: once another field of the form is filled in so (F8.6)."""

    field: Name
    """The other field, as the form calls it: `industry`, `company.name`."""
    operator: FieldOperator = "eq"
    """How its value is compared."""
    value: str = ""
    """What it is compared with."""
    values: tuple[str, ...] = ()
    """What it is compared with, for the operators of sets: `set_any`, `set_all` and so on."""
    start: str = ""
    """Where the range begins, for `between` and `not_between`."""
    end: str = ""
    """Where it ends."""


class FormField(Brief):
    """A field of a form. A plain text is the name of the property."""

    name: Name
    """The property that it fills in: `jobtitle` of the contact, `company.name` of the contact's company."""
    required: bool | None = None
    """Whether it has to be filled in; by default only `email` has to."""
    hidden: bool = False
    """Whether visitors don't see it: the page fills in its default."""
    default: str = ""
    """The value that is there when the page opens."""
    label: str | None = None
    """What visitors read; the property's label, where it is left out."""
    kind: FieldKind | None = None
    """What it is on the page; what suits the property, where it is left out (F8.5)."""
    options: tuple[Option, ...] = ()
    """The choices that it offers; those of the property, where none are given."""
    min_digits: int | None = Field(default=None, ge=0)
    """How many digits a number or a phone number has at least."""
    max_digits: int | None = Field(default=None, ge=1)
    """How many digits it has at most."""
    when: FieldCondition | None = None
    """When the field is shown; null shows it always."""

    @property
    def is_of_company(self) -> bool:
        """Whether it fills in a property of companies."""
        return self.name.startswith(COMPANY)

    @property
    def property(self) -> str:
        """The name of the property."""
        return self.name.removeprefix(COMPANY)


class FormConsent(Part):
    """What visitors agree to as they submit the form (F8.7)."""

    kind: Literal["legitimate_interest", "explicit", "implicit"]
    """*Explicit* needs a tick, for *implicit* and *legitimate_interest* the submission is enough."""
    text: str = "We store and process what you tell us to answer you."
    """Why personal data is kept."""
    subscriptions: tuple[Annotated[str, Refers("subscription type")], ...] = ()
    """The e-mails that visitors are offered, or that they get on the grounds of a legitimate interest."""
    required: bool = False
    """Whether the form can't be submitted without subscribing to them."""
    basis: Literal["lead", "client", "other"] = "lead"
    """Which legitimate interest it is."""


class Form(Part):
    """A form, and the stages that its submissions set (F4.5: both objects or none)."""

    model_config = ConfigDict(populate_by_name=True)

    name: Annotated[Name, Defines("form")]
    id: Annotated[FormId | None, Defines("form id")] = None
    """Its guid, which pages embed and programs submit to; by default one made of the name."""
    fields: tuple[FormField, ...] = (
        FormField(name="email"),
        FormField(name="firstname"),
        FormField(name="lastname"),
    )
    """What it asks for. A plain text is the name of a property, `company.name` of one of companies."""
    contact_stage: StageName | None = None
    """The stage of whoever submits it, unless the submission brings one (F4.2)."""
    company_stage: StageName | None = None
    """The stage of a company that a submission makes or changes."""
    notify: tuple[UserName, ...] = ()
    """The e-mail addresses of the users whom HubSpot tells of submissions; here nobody is told."""
    creates_new_contact_for_new_email: bool = False
    """Whether a known browser with an unknown address makes another contact, rather than change the first (F8.14)."""
    blocked_domains: tuple[str, ...] = ()
    """The domains whose e-mail addresses are refused."""
    blocks_free_email: bool = False
    """Whether addresses of free e-mail providers are refused."""
    recaptcha: bool = False
    """Whether a CAPTCHA keeps programs from submitting it."""
    consent: FormConsent | None = None
    thanks: str = "Thanks for submitting the form."
    """What visitors read once they have submitted it."""
    redirect: str | None = None
    """The page where they are led to instead."""
    json_: dict[str, Any] | None = Field(default=None, alias="json")
    """Members of HubSpot's own JSON (version 3 of the API), which go before what the other keys say; null takes
    one out. The members of an object go in among its others."""

    @model_validator(mode="after")
    def _both_stages_or_none(self) -> "Form":
        if (self.contact_stage is None) != (self.company_stage is None):
            raise ValueError("a form sets the stage of both contact_stage and company_stage, or of neither")
        return self

    @model_validator(mode="after")
    def _has_one_name(self) -> "Form":
        if "name" in (self.json_ or {}):
            raise ConfigurationError(("json", "name"), "the name of a form stands beside its json, not in it")
        return self

    @model_validator(mode="after")
    def _fields_are_there(self) -> "Form":
        known: list[str] = []
        for number, field in enumerate(self.fields):
            if field.name in known:
                raise ConfigurationError(("fields", number), f"the form has the field {field.name!r} already")
            if field.when is not None and field.when.field not in known:
                message = f"no field before this one is called {field.when.field!r}; {choices(field.when.field, known)}"
                raise ConfigurationError(("fields", number, "when", "field"), message)
            known.append(field.name)
        return self

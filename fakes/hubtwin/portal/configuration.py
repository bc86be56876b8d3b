"""A portal's configuration, as its file has it. Every field has HubSpot's own default."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from hubtwin.portal.errors import ConfigurationError, choices
from hubtwin.portal.moments import duration
from hubtwin.portal.pipelines import LIFECYCLE_STAGES
from hubtwin.portal.stages import BACKWARD, Verdict

#: How a configuration names things: portal files, scenarios and journeys refer to them by it.
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Part(BaseModel):
    """Any part of a configuration: what it doesn't know is an error, and it can't be changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no time zone is called that; zones have names such as Europe/Helsinki") from None
    return name


class Account(Part):
    """The account's own facts."""

    id: int = Field(default=1, ge=1)
    """The portal id, also called hub id."""
    name: Name = "HubTwin portal"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "UTC"
    """Where days begin and end, as in `Europe/Helsinki`."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    """The currency of amounts that name none."""
    locales: Annotated[tuple[str, ...], Field(min_length=1)] = ("en_US",)
    """Where the people of a simulation come from, as Faker names it: `fi_FI`, `zh_TW`."""
    ui_domain: str = "app.hubspot.com"
    """The host of links to records; `app-eu1.hubspot.com` makes it a European account."""

    @property
    def hublet(self) -> str:
        """Where HubSpot keeps the account, as its tokens and domains name it: `na1`, `eu1`."""
        _, dash, rest = self.ui_domain.partition(".")[0].partition("-")
        return rest if dash else "na1"


class LifecycleStage(Part):
    """A lifecycle stage: the value that records carry, and its label."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
    label: Name


class DefaultStages(Part):
    """The stage of a new record that brings none; null leaves it empty (F3.1)."""

    contacts: str | None = "lead"
    """The stage of a new contact."""
    companies: str | None = "lead"
    """The stage of a new company."""


class CompanySync(Part):
    """*Sync lifecycle stages*: contacts follow their company (F3.5)."""

    enabled: bool = True
    """Whether contacts follow at all."""
    contacts: Literal["primary", "all"] = "primary"
    """Which contacts follow: those whose primary company it is, or all associated ones (F3.5)."""
    on_association: bool = True
    """Whether a contact that gets a company further on follows at once (F3.10)."""


class Settings(Part):
    """Settings → Objects → Contacts and Companies → Lifecycle Stage (F3.1 to F3.14)."""

    default_stage: DefaultStages = DefaultStages()
    deal_created: str | None = "opportunity"
    """The stage of contacts and companies associated with an open deal (F3.2, F3.6)."""
    deal_won: str | None = "customer"
    """The stage of contacts and companies of which a deal is won (F3.3, F3.7)."""
    company_sync: CompanySync = CompanySync()


class Options(Part):
    """What HubSpot leaves open, or what its sources contradict each other about."""

    became_date: Literal["latest", "first"] = "latest"
    """Which entry into a stage `hs_lifecyclestage_<stage>_date` keeps (F1.29)."""
    backward: dict[str, Literal["set", "kept", "refused"]] = {}
    """Exceptions to what a backward move does, by source type (F2.b1 to F2.b12), as in `IMPORT: set`."""

    association_labels: int = Field(default=10, ge=1)
    """How many labels two object types may have between them (W3.12.4)."""

    unknown_tokens: Literal["accepted", "refused"] = "accepted"
    """Whether a bearer token that no app has opens the portal all the same (W6.9.1)."""

    def backward_verdicts(self) -> dict[str, Verdict]:
        """The stage rule's table with these exceptions."""
        return {**BACKWARD, **{source: Verdict(verdict) for source, verdict in self.backward.items()}}


class User(Part):
    """A person who uses the portal. Every user is also an owner, with an id of its own (W6.1)."""

    email: Name
    first_name: str = ""
    last_name: str = ""
    team: str | None = None
    """The team that the user belongs to."""
    super_admin: bool = False
    """Whether no pipeline rule binds the person (F2.15)."""


class Form(Part):
    """A form, and the stages that its submissions set (F4.5: both objects or none)."""

    name: Name
    fields: tuple[str, ...] = ("email", "firstname", "lastname")
    """The properties of contacts that it asks for."""
    contact_stage: str | None = None
    """The stage of whoever submits it, unless the submission brings one (F4.2)."""
    company_stage: str | None = None
    """The stage of a company that a submission makes. Submissions don't make companies yet."""
    thanks: str = "Thanks for submitting the form."
    """What visitors read once they have submitted it."""
    redirect: str | None = None
    """The page where they are led to instead."""

    @model_validator(mode="after")
    def _both_stages_or_none(self) -> "Form":
        if (self.contact_stage is None) != (self.company_stage is None):
            raise ValueError("a form sets the stage of both contact_stage and company_stage, or of neither")
        return self


class MeetingLink(Part):
    """A page on which people book a meeting with a user."""

    slug: Name
    user: Name
    """The e-mail address of the user whose calendar it is."""
    minutes: int = Field(default=30, ge=5, le=480)
    """How long a meeting takes."""


class SubscriptionType(Part):
    """A kind of e-mail that people subscribe to (W6.8.10)."""

    name: Name
    description: str = ""
    purpose: Literal["Marketing", "Sales", "Service"] = "Marketing"
    """What the e-mails are for."""
    active: bool = True
    """Whether people can still subscribe to it."""


#: What every account starts with.
SUBSCRIPTION_TYPES = (
    SubscriptionType(name="Marketing Information", description="Marketing offers and updates."),
    SubscriptionType(name="Customer Service Communication", description="Feedback requests.", purpose="Service"),
    SubscriptionType(name="One to One", description="One to one emails", purpose="Sales"),
)


class SetProperty(Part):
    """A workflow's action *Edit record*: sets a property of the enrolled record; an empty value clears it."""

    set: Name
    """The property."""
    to: str
    """Its new value."""


class ClearProperty(Part):
    """A workflow's action *Clear property value* (F2.10)."""

    clear: Name
    """The property."""


def _kind_of_action(action: Any) -> str | None:
    if isinstance(action, Part):
        return type(action).__name__
    kinds = {"set": SetProperty, "clear": ClearProperty}
    return next((kinds[key].__name__ for key in kinds if isinstance(action, Mapping) and key in action), None)


WorkflowAction = Annotated[
    Annotated[SetProperty, Tag("SetProperty")] | Annotated[ClearProperty, Tag("ClearProperty")],
    Discriminator(
        _kind_of_action,
        custom_error_type="action",
        custom_error_message="an action has the keys 'set' and 'to', or the key 'clear'",
    ),
]


class Workflow(Part):
    """A workflow that records are enrolled in by hand, with actions that set and clear properties."""

    name: Name
    object: Literal["contacts", "companies", "deals", "tickets"] = "contacts"
    """The type of the records that it enrolls."""
    actions: tuple[WorkflowAction, ...]


def _duration(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("write numbers with a unit, as in '1d 12h'")
    return duration(value)


#: What apps and portals identify themselves to each other with.
Secret = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]+$", max_length=1000)]


class OAuth(Part):
    """How a public app is installed (W6.9.4). With a *refresh_token* it has been installed already."""

    client_id: Secret
    """What the app calls itself."""
    client_secret: Secret
    """What only it and HubSpot know."""
    redirect_uri: Secret
    """Where people are led once they have agreed."""
    refresh_token: Secret | None = None
    """The token that gets it new access tokens."""


class App(Part):
    """A program that may call the API: a private app or service key, or with *oauth* a public app (W6.9)."""

    name: Name
    id: int | None = Field(default=None, ge=2)
    """What histories show as the writer; by default the next free number."""
    scopes: tuple[Secret, ...] | None = None
    """What it was granted; null grants everything."""
    token: Secret | None = None
    """Its access token; a private app has one in any case."""
    expires_in: Annotated[int, BeforeValidator(_duration)] | None = None
    """How long the token works, from the moment at which the portal's clock starts: `30m`, `7d`."""
    oauth: OAuth | None = None

    @model_validator(mode="after")
    def _something_expires(self) -> "App":
        if self.expires_in is not None and self.oauth is not None and self.token is None:
            raise ValueError("expires_in is about the token, and this public app has none until it is installed")
        return self


class Limits(Part):
    """How often apps may call (W7.1). A number given here goes before that of the plan."""

    plan: Literal["free", "starter", "professional", "enterprise"] = "professional"
    """The plan whose limits hold."""
    add_ons: int = Field(default=0, ge=0, le=2)
    """How many API limit increases the account bought."""
    burst: int | None = Field(default=None, ge=1)
    """Calls of one app in 10 seconds."""
    daily: int | None = Field(default=None, ge=1)
    """Calls of all private apps from midnight to midnight."""
    search: int | None = Field(default=None, ge=1)
    """Searches of the account in a second."""
    submissions: int | None = Field(default=None, ge=1)
    """Submissions of forms without a token in 10 seconds (W7.9)."""
    associations: int | None = Field(default=None, ge=1)
    """Calls of the associations API by all private apps from midnight to midnight (W7.10)."""


class Configuration(Part):
    """A whole portal file."""

    account: Account = Account()
    stages: tuple[LifecycleStage, ...] = tuple(LifecycleStage(id=i, label=n) for i, n in LIFECYCLE_STAGES)
    settings: Settings = Settings()
    options: Options = Options()
    users: tuple[User, ...] = (
        User(email="ada@hubtwin.example", first_name="Ada", last_name="Admin", super_admin=True),
    )
    roles: tuple[Name, ...] = ()
    """The roles that users can have; small accounts have none (W6.2.3)."""
    forms: tuple[Form, ...] = ()
    meeting_links: tuple[MeetingLink, ...] = ()
    subscription_types: tuple[SubscriptionType, ...] = SUBSCRIPTION_TYPES
    workflows: tuple[Workflow, ...] = ()
    apps: tuple[App, ...] = ()
    limits: Limits | None = None
    """The API limits; null, and nobody is limited."""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Configuration":
        self._check_names()
        stages = [stage.id for stage in self.stages]
        for place, stage in self.stages_named():
            if stage is not None and stage not in stages:
                raise ConfigurationError(place, f"no stage is called {stage!r}; {choices(stage, stages)}")
        users = [user.email.lower() for user in self.users]
        for number, link in enumerate(self.meeting_links):
            if link.user.lower() not in users:
                message = f"no user is called {link.user!r}; {choices(link.user, users)}"
                raise ConfigurationError(("meeting_links", number, "user"), message)
        return self

    def _check_names(self) -> None:
        """What is referred to by a name must be the only one of it."""
        named = (
            ("stages", "id", [stage.id for stage in self.stages]),
            ("users", "email", [user.email.lower() for user in self.users]),
            ("forms", "name", [form.name for form in self.forms]),
            ("meeting_links", "slug", [link.slug for link in self.meeting_links]),
            ("subscription_types", "name", [type.name for type in self.subscription_types]),
            ("workflows", "name", [workflow.name for workflow in self.workflows]),
            ("apps", "name", [app.name for app in self.apps]),
            ("apps", "id", [app.id for app in self.apps]),
            ("apps", "token", [app.token for app in self.apps]),
            ("apps", "oauth", [app.oauth and app.oauth.client_id for app in self.apps]),
        )
        for part, key, names in named:
            for number, name in enumerate(names):
                if name is not None and name in names[:number]:
                    raise ConfigurationError((part, number, key), f"{name!r} is there twice")

    def stages_named(self) -> Iterator[tuple[tuple[str | int, ...], str | None]]:
        """The places that name a lifecycle stage, as paths in the portal file, and the stage that each names."""
        settings = self.settings
        yield ("settings", "default_stage", "contacts"), settings.default_stage.contacts
        yield ("settings", "default_stage", "companies"), settings.default_stage.companies
        yield ("settings", "deal_created"), settings.deal_created
        yield ("settings", "deal_won"), settings.deal_won
        for number, form in enumerate(self.forms):
            yield ("forms", number, "contact_stage"), form.contact_stage
            yield ("forms", number, "company_stage"), form.company_stage

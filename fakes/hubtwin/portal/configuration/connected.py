"""The systems around a portal: a CRM partner, billing, the product, marketing automation."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hubtwin.portal.configuration.other_fields import (
    PERSON,
    check_custom_fields,
    check_mappings,
    salesforce_fields,
)
from hubtwin.portal.configuration.parts import Defines, Name, Part, Refers, Span, StageName
from hubtwin.portal.configuration.sync_loops import Link, check_loops
from hubtwin.portal.configuration.synced import FieldMapping, RecordSync
from hubtwin.portal.moments import DAY, MINUTE

#: The program that a system writes as.
AppName = Annotated[str, Refers("app")]

#: What the connector maps by itself, by the rule that it gives new mappings (F4.20.3).
_PEOPLE = tuple(
    FieldMapping(property=property, field=field, rule="prefer_other")
    for property, field in (
        ("firstname", "FirstName"),
        ("lastname", "LastName"),
        ("email", "Email"),
        ("phone", "Phone"),
        ("jobtitle", "Title"),
    )
)


class HandOver(Part):
    """What sales gets when a contact enters a stage: a Salesforce lead, and a task to follow it up (S0.5)."""

    stage: StageName = "salesqualifiedlead"
    """The stage at which marketing hands a contact over."""
    representatives: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The Salesforce users who follow up, in turn."""
    subject: Name = "Follow up"
    """What their tasks say."""
    due: Span = DAY
    """How long they have for it."""


class Salesforce(Part):
    """The Salesforce integration, and the Salesforce account at its other end (F4.20)."""

    every: Span = 15 * MINUTE
    """How often the connector looks for changes on both sides (F4.20.2)."""
    contacts: RecordSync = RecordSync(mappings=_PEOPLE)
    """How contacts are kept in step with Salesforce leads and contacts."""
    companies: RecordSync | None = None
    """How companies are kept in step with accounts; null, and they are not."""
    deals: RecordSync | None = None
    """How deals are kept in step with opportunities; null, and they are not."""
    contacts_become: Literal["lead", "contact"] = "lead"
    """What a HubSpot contact becomes that Salesforce doesn't know yet (F4.20.5)."""
    fields: dict[str, tuple[str, ...]] = Field(default={})
    """Custom fields by table and name, and their picklists, as in `Lead.Stage__c: [New, Working]`; [] for any text."""
    automatic_stage_transitions: bool = False
    """*Automatic lifecycle stage transitions*: contacts with a role on an opportunity move on (F4.20)."""
    opportunity_stage: StageName | None = "opportunity"
    """The stage of contacts with a role on an open opportunity."""
    customer_stage: StageName | None = "customer"
    """The stage of contacts with a role on an opportunity that is closed won."""
    hand_over: HandOver | None = None
    """What sales gets when a contact is qualified; null, and nothing but the sync happens."""

    @model_validator(mode="after")
    def _fields_exist(self) -> "Salesforce":
        check_custom_fields(self.fields)
        synced = (
            ("contacts", self.contacts, ("Lead", "Contact")),
            ("companies", self.companies, ("Account",)),
            ("deals", self.deals, ("Opportunity",)),
        )
        for key, sync, tables in synced:
            if sync is not None:
                check_mappings(key, sync, [salesforce_fields(table, self.fields) for table in tables])
        return self


class BillingPlan(Part):
    """Something that people subscribe to."""

    name: Annotated[Name, Defines("plan")]
    amount: float = Field(ge=0)
    """The price of one period."""
    period: Span = 30 * DAY
    """How long a payment lasts."""
    trial: Span | None = None
    """How long the plan can be tried; null, and a subscription is active at once."""


class Churn(Part):
    """What a cancelled subscription does to its contact. A stage is cleared first, as it may be behind (S1.9)."""

    stage: StageName | None = None
    """The stage of those who left; null leaves them customers."""
    set: dict[str, str] = Field(default={})
    """Properties and their values."""


class BillingProperties(Part):
    """The properties of contacts that follow their subscription; null where none does."""

    status: Name | None = None
    """The property for trialing, active, past_due or canceled."""
    plan: Name | None = None
    """The property for the plan's name."""
    amount: Name | None = None
    """The property for the price of one period."""
    renewal: Name | None = None
    """The property for the day of the next renewal."""


class Billing(Part):
    """A billing system that tells HubSpot about subscriptions (S4.9)."""

    app: AppName | None = None
    """The app that it writes as; by default one of its own."""
    plans: Annotated[tuple[BillingPlan, ...], Field(min_length=1)]
    customer_stage: StageName | None = "customer"
    """The stage that an activated subscription sets."""
    companies: bool = True
    """Whether the contact's primary company gets it too; its other contacts follow by the company sync."""
    properties: BillingProperties = BillingProperties()
    grace: Span = 7 * DAY
    """How long a subscription may be past due before it is cancelled."""
    churn: Churn | None = None
    """What a cancelled subscription does; null, and nothing."""


class ProductEvent(Part):
    """Something that people do in the product, sent as a custom event."""

    name: Annotated[Name, Defines("product event")]
    properties: tuple[Name, ...] = ()
    """What the event can tell."""


class ProductRule(Part):
    """A value that contacts get once they did something often enough: a product qualified lead (S4.2)."""

    event: Annotated[str, Refers("product event")]
    """What they do."""
    times: int = Field(default=1, ge=1)
    """How often."""
    within: Span | None = None
    """In which time; null, and it is ever."""
    stage: StageName | None = None
    """The lifecycle stage that they get."""
    set: dict[str, str] = Field(default={})
    """Properties that they get, and their values."""


class Product(Part):
    """The account's own product, whose users are contacts (S4.6)."""

    app: AppName | None = None
    """The app that it writes as; by default one of its own."""
    sign_up_stage: StageName | None = None
    """The stage of those who sign up; null leaves it to the account's default."""
    events: tuple[ProductEvent, ...] = ()
    """What the product tells about, beside sign-ups."""
    rules: tuple[ProductRule, ...] = ()
    """What follows from it."""


class AutomationStage(Part):
    """A stage of the marketing automation, which people are in from a score on."""

    name: Name
    score: int
    """The least score."""


class AutomationDecay(Part):
    """How scores fall by themselves."""

    points: int = Field(ge=1)
    """How many points are lost each time; no score falls below 0."""
    every: Span
    """How often."""


class MarketingAutomation(Part):
    """A second marketing system with a score and stages of its own, kept in two-way sync (S4.8)."""

    name: Name = "Marketing automation"
    every: Span = 5 * MINUTE
    """How often the sync looks for changes on both sides."""
    people: RecordSync
    """How its people are kept in step with contacts."""
    points: dict[str, int] = Field(default={})
    """What activities are worth, as in `webinar: 20`."""
    stages: tuple[AutomationStage, ...] = ()
    """Its stages; people move among them by their score."""
    decay: AutomationDecay | None = None
    """How scores fall; null, and they don't."""
    fields: dict[str, tuple[str, ...]] = Field(default={})
    """Custom fields of people and their picklists; [] for any text."""

    @model_validator(mode="after")
    def _fields_exist(self) -> "MarketingAutomation":
        stages = {"stage": tuple(stage.name for stage in self.stages)}
        check_mappings("people", self.people, [{**PERSON, **stages, **self.fields}])
        return self


class Connected(Part):
    """The systems that the portal is connected with; null where it isn't."""

    salesforce: Salesforce | None = None
    billing: Billing | None = None
    product: Product | None = None
    marketing_automation: MarketingAutomation | None = None

    @model_validator(mode="after")
    def _no_loops(self) -> "Connected":
        check_loops(self._links())
        return self

    def _links(self) -> list[Link]:
        syncs: list[tuple[str, str, str, RecordSync | None]] = []
        if (crm := self.salesforce) is not None:
            syncs += [
                ("salesforce", "contacts", "contacts", crm.contacts),
                ("salesforce", "companies", "companies", crm.companies),
                ("salesforce", "deals", "deals", crm.deals),
            ]
        if (automation := self.marketing_automation) is not None:
            syncs.append(("marketing_automation", "people", "contacts", automation.people))
        return [
            Link(mapping, f"{type}.{mapping.property}", f"{system}.{mapping.field}", (system, key, "mappings", number))
            for system, key, type, sync in syncs
            for number, mapping in enumerate(sync.mappings if sync else ())
        ]

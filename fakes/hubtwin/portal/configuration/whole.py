"""A whole portal file. Every field has HubSpot's own default."""

from pydantic import Field, model_validator

from hubtwin.portal.configuration import chatflows, references
from hubtwin.portal.configuration.account import Account, App, Limits
from hubtwin.portal.configuration.ads import AdAccount
from hubtwin.portal.configuration.chatflows import Chatflow
from hubtwin.portal.configuration.communication import SUBSCRIPTION_TYPES, MeetingLink, SubscriptionType
from hubtwin.portal.configuration.connected import Connected
from hubtwin.portal.configuration.forms import Form
from hubtwin.portal.configuration.inboxes import DEFAULT_INBOXES, Inboxes
from hubtwin.portal.configuration.lifecycle import LifecycleStage, Options, Settings
from hubtwin.portal.configuration.lists import RecordList
from hubtwin.portal.configuration.marketing_emails import EmailDelivery, MarketingEmail
from hubtwin.portal.configuration.objects import AssociationLabel, CustomObject
from hubtwin.portal.configuration.parts import Name, ObjectName, Part
from hubtwin.portal.configuration.people import Team, User
from hubtwin.portal.configuration.pipelines import LifecycleRules, Pipeline
from hubtwin.portal.configuration.properties import Property, PropertyGroup
from hubtwin.portal.configuration.records import Records
from hubtwin.portal.configuration.scores import Score
from hubtwin.portal.configuration.views import View
from hubtwin.portal.configuration.workflows import Workflow, WorkflowAlert
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.pipelines import LIFECYCLE_STAGES

#: The stages that every account begins with.
BUILT_IN = tuple(id for id, _ in LIFECYCLE_STAGES)

#: The eras in which an account had these and no others.
FIXED_STAGES = ("2018", "2021")


class Configuration(Part):
    """A whole portal file."""

    account: Account = Account()
    stages: tuple[LifecycleStage, ...] = tuple(LifecycleStage(id=i, label=n) for i, n in LIFECYCLE_STAGES)
    settings: Settings = Settings()
    options: Options = Options()
    lifecycle_rules: LifecycleRules = LifecycleRules()
    objects: tuple[CustomObject, ...] = ()
    association_labels: tuple[AssociationLabel, ...] = ()
    property_groups: dict[ObjectName, tuple[PropertyGroup, ...]] = Field(default={})
    """The account's own property groups, by object."""
    properties: dict[ObjectName, tuple[Property, ...]] = Field(default={})
    """The account's own properties, and changed options of HubSpot's, by object."""
    pipelines: dict[ObjectName, tuple[Pipeline, ...]] = Field(default={})
    """The pipelines of deals, tickets, leads and custom objects, by object."""
    users: tuple[User, ...] = (
        User(email="ada@hubtwin.example", first_name="Ada", last_name="Admin", super_admin=True),
    )
    teams: tuple[Team, ...] = ()
    roles: tuple[Name, ...] = ()
    """The roles that users can have; small accounts have none (W6.2.3)."""
    forms: tuple[Form, ...] = ()
    meeting_links: tuple[MeetingLink, ...] = ()
    inboxes: Inboxes = DEFAULT_INBOXES
    chatflows: tuple[Chatflow, ...] = ()
    subscription_types: tuple[SubscriptionType, ...] = SUBSCRIPTION_TYPES
    marketing_emails: tuple[MarketingEmail, ...] = ()
    email_delivery: EmailDelivery = EmailDelivery()
    workflows: tuple[Workflow, ...] = ()
    workflow_alerts: tuple[WorkflowAlert, ...] = ()
    ads: tuple[AdAccount, ...] = ()
    connected: Connected = Connected()
    apps: tuple[App, ...] = ()
    limits: Limits | None = None
    """The API limits; null, and nobody is limited."""
    lists: tuple[RecordList, ...] = ()
    scores: tuple[Score, ...] = ()
    views: tuple[View, ...] = ()
    records: Records = ()
    """The records that are there when the account starts, each below the name of its object."""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Configuration":
        if self.options.era in FIXED_STAGES and tuple(stage.id for stage in self.stages) != BUILT_IN:
            message = f"before 2022-09-30 the stages of an account could not be changed; era is {self.options.era!r}"
            raise ConfigurationError(("stages",), message)  # F1.20
        references.check(self)
        chatflows.check_teams(self.chatflows, {user.team for user in self.users if user.team is not None})
        return self

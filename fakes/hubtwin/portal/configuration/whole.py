"""A whole portal file. Every field has HubSpot's own default."""

from pydantic import model_validator

from hubtwin.portal.configuration import references
from hubtwin.portal.configuration.account import Account, App, Limits
from hubtwin.portal.configuration.communication import SUBSCRIPTION_TYPES, MeetingLink, SubscriptionType
from hubtwin.portal.configuration.forms import Form
from hubtwin.portal.configuration.lifecycle import LifecycleStage, Options, Settings
from hubtwin.portal.configuration.parts import Name, Part
from hubtwin.portal.configuration.people import User
from hubtwin.portal.configuration.workflows import Workflow
from hubtwin.portal.pipelines import LIFECYCLE_STAGES


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
        references.check(self)
        return self

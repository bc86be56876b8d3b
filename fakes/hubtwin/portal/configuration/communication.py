"""How people and the account reach each other: meetings links, kinds of e-mail."""

from typing import Annotated, Literal

from pydantic import Field

from hubtwin.portal.configuration.parts import Defines, Name, Part, UserName


class MeetingLink(Part):
    """A page on which people book a meeting with a user."""

    slug: Annotated[Name, Defines("meetings link")]
    user: UserName
    """The e-mail address of the user whose calendar it is."""
    minutes: int = Field(default=30, ge=5, le=480)
    """How long a meeting takes."""


class SubscriptionType(Part):
    """A kind of e-mail that people subscribe to (W6.8.10)."""

    name: Annotated[Name, Defines("subscription type")]
    id: Annotated[int | None, Defines("subscription type id")] = Field(default=None, ge=1)
    """What the API calls it; by default the next free number."""
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

"""The people who use a portal."""

from typing import Annotated

from pydantic import Field

from hubtwin.portal.configuration.parts import Defines, Name, Part


class User(Part):
    """A person who uses the portal. Every user is also an owner, with an id of its own (W6.1)."""

    email: Annotated[Name, Defines("user", folded=True)]
    id: Annotated[int | None, Defines("owner id")] = Field(default=None, ge=1)
    """What `hubspot_owner_id` holds for the user's records; by default the next free number."""
    user_id: Annotated[int | None, Defines("user id")] = Field(default=None, ge=1)
    """What histories call the user as a writer; by default the next free number."""
    first_name: str = ""
    last_name: str = ""
    team: str | None = None
    """The team that the user belongs to."""
    secondary_teams: tuple[Name, ...] = ()
    """Further teams of the user's."""
    role: str | None = None
    """The user's role, one of the account's `roles` (W6.2.3)."""
    super_admin: bool = False
    """Whether no pipeline rule binds the person (F2.15)."""


class Team(Part):
    """A team of users, where it is known by an id of its own; others follow from what users say of theirs."""

    name: Annotated[Name, Defines("team")]
    id: Annotated[int | None, Defines("team id")] = Field(default=None, ge=1)
    """What the API calls it; by default the next free number."""

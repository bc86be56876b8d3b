"""The people who use a portal."""

from typing import Annotated

from hubtwin.portal.configuration.parts import Defines, Name, Part


class User(Part):
    """A person who uses the portal. Every user is also an owner, with an id of its own (W6.1)."""

    email: Annotated[Name, Defines("user", folded=True)]
    first_name: str = ""
    last_name: str = ""
    team: str | None = None
    """The team that the user belongs to."""
    super_admin: bool = False
    """Whether no pipeline rule binds the person (F2.15)."""

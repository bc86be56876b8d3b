"""The people who use a portal: users, who are owners of records too, with two different ids (W6.1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hubtwin.portal import configuration
from hubtwin.portal.errors import UnknownName

_FIRST_OWNER_ID = 70_000_001
_FIRST_USER_ID = 9_000_001


@dataclass(frozen=True, slots=True)
class Owner:
    """A user as an owner of records: *id* is what `hubspot_owner_id` holds, *user_id* who writes."""

    id: int
    user_id: int
    email: str
    first_name: str
    last_name: str
    team: str | None
    created: int
    super_admin: bool = False

    @property
    def name(self) -> str:
        """The person's name, or the e-mail address where none is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class Users:
    """The users of one portal, in the order of its configuration."""

    def __init__(self, users: Iterable[configuration.User], created: int) -> None:
        self._owners = [
            Owner(
                _FIRST_OWNER_ID + n,
                _FIRST_USER_ID + n,
                u.email.lower(),
                u.first_name,
                u.last_name,
                u.team,
                created,
                u.super_admin,
            )
            for n, u in enumerate(users)
        ]

    def __iter__(self) -> Iterator[Owner]:
        return iter(self._owners)

    def __len__(self) -> int:
        return len(self._owners)

    def find(self, email: str) -> Owner:
        """The user with this e-mail address. Raises UnknownName."""
        for owner in self._owners:
            if owner.email == email.lower():
                return owner
        raise UnknownName("user", email, [owner.email for owner in self._owners])

    def ids(self) -> set[str]:
        """What `hubspot_owner_id` may hold."""
        return {str(owner.id) for owner in self._owners}

"""The people who use a portal: users, who are owners of records too, with two different ids (W6.1, W6.2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hubtwin.portal import configuration
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import Numbers, numbered
from hubtwin.portal.user_records import UserRecords

#: The ids of owners, users and teams start here, where the portal's configuration gives them none.
FIRST_OWNER_ID = 70_000_001
FIRST_USER_ID = 9_000_001
FIRST_TEAM_ID = 40_000_001


@dataclass(frozen=True, slots=True)
class Owner:
    """A user as an owner of records: *id* is what `hubspot_owner_id` holds, *user_id* who writes.

    *team* is the name of the primary team, *removed* when the user left the portal.
    """

    id: int
    user_id: int
    email: str
    first_name: str
    last_name: str
    team: str | None
    created: int
    super_admin: bool = False
    secondary_teams: tuple[str, ...] = ()
    role: str | None = None
    removed: int | None = None

    @property
    def name(self) -> str:
        """The person's name, or the e-mail address where none is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class Team:
    """A team of users, and its id."""

    id: int
    name: str


class Users:
    """The users of one portal, in the order of its configuration and in which they came.

    *records* are what the CRM shows of them: each user has one (W6.2.5).
    """

    def __init__(
        self,
        users: Sequence[configuration.User],
        created: int,
        records: UserRecords,
        teams: Sequence[configuration.Team] = (),
    ) -> None:
        self.records = records
        self._owners: dict[int, Owner] = {}
        self._removed: dict[int, Owner] = {}
        self._owner_ids: set[str] = set()
        self._ids, self._user_ids = Numbers(FIRST_OWNER_ID), Numbers(FIRST_USER_ID)
        self.teams = teams_of(users, teams)
        owner_ids = numbered([user.id for user in users], FIRST_OWNER_ID)
        user_ids = numbered([user.user_id for user in users], FIRST_USER_ID)
        for user, owner_id, user_id in zip(users, owner_ids, user_ids, strict=True):
            self._keep(
                Owner(
                    self._ids.take(owner_id),
                    self._user_ids.take(user_id),
                    user.email.lower(),
                    user.first_name,
                    user.last_name,
                    user.team,
                    created,
                    user.super_admin,
                    user.secondary_teams,
                    user.role,
                )
            )

    def __iter__(self) -> Iterator[Owner]:
        return iter(self._owners.values())

    def __len__(self) -> int:
        return len(self._owners)

    @property
    def removed(self) -> Iterable[Owner]:
        """The users who left the portal."""
        return self._removed.values()

    def find(self, email: str) -> Owner:
        """The user with this e-mail address. Raises UnknownName."""
        for owner in self:
            if owner.email == email.lower():
                return owner
        raise UnknownName("user", email, [owner.email for owner in self])

    def get(self, user_id: int) -> Owner | None:
        """The user with this user id, None where there is none."""
        return self._owners.get(user_id)

    def ids(self) -> set[str]:
        """What `hubspot_owner_id` may hold."""
        return self._owner_ids

    # -- coming and going ------------------------------------------------------------------------------

    def add(
        self,
        email: str,
        first_name: str = "",
        last_name: str = "",
        *,
        created: int,
        team: str | None = None,
        secondary_teams: Sequence[str] = (),
        role: str | None = None,
    ) -> Owner:
        """Add a user. Raises Refused where one has the address already."""
        address = email.lower()
        if any(owner.email == address for owner in self):
            raise Refused(f"There is a user {address} already")
        owner = Owner(
            self._ids.take(),
            self._user_ids.take(),
            address,
            first_name,
            last_name,
            team,
            created,
            secondary_teams=tuple(secondary_teams),
            role=role,
        )
        return self._keep(owner)

    def change(
        self,
        owner: Owner,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        team: str | None = None,
        secondary_teams: Sequence[str] | None = None,
        role: str | None = None,
        super_admin: bool | None = None,
    ) -> Owner:
        """Change what is known of a user; None leaves it alone."""
        return self._keep(
            replace(
                owner,
                first_name=owner.first_name if first_name is None else first_name,
                last_name=owner.last_name if last_name is None else last_name,
                team=owner.team if team is None else team,
                secondary_teams=owner.secondary_teams if secondary_teams is None else tuple(secondary_teams),
                role=owner.role if role is None else role,
                super_admin=owner.super_admin if super_admin is None else super_admin,
            )
        )

    def remove(self, owner: Owner, moment: int) -> None:
        """Let a user go. The records keep their owner; no further ones can get them. See `Portal.remove_user`."""
        del self._owners[owner.user_id]
        self._owner_ids.discard(str(owner.id))
        self._removed[owner.user_id] = replace(owner, removed=moment)

    def _keep(self, owner: Owner) -> Owner:
        self._owners[owner.user_id] = owner
        self._owner_ids.add(str(owner.id))
        self.records.show(owner)
        return owner

    # -- teams -----------------------------------------------------------------------------------------

    def team(self, id: str) -> Team:
        """The team with this id. Raises UnknownName."""
        for team in self.teams:
            if str(team.id) == id:
                return team
        raise UnknownName("team", id, [str(team.id) for team in self.teams])

    def team_called(self, name: str) -> Team:
        """The team with this name, which a user has."""
        return next(team for team in self.teams if team.name == name)


def teams_of(users: Iterable[configuration.User], teams: Sequence[configuration.Team]) -> tuple[Team, ...]:
    """The teams that there are: those that are known by themselves, then those that users say they are in."""
    said = [*(user.team for user in users), *(name for user in users for name in user.secondary_teams)]
    wanted = {team.name: team.id for team in teams}
    for name in said:
        if name is not None:
            wanted.setdefault(name, None)
    return tuple(Team(id, name) for id, name in zip(numbered([*wanted.values()], FIRST_TEAM_ID), wanted, strict=True))

"""Agents: the users who answer conversations, who of them is there, and whose turn it is."""

from typing import TYPE_CHECKING

from hubtwin.portal.configuration import Assignment
from hubtwin.portal.records import Record
from hubtwin.portal.users import Owner

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Agents:
    """The agents of one portal. Whoever has not gone away is available."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._away: set[int] = set()
        self._turns: dict[str, int] = {}

    def go_away(self, user: str) -> None:
        """Note that the user with this e-mail address is away. Raises UnknownName."""
        self._away.add(self._portal.users.find(user).user_id)

    def come_back(self, user: str) -> None:
        """Note that the user with this e-mail address is available again. Raises UnknownName."""
        self._away.discard(self._portal.users.find(user).user_id)

    def available(self, assignment: Assignment | None) -> list[Owner]:
        """The users who are available of those that *assignment* names; of all users where it names none."""
        users = list(self._portal.users)
        if assignment is not None and (assignment.users or assignment.team):
            named = [address.lower() for address in assignment.users]
            chosen = [user for address in named for user in users if user.email == address]
            members = [user for user in users if assignment.team is not None and user.team == assignment.team]
            users = list(dict.fromkeys([*chosen, *members]))
        return [user for user in users if user.user_id not in self._away]

    def choose(self, chatflow: str, assignment: Assignment | None, contact: Record | None) -> Owner | None:
        """Who gets the next conversation of a chatflow, None where nobody is named or available (F9.1.5)."""
        if assignment is None:
            return None
        owner = None if contact is None else contact.get("hubspot_owner_id")
        if assignment.contact_owner and owner is not None:
            found = next((user for user in self.available(None) if str(user.id) == owner), None)
            if found is not None:
                return found
        users = self.available(assignment) if assignment.users or assignment.team else []
        if not users:
            return None
        turn = self._turns.get(chatflow, 0)
        self._turns[chatflow] = turn + 1
        return users[turn % len(users)]

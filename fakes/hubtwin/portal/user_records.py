"""The records of users: what the CRM shows of the people who use the portal (W6.2.5)."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal.clock import Clock
from hubtwin.portal.errors import Refused
from hubtwin.portal.objects import USERS
from hubtwin.portal.records import Record, Records

if TYPE_CHECKING:
    from hubtwin.portal.users import Owner

#: Far from the ids of all other records, which come one after the other.
_FIRST_ID = 200_000_000_001


class UserRecords(Records):
    """A record for each user. There is no bin for them: who left is gone (W6.2.6).

    A record has no history of its creation: it comes with its user.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(USERS)
        self._clock = clock
        self._ids = count(_FIRST_ID)
        self._by_user: dict[int, Record] = {}

    @property
    def archived(self) -> Iterator[Record]:
        """Refused to whoever looks into it."""
        return _no_bin()

    def archive(self, record: Record, moment: int) -> None:
        """Take the record of somebody who left out."""
        self.remove(record)
        record.archived = moment

    def of(self, owner: "Owner") -> Record:
        """The record of a user."""
        return self._by_user[owner.user_id]

    def show(self, owner: "Owner") -> None:
        """Let a user have a record, or let the one there is say what is known now."""
        record = self._by_user.get(owner.user_id)
        if record is None:
            record = self._by_user[owner.user_id] = Record(USERS, next(self._ids), owner.created, {})
            record.values |= {name: value for name, value in _known(owner).items() if value}
            self.add(record)
            return
        for name, value in _known(owner).items():
            self.put(record, name, value or None)
        self.touch(record, self._clock.now)


def _known(owner: "Owner") -> dict[str, str]:
    return {
        "hs_email": owner.email,
        "hs_family_name": owner.last_name,
        "hs_given_name": owner.first_name,
        "hs_internal_user_id": str(owner.user_id),
        "hs_searchable_calculated_name": owner.name,
        "hubspot_owner_id": str(owner.id),
    }


def _no_bin() -> Iterator[Record]:
    raise Refused("Archived users can't be listed: who left the account has no record any more")
    yield  # only whoever reads on is refused

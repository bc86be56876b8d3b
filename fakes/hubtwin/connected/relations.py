"""Who belongs to whom in Salesforce, as associations in HubSpot: contacts and accounts, opportunities and both."""

from typing import TYPE_CHECKING

from hubtwin.connected.object_sync import ObjectSync
from hubtwin.connected.tables import Row
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.connected.salesforce import Salesforce
    from hubtwin.portal.portal import Portal


class Relations:
    """The associations that the connector makes; it takes none away (our model)."""

    def __init__(self, portal: "Portal", salesforce: "Salesforce") -> None:
        self._portal = portal
        self._salesforce = salesforce
        self._waiting: dict[str, Row] = {}
        salesforce.contacts.watch(self._changed)
        salesforce.opportunities.watch(self._changed)

    def look_at(self, row: Row) -> None:
        """Look at a contact or an opportunity at the end of the next run."""
        if self._salesforce.companies is not None or self._salesforce.deals is not None:
            self._waiting[row.id] = row

    def _changed(self, row: Row, writer: object) -> None:
        self.look_at(row)

    def run(self) -> None:
        """Associate what is synced on both sides; the rest waits."""
        waiting, self._waiting = self._waiting, {}
        for row in waiting.values():
            if row.deleted is None and not self._associate(row):
                self._waiting[row.id] = row

    def _associate(self, row: Row) -> bool:
        """Whether all that a row belongs to was found."""
        crm = self._salesforce
        record = _record(self._portal, crm.people if row.table == "Contact" else crm.deals, row)
        if record is None:
            return False
        account = crm.accounts.get(row.get("AccountId"))
        others: list[tuple[ObjectSync | None, Row | None]] = [(crm.companies, account)]
        if row.table == "Opportunity":
            others += [(crm.people, crm.contacts.get(id)) for id in crm.roles.get(row.id, ())]
        found = [_record(self._portal, sync, other) for sync, other in others if sync is not None and other is not None]
        source = Source("SALESFORCE", row.id, rule="connected.salesforce")
        for other_record in found:
            if other_record is not None and other_record not in self._portal.associations.of(record, other_record.type):
                self._portal.associate(record, other_record, source=source)
        return None not in found


def _record(portal: "Portal", sync: ObjectSync | None, row: Row) -> Record | None:
    """HubSpot's record of a row that is synced."""
    pair = None if sync is None else sync.pairs.of_row(row)
    return None if sync is None or pair is None else portal.records[sync.ends.type].get(pair.here)

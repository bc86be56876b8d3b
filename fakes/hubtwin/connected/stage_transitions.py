"""*Automatic lifecycle stage transitions*: what Salesforce's opportunities do to HubSpot's contacts (F4.20)."""

from typing import TYPE_CHECKING

from hubtwin.connected.sync_runs import SyncRun
from hubtwin.connected.tables import Row
from hubtwin.portal import configuration
from hubtwin.portal.configuration.other_fields import CLOSED_LOST, CLOSED_WON
from hubtwin.portal.log import SYNCED, Activity
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.connected.salesforce import Salesforce
    from hubtwin.portal.portal import Portal

RULE = "connected.salesforce.automatic_stage_transitions"


class StageTransitions:
    """The setting of one connector, at work. It only moves contacts on, and writes nothing to Salesforce.

    Contacts count that have a role on an opportunity and are synced; an opportunity of their account alone does
    nothing (F4.20.1).
    """

    def __init__(self, portal: "Portal", salesforce: "Salesforce", settings: configuration.Salesforce) -> None:
        self._portal = portal
        self._salesforce = salesforce
        self._settings = settings
        self._enabled = settings.automatic_stage_transitions
        self._waiting: dict[str, Row] = {}
        salesforce.opportunities.watch(self._changed)

    def switch(self, enabled: bool) -> None:
        """Switch the setting on or off; what happened before it was switched on counts too (F4.20)."""
        if enabled and not self._enabled:
            self._waiting |= {row.id: row for row in self._salesforce.opportunities}
            self._salesforce.wake()
        self._enabled = enabled

    def look_at(self, opportunity: Row) -> None:
        """Look at an opportunity at the end of the next run."""
        if self._enabled:
            self._waiting[opportunity.id] = opportunity
            self._salesforce.wake()

    def _changed(self, row: Row, writer: object) -> None:
        self.look_at(row)

    def run(self, run: SyncRun) -> None:
        """Move the contacts of the opportunities that changed. Those that are not synced yet wait."""
        waiting, self._waiting = self._waiting, {}
        for row in waiting.values():
            if not self._enabled or row.deleted is not None:
                continue
            if not self._move_all(run, row):
                self._waiting[row.id] = row

    def _move_all(self, run: SyncRun, opportunity: Row) -> bool:
        """Whether all contacts with a role were found."""
        stage = self._stage(opportunity)
        complete = True
        for id in self._salesforce.roles.get(opportunity.id, ()):
            contact = self._contact(id)
            if contact is None:
                complete = False
            elif stage is not None:
                self._move(run, contact, stage, opportunity)
        return complete

    def _stage(self, opportunity: Row) -> str | None:
        name = opportunity.get("StageName")
        if name == CLOSED_WON:
            return self._settings.customer_stage
        return None if name == CLOSED_LOST else self._settings.opportunity_stage

    def _contact(self, id: str) -> Record | None:
        people, row = self._salesforce.people, self._salesforce.contacts.get(id)
        pair = None if row is None else people.pairs.of_row(row)
        return None if pair is None else self._portal.records[CONTACTS].get(pair.here)

    def _move(self, run: SyncRun, contact: Record, stage: str, opportunity: Row) -> None:
        """Move a contact on, and its company where contacts follow theirs: so all of them get there (F4.20)."""
        if not self._portal.is_later(contact, stage):
            return
        source = Source("SALESFORCE", opportunity.id, rule=RULE)
        change = self._portal.writes.check(contact, {LIFECYCLE: stage}, source)
        words = f"from Salesforce Opportunity {opportunity.id}: {opportunity.get('StageName')}"
        change.activity = Activity(SYNCED, words, {"system": "Salesforce", "properties": LIFECYCLE})
        outcome = self._portal.writes.apply(change)
        run.note("updated", "HubSpot", contact, f"{LIFECYCLE} = {stage}")
        company = self._portal.associations.primary_of(contact, COMPANIES)
        sync = self._portal.settings.company_sync
        if sync.enabled and company is not None and self._portal.is_later(company, stage):
            self._portal.update(company, {LIFECYCLE: stage}, source=source, cause=outcome.entry)

"""The hand-over from marketing to sales: a qualified contact becomes a Salesforce lead with a task (S0.5)."""

from typing import TYPE_CHECKING

from hubtwin.connected.sync_runs import SyncRun
from hubtwin.connected.tables import Row
from hubtwin.portal import configuration
from hubtwin.portal.log import SET, SYNCED, Activity, Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.connected.salesforce import Salesforce
    from hubtwin.portal.portal import Portal

RULE = "connected.salesforce.hand_over"
_COMPLETED = "Completed"


class HandOver:
    """The hand-over of one portal, with the tasks that its representatives got, in turn."""

    def __init__(self, portal: "Portal", salesforce: "Salesforce", settings: configuration.HandOver) -> None:
        self._portal = portal
        self._salesforce = salesforce
        self._settings = settings
        self._given = 0
        self._waiting: dict[int, int] = {}  # contacts that entered the stage, and the log's entries about it
        portal.reactions.add(SET, self._stage_set, LIFECYCLE, CONTACTS)

    def tasks(self, representative: str) -> list[Row]:
        """The open tasks of a representative, the oldest first."""
        return [
            task
            for task in self._salesforce.tasks
            if task.get("Owner") == representative and task.get("Status") != _COMPLETED
        ]

    def overdue(self) -> list[Row]:
        """The open tasks whose day has passed."""
        now = iso(self._portal.clock.now)
        tasks = (task for task in self._salesforce.tasks if task.get("Status") != _COMPLETED)
        return [task for task in tasks if task.get("ActivityDate") and task.get("ActivityDate") < now]

    def follow_up(self, task: Row, status: str = "Working - Contacted") -> None:
        """Do a task: it is completed, and its lead, if it still is one, gets a status. Raises RowRefused."""
        lead = self._salesforce.leads.get(task.get("WhoId"))
        if lead is not None and lead.deleted is None:
            self._salesforce.leads.update(lead, {"Status": status})
        self._salesforce.tasks.update(task, {"Status": _COMPLETED})

    def _stage_set(self, entry: Entry) -> None:
        comes_from_sales = entry.source.type == "SALESFORCE"
        if entry.record is not None and entry.value == self._settings.stage and not comes_from_sales:
            self._waiting[entry.record.id] = entry.number
            self._salesforce.wake()

    def run(self, run: SyncRun) -> None:
        """Hand over the contacts that entered the stage and are in Salesforce by now; the others wait."""
        waiting, self._waiting = self._waiting, {}
        for id, cause in waiting.items():
            pair = self._salesforce.people.pairs.of_record(id)
            if pair is None:
                self._waiting[id] = cause
            elif not pair.is_over:
                self._hand_over(run, id, pair.there, cause)

    def _hand_over(self, run: SyncRun, id: int, person: Row, cause: int) -> None:
        settings = self._settings
        owner = settings.representatives[self._given % len(settings.representatives)]
        self._given += 1
        due = iso(self._portal.clock.now + settings.due)
        fields = {"Subject": settings.subject, "Status": "Not Started", "WhoId": person.id}
        task = self._salesforce.tasks.create({**fields, "Owner": owner, "ActivityDate": due}, cause=cause)
        home = self._salesforce.leads if person.table == "Lead" else self._salesforce.contacts
        home.update(person, {"Owner": owner}, cause=cause)
        run.note("created", "Salesforce", task, f"for {owner}")
        contact = self._portal.records[CONTACTS].get(id)
        if contact is not None:
            words = f"to Salesforce: handed over to {owner} as {person.table} {person.id}"
            activity = Activity(SYNCED, words, {"system": "Salesforce", "properties": ""})
            self._portal.writes.happened(contact, activity, Source("SALESFORCE", task.id, rule=RULE), cause)

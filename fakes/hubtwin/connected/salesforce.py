"""A Salesforce account, and HubSpot's connector to it (F4.20)."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from hubtwin.connected.connector import Connector
from hubtwin.connected.hand_over import HandOver
from hubtwin.connected.object_sync import ObjectSync
from hubtwin.connected.passages import Ends
from hubtwin.connected.relations import Relations
from hubtwin.connected.salesforce_ids import salesforce_id
from hubtwin.connected.stage_transitions import StageTransitions
from hubtwin.connected.sync_runs import SyncRun
from hubtwin.connected.tables import Column, Row, RowRefused, Table
from hubtwin.portal import configuration
from hubtwin.portal.configuration.other_fields import (
    CLOSED_LOST,
    CLOSED_WON,
    CONVERTED,
    SALESFORCE,
    SALESFORCE_REQUIRED,
    salesforce_fields,
)
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

RULE = "connected.salesforce"


class Conversion(NamedTuple):
    """What a lead became."""

    contact: Row
    account: Row
    opportunity: Row | None


class Salesforce(Connector):
    """A Salesforce account and the connector to it. Its people work with its tables and with the methods below.

    *leads*, *contacts*, *accounts*, *opportunities* and *tasks* are its tables; *roles* are the contact roles of
    opportunities: by the opportunity's id, the roles by the contact's id.
    """

    def __init__(self, portal: "Portal", settings: configuration.Salesforce) -> None:
        super().__init__(portal, settings.every)
        found = {name: self._table(name, settings) for name in SALESFORCE}
        self.leads, self.contacts, self.accounts = found["Lead"], found["Contact"], found["Account"]
        self.opportunities, self.tasks = found["Opportunity"], found["Task"]
        self.roles: dict[str, dict[str, str]] = {}
        # Both are searched, contacts first: a lead with a contact's address is the same person's.
        tables = (self.leads, self.contacts) if settings.contacts_become == "lead" else (self.contacts, self.leads)
        self.people = self._sync(settings.contacts, "contacts", CONTACTS, tables, ("email", "Email"))
        self.companies: ObjectSync | None = None
        self.deals: ObjectSync | None = None
        if settings.companies is not None:
            match = ("domain", "Website")
            self.companies = self._sync(settings.companies, "companies", COMPANIES, (self.accounts,), match)
        if settings.deals is not None:
            self.deals = self._sync(settings.deals, "deals", DEALS, (self.opportunities,), None)
        self._relations = Relations(portal, self)
        self._transitions = StageTransitions(portal, self, settings)
        self.hand_over = None if settings.hand_over is None else HandOver(portal, self, settings.hand_over)

    def _table(self, name: str, settings: configuration.Salesforce) -> Table:
        required = SALESFORCE_REQUIRED.get(name, ())
        fields = salesforce_fields(name, settings.fields)
        columns = tuple(Column(field, picklist, field in required) for field, picklist in fields.items())
        return Table(name, columns, partial(salesforce_id, name), self._portal.clock)

    def _sync(
        self,
        settings: configuration.RecordSync,
        key: str,
        type: ObjectType,
        tables: tuple[Table, ...],
        match: tuple[str, str] | None,
    ) -> ObjectSync:
        """The sync of a type with *tables*, in the first of which new rows are made."""
        searched = tuple(sorted(tables, key=lambda table: table.name))
        ends = Ends("Salesforce", f"{RULE}.{key}", "SALESFORCE", type, searched, tables[0], match)
        sync = ObjectSync(self._portal, settings, ends, self.wake)
        self.syncs.append(sync)
        return sync

    def _finish(self, run: SyncRun) -> None:
        self._relations.run()
        self._transitions.run(run)
        if self.hand_over is not None:
            self.hand_over.run(run)

    # -- what its people do ----------------------------------------------------------------------------

    def convert(
        self, lead: Row, *, account: Row | None = None, opportunity: str | None = None, role: str = "Decision Maker"
    ) -> Conversion:
        """Convert a lead: it becomes a contact of an account, with a role on a new opportunity if that has a name.

        The account is made where none is given and none is called like the lead's company. Raises RowRefused for a
        lead that was converted already.
        """
        if lead.deleted is not None:
            raise RowRefused("Lead", {"Id": f"{lead.id} was converted or deleted already"})
        name = lead.get("Company") or lead.get("LastName")
        account = account or self.accounts.having("Name", name)
        account = account or self.accounts.create({"Name": name, "Website": lead.get("Website")})
        shared = {field: value for field, value in lead.values.items() if field in self.contacts.columns}
        contact = self.contacts.create({**shared, "AccountId": account.id})
        self._replace(lead, contact)
        self.leads.update(lead, {"Status": CONVERTED, "ConvertedContactId": contact.id}, writer=self.people)
        self.leads.delete(lead)
        made = None if opportunity is None else self.open(opportunity, account, {contact.id: role})
        return Conversion(contact, account, made)

    def open(
        self,
        name: str,
        account: Row | None = None,
        roles: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> Row:
        """Open an opportunity with an account; *roles* are contact roles by the ids of contacts."""
        fields = {"Name": name, "StageName": "Prospecting", "AccountId": account.id if account else ""}
        row = self.opportunities.create({**fields, **(values or {})})
        for id, role in (roles or {}).items():
            self.add_role(row, id, role)
        return row

    def add_role(self, opportunity: Row, contact: Row | str, role: str = "Decision Maker") -> None:
        """Give a contact a role on an opportunity. Raises RowRefused for anybody but a contact: leads have none."""
        row = self.contacts.get(contact if isinstance(contact, str) else contact.id)
        if row is None or row.deleted is not None:
            raise RowRefused("OpportunityContactRole", {"ContactId": f"{contact} is not a contact; convert the lead"})
        self.roles.setdefault(opportunity.id, {})[row.id] = role
        self._transitions.look_at(opportunity)
        self._relations.look_at(opportunity)

    def close(self, opportunity: Row, *, won: bool) -> None:
        """Close an opportunity, as won or as lost."""
        self.opportunities.update(opportunity, {"StageName": CLOSED_WON if won else CLOSED_LOST})

    def set_automatic_stage_transitions(self, enabled: bool) -> None:
        """Switch *Automatic lifecycle stage transitions* on or off; on, it looks at all opportunities there are."""
        self._transitions.switch(enabled)

    def _replace(self, lead: Row, contact: Row) -> None:
        pair = self.people.pairs.of_row(lead)
        if pair is not None:
            self.people.pairs.move_row(pair, contact)

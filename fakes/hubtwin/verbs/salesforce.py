"""The verb of Salesforce's people: what they do in the Salesforce account at the other end of the connector.

Rows of its tables are called by their ids, leads and contacts also by e-mail address, accounts and opportunities by
name,
tasks by the address of the lead or contact that they are about.
"""

from typing import Any, Literal

from pydantic import Field

from hubtwin.connected.salesforce import Salesforce as Account
from hubtwin.connected.tables import Row, Table
from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused, choices
from hubtwin.verbs.fields import Text
from hubtwin.verbs.names import Names
from hubtwin.verbs.verbs import Group
from hubtwin.verbs.world import World

TableName = Literal["Lead", "Contact", "Account", "Opportunity", "Task"]


def table(account: Account, name: TableName) -> Table:
    """The table with this name."""
    tables = (account.leads, account.contacts, account.accounts, account.opportunities, account.tasks)
    return next(one for one in tables if one.name == name)


def check_fields(names: Names, found: Table, values: dict[str, Any], place: Place) -> None:
    """Check that a table has fields with these names."""
    for name in values:
        if name not in found.columns:
            message = f"{found.name} has no field {name!r}; {choices(name, list(found.columns))}"
            names.problems.append(((*place, name), message))


def find_row(account: Account, name: TableName, called: str) -> Row:
    """The row of a table that is called so. Raises Refused."""
    found = table(account, name)
    row = found.get(called) or (_task_about(account, called) if name == "Task" else _called(found, called))
    if row is None or row.deleted is not None:
        raise Refused(f"Salesforce has no {name} that is called {called!r}")
    return row


def _called(found: Table, called: str) -> Row | None:
    return found.having("Email" if "Email" in found.columns else "Name", called)


def _task_about(account: Account, email: str) -> Row | None:
    """The newest task about the lead or contact with this address."""
    people = (_called(found, email) for found in (account.leads, account.contacts))
    ids = [person.id for person in people if person is not None]
    tasks = [task for task in account.tasks if task.get("WhoId") in ids]
    return tasks[-1] if tasks else None


class _OfAccount(Part):
    """Something that is done in the Salesforce account."""

    def check(self, names: Names, place: Place) -> None:
        """Check that there is an account; rows are looked for when it is done."""
        with names.at(place):
            self.check_in(names, names.portal.connected.salesforce, place)

    def check_in(self, names: Names, account: Account, place: Place) -> None:
        """Check what is named in the *account*."""

    def do(self, world: World) -> None:
        """Do it."""
        self.do_in(world.portal.connected.salesforce)

    def do_in(self, account: Account) -> None:
        """Do it in the *account*."""
        raise NotImplementedError


class _WithFields(_OfAccount):
    """A row of a table, and values for its fields."""

    object: TableName
    set: dict[str, Text]

    def check_in(self, names: Names, account: Account, place: Place) -> None:
        """Check the fields."""
        check_fields(names, table(account, self.object), self.set, (*place, "set"))


class CreateRow(_WithFields):
    """Somebody makes a lead, a contact, an account, an opportunity or a task."""

    def do_in(self, account: Account) -> None:
        """Make it."""
        table(account, self.object).create(self.set)


class UpdateRow(_WithFields):
    """Somebody changes one."""

    record: Name

    def do_in(self, account: Account) -> None:
        """Change it."""
        table(account, self.object).update(find_row(account, self.object, self.record), self.set)


class ConvertLead(_OfAccount):
    """A lead becomes a contact of an account, with a role on a new opportunity where that has a name."""

    lead: Name
    opportunity: Name | None = None
    role: Name = "Decision Maker"

    def do_in(self, account: Account) -> None:
        """Convert it."""
        account.convert(find_row(account, "Lead", self.lead), opportunity=self.opportunity, role=self.role)


class OpenOpportunity(_OfAccount):
    """An opportunity is opened, with an account, and contacts who have a role."""

    name: Name
    account: Name | None = None
    roles: dict[str, Name] = Field(default_factory=dict)
    """The contacts' e-mail addresses, and their roles."""

    def do_in(self, account: Account) -> None:
        """Open it."""
        roles = {find_row(account, "Contact", called).id: role for called, role in self.roles.items()}
        of = None if self.account is None else find_row(account, "Account", self.account)
        account.open(self.name, of, roles)


class AddRole(_OfAccount):
    """A contact gets a role on an opportunity."""

    opportunity: Name
    contact: Name
    role: Name = "Decision Maker"

    def do_in(self, account: Account) -> None:
        """Give it."""
        opportunity = find_row(account, "Opportunity", self.opportunity)
        account.add_role(opportunity, find_row(account, "Contact", self.contact), self.role)


class CloseOpportunity(_OfAccount):
    """An opportunity is closed, as won or as lost."""

    opportunity: Name
    won: bool = True

    def do_in(self, account: Account) -> None:
        """Close it."""
        account.close(find_row(account, "Opportunity", self.opportunity), won=self.won)


class FollowUp(_OfAccount):
    """A representative does the newest task about a lead or contact that marketing handed over."""

    who: Name
    status: Name = "Working - Contacted"
    """The status that a lead gets."""

    def do_in(self, account: Account) -> None:
        """Do it. Raises Refused where nothing is ever handed over."""
        if account.hand_over is None:
            raise Refused("nothing is handed over to Salesforce; describe it under connected.salesforce.hand_over")
        account.hand_over.follow_up(find_row(account, "Task", self.who), self.status)


class Salesforce(Group):
    """Something that Salesforce's people do."""

    create: CreateRow | None = None
    update: UpdateRow | None = None
    convert: ConvertLead | None = None
    open: OpenOpportunity | None = None
    add_role: AddRole | None = None
    close: CloseOpportunity | None = None
    follow_up: FollowUp | None = None

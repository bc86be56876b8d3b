"""The verbs that act on a portal: each one is a way in which records come about or change."""

from typing import ClassVar

from pydantic import ConfigDict, Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS
from hubtwin.portal.people import contact_with
from hubtwin.scenarios.fields import Alias, Duration, Reference, References, Written
from hubtwin.scenarios.names import Names
from hubtwin.scenarios.verbs import OneVerb
from hubtwin.scenarios.world import World


class NewRecord(Part):
    """A new record: all keys but its own are properties. Who creates it is a user, or else an app."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Written]
    type: ClassVar[str]

    alias: Alias | None = Field(default=None, alias="as")
    by: Name | None = None
    associated_with: References = ()

    @property
    def values(self) -> dict[str, str]:
        """The properties that the record starts with."""
        return self.__pydantic_extra__

    def check(self, names: Names, place: Place) -> None:
        """Check properties, their values, the user and the records to associate with."""
        type = names.portal.type(self.type)
        names.written(type, self.values, place, keys=("as", "by", "associated_with"))
        names.required(type, self.values, place)
        names.user(self.by, (*place, "by"))
        for alias in self.associated_with:
            other = names.record(alias, (*place, "associated_with"))
            if other is not None:
                with names.at((*place, "associated_with")):
                    names.portal.associations.default(type, other)
        names.bind(self.alias, self.type, (*place, "as"))

    def do(self, world: World) -> None:
        """Create the record."""
        links = [(world.records[alias], ()) for alias in self.associated_with]
        record = world.portal.create(self.type, self.values, links=links, source=world.writer(self.by))
        world.bind(self.alias, record)


class NewContact(NewRecord):
    """A new contact."""

    type = CONTACTS.name


class NewCompany(NewRecord):
    """A new company."""

    type = COMPANIES.name


class NewDeal(NewRecord):
    """A new deal."""

    type = DEALS.name


class Visitor(Part):
    """Somebody on the website: a contact by its alias, or an e-mail address that may be nobody's yet.

    `as` names the contact that the address then belongs to.
    """

    contact: Reference | None = None
    email: Name | None = None
    alias: Alias | None = Field(default=None, alias="as")

    @model_validator(mode="after")
    def _one_person(self) -> "Visitor":
        if (self.contact is None) == (self.email is None):
            raise ValueError("name one person: a known contact by its alias (contact) or anybody by e-mail (email)")
        if self.contact is not None and self.alias is not None:
            raise ValueError(f"the contact has an alias already: ${self.contact}")
        return self

    def check_visitor(self, names: Names, place: Place) -> None:
        """Check who it is."""
        if self.contact is not None:
            names.record(self.contact, (*place, "contact"), CONTACTS.name)
        if self.email is not None:
            names.value(names.property(CONTACTS, "email", place), self.email, (*place, "email"))
        names.bind(self.alias, CONTACTS.name, (*place, "as"))

    def address(self, world: World) -> str:
        """The person's e-mail address; empty where a contact has none."""
        if self.contact is not None:
            return world.records[self.contact].get("email") or ""
        return self.email or ""


class SubmitForm(Visitor):
    """A visitor submits a form."""

    form: Name
    fields: dict[str, Written] = Field(default_factory=dict)

    def check(self, names: Names, place: Place) -> None:
        """Check the visitor, the form and its fields."""
        self.check_visitor(names, place)
        names.fields(self.form, self.fields, place)

    def do(self, world: World) -> None:
        """Submit it."""
        contact = world.portal.forms.submit(self.form, {"email": self.address(world), **self.fields})
        world.bind(self.alias, contact)


class BookMeeting(Visitor):
    """A visitor books a meeting on a meetings link; it begins some time from now."""

    link: Name
    starts_in: Duration = DAY

    def check(self, names: Names, place: Place) -> None:
        """Check the visitor, the link and the user whose calendar it is."""
        self.check_visitor(names, place)
        with names.at((*place, "link")):
            names.portal.users.find(names.portal.meetings.find(self.link).user)

    def do(self, world: World) -> None:
        """Book it."""
        portal, email = world.portal, self.address(world)
        portal.meetings.book(self.link, email, start=portal.clock.now + self.starts_in)
        contact = contact_with(portal, email)
        if contact is not None:
            world.bind(self.alias, contact)


class Edit(Part):
    """A user edits a record's page, where a stage may go back."""

    record: Reference
    by: Name
    set: dict[str, Written]

    def check(self, names: Names, place: Place) -> None:
        """Check the user, the record, properties and values."""
        names.user(self.by, (*place, "by"))
        names.written(names.record(self.record, (*place, "record")), self.set, (*place, "set"))

    def do(self, world: World) -> None:
        """Edit it."""
        world.portal.update(world.records[self.record], self.set, source=world.writer(self.by))


class Update(Part):
    """An app updates a record through the API."""

    record: Reference
    set: dict[str, Written]

    def check(self, names: Names, place: Place) -> None:
        """Check the record, properties and values."""
        names.written(names.record(self.record, (*place, "record")), self.set, (*place, "set"))

    def do(self, world: World) -> None:
        """Update it."""
        world.portal.update(world.records[self.record], self.set)


class Associate(Part):
    """A user, or else an app, associates two records."""

    record: Reference
    other: Reference = Field(alias="with")
    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check both records and whether HubSpot has such an association."""
        names.user(self.by, (*place, "by"))
        record = names.record(self.record, (*place, "record"))
        other = names.record(self.other, (*place, "with"))
        if self.record == self.other:
            names.problems.append(((*place, "with"), "a record can't be associated with itself"))
        elif record is not None and other is not None:
            with names.at(place):
                names.portal.associations.default(record, other)

    def do(self, world: World) -> None:
        """Associate them."""
        record, other = world.records[self.record], world.records[self.other]
        world.portal.associate(record, other, source=world.writer(self.by))


class MoveDeal(Part):
    """A user, or else an app, moves a deal to another stage."""

    deal: Reference
    stage: Name
    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the deal, the stage and the user."""
        names.user(self.by, (*place, "by"))
        names.record(self.deal, (*place, "deal"), DEALS.name)
        names.value(names.property(DEALS, "dealstage", place), self.stage, (*place, "stage"))

    def do(self, world: World) -> None:
        """Move it."""
        source = world.writer(self.by)
        world.portal.update(world.records[self.deal], {"dealstage": self.stage}, source=source)


class Enroll(Part):
    """A record is enrolled in a workflow by hand."""

    record: Reference
    workflow: Name

    def check(self, names: Names, place: Place) -> None:
        """Check the record, the workflow and whether the one is for the other."""
        with names.at((*place, "workflow")):
            workflow = names.portal.workflows.find(self.workflow)
            names.record(self.record, (*place, "record"), names.portal.type(workflow.object).name)

    def do(self, world: World) -> None:
        """Enroll it."""
        world.portal.workflows.enroll(self.workflow, world.records[self.record])


class Action(OneVerb):
    """A step that acts on the portal."""

    create_contact: NewContact | None = None
    create_company: NewCompany | None = None
    create_deal: NewDeal | None = None
    submit_form: SubmitForm | None = None
    book_meeting: BookMeeting | None = None
    edit: Edit | None = None
    update: Update | None = None
    associate: Associate | None = None
    move_deal: MoveDeal | None = None
    enroll: Enroll | None = None

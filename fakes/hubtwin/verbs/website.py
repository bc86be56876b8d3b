"""The verbs of the website's visitors."""

from typing import Self

from pydantic import Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal import Record
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.verbs.fields import Alias, Reference, Written
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Visitor
from hubtwin.verbs.world import World


class SubmitForm(Visitor):
    """A visitor submits a form, on a page, in the browser with a *cookie*; `company` are fields of the company's."""

    form: Name
    fields: dict[str, Written] = Field(default_factory=dict)
    company: dict[str, Written] = Field(default_factory=dict)
    cookie: Name | None = None
    page: str = ""

    def check(self, names: Names, place: Place) -> None:
        """Check the visitor, the form and its fields."""
        self.check_visitor(names, place)
        names.fields(self.form, self.fields, place)
        names.written(COMPANIES, self.company, (*place, "company"))

    def do(self, world: World) -> None:
        """Submit it."""
        contact = world.portal.forms.submit(
            self.form,
            {"email": self.address(world), **self.fields},
            company_fields=self.company,
            cookie=self.cookie,
            page=self.page,
        )
        world.bind(self.alias, contact)


class _Seer(Part):
    """Who sees something on the website: a contact, or whoever uses the browser with a *cookie*, or both at once."""

    contact: Reference | None = None
    cookie: Name | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.contact is None and self.cookie is None:
            raise ValueError("say who sees it: a contact (contact), a browser (cookie), or both")
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check the contact."""
        if self.contact is not None:
            names.record(self.contact, (*place, "contact"), CONTACTS.name)

    def seen_by(self, world: World) -> Record | None:
        """The contact, where one is named."""
        return None if self.contact is None else world.record(self.contact)


class ViewPage(_Seer):
    """Somebody views a page of the website."""

    url: Name
    title: str = ""
    referrer: str = ""

    def do(self, world: World) -> None:
        """View it."""
        world.portal.tracking.view_page(
            self.url, cookie=self.cookie, contact=self.seen_by(world), title=self.title, referrer=self.referrer
        )


class ViewForm(_Seer):
    """Somebody sees a form on a page."""

    form: Name
    page: str = ""

    def check(self, names: Names, place: Place) -> None:
        """Check the contact and the form."""
        super().check(names, place)
        with names.at((*place, "form")):
            names.portal.forms.find(self.form)

    def do(self, world: World) -> None:
        """See it."""
        world.portal.forms.view(self.form, cookie=self.cookie, contact=self.seen_by(world), page=self.page)


class InteractWithForm(ViewForm):
    """Somebody begins to fill in a form, and may leave it at that."""

    def do(self, world: World) -> None:
        """Begin."""
        world.portal.forms.interact(self.form, cookie=self.cookie, contact=self.seen_by(world), page=self.page)


class Identify(Part):
    """The website's own code tells who uses the browser with a *cookie*. `as` names the contact."""

    cookie: Name
    email: Name
    set: dict[str, Written] = Field(default_factory=dict)
    alias: Alias | None = Field(default=None, alias="as")

    def check(self, names: Names, place: Place) -> None:
        """Check the e-mail address, properties and values, and the alias."""
        names.value(names.property(CONTACTS, "email", place), self.email, (*place, "email"))
        names.written(CONTACTS, self.set, (*place, "set"))
        names.bind(self.alias, CONTACTS.name, (*place, "as"))

    def do(self, world: World) -> None:
        """Tell it."""
        contact = world.portal.tracking.identify_by_email(self.cookie, self.email, self.set)
        world.bind(self.alias, contact)

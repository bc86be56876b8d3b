"""The verbs of the website's visitors."""

from pydantic import Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.objects import CONTACTS
from hubtwin.verbs.fields import Alias, Reference, Written
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Visitor
from hubtwin.verbs.world import World


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


class ViewPage(Part):
    """Somebody views a page of the website: a contact, or whoever uses the browser with a *cookie*, or both at once."""

    url: Name
    contact: Reference | None = None
    cookie: Name | None = None
    title: str = ""
    referrer: str = ""

    @model_validator(mode="after")
    def _somebody(self) -> "ViewPage":
        if self.contact is None and self.cookie is None:
            raise ValueError("say who views the page: a contact (contact), a browser (cookie), or both")
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check the contact."""
        if self.contact is not None:
            names.record(self.contact, (*place, "contact"), CONTACTS.name)

    def do(self, world: World) -> None:
        """View it."""
        contact = None if self.contact is None else world.record(self.contact)
        world.portal.tracking.view_page(
            self.url, cookie=self.cookie, contact=contact, title=self.title, referrer=self.referrer
        )


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

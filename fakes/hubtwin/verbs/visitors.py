"""Who visits the website, as verbs name them."""

from pydantic import Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.objects import CONTACTS
from hubtwin.verbs.fields import Alias, Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class Person(Part):
    """A contact, or an e-mail address that may be nobody's yet."""

    contact: Reference | None = None
    email: Name | None = None

    @model_validator(mode="after")
    def _one_person(self) -> "Person":
        if (self.contact is None) == (self.email is None):
            raise ValueError("name one person: a known contact (contact) or anybody by e-mail (email)")
        return self

    def check_person(self, names: Names, place: Place) -> None:
        """Check who it is."""
        if self.contact is not None:
            names.record(self.contact, (*place, "contact"), CONTACTS.name)
        if self.email is not None:
            names.value(names.property(CONTACTS, "email", place), self.email, (*place, "email"))

    def address(self, world: World) -> str:
        """The person's e-mail address; empty where a contact has none."""
        if self.contact is not None:
            return world.record(self.contact).get("email") or ""
        return self.email or ""


class Visitor(Person):
    """Somebody on the website. `as` names the contact that an e-mail address then belongs to."""

    alias: Alias | None = Field(default=None, alias="as")

    @model_validator(mode="after")
    def _one_name(self) -> "Visitor":
        if self.contact is not None and self.alias is not None:
            raise ValueError(f"the contact has an alias already: {self.contact}")
        return self

    def check_visitor(self, names: Names, place: Place) -> None:
        """Check who it is, and the alias."""
        self.check_person(names, place)
        names.bind(self.alias, CONTACTS.name, (*place, "as"))

"""The verb of people who see ads."""

from pydantic import Field

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name
from hubtwin.portal.errors import choices
from hubtwin.portal.objects import CONTACTS
from hubtwin.verbs.fields import Written
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Visitor
from hubtwin.verbs.world import World


class SubmitLeadForm(Visitor):
    """Somebody fills in the lead form of an ad, on the ad network."""

    form: Name
    fields: dict[str, Written] = Field(default_factory=dict)

    def check(self, names: Names, place: Place) -> None:
        """Check the person, the lead form and its fields."""
        self.check_visitor(names, place)
        with names.at((*place, "form")):
            allowed = names.portal.ads.find(self.form).settings.fields
            for name in self.fields:
                if name not in allowed:
                    message = f"lead form {self.form!r} has no field {name!r}; {choices(name, allowed)}"
                    names.problems.append(((*place, "fields", name), message))
        names.written(CONTACTS, self.fields, (*place, "fields"))

    def do(self, world: World) -> None:
        """Fill it in."""
        contact = world.portal.ads.submit(self.form, {"email": self.address(world), **self.fields})
        world.bind(self.alias, contact)

"""What names in a portal file stand for in the JSON of workflows, and the other way round."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.filter_branches import short_forms
from hubtwin.portal.filter_branches.short_forms import Json, Place
from hubtwin.portal.objects import ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Around:
    """The portal, the type of the enrolled records, and the ids of all *flows* by their names.

    What has no such name, or no such id, raises PortalError.
    """

    portal: "Portal"
    type: ObjectType
    flows: Mapping[str, str]

    # -- names to ids ----------------------------------------------------------------------------------

    def flow(self, name: str) -> str:
        """The id of a workflow."""
        if name not in self.flows:
            raise UnknownName("workflow", name, list(self.flows))
        return self.flows[name]

    def list(self, name: str) -> str:
        """The id of a list of the enrolled type."""
        found = self.portal.lists.named(self.type, name)
        if found is None:
            names = [one.name for one in self.portal.lists if one.type is self.type]
            raise UnknownName(f"list of {self.type.name}", name, names)
        return str(found.id)

    def user(self, email: str) -> str:
        """The id of a user."""
        return str(self.portal.users.find(email).user_id)

    def team(self, name: str) -> str:
        """The id of a team."""
        for team in self.portal.users.teams:
            if team.name == name:
                return str(team.id)
        raise UnknownName("team", name, [team.name for team in self.portal.users.teams])

    def email(self, name: str) -> str:
        """The id of a marketing e-mail."""
        return str(self.portal.marketing_emails.find(name).id)

    def subscription(self, name: str) -> str:
        """The id of a subscription type."""
        for one in self.portal.preferences:
            if one.settings.name == name:
                return str(one.id)
        raise UnknownName("subscription type", name, [one.settings.name for one in self.portal.preferences])

    def association(self, object: str | None, label: str | None, place: Place) -> Json:
        """The member `association` for associated records of an object; nothing for the enrolled record itself."""
        if object is None:
            return {}
        type = short_forms.association_named(self.portal, self.type, self.portal.type(object), label, place)
        return {"association": {"associationCategory": type.category, "associationTypeId": type.id}}

    def target(self, object: str | None) -> ObjectType:
        """The type of the records that an action writes to."""
        return self.type if object is None else self.portal.type(object)

    def value(self, type: ObjectType, property: str, value: Any) -> Json:
        """A value of a property: a text stands for itself, an address for an owner, JSON for what it says."""
        if isinstance(value, Mapping):
            return dict(value)
        definition = self.portal.properties[type].get(property)
        is_owner = definition is not None and definition.referenced_object == "OWNER"
        text = str(self.portal.users.find(value).id) if is_owner and "@" in value else value
        return {"type": "STATIC_VALUE", "staticValue": text}

    # -- ids to names ----------------------------------------------------------------------------------

    def flow_called(self, id: str) -> str:
        """The name of a workflow."""
        for name, known in self.flows.items():
            if known == id:
                return name
        raise Refused(f"no workflow has the id {id}")

    def list_called(self, id: str | int) -> str:
        """The name of a list."""
        return self.portal.lists.find(int(id)).name

    def user_called(self, id: str) -> str:
        """The address of a user."""
        found = self.portal.users.get(int(id))
        if found is None:
            raise Refused(f"no user has the id {id}")
        return found.email

    def team_called(self, id: str) -> str:
        """The name of a team."""
        return self.portal.users.team(id).name

    def email_called(self, id: str) -> str:
        """The name of a marketing e-mail."""
        return self.portal.marketing_emails.find(id).name

    def associated(self, association: Mapping[str, Any] | None) -> Json:
        """The keys `associated` and `label` for the member `association`."""
        if not association:
            return {}
        category, id = association["associationCategory"], association["associationTypeId"]
        type = self.portal.associations.get(category, id, self.type)
        label = {} if type.label is None else {"label": type.label}
        return {"associated": self.portal.type(type.to_type).name, **label}

    def read_value(self, type: ObjectType, property: str, value: Mapping[str, Any]) -> Any:
        """A value as a portal file has it."""
        if set(value) != {"type", "staticValue"} or value["type"] != "STATIC_VALUE":
            return dict(value)
        text = value["staticValue"]
        definition = self.portal.properties[type].get(property)
        if definition is not None and definition.referenced_object == "OWNER":
            return next((owner.email for owner in self.portal.users if str(owner.id) == text), text)
        return text

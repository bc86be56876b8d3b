"""The verbs about records: how they come about, change, belong together and go."""

from typing import ClassVar

from pydantic import ConfigDict, Field

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, Record
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused
from hubtwin.portal.merging import merge
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, LEADS, TICKETS, ObjectType
from hubtwin.portal.sources import bulk_edit
from hubtwin.verbs.fields import Alias, Reference, References, Written
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class _NewRecord(Part):
    """A new record: all keys but its own are properties. Who creates it is a user, or else an app."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Written]

    alias: Alias | None = Field(default=None, alias="as")
    by: Name | None = None
    associated_with: References = ()

    @property
    def values(self) -> dict[str, str]:
        """The properties that the record starts with."""
        return self.__pydantic_extra__

    def type_in(self, portal: Portal) -> ObjectType:
        """What kind of record it is. Raises UnknownObjectType."""
        raise NotImplementedError

    def check(self, names: Names, place: Place) -> None:
        """Check properties, their values, the user and the records to associate with."""
        with names.at(place):
            type = self.type_in(names.portal)
            keys = [field.alias or name for name, field in self.__class__.model_fields.items()]
            names.written(type, self.values, place, keys=keys)
            names.required(type, self.values, place)
            self._check_associations(names, type, (*place, "associated_with"))
            names.bind(self.alias, type.name, (*place, "as"))
        names.user(self.by, (*place, "by"))

    def _check_associations(self, names: Names, type: ObjectType, place: Place) -> None:
        for reference in self.associated_with:
            other = names.record(reference, place)
            if other is not None:
                with names.at(place):
                    names.portal.associations.default(type, other)

    def do(self, world: World) -> None:
        """Create the record."""
        type = self.type_in(world.portal)
        links = [(world.record(reference), ()) for reference in self.associated_with]
        record = world.portal.create(type, self.values, links=links, source=world.writer(self.by))
        world.bind(self.alias, record)


class NewOfAnyType(_NewRecord):
    """A new record of any type: `object` names it as paths do, `products` or `2-123`."""

    object: Name

    def type_in(self, portal: Portal) -> ObjectType:
        """The type that is named. Raises UnknownObjectType."""
        return portal.type(self.object)


class _NewOfType(_NewRecord):
    """A new record of one type."""

    kind: ClassVar[ObjectType]

    def type_in(self, portal: Portal) -> ObjectType:
        """That type."""
        return self.kind


class NewContact(_NewOfType):
    """A new contact."""

    kind = CONTACTS


class NewCompany(_NewOfType):
    """A new company."""

    kind = COMPANIES


class NewDeal(_NewOfType):
    """A new deal."""

    kind = DEALS


class NewTicket(_NewOfType):
    """A new ticket."""

    kind = TICKETS


class NewLead(_NewOfType):
    """A new lead, which belongs to a contact or a company."""

    kind = LEADS


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
        world.portal.update(world.record(self.record), self.set, source=world.writer(self.by))


class Update(Part):
    """An app updates a record through the API."""

    record: Reference
    set: dict[str, Written]

    def check(self, names: Names, place: Place) -> None:
        """Check the record, properties and values."""
        names.written(names.record(self.record, (*place, "record")), self.set, (*place, "set"))

    def do(self, world: World) -> None:
        """Update it."""
        world.portal.update(world.record(self.record), self.set)


class BulkEdit(Part):
    """A user edits several records of one type at once, on the index page."""

    records: References = Field(min_length=1)
    by: Name
    set: dict[str, Written]

    def check(self, names: Names, place: Place) -> None:
        """Check the user, the records, properties and values."""
        names.user(self.by, (*place, "by"))
        types = [names.record(reference, (*place, "records")) for reference in self.records]
        if len({type for type in types if type is not None}) > 1:
            names.problems.append(((*place, "records"), "an index page shows records of one type"))
        names.written(types[0], self.set, (*place, "set"))

    def do(self, world: World) -> None:
        """Edit them."""
        user = world.portal.users.find(self.by)
        source = bulk_edit(user.user_id, user.name)
        writes = world.portal.writes
        changes = [writes.check(world.record(reference), self.set, source) for reference in self.records]
        for change in changes:
            writes.apply(change)


class _Two(Part):
    """Two records that are not the same."""

    record: Reference
    other: Reference = Field(alias="with")

    def check_two(self, names: Names, place: Place) -> tuple[ObjectType | None, ObjectType | None]:
        """Check both; return their types."""
        if self.record == self.other:
            names.problems.append(((*place, "with"), "this is the record itself; name another one"))
        return names.record(self.record, (*place, "record")), names.record(self.other, (*place, "with"))

    def both(self, world: World) -> tuple[Record, Record]:
        """The two records. Raises Refused where they are the same."""
        record, other = world.record(self.record), world.record(self.other)
        if record is other:
            raise Refused(f"{self.record!r} and {self.other!r} are the same record")
        return record, other


class Associate(_Two):
    """A user, or else an app, associates two records."""

    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check both records, whether HubSpot has such an association, and the user."""
        names.user(self.by, (*place, "by"))
        record, other = self.check_two(names, place)
        if record is not None and other is not None and self.record != self.other:
            with names.at(place):
                names.portal.associations.default(record, other)

    def do(self, world: World) -> None:
        """Associate them."""
        record, other = self.both(world)
        world.portal.associate(record, other, source=world.writer(self.by))


class Dissociate(_Two):
    """A user, or else an app, takes the association of two records away."""

    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check both records and the user."""
        names.user(self.by, (*place, "by"))
        self.check_two(names, place)

    def do(self, world: World) -> None:
        """Take it away."""
        record, other = self.both(world)
        world.portal.dissociate(record, other, source=world.writer(self.by))


class Merge(_Two):
    """Two records become one; the values of `record` win over those of the one that it is merged with."""

    alias: Alias | None = Field(default=None, alias="as")

    def check(self, names: Names, place: Place) -> None:
        """Check that both records are of one type."""
        record, other = self.check_two(names, place)
        if record is None or other is None:
            return
        if record is not other:
            names.problems.append((place, f"one of the {record.name} can't be merged with one of the {other.name}"))
        names.bind(self.alias, record.name, (*place, "as"))

    def do(self, world: World) -> None:
        """Merge them."""
        world.bind(self.alias, merge(world.portal, *self.both(world)))


class Archive(Part):
    """A user, or else an app, moves a record to the bin."""

    record: Reference
    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the record and the user."""
        names.user(self.by, (*place, "by"))
        names.record(self.record, (*place, "record"))

    def do(self, world: World) -> None:
        """Move it."""
        world.portal.archive(world.record(self.record), source=world.writer(self.by))


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
        world.portal.update(world.record(self.deal), {"dealstage": self.stage}, source=source)

"""Records, and where a portal keeps them."""

import operator
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping

from hubtwin.portal.errors import UnknownRecord
from hubtwin.portal.ids import as_id
from hubtwin.portal.indexes import Index, Order
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.sources import Source


class Record:
    """One contact, company, deal and so on: its present values, and where its history ends in the log.

    *values* holds only what is set, *source* is who created it. Few, flat attributes: a portal holds millions of
    records, and what the garbage collector has to walk decides how fast it is.
    """

    __slots__ = ("archived", "created", "id", "last_entry", "source", "type", "updated", "values")

    def __init__(
        self, type: ObjectType, id: int, created: int, values: dict[str, str], source: Source | None = None
    ) -> None:
        self.type = type
        self.id = id
        self.values = values
        self.source = source
        self.created = created
        self.updated = created
        self.archived: int | None = None
        self.last_entry = -1

    def __repr__(self) -> str:
        return f"<{self.type.singular} {self.id}>"

    def get(self, name: str) -> str | None:
        """The present value of a property, None where it is not set."""
        value = self.values.get(name)
        if value is not None:
            return value
        system = SYSTEM.get(name)
        return self.type.initial.get(name) if system is None else system(self)

    @property
    def stage(self) -> str | None:
        """The present stage: lifecycle stage, deal stage or ticket status."""
        return self.values.get(self.type.stage) if self.type.stage else None

    @property
    def name(self) -> str:
        """What people call the record: a person's name or e-mail address, a company's or deal's name."""
        values = self.values
        person = " ".join(filter(None, (values.get("firstname"), values.get("lastname"))))
        for name in (
            person,
            values.get("email"),
            *map(values.get, ("name", "dealname", "subject", "domain")),
        ):
            if name:
                return name
        return f"{self.type.singular} {self.id}"


def _created(record: Record) -> str:
    return iso(record.created)


def _updated(record: Record) -> str:
    return iso(record.updated)


def _source(record: Record) -> str | None:
    return record.source.type if record.source else None


def _source_id(record: Record) -> str | None:
    return record.source.id if record.source else None


def _of_contacts(value: str) -> "Callable[[Record], str | None]":
    return lambda record: value if record.type is CONTACTS else None


def _offline(source: str, read: "Callable[[Record], str | None]") -> "Callable[[Record], str | None]":
    """What a contact says as long as no visit and nobody decided its *source*: that it came by none (F6.10)."""

    def value(record: Record) -> str | None:
        return read(record) if record.type is CONTACTS and record.source and source not in record.values else None

    return value


#: Properties that follow from a record's identity (W2.5). They take no room in it.
SYSTEM: Mapping[str, Callable[[Record], str | None]] = {
    "createdate": _created,
    "hs_createdate": _created,
    "hs_lastmodifieddate": _updated,
    "hs_object_id": lambda record: str(record.id),
    "hs_object_source": _source,
    "hs_object_source_id": _source_id,
    "hs_object_source_label": _source,
    "lastmodifieddate": lambda record: _updated(record) if record.type.modified == "lastmodifieddate" else None,
    "hs_analytics_num_page_views": _of_contacts("0"),
    "hs_analytics_num_visits": _of_contacts("0"),
    "hs_analytics_average_page_views": _of_contacts("0"),
    "hs_analytics_source": _offline("hs_analytics_source", lambda record: "OFFLINE"),
    "hs_analytics_source_data_1": _offline("hs_analytics_source", _source),
    "hs_analytics_source_data_2": _offline("hs_analytics_source", _source_id),
    "hs_latest_source": _offline("hs_latest_source", lambda record: "OFFLINE"),
    "hs_latest_source_data_1": _offline("hs_latest_source", _source),
    "hs_latest_source_data_2": _offline("hs_latest_source", _source_id),
    "hs_latest_source_timestamp": _offline("hs_latest_source", _created),
}


#: What an index over a property depends on, where that is more than the property: contacts are found by their
#: other addresses too (W2.6), and every write moves the modified date, whatever the type calls it.
_MODIFIED = ("hs_lastmodifieddate", "lastmodifieddate")
_DEPENDENCIES = {"email": ("email", "hs_additional_emails")} | dict.fromkeys(_MODIFIED, _MODIFIED)
_DEPENDENCIES |= {
    f"{source}_{detail}": (source, f"{source}_{detail}")
    for source in ("hs_analytics_source", "hs_latest_source")
    for detail in ("data_1", "data_2", "timestamp")
}


class Records:
    """The records of one object type, by id, by the values that somebody looked for, and in their order.

    What is over a property is built when it is first asked for, and follows all writes from then on.
    """

    def __init__(self, type: ObjectType) -> None:
        self.type = type
        self._live: dict[int, Record] = {}
        self._order: list[int] = []  # all ids that ever were, ascending: where a page starts is found by bisection
        self._archived: dict[int, Record] = {}
        self._merged: dict[int, Record] = {}
        self._indexes: dict[tuple[str, bool], Index] = {}
        self._orders: dict[tuple[str, str], Order] = {}
        self._every: list[Index | Order] = []
        self._followers: dict[str, list[Index | Order]] = {}  # the same, by what they depend on

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[Record]:
        """The records that are not archived, by ascending id."""
        return iter(self._live.values())

    @property
    def archived(self) -> Iterator[Record]:
        """The archived records, by ascending id."""
        return iter(sorted(self._archived.values(), key=operator.attrgetter("id")))

    def starting_at(self, id: int) -> Iterator[Record]:
        """The records from this id on, by ascending id."""
        for position in range(bisect_left(self._order, id), len(self._order)):
            if (record := self._live.get(self._order[position])) is not None:
                yield record

    def get(self, id: int, *, archived: bool = False) -> Record | None:
        """The record with this id, None where there is none. The id of a merged one leads to what it became."""
        if archived:
            return self._archived.get(id)
        return self._live.get(id) or self._merged.get(id)

    def find(self, id: int | str) -> Record:
        """The record with this id. Raises UnknownRecord."""
        record = self.get(as_id(str(id)))
        if record is None:
            raise UnknownRecord(self.type.singular, id)
        return record

    def having(self, property: str, value: str) -> list[Record]:
        """The records whose *property* is exactly *value*, by ascending id.

        Under `email`, contacts are found by their other addresses too.
        """
        return self._index(property, folded=False).find(value)

    def having_folded(self, property: str, value: str) -> list[Record]:
        """The records whose *property* is *value*, which is in lower case, when it is lower-cased."""
        return self._index(property, folded=True).find(value)

    def in_order(self, definition: PropertyDefinition) -> Order:
        """The records in the order of a property, which is one of the ORDERED types."""
        order = self._orders.get((definition.name, definition.type))
        if order is None:
            order = self._orders[definition.name, definition.type] = Order(definition, self._live)
            self._follow(order, definition.name)
        return order

    def add(self, record: Record) -> None:
        """Take a new record in."""
        self._live[record.id] = record
        self._order.append(record.id)
        for follower in self._every:
            follower.note(record)

    def archive(self, record: Record, moment: int) -> None:
        """Move a record to the bin."""
        self.remove(record)
        record.archived = moment
        self._archived[record.id] = record

    def remove(self, record: Record) -> None:
        """Take a record out, bin included, as if it had never been."""
        for follower in self._every:
            follower.forget(record)
        self._live.pop(record.id, None)
        self._archived.pop(record.id, None)

    def replace(self, old: Record, new: Record) -> None:
        """Let *old*'s id, and those that led to it, lead to *new* from now on (W2.4.7)."""
        self.remove(old)
        self._merged |= {id: new for id, record in self._merged.items() if record is old}
        self._merged[old.id] = new

    def put(self, record: Record, property: str, value: str | None) -> None:
        """Set a value of a record, None to clear it. Only the write path calls this."""
        followers = self._followers.get(property, ())
        for follower in followers:
            follower.forget(record)
        if value is None:
            record.values.pop(property, None)
        else:
            record.values[property] = value
        for follower in followers:
            follower.note(record)

    def touch(self, record: Record, moment: int) -> None:
        """Note that a record was last modified at *moment*."""
        followers = self._followers.get(_MODIFIED[0], ())
        for follower in followers:
            follower.forget(record)
        record.updated = max(moment, record.updated)
        for follower in followers:
            follower.note(record)

    def _index(self, property: str, *, folded: bool) -> Index:
        index = self._indexes.get((property, folded))
        if index is None:
            index = self._indexes[property, folded] = Index(property, folded=folded)
            self._follow(index, property)
        return index

    def _follow(self, follower: Index | Order, property: str) -> None:
        """Keep a new index or order up to date."""
        for record in self._live.values():
            follower.note(record)
        self._every.append(follower)
        for name in _DEPENDENCIES.get(property, (property,)):
            self._followers.setdefault(name, []).append(follower)

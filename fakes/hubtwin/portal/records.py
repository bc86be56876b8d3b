"""Records, and where a portal keeps them."""

import operator
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from hubtwin.portal.errors import UnknownRecord
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import ObjectType


class Record:
    """One contact, company, deal and so on: its present values, and where its history ends in the log.

    *values* holds only what is set. Few, flat attributes: a portal holds millions of records, and what the
    garbage collector has to walk decides how fast it is.
    """

    __slots__ = ("archived", "created", "id", "last_entry", "type", "updated", "values")

    def __init__(self, type: ObjectType, id: int, created: int, values: dict[str, str]) -> None:
        self.type = type
        self.id = id
        self.values = values
        self.created = created
        self.updated = created
        self.archived: int | None = None
        self.last_entry = -1

    def __repr__(self) -> str:
        return f"<{self.type.singular} {self.id}>"

    def get(self, name: str) -> str | None:
        """The present value of a property, None where it is not set."""
        value = self.values.get(name)
        if value is None:
            value = self.type.initial.get(name)
            if value is None and name in SYSTEM:
                return SYSTEM[name](self)
        return value

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


#: Properties that follow from a record's identity (W2.5). They take no room in it.
SYSTEM: Mapping[str, Callable[[Record], str | None]] = MappingProxyType(
    {
        "createdate": _created,
        "hs_createdate": _created,
        "hs_lastmodifieddate": _updated,
        "hs_object_id": lambda record: str(record.id),
        "lastmodifieddate": lambda record: _updated(record) if record.type.modified == "lastmodifieddate" else None,
    }
)


#: A property's values, each with the records that have it.
Index = dict[str, dict[int, Record]]


def _keys(record: Record, property: str) -> list[str]:
    """What a record is found by under a property: its value; for e-mail, the other addresses too (W2.6)."""
    value = record.get(property)
    keys = [] if value is None else [value]
    if property == "email" and (others := record.values.get("hs_additional_emails")):
        keys += others.split(";")
    return keys


class Records:
    """The records of one object type, by id and by the values that somebody looked for.

    An index over a property is built when it is first asked for, and kept from then on.
    """

    def __init__(self, type: ObjectType) -> None:
        self.type = type
        self._live: dict[int, Record] = {}
        self._order: list[int] = []  # all ids that ever were, ascending: where a page starts is found by bisection
        self._archived: dict[int, Record] = {}
        self._merged: dict[int, Record] = {}
        self._indexes: dict[str, Index] = {}
        self._folded: dict[str, Index] = {}
        self._followed: set[str] = set()  # the properties that an index is over

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
        index = self._indexes.get(property)
        if index is None:
            index = self._indexes[property] = {}
            self._followed.add(property)
            for record in self._live.values():
                _note(index, _keys(record, property), record)
        return _by_id(index, value)

    def having_folded(self, property: str, value: str) -> list[Record]:
        """The records whose *property* is *value*, which is in lower case, when it is lower-cased."""
        index = self._folded.get(property)
        if index is None:
            index = self._folded[property] = {}
            self._followed.add(property)
            for record in self._live.values():
                _note(index, map(str.lower, _keys(record, property)), record)
        return _by_id(index, value)

    def add(self, record: Record) -> None:
        """Take a new record in."""
        self._live[record.id] = record
        self._order.append(record.id)
        for property in self._followed:
            self._index(record, property)

    def archive(self, record: Record, moment: int) -> None:
        """Move a record to the bin."""
        self.remove(record)
        record.archived = moment
        self._archived[record.id] = record

    def remove(self, record: Record) -> None:
        """Take a record out, bin included, as if it had never been."""
        for property in self._followed:
            self._unindex(record, property)
        self._live.pop(record.id, None)
        self._archived.pop(record.id, None)

    def replace(self, old: Record, new: Record) -> None:
        """Let *old*'s id, and those that led to it, lead to *new* from now on (W2.4.7)."""
        self.remove(old)
        self._merged |= {id: new for id, record in self._merged.items() if record is old}
        self._merged[old.id] = new

    def put(self, record: Record, property: str, value: str | None) -> None:
        """Set a value of a record, None to clear it. Only the write path calls this."""
        indexed = "email" if property == "hs_additional_emails" else property
        if indexed in self._followed:
            self._unindex(record, indexed)
        if value is None:
            record.values.pop(property, None)
        else:
            record.values[property] = value
        if indexed in self._followed:
            self._index(record, indexed)

    def touch(self, record: Record, moment: int) -> None:
        """Note that a record was last modified at *moment*."""
        modified = record.type.modified
        if modified in self._followed:
            self._unindex(record, modified)
        record.updated = max(moment, record.updated)
        if modified in self._followed:
            self._index(record, modified)

    def _index(self, record: Record, property: str) -> None:
        if (index := self._indexes.get(property)) is not None:
            _note(index, _keys(record, property), record)
        if (folded := self._folded.get(property)) is not None:
            _note(folded, map(str.lower, _keys(record, property)), record)

    def _unindex(self, record: Record, property: str) -> None:
        if (index := self._indexes.get(property)) is not None:
            _forget(index, _keys(record, property), record)
        if (folded := self._folded.get(property)) is not None:
            _forget(folded, map(str.lower, _keys(record, property)), record)


def _note(index: Index, keys: Iterable[str], record: Record) -> None:
    for key in keys:
        index.setdefault(key, {})[record.id] = record


def _forget(index: Index, keys: Iterable[str], record: Record) -> None:
    for key in keys:
        if (holders := index.get(key)) is not None:
            holders.pop(record.id, None)
            if not holders:
                del index[key]


def _by_id(index: Index, value: str) -> list[Record]:
    found = index.get(value)
    return [found[id] for id in sorted(found)] if found else []

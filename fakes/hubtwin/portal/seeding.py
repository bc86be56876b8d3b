"""The records and lists that are there when a portal starts, written in the order of its file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.checking import wrong_names
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import ConfigurationError, Refused
from hubtwin.portal.filter_branches import short_forms
from hubtwin.portal.ids import numbered
from hubtwin.portal.lists import FIRST_ID
from hubtwin.portal.moments import iso
from hubtwin.portal.object_lists import DYNAMIC, MANUAL, SNAPSHOT
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.problems import Problems
from hubtwin.portal.records import Record
from hubtwin.portal.sources import seed
from hubtwin.portal.writes import Link

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

_PROCESSING = {"dynamic": DYNAMIC, "snapshot": SNAPSHOT, "static": MANUAL}


def beginning(configuration: Configuration, start: int) -> int:
    """Where the clock of a portal begins that is to *start* then: its first records may be older."""
    return min([start, *_dates(configuration)])


def end(configuration: Configuration, start: int) -> int:
    """The moment at which all records are there: *start*, or later where some are younger."""
    return max([start, *_dates(configuration)])


def _dates(configuration: Configuration) -> Iterator[int]:
    records = (record for item in configuration.records for record in item.values())
    return (record.created for record in records if record.created is not None)


class Seeding:
    """What one portal starts with; *records* are those that its file gave an alias.

    *entries* is how many entries the log had by then.
    """

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self.records: dict[str, Record] = {}
        self.entries = 0

    def plant(self, start: int) -> None:
        """Write all records, each at its date; then let it be *start*, make lists, scores and workflows, look at names.

        Raises ConfigurationError.
        """
        problems, clock = Problems(), self._portal.clock
        for number, item in enumerate(self._portal.configuration.records):
            for word, record in item.items():
                with problems.at("records", number, word):
                    self._write(self._portal.type(word), record, f"records.{number}.{word}", start)
        if clock.now < start:
            clock.run_until(start)
        self._make_lists(problems)
        self._portal.scores.start(problems)
        self._portal.workflows.start(problems)
        self._portal.views.start(problems)
        problems.found += wrong_names(self._portal)
        problems.settle()
        self.entries = len(self._portal.log)

    # -- records ---------------------------------------------------------------------------------------

    def _write(self, type: ObjectType, wanted: configuration.InitialRecord, rule: str, start: int) -> None:
        self._wait(wanted.created, start)
        links = [self._link(alias, place) for place, alias in enumerate(wanted.associated_with)]
        record = self._portal.create(type, self._values(type, wanted.values), links=links, source=seed(rule))
        if wanted.alias is not None:
            self.records[wanted.alias] = record

    def _wait(self, moment: int | None, start: int) -> None:
        if moment is None:
            return
        if moment > start:
            raise ConfigurationError(("created",), f"lies after the moment at which the portal starts, {iso(start)}")
        if moment < self._portal.clock.now:
            message = f"lies before the record above, which was there at {iso(self._portal.clock.now)}"
            raise ConfigurationError(("created",), f"{message}; write records in the order of their dates")
        self._portal.clock.run_until(moment)

    def _link(self, alias: str, place: int) -> Link:
        if alias not in self.records:
            message = f"no record further up is called '${alias}'; a record is associated with earlier ones"
            raise ConfigurationError(("associated_with", place), message)
        return self.records[alias], ()

    def _values(self, type: ObjectType, values: Mapping[str, str]) -> dict[str, str]:
        """The values, with the ids of users in the place of their e-mail addresses."""
        return {name: self._owner(type, name, value) for name, value in values.items()}

    def _owner(self, type: ObjectType, name: str, value: str) -> str:
        definition = self._portal.properties[type].get(name)
        if definition is None or definition.referenced_object != "OWNER" or "@" not in value:
            return value
        return str(self._portal.users.find(value).id)

    # -- lists -----------------------------------------------------------------------------------------

    def _make_lists(self, problems: Problems) -> None:
        wanted = self._portal.configuration.lists
        ids = numbered([list.id for list in wanted], FIRST_ID)
        for number in _in_order(wanted, problems):
            with problems.at("lists", number):
                self._make_list(wanted[number], ids[number], f"lists.{number}")

    def _make_list(self, wanted: configuration.RecordList, id: int, rule: str) -> None:
        type, branch = self._portal.type(wanted.object), None
        if wanted.filters is not None:
            try:
                branch = short_forms.expanded(self._portal, type, wanted.filters)
            except ConfigurationError as error:
                raise error.below("filters") from None
        source = seed(rule)
        kind = _PROCESSING[wanted.kind]
        list = self._portal.lists.create(wanted.name, type, kind, branch, source=source, rule=rule, id=id)
        members = [self.records[alias] for alias in wanted.members if alias in self.records]
        for member in members:
            if member.type is not type:
                raise Refused(f"{member} can't be in a list of {type.name}")
        if members:
            self._portal.lists.add(list, members, source=source)


def _in_order(lists: Iterable[configuration.RecordList], problems: Problems) -> list[int]:
    """The numbers of lists, those that others ask about before these; otherwise in the order of the file."""
    numbers = {list.name: number for number, list in enumerate(lists)}
    asks = {
        number: sorted(numbers[name] for name in short_forms.lists_in(list.filters or {}) if name in numbers)
        for number, list in enumerate(lists)
    }
    ordered: list[int] = []
    circular: set[int] = set()

    def visit(number: int, above: tuple[int, ...]) -> None:
        if number in above:
            problems.add(("lists", number), "asks in its filters, through others, about itself")
            circular.update(above[above.index(number) :])
        elif number not in ordered:
            for other in asks[number]:
                visit(other, (*above, number))
            ordered.append(number)

    for number in asks:
        visit(number, ())
    return [number for number in dict.fromkeys(ordered) if number not in circular]

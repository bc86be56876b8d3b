"""The log: everything that ever happened in a portal, in order, and what caused it.

It is the property history, the records' timelines and the run's event log at once. Its rows are kept in
columns, because a portal has millions of them; an `Entry` is one row, made when somebody looks.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.records import Record

CREATED = "created"
SET = "set"
KEPT = "kept"
ASSOCIATED = "associated"
DISSOCIATED = "dissociated"
ARCHIVED = "archived"
MERGED = "merged"
FORM_SUBMITTED = "form submitted"
FORM_VIEWED = "form viewed"
FORM_INTERACTED = "form interaction"
MEETING_BOOKED = "meeting booked"
CHAT_STARTED = "chat started"
CONVERSATION_STARTED = "conversation started"
BOT_STEP = "bot step"
PAGE_VIEWED = "page viewed"
IDENTIFIED = "identified"
EVENT_OCCURRED = "event occurred"
TIMELINE_EVENT = "timeline event"
SUBSCRIPTION_CHANGED = "subscription changed"
PARTICIPATED = "marketing event"
EMAIL_SENT = "e-mail sent"
EMAIL_DROPPED = "e-mail dropped"
EMAIL_SUPPRESSED = "e-mail suppressed"
EMAIL_DELIVERED = "e-mail delivered"
EMAIL_BOUNCED = "e-mail bounced"
EMAIL_OPENED = "e-mail opened"
EMAIL_CLICKED = "e-mail clicked"
EMAIL_REPLIED = "e-mail replied"
EMAIL_REPORTED = "e-mail reported as spam"
EMAIL_UNSUBSCRIBED = "e-mail unsubscribed"
SYNCED = "synced"
BILLED = "billing"
EMAIL_LOGGED = "e-mail logged"
LEAD_FORM_SUBMITTED = "lead form submitted"
IMPORT_STARTED = "import started"
SETTINGS_CHANGED = "settings changed"
SCORE_PUBLISHED = "score published"
JOINED_LIST = "joined list"
LEFT_LIST = "left list"
ENROLLED = "enrolled"
UNENROLLED = "unenrolled"
KEPT_OUT = "kept out of workflow"
ACTION_SUCCEEDED = "action succeeded"
ACTION_FAILED = "action failed"
NOTIFIED = "notified"
REQUESTED = "request"

_NONE = -1


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that somebody did: submitted a form, booked a meeting.

    *kind* is the log's, *words* name what it was about, *facts* are what HubSpot's event of it tells, by the names of
    the event's properties.
    """

    kind: str
    words: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words


class Entry(NamedTuple):
    """One row of the log.

    *number* is its place in the log. *value* depends on *kind*: the new value of a property (`set`), the
    value that a writer asked for in vain (`kept`), the other record and the association types
    (`associated`, `dissociated`), the Activity of somebody, a text (the rest). *before* is the value that a `set`
    replaced. *cause* is the number of the entry that caused this one, None for what came from outside.
    """

    number: int
    kind: str
    moment: int
    record: "Record | None"
    property: str | None
    value: Any
    before: str | None
    source: Source
    cause: int | None


class Version(NamedTuple):
    """One version of a property's value: None where it was cleared."""

    value: str | None
    moment: int
    source: Source


class Log:
    """The rows, appended only."""

    def __init__(self) -> None:
        self._kinds: list[str] = []
        self._moments = array("q")
        self._records: list[Record | None] = []
        self._properties: list[str | None] = []
        self._values: list[Any] = []
        self._befores: list[str | None] = []
        self._sources: list[Source] = []
        self._causes = array("q")
        self._previous = array("q")

    def __len__(self) -> int:
        return len(self._kinds)

    def __getitem__(self, number: int) -> Entry:
        return Entry(
            number,
            self._kinds[number],
            self._moments[number],
            self._records[number],
            self._properties[number],
            self._values[number],
            self._befores[number],
            self._sources[number],
            self.cause(number),
        )

    def __iter__(self) -> Iterator[Entry]:
        return map(self.__getitem__, range(len(self)))

    def append(
        self,
        kind: str,
        moment: int,
        record: "Record | None",
        source: Source,
        cause: int | None,
        property: str | None = None,
        value: Any = None,
        before: str | None = None,
    ) -> int:
        """Add a row and return its number."""
        number = len(self._kinds)
        self._kinds.append(kind)
        self._moments.append(moment)
        self._records.append(record)
        self._properties.append(property)
        self._values.append(value)
        self._befores.append(before)
        self._sources.append(source)
        self._causes.append(_NONE if cause is None else cause)
        if record is None:
            self._previous.append(_NONE)
        else:
            self._previous.append(record.last_entry)
            record.last_entry = number
        return number

    def moment(self, number: int) -> int:
        """The moment of an entry."""
        return self._moments[number]

    def cause(self, number: int) -> int | None:
        """The number of the entry that caused this one, None for what came from outside."""
        cause = self._causes[number]
        return None if cause == _NONE else cause

    def timeline(self, record: "Record", after: int = _NONE) -> Iterator[Entry]:
        """All that happened to *record*, newest first; in entries *after* a number only."""
        return map(self.__getitem__, self._rows(record, after))

    def _rows(self, record: "Record", after: int = _NONE) -> Iterator[int]:
        number = record.last_entry
        while number > after:
            yield number
            number = self._previous[number]

    def whole_timeline(self, record: "Record", after: int = _NONE) -> Iterator[Entry]:
        """All that happened to *record* and to those that were merged into it; newest first for each of them.

        Where a number is given, what its timeline has *after* that, and what came in by merges.
        """
        for entry in self.timeline(record, after):
            yield entry
            if entry.kind == MERGED:
                for old in entry.value or ():
                    yield from self.whole_timeline(old)

    def versions(self, record: "Record", property: str) -> list[Version]:
        """The versions of one property's value, newest first (F6.1).

        A record's first values have no rows of their own: they are what the oldest later row replaced, or
        the present value where none did, written by whoever created the record.
        """
        versions: list[Version] = []
        first = record.get(property)
        for entry in self._about(record, property):
            if entry.kind == SET and entry.property == property:
                versions.append(Version(entry.value, entry.moment, entry.source))
                first = entry.before
            elif entry.kind == CREATED and first is not None:
                versions.append(Version(first, entry.moment, entry.source))
            elif entry.kind == MERGED:
                versions.extend(self._before_merge(entry, property, first))
        return versions

    def _about(self, record: "Record", property: str) -> Iterator[Entry]:
        """The entries of a record that may tell of a property's value, newest first."""
        for number in self._rows(record):
            if self._properties[number] == property or self._kinds[number] in (CREATED, MERGED):
                yield self[number]

    def _before_merge(self, entry: Entry, property: str, present: str | None) -> list[Version]:
        """The versions of both records that a merge made one of, and the value that it chose."""
        both = [version for record in entry.value for version in self.versions(record, property)]
        both.sort(key=lambda version: version.moment, reverse=True)
        if present is not None and (not both or both[0].value != present):
            both.insert(0, Version(present, entry.moment, entry.source))
        return both

    def forget(self, record: "Record") -> None:
        """Wipe what *record*'s rows say. The rows stay: others may point to them as their cause."""
        for number in self._rows(record):
            self._values[number] = None
            self._befores[number] = None

    def why(self, number: int) -> list[Entry]:
        """The chain of causes that ends in entry *number*, what started it first."""
        chain = [self[number]]
        while (cause := chain[-1].cause) is not None:
            chain.append(self[cause])
        return chain[::-1]

    def last(self, record: "Record", property: str, kind: str = SET) -> Entry | None:
        """The newest entry of *kind* about a property of *record*; for a first value, its creation."""
        for entry in self._about(record, property):
            if (entry.kind == kind and entry.property == property) or (kind == SET and entry.kind == CREATED):
                return entry
        return None

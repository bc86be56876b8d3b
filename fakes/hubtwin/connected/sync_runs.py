"""What the runs of a sync did, record by record."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["created", "updated", "deleted", "kept", "skipped", "error", "loop"]


@dataclass(frozen=True, slots=True)
class SyncEvent:
    """What a run did about one record, on which *side*.

    *kept* is a lifecycle stage that HubSpot did not move back; *skipped* a record that the sync leaves out; *error*
    something that a side refused; *loop* a change that was not passed on because it would go round for ever, along
    *path*.
    """

    kind: Kind
    side: str
    record: str
    message: str = ""
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class SyncRun:
    """One run of a sync, at a *moment*."""

    number: int
    moment: int
    events: list[SyncEvent] = field(default_factory=list)

    def __repr__(self) -> str:
        counts = {kind: self.count(kind) for kind in dict.fromkeys(event.kind for event in self.events)}
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        return f"<SyncRun {self.number}: {told or 'nothing to do'}>"

    def note(self, kind: Kind, side: str, record: object, message: str = "", path: tuple[str, ...] = ()) -> None:
        """Note what the run did."""
        self.events.append(SyncEvent(kind, side, str(record), message, path))

    def count(self, kind: Kind) -> int:
        """How many events are of a kind."""
        return sum(event.kind == kind for event in self.events)

    def of(self, *kinds: Kind) -> Iterator[SyncEvent]:
        """The events of some kinds."""
        return (event for event in self.events if event.kind in kinds)

    @property
    def created(self) -> int:
        """How many records it made, on both sides."""
        return self.count("created")

    @property
    def updated(self) -> int:
        """How many records it changed, on both sides."""
        return self.count("updated")

    @property
    def skipped(self) -> int:
        """How many records it left out."""
        return self.count("skipped")

    @property
    def errors(self) -> list[SyncEvent]:
        """What a side refused, and the loops that were stopped."""
        return list(self.of("error", "loop"))

"""Coverages: those of all configurations that a run used."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from hubtwin.coverage.coverage import Coverage, Share, fresh, name_of, share_as_json
from hubtwin.coverage.evidence import Evidence, transitions
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal.log import Entry, Log
from hubtwin.portal.portal import Portal

#: The format of what `as_json` makes.
VERSION = 1


class Coverages:
    """What was exercised of each configuration of a run, by name."""

    def __init__(self) -> None:
        self._coverages: dict[str, Coverage] = {}
        self._evidence: dict[str, Evidence] = {}
        self._seen: WeakKeyDictionary[Log, Entry] = WeakKeyDictionary()

    def __iter__(self) -> Iterator[Coverage]:
        return iter(self._coverages.values())

    def __len__(self) -> int:
        return len(self._coverages)

    @property
    def share(self) -> Share:
        """How much of all configurations together was exercised."""
        shares = [coverage.share for coverage in self]
        return Share(sum(share.exercised for share in shares), sum(share.of for share in shares))

    def add(self, portal: Portal, file: PortalFile | None = None) -> Coverage:
        """Add what happened in a portal since it was there, or since it was added before; return its coverage.

        *file* is what it was made of, where that is known. What its beginning wrote, its initial records among it,
        counts for nothing: nobody did that.
        """
        file = file or PortalFile(portal.configuration)
        name = name_of(file)
        if name not in self._evidence:
            blank = fresh(file.configuration)
            self._evidence[name] = Evidence(blank)
            self.merge([Coverage.of(file, blank)])
        coverage, numbers = self._coverages[name], self._unseen(portal)
        coverage.hits.update(self._evidence[name].rules(portal.log, numbers))
        coverage.transitions.update(transitions(map(portal.log.__getitem__, numbers)))
        return coverage

    def _unseen(self, portal: Portal) -> range:
        """The numbers of the entries that were not looked at: all, where the portal went back in the meantime."""
        log, last = portal.log, self._seen.get(portal.log)
        if len(log):
            self._seen[log] = log[len(log) - 1]
        goes_on = last is not None and last.number < len(log) and log[last.number] == last
        return range(last.number + 1 if last is not None and goes_on else portal.seeding.entries, len(log))

    def merge(self, others: Iterable[Coverage]) -> None:
        """Add what was exercised elsewhere."""
        for other in others:
            if other.name in self._coverages:
                self._coverages[other.name].merge(other)
            else:
                self._coverages[other.name] = other

    def as_json(self) -> dict[str, Any]:
        """All of it, as plain data."""
        return {
            "coverage": VERSION,
            **share_as_json(self.share),
            "portals": [coverage.as_json() for coverage in self],
        }


def from_json(data: Mapping[str, Any]) -> list[Coverage]:
    """The coverages that `as_json` told of. Raises KeyError, TypeError or ValueError for anything else."""
    if data["coverage"] != VERSION:
        raise ValueError(f"format {data['coverage']!r} is not known")
    return [Coverage.from_json(one) for one in data["portals"]]

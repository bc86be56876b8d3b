"""Awaiting: records that wait in a flow until an event occurs (F7.29, F7.17.29)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubtwin.portal.filter_branches.criteria import Interest
from hubtwin.portal.filter_branches.occurrences import Occurred
from hubtwin.portal.flows.flow import Enrollment, Flow, Wait
from hubtwin.portal.lookouts import Lookouts
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Awaiting:
    """What the records of one portal's flows wait for; *occurred* is called with who waited, and the log's entry."""

    def __init__(self, portal: "Portal", occurred: Callable[[Flow, Enrollment, Wait, int], None]) -> None:
        self._portal = portal
        self._occurred = occurred
        self._lookouts = Lookouts(portal, self._look)
        self._watched: set[tuple[Flow, Interest]] = set()

    def watch(self, flow: Flow, events: Sequence[Occurred]) -> None:
        """Let events of these kinds be looked at for the flow, from now on."""
        for event in events:
            for interest in event.interests():
                if (flow, interest) not in self._watched:
                    self._watched.add((flow, interest))
                    self._lookouts.post(flow, [interest])

    def _look(self, flow: Flow, record: Record, number: int) -> None:
        entry, enrollment = self._portal.log[number], flow.active.get(record)
        wait = None if enrollment is None else enrollment.awaits
        if enrollment is None or wait is None or entry.record is not record:
            return
        if any(event.kind == entry.kind and event.wanted(entry) for event in wait.events):
            self._occurred(flow, enrollment, wait, number)

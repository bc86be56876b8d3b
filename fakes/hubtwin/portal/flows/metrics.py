"""Metrics of a flow: how many records came in, where they are, how they left, and what each action did (F7.33.2)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.flows import action_log
from hubtwin.portal.flows.action_log import ENROLLED, FAILED, LEFT, SUCCEEDED, ActionEvent
from hubtwin.portal.flows.flow import Enrollment, Flow
from hubtwin.portal.flows.titles import titles_of

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

_Counted = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class BranchMetrics:
    """How often a branch was taken; *place* is where it stands in the action's JSON, as in `listBranches.0`."""

    place: str
    name: str
    taken: int


@dataclass(frozen=True, slots=True)
class ActionMetrics:
    """How often an action *succeeded* and *failed*, and how many records are *waiting* there now.

    A record waits at its delay, and where nothing may run now, at the action that comes next. A delay succeeded when
    it is over.
    """

    action: str
    title: str
    succeeded: int
    failed: int
    waiting: int
    branches: Sequence[BranchMetrics] = ()


@dataclass(frozen=True, slots=True)
class Metrics:
    """How many records a flow *enrolled*, and how many different ones of those (*unique*).

    Some are *active* in it now, some have *completed* it, some have *left* it before, by the reasons. Its *actions*
    come in their order, behind them those that it has no more.
    """

    enrolled: int
    unique: int
    active: int
    completed: int
    left: Mapping[str, int]
    actions: Sequence[ActionMetrics]


def of(portal: "Portal", flow: Flow) -> Metrics:
    """The metrics of a flow from its making until now. Of records whose data was wiped only completion counts."""
    events = list(action_log.events(portal, flow, since=0))
    came = [event.record for event in events if event.status == ENROLLED]
    return Metrics(
        enrolled=len(came),
        unique=len(set(came)),
        active=len(flow.active),
        completed=len(flow.arrivals),
        left=dict(Counter(event.message for event in reversed(events) if event.status == LEFT)),
        actions=tuple(_actions(flow, events, portal.clock.now)),
    )


def _actions(flow: Flow, events: Sequence[ActionEvent], now: int) -> Iterator[ActionMetrics]:
    did: _Counted = Counter((event.action, event.status) for event in events if event.action)
    taken: _Counted = Counter((event.action, event.branch) for event in events if event.action and event.branch)
    waiting = Counter(_places(flow, events, now))
    for id, title in _titles(flow, events).items():
        yield ActionMetrics(
            id, title, did[id, SUCCEEDED], did[id, FAILED], waiting[id], tuple(_branches(flow, id, taken))
        )


def _titles(flow: Flow, events: Sequence[ActionEvent]) -> dict[str, str]:
    """The actions that the flow has, and those that it had when records came to them."""
    known, found = titles_of(flow), [event.action for event in reversed(events) if event.action is not None]
    return {id: known[id] for id in (*flow.plan.actions, *found)}


def _branches(flow: Flow, id: str, taken: _Counted) -> Iterator[BranchMetrics]:
    arms = dict(flow.plan.actions[id].arms()) if id in flow.plan.actions else {}
    gone = {place: place for action, place in sorted(taken) if action == id and place not in arms}
    for place, name in {**arms, **gone}.items():
        yield BranchMetrics(place, name, taken[id, place])


def _places(flow: Flow, events: Sequence[ActionEvent], now: int) -> Iterator[str | None]:
    """The actions at which records are now."""
    newest: dict[int, ActionEvent] = {}
    for event in events:
        if event.action is not None:
            newest.setdefault(event.enrollment, event)
    for enrollment in flow.active.values():
        yield _place(enrollment, newest.get(enrollment.number), now)


def _place(enrollment: Enrollment, last: ActionEvent | None, now: int) -> str | None:
    """The delay that a record is in; else the action that comes next, or came last where none does."""
    if last is None or (enrollment.action is not None and (last.until is None or last.until <= now)):
        return enrollment.action
    return last.action

"""What our own pages do to a portal when they are told to."""

from typing import Any

from hubtwin.doors import questions, telling
from hubtwin.doors.asking import Asked, CannotAnswer
from hubtwin.doors.reception import Reception
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import from_iso, iso
from hubtwin.portal.snapshots import Snapshot
from hubtwin.verbs import do
from hubtwin.verbs.live import LAST_MOMENT

#: How many snapshots are kept at most: each is as large as its portal.
MOST_SNAPSHOTS = 100


def do_verb(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Do a verb, `{"submit_form": {…}}`: what came of it."""
    said = asked.object()
    if len(said) != 1:
        raise CannotAnswer(f"expected one verb, found {', '.join(map(repr, said)) or 'none'}")
    ((verb, what),) = said.items()
    return telling.done(reception, do(reception.portal, verb, what))


def change_settings(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Change settings, each named by its path: the settings afterwards."""
    do(reception.portal, "change_settings", asked.object())
    return questions.settings(reception, asked)


def clear_calls(reception: Reception, asked: Asked) -> None:
    """Forget which calls were answered."""
    reception.calls.clear()


# -- time ----------------------------------------------------------------------------------------------


def move_clock(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Let time pass, `by` a duration or up `to` a moment: the time afterwards, and what happened meanwhile."""
    said = asked.object("by", "to")
    if len(said) != 1:
        raise CannotAnswer("say how far: by a duration, as in 1d 12h, or to a moment, as in 2026-03-02T09:00")
    before = len(reception.portal.log)
    if "by" in said:
        do(reception.portal, "wait", said["by"])
    else:
        reception.portal.clock.run_until(_moment(reception, said["to"]))
    return {**questions.clock(reception, asked), "entries": len(reception.portal.log) - before}


def _moment(reception: Reception, text: Any) -> int:
    """The moment that the clock is to come to. Raises CannotAnswer."""
    try:
        moment = from_iso(text)
    except (TypeError, ValueError):
        raise CannotAnswer(f"not a moment; write it as in 2026-03-02T09:00: {text!r}") from None
    now = reception.portal.clock.now
    if moment < now:
        raise CannotAnswer(f"the clock can't go back from {iso(now)} to {iso(moment)}; restore a snapshot", 409)
    if moment > LAST_MOMENT:
        raise CannotAnswer(f"a portal's calendar ends at {iso(LAST_MOMENT)}")
    return moment


# -- going back ----------------------------------------------------------------------------------------


def reset(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Let the portal be as it was when it started."""
    reception.portal.reset()
    return questions.health(reception, asked)


def clear(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Let there be no records and no history."""
    reception.portal.clear()
    return questions.health(reception, asked)


def list_snapshots(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The snapshots, oldest first."""
    return {"snapshots": [_snapshot(id, one) for id, one in reception.snapshots.items()]}


def take_snapshot(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Take a snapshot: its id."""
    kept = reception.snapshots
    if len(kept) >= MOST_SNAPSHOTS:
        raise CannotAnswer(f"there are {MOST_SNAPSHOTS} snapshots; delete one first", 409)
    id = next(reception.snapshot_ids)
    kept[id] = reception.portal.snapshot()
    return _snapshot(id, kept[id])


def restore_snapshot(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Let the portal be as it was when a snapshot was taken."""
    reception.portal.restore(reception.snapshots[_find(reception, asked)])
    return questions.health(reception, asked)


def delete_snapshot(reception: Reception, asked: Asked) -> None:
    """Drop a snapshot."""
    del reception.snapshots[_find(reception, asked)]


def _find(reception: Reception, asked: Asked) -> int:
    id = as_id(asked.path["id"])
    if id not in reception.snapshots:
        known = ", ".join(map(str, reception.snapshots)) or "there is none"
        raise CannotAnswer(f"no snapshot has the id {asked.path['id']!r}; choose from: {known}", 404)
    return id


def _snapshot(id: int, one: Snapshot) -> dict[str, Any]:
    return {"id": id, "at": iso(one.moment), "entries": one.entries, "bytes": len(one.content)}

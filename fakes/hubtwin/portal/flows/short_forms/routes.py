"""Routes: actions lie in each other in a portal file, and lead to each other in HubSpot's JSON.

In a file, what follows a branch is done by all who took one of its ways, unless that way has an `end`. In JSON each
action names the next one, and ways that come together lead to the same action: by a STANDARD edge the first of them,
by a GOTO edge the others (F7.15).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hubtwin.portal.configuration import BranchOn, Choose, EndHere, IfThen, Part, RawAction, Split
from hubtwin.portal.errors import ConfigurationError, Refused
from hubtwin.portal.filter_branches.short_forms import Json, Place

#: Where the actions with several ways keep these in JSON, and whether all others take a default way.
_WAYS: Mapping[str, tuple[str, bool]] = {
    "LIST_BRANCH": ("listBranches", True),
    "STATIC_BRANCH": ("staticBranches", True),
    "AB_TEST_BRANCH": ("testBranches", False),
}

STANDARD, GOTO = "STANDARD", "GOTO"


class NotShort(Exception):
    """The short form can't say it."""


# -- from a file ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Stop:
    """An action of a file on the map: its *id*, its *place*, and the stops on each of its ways."""

    id: str
    action: Any
    place: Place
    ways: "list[list[Stop]]" = field(default_factory=list)
    ends: list[bool] = field(default_factory=list)


class Map:
    """The actions of a workflow in a file, with their ids; *stops* are those that stand outermost."""

    def __init__(self, actions: Sequence[Part]) -> None:
        self._count = 0
        self.stops: list[Stop] = self._stops(actions, ("actions",))[0]

    def _stops(self, actions: Sequence[Any], place: Place) -> tuple[list[Stop], bool]:
        """The stops for actions that follow each other, and whether the workflow ends behind them.

        Raises ConfigurationError.
        """
        stops: list[Stop] = []
        for number, action in enumerate(actions):
            if isinstance(action, EndHere):
                if number + 1 < len(actions):
                    raise ConfigurationError(
                        (*place, number + 1), "nothing comes behind `end: true`; take one of both out"
                    )
                return stops, True
            self._count += 1
            stop = Stop(action.id or str(self._count), action, (*place, number))
            for way in ways_of(action):
                inner, ends = self._stops(_at(action, way), (*stop.place, *way))
                stop.ways.append(inner)
                stop.ends.append(ends)
            stops.append(stop)
        return stops, False

    def all(self) -> Iterator[Stop]:
        """All stops, in the order of the file."""
        return _all(self.stops)


def _all(stops: Sequence[Stop]) -> Iterator[Stop]:
    for stop in stops:
        yield stop
        for way in stop.ways:
            yield from _all(way)


def ways_of(action: Any) -> list[Place]:
    """Where in an action of a file further ones lie: the default way last."""
    match action:
        case IfThen():
            return [("then",), ("else",)]
        case Choose():
            return [*(("choose", number, "then") for number in range(len(action.choose))), ("else",)]
        case BranchOn():
            return [*(("cases", value) for value in action.cases), ("else",)]
        case Split():
            return [("split", number, "then") for number in range(len(action.split))]
        case RawAction():
            return [("ways", number) for number in range(len(action.ways))]
    return []


def branches_of(stop: Stop, type: str) -> Iterator[tuple[str, Place]]:
    """The places of the branches of a stop: in JSON of a *type*, and in the file."""
    member, has_default = _WAYS.get(type, ("", False))
    ways = ways_of(stop.action)
    for number, way in enumerate(ways):
        is_default = has_default and number == len(ways) - 1
        yield "defaultBranch" if is_default else f"{member}.{number}", (*stop.place, *way)


def _at(action: Any, way: Place) -> Sequence[Any]:
    found: Any = action
    for step in way:
        name = "else_" if step == "else" else str(step)
        found = getattr(found, name) if isinstance(found, Part) else found[step]
    actions: Sequence[Any] = found
    return actions


def check_ways(written: Mapping[str, Any], number: int) -> None:
    """Check that the JSON of an action has as many ways on as its place in a file. Raises Refused."""
    member, has_default = _WAYS.get(written["type"], ("", False))
    branches = written.get(member, []) if member else []
    if not isinstance(branches, list) or not all(isinstance(one, dict) for one in branches):
        raise Refused(f"{member} must be a list of branches")
    if number != (ways := len(branches) + has_default):
        raise Refused(f"{written['type']} has {ways} ways here, the default one included; say what is done on each")


class Roads:
    """Connects the JSON of actions as they follow each other on a map."""

    def __init__(self, written: Mapping[str, Json]) -> None:
        self._written = written
        self._reached: set[str] = set()

    def lay(self, stops: Sequence[Stop], after: str | None) -> None:
        """Connect *stops* with each other, and the last of them with the action *after* them."""
        for number, stop in enumerate(stops):
            next = stops[number + 1].id if number + 1 < len(stops) else after
            written = self._written[stop.id]
            if not stop.ways:
                self._connect(written, "connection", next)
                continue
            member, has_default = _WAYS[written["type"]]
            for place, (way, ends) in enumerate(zip(stop.ways, stop.ends, strict=True)):
                behind = None if ends else next
                is_default = has_default and place == len(stop.ways) - 1
                holder, name = (written, "defaultBranch") if is_default else (written[member][place], "connection")
                self._connect(holder, name, way[0].id if way else behind)
                self.lay(way, behind)

    def _connect(self, holder: Json, name: str, next: str | None) -> None:
        if next is not None:
            edge = GOTO if next in self._reached else STANDARD
            self._reached.add(next)
            holder[name] = {"edgeType": edge, "nextActionId": next}


# -- from JSON -----------------------------------------------------------------------------------------------


def next_of(action: Mapping[str, Any]) -> list[str | None]:
    """The ids of the actions that an action's ways lead to: None where one ends."""
    if action["type"] not in _WAYS:
        return [_id(action.get("connection"))]
    member, has_default = _WAYS[action["type"]]
    ways = [_id(way.get("connection")) for way in action[member]]
    return [*ways, _id(action.get("defaultBranch"))] if has_default else ways


def unconnected(action: Mapping[str, Any]) -> Json:
    """An action without its id and its connections."""
    left_out = ("actionId", "connection", "defaultBranch")
    alone = {name: value for name, value in action.items() if name not in left_out}
    if action["type"] in _WAYS:
        member = _WAYS[action["type"]][0]
        alone[member] = [{name: value for name, value in way.items() if name != "connection"} for way in action[member]]
    return alone


def _id(connection: Mapping[str, Any] | None) -> str | None:
    return None if connection is None else str(connection["nextActionId"])


@dataclass(frozen=True, slots=True)
class Found:
    """An action of JSON on its way: what *ways* lead on from it, where there are several."""

    id: str
    action: Mapping[str, Any]
    ways: "tuple[tuple[Found | None, ...], ...]" = ()


class Walk:
    """Goes along the connections of JSON actions, each of which it may come to once."""

    def __init__(self, actions: Mapping[str, Mapping[str, Any]]) -> None:
        self._actions = actions
        self._next = {id: next_of(action) for id, action in actions.items()}
        self._seen: set[str] = set()

    def whole(self, start: str | None) -> "tuple[Found | None, ...]":
        """All actions from *start* on. Raises NotShort where the short form has no place for one."""
        found = self._from(start, None)
        if self._seen != self._actions.keys():
            raise NotShort("some actions are never reached")
        return found

    def _from(self, id: str | None, until: str | None) -> "tuple[Found | None, ...]":
        """The actions from one on, up to another; None stands for an end before that."""
        found: list[Found | None] = []
        while id is not None and id != until:
            if id in self._seen:
                raise NotShort(f"ways meet at action {id} and part again")
            self._seen.add(id)
            ways = self._next[id]
            if self._actions[id]["type"] in _WAYS:
                meeting = self._meeting(ways, until)
                found.append(Found(id, self._actions[id], tuple(self._from(way, meeting) for way in ways)))
                id = meeting
            else:
                found.append(Found(id, self._actions[id]))
                (id,) = ways
        if id is None and until is not None:
            found.append(None)
        return tuple(found)

    def _meeting(self, ways: Sequence[str | None], until: str | None) -> str | None:
        """Where ways come together: the first action that several of them lead to, or where all of them have to go."""
        reached = [self._reached(way, until) for way in ways if way is not None]
        shared = [id for id in dict.fromkeys(id for way in reached for id in way) if _count(id, reached) > 1]
        beyond = {later for id in shared for later in self._reached(id, until) if later != id}
        return next((id for id in shared if id not in beyond), until)

    def _reached(self, start: str, until: str | None) -> list[str]:
        """All actions that come after one, itself included, in the order of the ways; none behind *until*."""
        found: dict[str, None] = {}
        waiting = [start]
        while waiting:
            id = waiting.pop(0)
            if id not in found:
                found[id] = None
                if id != until:
                    waiting += [next for next in self._next[id] if next is not None]
        return list(found)


def _count(id: str, ways: Sequence[Sequence[str]]) -> int:
    return sum(id in way for way in ways)

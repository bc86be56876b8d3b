"""A journey as a graph: what a file's reader can tell about it before anybody walks it."""

from collections.abc import Callable, Iterable, Mapping, Set

from hubtwin.files.documents import Place
from hubtwin.journeys.states import State
from hubtwin.portal.errors import UnknownName

#: State → the states that it leads to.
Edges = Mapping[str, Iterable[str]]

Problems = list[tuple[Place, str]]


def problems(start: str, states: Mapping[str, State]) -> Problems:
    """What is wrong with a journey's states, each with its place in the file."""
    if unknown := _unknown(start, states):
        return unknown  # all else would only follow from these
    edges = {name: [target for _, target in _targets(state)] for name, state in states.items()}
    back = {name: [other for other in states if name in edges[other]] for name in states}
    reached = _reached([start], edges)
    ending = _reached([name for name, state in states.items() if state.way is None], back)
    without_meeting = _reached([start], _cut(edges, lambda name: states[name].gives_meeting))
    return [
        *_each(states, lambda name: name not in reached, f"no way leads here from the start, {start!r}"),
        *_each(states, lambda name: name not in ending, "no way leads from here to an end"),
        *_each(
            states,
            lambda name: states[name].needs_meeting and name in without_meeting,
            "some come here without a meeting; put a state with 'book_meeting' before it",
        ),
        *_each(
            states,
            lambda name: name in _timeless(name, edges, states),
            "buyers come back here in no time; put a 'wait' into the loop",
        ),
    ]


def _unknown(start: str, states: Mapping[str, State]) -> Problems:
    named: Problems = [(("start",), start)]
    named += [(("states", name, *place), to) for name, state in states.items() for place, to in _targets(state)]
    return [(place, str(UnknownName("state", to, list(states)))) for place, to in named if to not in states]


def _targets(state: State) -> list[tuple[Place, str]]:
    if state.way is None:
        return []
    key, way = state.way
    return [((key, *place), target) for place, target in way.targets()]


def _each(states: Iterable[str], wrong: Callable[[str], bool], message: str) -> Problems:
    return [(("states", name), message) for name in states if wrong(name)]


def _reached(starts: Iterable[str], edges: Edges) -> Set[str]:
    """The states that can be reached along the edges, the starts included."""
    found = dict.fromkeys(starts)
    waiting = list(found)
    while waiting:
        for target in edges[waiting.pop()]:
            if target not in found:
                found[target] = None
                waiting.append(target)
    return found.keys()


def _cut(edges: Edges, at: Callable[[str], bool]) -> Edges:
    """The edges without those that lead from some of the states."""
    return {name: () if at(name) else targets for name, targets in edges.items()}


def _timeless(name: str, edges: Edges, states: Mapping[str, State]) -> Set[str]:
    """The states that can be reached from this one while no time passes."""
    quick = _cut(edges, lambda one: states[one].takes_time)
    return _reached(quick[name], quick)

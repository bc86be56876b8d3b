"""Snapshots: a portal as it was at one moment, to come back to.

A portal and its parts (`portal.log`, `portal.clock`, `portal.lists`) stay the objects that they are: whoever holds one
holds it after a restore, too. What lies in them is made anew. A record that somebody got before is therefore none of
the portal's afterwards: ask for it again by its id.
"""

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hubtwin.portal.apps import App, Installation
from hubtwin.portal.associations import AssociationType
from hubtwin.portal.configuration import Part
from hubtwin.portal.errors import Refused
from hubtwin.portal.filter_branches.criteria import Criterion
from hubtwin.portal.handlers import Handler
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipelines import Pipeline, Stage
from hubtwin.portal.properties import PropertyDefinition, PropertyGroup
from hubtwin.portal.score_definitions import ScoreDefinition
from hubtwin.portal.sightings import Watcher
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: What never changes, or leads to nothing that does but the portal itself: it is not copied. Object types are told
#: apart by identity; what changes about a custom one is kept beside it.
_SHARED = (
    *(
        App,
        AssociationType,
        Criterion,
        Handler,
        Installation,
        ObjectType,
        Part,
        Pipeline,
        PropertyDefinition,
        PropertyGroup,
    ),
    *(ScoreDefinition, Source, Stage, Watcher),
)


@dataclass(frozen=True)
class Snapshot:
    """What a portal was like at *moment*, when its log had so many *entries*. It can be restored any number of times.

    *content* is its state, which names the *shared* values by their numbers.
    """

    moment: int
    entries: int
    content: bytes
    shared: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<Snapshot of {self.entries} entries>"


def take(portal: "Portal", names: Iterable[str]) -> Snapshot:
    """The portal as it is now; *names* are the attributes that belong to it.

    Raises Refused in the middle of a write, while a simulation runs on the portal, and while a webhook is delivered.
    """
    _check_calm(portal)
    if portal.outbox.is_delivering:
        raise Refused("a webhook of the portal is being delivered; it can be copied once that is answered")
    attributes = {name: value for name, value in vars(portal).items() if name in names}
    parts = _parts(attributes)
    types = [(type, vars(type)) for type in portal.types if type.is_custom]
    file = BytesIO()
    writer = _Writer(file, {id(portal): ""} | {id(part): name for name, part in parts.items()})
    writer.dump((attributes, {name: part.__getstate__() for name, part in parts.items()}, types))
    return Snapshot(portal.clock.now, len(portal.log), file.getvalue(), tuple(writer.shared))


def restore(portal: "Portal", snapshot: Snapshot) -> None:
    """Let the portal be as it was. Raises Refused in the middle of a write, and while a simulation runs on it."""
    _check_calm(portal)
    known = {"": portal, **_parts(vars(portal))}
    attributes, states, types = _Reader(BytesIO(snapshot.content), snapshot.shared, known).load()
    for name, state in states.items():
        _put(known[name], state)
    for type, values in types:
        vars(type).update(values)
    vars(portal).update(attributes)


def renew(portal: "Portal", names: Iterable[str], make: Callable[[], None]) -> None:
    """Let *make* fill the portal's attributes anew; its parts stay the objects that they are. Raises Refused."""
    _check_calm(portal)
    present = dict(vars(portal))
    make()
    fresh = take(portal, names)
    vars(portal).update(present)
    restore(portal, fresh)


def _check_calm(portal: "Portal") -> None:
    if portal.reactions.is_running:
        raise Refused("the portal is in the middle of a write; it can be copied and restored before or after it")
    if portal.clock.has_processes:
        raise Refused("a simulation runs on the portal; it can be copied and restored before or after the run")


def _parts(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that are parts of a portal: objects of the project's own that change."""
    return {
        name: value
        for name, value in attributes.items()
        if type(value).__module__.startswith("hubtwin.") and not isinstance(value, _SHARED)
    }


def _put(part: Any, state: Any) -> None:
    """Give a part the state that `__getstate__` told."""
    if hasattr(part, "__setstate__"):
        part.__setstate__(state)
        return
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    if attributes is not None:
        vars(part).clear()
        vars(part).update(attributes)
    for name, value in (slots or {}).items():
        setattr(part, name, value)


def _proxy(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


class _Writer(pickle.Pickler):
    """Writes state, with parts by their names and shared values by their numbers."""

    def __init__(self, file: BytesIO, names: Mapping[int, str]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._known: dict[int, str | int] = {**names}
        self._kinds: dict[type, bool] = {}
        self.shared: list[Any] = []

    def persistent_id(self, thing: Any) -> str | int | None:
        known = self._known.get(id(thing))
        if known is None and self._is_shared(thing):
            known = self._known[id(thing)] = len(self.shared)
            self.shared.append(thing)
        return known

    def _is_shared(self, thing: Any) -> bool:
        """Whether it is shared: looked up once for each type, as there are millions of texts."""
        kind = type(thing)
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = isinstance(thing, _SHARED)
        return found

    def reducer_override(self, thing: Any) -> Any:
        if type(thing) is count:  # Python itself stops copying counters; only their text tells where they are
            return count, (int(repr(thing).removeprefix("count(").removesuffix(")")),)
        if type(thing) is MappingProxyType:
            return _proxy, (dict(thing),)  # its class has no name that leads to it
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Reads what a writer wrote."""

    def __init__(self, file: BytesIO, shared: tuple[Any, ...], parts: Mapping[str, Any]) -> None:
        super().__init__(file)
        self._shared = shared
        self._parts = parts

    def persistent_load(self, known: str | int) -> Any:
        return self._parts[known] if isinstance(known, str) else self._shared[known]

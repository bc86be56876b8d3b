"""A last look at what was read: parts that don't hold together as a portal file are left out."""

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import ValidationError

from hubtwin.files.portals import plain
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.portal import Portal
from hubtwin.portal.present import LIVE
from hubtwin.pulling.notes import Notes

Place = tuple[str | int, ...]


def settled(portal: Portal, notes: Notes) -> dict[str, Any]:
    """The data of a portal file that makes a portal like this one, as far as there can be one."""
    data = _exported(portal, notes)
    while wrong := dict(_wrong(data)):
        for place in _from_behind(wrong):
            notes.add(_remove(data, place), wrong[place])
    return data


def _from_behind(places: Collection[Place]) -> list[Place]:
    """Places in an order in which what stands there can be taken out; those inside others go with these."""
    outer = [place for place in places if not any(place[:depth] in places for depth in range(1, len(place)))]
    return sorted(outer, key=lambda place: [step if isinstance(step, int) else -1 for step in place], reverse=True)


def _exported(portal: Portal, notes: Notes) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for part, read in LIVE.items():
        with notes.leaving_out(part):
            parts[part] = read(portal)
    return plain(Configuration.model_construct(None, **{**dict(portal.configuration), **parts}))


def _wrong(data: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """The parts that don't hold, and why not."""
    try:
        Portal(Configuration.model_validate(data))
    except ConfigurationError as error:
        yield from ((_part(data, one.place), one.message) for one in error.all)
    except ValidationError as error:
        for one in error.errors():
            reason = one.get("ctx", {}).get("error")
            if isinstance(reason, ConfigurationError):
                yield from ((_part(data, (*one["loc"], *other.place)), other.message) for other in reason.all)
            else:
                yield _part(data, one["loc"]), one["msg"]


def _part(data: dict[str, Any], place: Place) -> Place:
    """The place of the form, list, property… that an error is about: the first item of a list on the way to it."""
    found: Any = data
    for depth, step in enumerate(place):
        if isinstance(found, list):
            return place[: depth + 1]
        if not isinstance(found, dict) or step not in found:
            return place[:1]
        found = found[step]
    return place[:1]


def _remove(data: dict[str, Any], place: Place) -> str:
    """Take the part at *place* out; return what notes call it."""
    holder: Any = data
    for step in place[:-1]:
        holder = holder[step]
    gone = holder.pop(place[-1])
    name = next((gone[key] for key in ("name", "label", "email", "id") if key in gone), None) if gone else None
    path = ".".join(str(step) for step in place[:-1])
    return f"{path} {name!r}" if isinstance(gone, dict) and name else ".".join(map(str, place))

"""Loops among field mappings: values that several mappings would translate and push to each other for ever.

What a sync wrote is no change for that sync, so one mapping alone can't do it. Two can, where one brings a property's
value to a field and the other brings the field's value back as another one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hubtwin.portal.configuration.references import Place
from hubtwin.portal.configuration.synced import FieldMapping
from hubtwin.portal.errors import ConfigurationError


class Link(NamedTuple):
    """A mapping between *here*, a property, and *there*, a field, at its *place* in the configuration."""

    mapping: FieldMapping
    here: str
    there: str
    place: Place


class _Step(NamedTuple):
    """One direction of a link: what it makes of values; None in *terms* leaves them as they are."""

    link: int
    start: str
    end: str
    terms: Mapping[str, str] | None

    def translate(self, value: str) -> str | None:
        """The value at the other end; None for one that has no term there, which is not passed on."""
        return value if self.terms is None else self.terms.get(value)


def check_loops(links: Sequence[Link]) -> None:
    """Check that no value is pushed round for ever. Raises ConfigurationError, which names the path."""
    steps = [step for number, link in enumerate(links) for step in _steps(number, link)]
    for circle in _circles(steps):
        for value in dict.fromkeys(known for step in circle for known in step.terms or ()):
            path = _endless(circle, value)
            if path:
                place = max(links[step.link].place for step in circle)
                message = f"these mappings would push each other for ever: {' -> '.join(path)}"
                raise ConfigurationError(place, message)


def _steps(number: int, link: Link) -> Iterator[_Step]:
    """The ways on which a mapping replaces values: a side that only fills blanks replaces none."""
    mapping = link.mapping
    if mapping.rule in ("two_way", "prefer_hubspot", "always_hubspot"):
        yield _Step(number, link.here, link.there, mapping.terms() or None)
    if mapping.rule in ("two_way", "prefer_other", "always_other"):
        yield _Step(number, link.there, link.here, mapping.terms_back() or None)


def _circles(steps: Sequence[_Step]) -> Iterator[list[_Step]]:
    """The ways that lead back to where they begin, and use no mapping twice."""
    for first in steps:
        yield from _continued(steps, [first])


def _continued(steps: Sequence[_Step], way: list[_Step]) -> Iterator[list[_Step]]:
    if way[-1].end == way[0].start:
        yield way
        return
    used = {step.link for step in way}
    visited = {step.start for step in way}
    for step in steps:
        if step.start == way[-1].end and step.link not in used and step.end not in visited - {way[0].start}:
            yield from _continued(steps, [*way, step])


def _endless(circle: Iterable[_Step], value: str) -> list[str]:
    """The path of a value that comes back as another one, and then again; empty where it comes to rest."""
    circle = list(circle)
    path, seen, at_start = [f"{circle[0].start} {value!r}"], [value], value
    while True:
        for step in circle:
            translated = step.translate(value)
            if translated is None:
                return []
            value = translated
            path.append(f"{step.end} {value!r}")
        if value == at_start:
            return []
        if value in seen:
            return path
        seen.append(value)
        at_start = value

"""Texts in a configuration that name other parts of it, found by what their fields are annotated with.

A field that is `Annotated[str, Defines("form")]` gives a form its name; one that is `Annotated[str, Refers("form")]`
has to be such a name. Nobody has to list where in a portal file names may stand.
"""

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hubtwin.portal.errors import ConfigurationError, choices

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Defines:
    """Marks a text, or a number, that gives a part of this *kind* its name; *folded* ones differ in more than case."""

    kind: str
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a text that is the name of a part of this *kind*."""

    kind: str


class Named(NamedTuple):
    """A name at its *place* in a configuration, and what it does there."""

    place: Place
    mark: Defines | Refers
    name: Any


def names(part: BaseModel, place: Place = ()) -> Iterator[Named]:
    """All marked texts in a part of a configuration, in the order of the file."""
    for field, key, annotation in _marked_fields(type(part)):
        yield from _names(getattr(part, field), annotation, (*place, key))


def check(configuration: BaseModel) -> None:
    """Check that no name is given twice, and that each name that is referred to was given.

    Raises ConfigurationError.
    """
    known: dict[str, dict[Any, Defines]] = {}
    references: list[tuple[Place, Refers, str]] = []
    problems: list[ConfigurationError] = []
    for place, mark, name in names(configuration):
        if isinstance(mark, Refers):
            references.append((place, mark, name))
            continue
        defined = known.setdefault(mark.kind, {})
        key = name.lower() if mark.folded else name
        if key in defined:
            problems.append(ConfigurationError(place, f"{key!r} is there twice"))
        defined[key] = mark
    for place, mark, name in references:
        defined = known.get(mark.kind, {})
        if name not in defined and not (name.lower() in defined and defined[name.lower()].folded):
            message = f"no {mark.kind} is called {name!r}; {choices(name, list(defined))}"
            problems.append(ConfigurationError(place, message))
    if problems:
        raise ConfigurationError.of(problems)


@lru_cache(maxsize=512)
def _marked_fields(model: type[BaseModel]) -> tuple[tuple[str, str, Any], ...]:
    """The fields of a model in which marked texts may stand: name, key in the file, annotation."""
    found = ((name, field.alias or name, _annotation(field)) for name, field in model.model_fields.items())
    return tuple(row for row in found if _has_marks(row[2], ()))


def _annotation(field: FieldInfo) -> Any:
    """A field's annotation, with what pydantic took off it put back."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _has_marks(annotation: Any, seen: tuple[type, ...]) -> bool:
    """Whether marked texts may stand in values of an annotation."""
    if any(isinstance(mark, Defines | Refers) for mark in getattr(annotation, "__metadata__", ())):
        return True
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if not issubclass(annotation, BaseModel) or annotation in seen:
            return False
        fields = annotation.model_fields.values()
        return any(_has_marks(_annotation(field), (*seen, annotation)) for field in fields)
    return any(_has_marks(inner, seen) for inner in typing.get_args(annotation))


def _names(value: Any, annotation: Any, place: Place) -> Iterator[Named]:
    """The marked texts in a value."""
    if isinstance(value, BaseModel):
        yield from names(value, place)
        return
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is Annotated:
        if isinstance(value, str | int):
            yield from (Named(place, mark, value) for mark in arguments[1:] if isinstance(mark, Defines | Refers))
        yield from _names(value, arguments[0], place)
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for argument in arguments:
            yield from _names(value, argument, place)
    elif isinstance(value, Mapping) and arguments:
        for key, member in value.items():
            yield from _names(key, arguments[0], (*place, key))
            yield from _names(member, arguments[1], (*place, key))
    elif isinstance(value, Sequence) and not isinstance(value, str) and arguments:
        for number, member in enumerate(value):
            yield from _names(member, arguments[0], (*place, number))

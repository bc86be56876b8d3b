"""Documents as pydantic models, with errors that a person can act on."""

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hubtwin.files.documents import Document, FileError
from hubtwin.portal.errors import ConfigurationError, choices

#: How much of a value an error shows.
MAX_SHOWN = 200

Model = TypeVar("Model", bound=BaseModel)

#: What pydantic's errors about the shape of data mean to whoever writes YAML.
_SHAPES = {
    "dict_type": "keys and values",
    "list_type": "a list",
    "model_type": "keys and values",
    "tuple_type": "a list",
}


def load(document: Document, model: type[Model]) -> Model:
    """The document as an instance of *model*.

    Raises FileError, with one line for each problem: `file:line  path: what is wrong; what is allowed`.
    """
    if not isinstance(document.data, dict):
        raise FileError([document.problem((), f"expected keys and values, found {_named(document.data)}")])
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = {line: None for details in error.errors() for line in _problems(document, model, details)}
        raise FileError(list(found)) from None


def located(document: Document, error: ConfigurationError, location: Sequence[str | int] = ()) -> list[str]:
    """What is wrong with a configuration, as a FileError lists it; *location* is that of the whole in the document."""
    above = _place(document.data, location)
    ordered = sorted(error.all, key=lambda one: document.line((*above, *one.place)))
    return [document.problem((*above, *one.place), one.message) for one in ordered]


def _problems(document: Document, model: type[BaseModel], details: ErrorDetails) -> list[str]:
    reason = details.get("ctx", {}).get("error")
    if isinstance(reason, ConfigurationError):
        return located(document, reason, details["loc"])
    return [_problem(document, model, details)]


def _problem(document: Document, model: type[BaseModel], details: ErrorDetails) -> str:
    location = details["loc"]
    place = _place(document.data, location)
    if details["type"] == "extra_forbidden":
        key = str(location[-1])
        allowed = choices(key, sorted(_keys(model, location[:-1])))
        return document.problem(place, f"unknown key {key!r}; {allowed}", under=1)
    if details["type"] == "missing":
        return document.problem(place, f"the key {str(location[-1])!r} is missing")
    if (shape := _SHAPES.get(details["type"])) is not None:
        return document.problem(place, f"expected {shape}, found {_named(details['input'])}")
    message = details["msg"].removeprefix("Value error, ")
    value = details["input"]
    shown = f": {_named(value)}" if isinstance(value, str | int | float | bool) else ""
    return document.problem(place, f"{message}{shown}")


def _named(value: Any) -> str:
    """What was written, as an error shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "keys and values"
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _place(data: Any, location: Sequence[str | int]) -> tuple[str | int, ...]:
    """The part of an error's location that exists in the data: pydantic adds names of types to it."""
    place: list[str | int] = []
    for step in location:
        if isinstance(data, Mapping | list):
            try:
                data = data[step]  # type: ignore[index]  # a step of the wrong kind is one that isn't there
            except (KeyError, IndexError, TypeError):
                continue
            place.append(step)
    return tuple(place)


def _keys(model: type[BaseModel], location: Sequence[str | int]) -> set[str]:
    """The keys that are allowed where an error is."""
    found: list[Any] = [model]
    for step in location:
        inner = [part for kind in found for part in _inside(kind, step)]
        found = inner or [kind for kind in found if getattr(kind, "__name__", "") == step] or found
    return {field.alias or name for kind in found for name, field in kind.model_fields.items()}


def _inside(model: type[BaseModel], step: str | int) -> Iterator[type[BaseModel]]:
    """The models that the field *step* of *model* may hold, whatever they are wrapped in."""
    for name, field in model.model_fields.items():
        if step in (name, field.alias):
            yield from models_in(field.annotation)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation names, whatever they are wrapped in."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for argument in typing.get_args(annotation):
        yield from models_in(argument)

"""YAML documents that remember where everything in them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

#: Where something stands in a document: keys and positions from the top, as in `("forms", 0, "name")`.
Place = tuple[str | int, ...]

MAX_BYTES = 5_000_000
MAX_NODES = 500_000
MAX_DEPTH = 60
MAX_NUMBER = 2**63


class FileError(Exception):
    """A file can't be used. Each of *problems* is one line, `file:line  what is wrong`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Document:
    """A YAML document: its *data*, and the line on which each part of it begins.

    A part of a document is a document too: *base* is the place where its data stands in the whole.
    """

    name: str
    data: Any
    lines: Mapping[Place, int]
    base: Place = ()

    def part(self, place: Sequence[str | int], data: Any) -> "Document":
        """The part at *place*, with *data* for what stands there."""
        return Document(self.name, data, self.lines, (*self.base, *place))

    def has(self, place: Sequence[str | int]) -> bool:
        """Whether something is written at *place*."""
        return (*self.base, *place) in self.lines

    def line(self, place: Sequence[str | int]) -> int:
        """The line of the thing at *place*, or of the nearest thing around it."""
        found = (*self.base, *place)
        while found and found not in self.lines:
            found = found[:-1]
        return self.lines.get(found, 1)

    def where(self, place: Sequence[str | int]) -> str:
        """`file:line` of the thing at *place*."""
        return f"{self.name}:{self.line(place)}"

    def problem(self, place: Sequence[str | int], message: str, *, under: int = 0) -> str:
        """What is wrong at *place*, as a FileError lists it; its last *under* steps are left out of the path."""
        path = ".".join(map(str, (*self.base, *place[: len(place) - under])))
        return f"{self.where(place)}  {path}: {message}" if path else f"{self.where(place)}  {message}"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where there is one
    """The safe loader, less YAML's timestamps and old words for true and false.

    A time stays the text that somebody wrote, and so do `on`, `off`, `yes` and `no`, which are keys and answers.
    """


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp" and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
    ]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read(path: Path | str) -> Document:
    """The YAML document in a file.

    Raises FileError where there is no such file, it is not UTF-8 or YAML, or it is too large.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # what never ends, as some devices, is too large, too
        if len(content) > MAX_BYTES:
            raise FileError([f"{path}:1  the file is larger than {MAX_BYTES:,} bytes"])
        text = content.decode()
    except OSError as error:
        raise FileError([f"{path}: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError([f"{path}:{line}  not UTF-8 text: {error.reason} at byte {error.start}"]) from None
    except ValueError as error:
        raise FileError([f"{str(path)!r}: {error}"]) from None
    return parse(text, str(path))


def parse(text: str, name: str) -> Document:
    """The YAML document in *text*; errors call it *name*. Raises FileError."""
    loader = _Loader(text)
    try:
        _check_depth(text, name)
        root = loader.get_single_node()
        reader = _Reader(loader, name)
        data = None if root is None else reader.read(root, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FileError([f"{name}:{line}  not valid YAML: {error.problem or error.context}"]) from None
    except yaml.reader.ReaderError as error:
        line, found = text.count("\n", 0, error.position) + 1, error.character
        raise FileError([f"{name}:{line}  not valid YAML: the character {found!r} can't stand there"]) from None
    finally:
        loader.dispose()
    return Document(name, data, reader.lines)


def _check_depth(text: str, name: str) -> None:
    """Look at the text's brackets and indents first: libyaml's own stack overflows on too many of them."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise FileError([f"{name}:{line}  the document is too large or too deep"])


class _Reader:
    """Turns YAML nodes into plain data and notes their lines."""

    def __init__(self, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name
        self._nodes = 0
        self.lines: dict[Place, int] = {}

    def read(self, node: yaml.Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        self._nodes += 1
        if self._nodes > MAX_NODES or len(place) > MAX_DEPTH:
            raise FileError([f"{self._name}:{line}  the document is too large or too deep"])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*place, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        line = node.start_mark.line + 1
        try:
            value = self._loader.construct_object(node)
        except (ValueError, LookupError):
            raise FileError([f"{self._name}:{line}  not a value of the type {node.tag}"]) from None
        if (isinstance(value, float) and not isfinite(value)) or (isinstance(value, int) and abs(value) >= MAX_NUMBER):
            raise FileError([f"{self._name}:{line}  the number is too large, or none at all"])
        return value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise FileError([f"{self._name}:{line}  a key must be a word, not a list or a mapping"])
            key = self._scalar(key_node)
            if key in data:
                raise FileError([f"{self._name}:{line}  the key {key!r} is there twice"])
            self.lines[(*place, key)] = line
            data[key] = self.read(value_node, (*place, key))
        return data

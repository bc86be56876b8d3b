"""Reading scenario files: a suite, and the cases that are run one by one."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubtwin.files import Document, FileError, load, read
from hubtwin.files.documents import Place
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal import Portal
from hubtwin.scenarios.aliases import AliasNames
from hubtwin.scenarios.format import VERSION, Example, SuiteFile
from hubtwin.scenarios.portals import portal_of, short
from hubtwin.scenarios.rows import fill, rows
from hubtwin.verbs.verbs import OneVerb, Verb

#: What the name of a scenario file ends in.
SUFFIX = ".scenario.yaml"


@dataclass(frozen=True)
class Case:
    """One test, or one *row* of a test with a table. *document* is the test's part of the file."""

    example: Example
    document: Document
    row: str | None
    portal: PortalFile
    start: int

    @property
    def name(self) -> str:
        """The test's id, with the row's name in brackets."""
        return self.example.id if self.row is None else f"{self.example.id}[{self.row}]"

    @property
    def line(self) -> int:
        """The line of the file on which the test begins."""
        return self.document.line(())

    @property
    def command(self) -> str:
        """The command line that runs this case alone."""
        return shlex.join(["hubtwin", "test", self.document.name, "-k", self.name])

    def verbs(self) -> Iterator[tuple[Place, str, Verb]]:
        """What the test does, in order: place in the test, word, verb."""
        both: tuple[tuple[str, Sequence[OneVerb]], ...] = (("given", self.example.given), ("steps", self.example.steps))
        for key, items in both:
            for number, item in enumerate(items):
                yield (key, number, item.word), item.word, item.verb


@dataclass(frozen=True)
class Suite:
    """A scenario file: its title and its cases, in the order of the file."""

    path: Path
    title: str
    cases: tuple[Case, ...]


def read_suite(path: Path | str) -> Suite:
    """The suite in a file. All of the file is checked first, as far as that can be done without running it.

    Raises FileError, with all problems that were found.
    """
    document = read(short(Path(path)))
    _check_version(document)
    file = load(document, SuiteFile)
    portal = portal_of(document, Path(path).parent)
    reader = _Reader(document, portal, file.clock.start)
    for number, test in enumerate(file.tests):
        reader.read(number, test)
    if reader.problems:
        raise FileError(list(dict.fromkeys(reader.problems)))
    return Suite(Path(document.name), file.suite, tuple(reader.cases))


def _check_version(document: Document) -> None:
    version = document.data.get("scenario", VERSION) if isinstance(document.data, dict) else VERSION
    if version != VERSION:
        message = f"format {version!r} is not known; this version of HubTwin reads format {VERSION}"
        raise FileError([document.problem(("scenario",), message)])


class _Reader:
    """Makes cases of the tests of one file, and collects what is wrong with them."""

    def __init__(self, document: Document, portal: PortalFile, start: int) -> None:
        self._document = document
        self._portal = portal
        self._start = start
        self._empty = Portal(portal.configuration)
        self._numbers: dict[str, int] = {}
        self.cases: list[Case] = []
        self.problems: list[str] = []

    def read(self, number: int, test: dict[str, Any]) -> None:
        part = self._document.part(("tests", number), test)
        self._note_id(number, part)
        try:
            for name, row in rows(part).items():
                filled = {key: value if key == "each" else fill(value, row) for key, value in test.items()}
                self._case(self._document.part(("tests", number), filled), name, list(row))
        except FileError as error:
            self.problems.extend(error.problems)

    def _note_id(self, number: int, part: Document) -> None:
        """Two tests of one file can't have the same id: it names them on the command line."""
        id = part.data.get("id")
        if isinstance(id, str) and (first := self._numbers.setdefault(id, number)) != number:
            line = self._document.line(("tests", first))
            self.problems.append(part.problem(("id",), f"the test on line {line} has the id {id!r} already"))

    def _case(self, part: Document, row: str | None, columns: list[str]) -> None:
        case = Case(load(part, Example), part, row, self._portal, self._start)
        names = AliasNames(self._empty, columns)
        for place, _, verb in case.verbs():
            verb.check(names, place)
        self.problems.extend(part.problem(place, message) for place, message in names.problems)
        self.cases.append(case)

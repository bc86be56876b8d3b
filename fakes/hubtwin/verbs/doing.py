"""Doing: one verb on a portal, and what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hubtwin.files import Document, FileError, load
from hubtwin.files.documents import Place
from hubtwin.portal import Entry, Portal, PortalError, Record
from hubtwin.portal.stories import tell
from hubtwin.verbs.live import LiveNames, LiveWorld
from hubtwin.verbs.table import Action


class WrongVerb(PortalError):
    """A verb can't be done, because of what is said in it. Each of *problems* is one line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Done(NamedTuple):
    """What came of a verb: the *entries* of the log that are new, in order."""

    entries: tuple[Entry, ...]

    @property
    def records(self) -> list[Record]:
        """The records that were touched, in the order in which that happened first."""
        return list(dict.fromkeys(entry.record for entry in self.entries if entry.record is not None))

    @property
    def story(self) -> list[str]:
        """The entries in words, a line each."""
        return [tell(entry) for entry in self.entries]


def do(portal: Portal, verb: str, said: Any = None) -> Done:
    """Do a verb, as in `do(portal, "submit_form", {"form": "Demo", "email": "ada@client.example"})`.

    Records are called as in `contacts/1001`, or by an e-mail address or domain that no other one has.

    Raises WrongVerb for what can't be meant, and what else the portal refuses with; nothing is done then.
    """
    action = read({verb: {} if said is None else said})
    names = LiveNames(portal)
    action.verb.check(names, (verb,))
    if names.problems:
        raise WrongVerb([f"{_path(place)}: {message}" for place, message in names.problems])
    before = len(portal.log)
    action.verb.do(LiveWorld(portal))
    return Done(tuple(portal.log[number] for number in range(before, len(portal.log))))


def read(said: Mapping[str, Any]) -> Action:
    """The verb that a mapping with one key says. Raises WrongVerb."""
    try:
        return load(Document("", dict(said), {}), Action)
    except FileError as error:
        # What is said of files begins with their name and the line.
        raise WrongVerb([problem.partition("  ")[2] for problem in error.problems]) from None


def _path(place: Place) -> str:
    return ".".join(map(str, place))

"""Findings: what the rules found, where, why, and what to do about it."""

from dataclasses import dataclass
from typing import NamedTuple

from hubtwin.lint.rules import Rule


class Step(NamedTuple):
    """One step on a record's way: what happens in *words*, and the *rule* of the configuration that does it."""

    words: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a configuration.

    *place* is the path of what is wrong in the portal file, or its id where somebody made it later. *message* says what
    is wrong and why, *fix* what to do; *path* is the shortest way on which a record comes there.
    """

    rule: Rule
    place: str
    message: str
    fix: str
    path: tuple[Step, ...] = ()

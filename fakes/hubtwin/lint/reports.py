"""Reports: findings as lines of text, and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from hubtwin.lint.findings import Finding
from hubtwin.lint.places import Place
from hubtwin.lint.rules import Severity


class Located(NamedTuple):
    """A finding, and where it and each step of its path stand."""

    finding: Finding
    place: Place
    path: tuple[tuple[str, Place | None], ...]


def lines(found: Iterable[Located]) -> Iterator[str]:
    """The findings as a compiler tells them, each with the way that leads there and with what to do."""
    for one in found:
        rule = one.finding.rule
        yield f"{one.place.words}  {rule.severity} {rule.id}: {one.finding.message}"
        for number, (words, place) in enumerate(one.path, 1):
            yield f"    {number}. {words}" + (f"  ({place.words})" if place is not None else "")
        yield f"    fix: {one.finding.fix}"


def summary(found: Sequence[Located], looked_at: str) -> str:
    """How many there are of each severity."""
    counts = Counter(one.finding.rule.severity for one in found)
    said = [f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in Severity]
    return f"{looked_at}: {', '.join(said)}"


def as_json(found: Iterable[Located]) -> list[dict[str, Any]]:
    """The findings as plain data."""
    return [
        {
            "rule": one.finding.rule.id,
            "severity": str(one.finding.rule.severity),
            **_place(one.place),
            "message": one.finding.message,
            "fix": one.finding.fix,
            "path": [{"words": words, **_place(place)} for words, place in one.path],
        }
        for one in found
    ]


def _place(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"place": None, "file": None, "line": None}
    return {"place": place.rule, "file": place.file, "line": place.line}

"""Reports of coverages: a text for people, JSON for programs, LCOV for editors and build servers."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from hubtwin.coverage.coverage import Coverage, Share
from hubtwin.coverage.coverages import Coverages, from_json
from hubtwin.coverage.features import Feature

_COLUMNS = ("part", "exercised", "of", "%")


# -- text ----------------------------------------------------------------------------------------------------


def text(coverages: Coverages) -> str:
    """A table for each configuration, what was not exercised of it, and the sum."""
    lines = [line for coverage in coverages for line in (*_of_one(coverage), "")]
    share = coverages.share
    return "\n".join((*lines, f"coverage: {share.exercised} of {share.of}, {share.percent} %"))


def _of_one(coverage: Coverage) -> Iterator[str]:
    yield f"coverage of {coverage.name}"
    yield from _table({**coverage.parts, "total": coverage.share})
    if missing := coverage.missing:
        yield "not exercised:"
        width = max(len(coverage.where(feature)) for feature in missing)
        yield from (f"  {coverage.where(feature):{width}}  {feature.title}" for feature in missing)
    if coverage.transitions:
        yield "transitions:"
        yield from (f"  {line}" for line in _transitions(coverage))


def _table(shares: dict[str, Share]) -> Iterator[str]:
    rows = [_COLUMNS, *((name, share.exercised, share.of, share.percent) for name, share in shares.items())]
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(_COLUMNS))]
    for name, *numbers in rows:
        cells = (f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join((f"  {name:{widths[0]}}", *cells))


def _transitions(coverage: Coverage) -> Iterator[str]:
    for (type, before, after), times in sorted(coverage.transitions.items()):
        yield f"{type}: {before or '(none)'} -> {after or '(none)'}, {times} {'time' if times == 1 else 'times'}"


# -- JSON ----------------------------------------------------------------------------------------------------


def as_json(coverages: Coverages) -> str:
    """All of it; `read_json` reads it again."""
    return json.dumps(coverages.as_json(), indent=2, ensure_ascii=False) + "\n"


def read_json(content: str | bytes) -> list[Coverage]:
    """The coverages of a report. Raises ValueError where it is none."""
    try:
        return from_json(json.loads(content))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a report of coverage: {error!r}") from None


# -- LCOV ----------------------------------------------------------------------------------------------------


def lcov(coverages: Coverages) -> str:
    """An LCOV tracefile, in which portal files are sources; what is written in none is left out.

    A line counts as often as the feature on it that was exercised least: it is green where all that stands on it was.
    """
    return "".join(f"{line}\n" for coverage in coverages if coverage.lines for line in _record(coverage))


def _record(coverage: Coverage) -> Iterator[str]:
    written = [feature for rule, feature in coverage.features.items() if rule in coverage.lines]
    yield "TN:"
    yield f"SF:{coverage.name}"
    yield from _branches(coverage, [feature for feature in written if feature.of is not None])
    lines = _hits_by_line(coverage, written)
    yield from (f"DA:{line},{hits}" for line, hits in sorted(lines.items()))
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(map(bool, lines.values()))}"
    yield "end_of_record"


def _branches(coverage: Coverage, branches: Iterable[Feature]) -> Iterator[str]:
    """Each thing that can go several ways is a block of its line; `-` stands where nothing came to it at all."""
    blocks: defaultdict[str, list[Feature]] = defaultdict(list)
    for branch in branches:
        blocks[branch.of or ""].append(branch)
    numbers: Counter[int] = Counter()
    found = taken = 0
    for owner, ways in blocks.items():
        reached = any(coverage.hits[way.rule] for way in ways)
        line = coverage.lines.get(owner, coverage.lines[ways[0].rule])
        for number, way in enumerate(ways):
            hits = coverage.hits[way.rule]
            yield f"BRDA:{line},{numbers[line]},{number},{hits if reached else '-'}"
            found, taken = found + 1, taken + bool(hits)
        numbers[line] += 1
    if found:
        yield f"BRF:{found}"
        yield f"BRH:{taken}"


def _hits_by_line(coverage: Coverage, written: Iterable[Feature]) -> dict[int, int]:
    hits: dict[int, int] = {}
    for feature in written:
        line, number = coverage.lines[feature.rule], coverage.hits[feature.rule]
        hits[line] = min(hits.get(line, number), number)
    return hits

"""Running a case: each one gets a portal of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent

from hubtwin.coverage import Coverages
from hubtwin.files.documents import Place
from hubtwin.portal import Entry, Portal, PortalError
from hubtwin.portal.stories import tell
from hubtwin.scenarios.aliases import AliasWorld
from hubtwin.scenarios.failures import ExpectationFailed, Mismatch
from hubtwin.scenarios.suites import Case

#: How many lines of a story a failure prints; of longer ones, the last.
LONGEST_STORY = 40


@dataclass(frozen=True)
class Failure:
    """A *case* that failed at the step at *place*, with what did not hold there."""

    case: Case
    place: Place
    mismatches: tuple[Mismatch, ...]

    @property
    def text(self) -> str:
        """What a person needs to know: where, what, why, and how to see it again."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        case = self.case
        row = f"  [{case.row}]" if case.row is not None else ""
        yield f"{case.document.where(self.place)}  {case.example.title}{row}"
        for mismatch in self.mismatches:
            yield mismatch.line
            yield from self._story(mismatch.story)
        yield f"reproduce: {case.command}"

    def _story(self, entries: tuple[Entry, ...]) -> Iterator[str]:
        left_out = len(entries) - LONGEST_STORY
        if left_out > 0:
            yield f"  ... {left_out} earlier lines"
        for entry in entries[-LONGEST_STORY:]:
            yield indent(tell(entry), "  ") + self._rule(entry)

    def _rule(self, entry: Entry) -> str:
        """Which piece of configuration decided what a property became, where one did."""
        rule = entry.source.rule
        return "" if rule is None or entry.property is None else f"  <-- rule {self.case.portal.where(rule)}"


def run(case: Case, coverages: Coverages | None = None) -> Failure | None:
    """Run a case on a fresh portal; None where all that it expects holds. What it exercises is added to *coverages*."""
    world = AliasWorld(Portal(case.portal.configuration, start=case.start))
    try:
        return _play(case, world)
    finally:
        if coverages is not None:
            coverages.add(world.portal, case.portal)


def _play(case: Case, world: AliasWorld) -> Failure | None:
    for place, word, verb in case.verbs():
        try:
            verb.do(world)
        except ExpectationFailed as failed:
            return Failure(case, place, failed.mismatches)
        except PortalError as error:
            return Failure(case, place, (Mismatch(f"{word} was refused: {error}"),))
    return None

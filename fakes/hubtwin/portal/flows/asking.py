"""Asking: actions that send another system a request, and go on by its answer (F7.15.4, F7.20.3)."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubtwin.portal.errors import PortalError
from hubtwin.portal.flows.actions import Result, Run, Single
from hubtwin.portal.log import REQUESTED, Activity
from hubtwin.portal.moments import DAY, HOUR, MINUTE, iso, spoken
from hubtwin.portal.outbox import MAX_ANSWER, Answer, Outcome, Request

#: A failed request is tried again after a minute, then after twice as long each time, up to eight hours, for three
#: days (F7.15.4; that the time doubles is our model).
FIRST_RETRY, LONGEST_RETRY, GIVEN_UP = MINUTE, 8 * HOUR, 3 * DAY


@dataclass(frozen=True, slots=True)
class Asking(Single):
    """An action that asks: `run` gives out the request, `answered` makes the result of what comes of it."""

    @abstractmethod
    def what(self, run: Run) -> str:
        """The request in words, without anything that may be secret."""

    @abstractmethod
    def concluded(self, run: Run, answer: Answer, entry: int) -> Result:
        """The result of an answer that is final; *entry* is the log's entry about the request."""

    @abstractmethod
    def outputs(self, answer: Answer) -> Mapping[str, str]:
        """What an answer gives out to later actions."""

    def ask(self, request: Request) -> Result:
        """Send a request."""
        return Result(self.next, "asked", asks=request)

    def is_final(self, answer: Answer) -> bool:
        """Whether asking again is of no use."""
        return not answer.is_passing

    def answered(self, run: Run, outcome: Outcome) -> Result:
        """What becomes of it; without anybody who received it, the request is recorded only (F7.15.6)."""
        what = self.what(run)
        match outcome:
            case OSError():
                return self._try_again(run, f"{what} can't be reached: {outcome}")
            case PortalError():
                return self.failed(f"{what}: {outcome}")
            case Exception():
                return self.failed(f"{what}: its receiver failed: {type(outcome).__name__}: {str(outcome)[:1000]}")
        entry = run.portal.writes.note(run.record, Activity(REQUESTED, what), run.source, run.cause)
        if outcome is None:
            return self.done(f"{what} recorded, not sent", entry)
        if not self.is_final(outcome):
            return self._try_again(run, f"{what} answered {outcome.status}", outcome)
        return self.concluded(run, outcome, entry)

    def _try_again(self, run: Run, event: str, answer: Answer | None = None) -> Result:
        """Wait, and try again; after three days it has failed."""
        waits = [min(FIRST_RETRY * 2**number, LONGEST_RETRY) for number in range(run.tries + 1)]
        if sum(waits) > GIVEN_UP:
            outputs = {} if answer is None else self.outputs(answer)
            return self.failed(f"{event}; given up after {run.tries + 1} tries", outputs=outputs)
        asked = None if answer is None or answer.status != 429 else answer.retry_after
        wait = waits[-1] if asked is None else min(max(asked, 1), GIVEN_UP)
        until = run.portal.clock.now + wait
        return self.retry(until, f"{event}; tried again in {spoken(wait)}, at {iso(until)}")


def plain(members: Mapping[str, Any]) -> dict[str, str]:
    """The members of an answer that are no objects or lists, as texts."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)[:MAX_ANSWER]
        for name, value in members.items()
        if isinstance(value, str | int | float)
    }

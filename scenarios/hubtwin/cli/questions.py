"""The first four questions of `hubtwin demo`, each played on a portal of its own.

What is printed is what the portal answers; where that is not what the question's title says, the demo stops
with an error.
"""

from collections.abc import Callable, Iterable

from hubtwin.portal import Configuration, Entry, Portal, Record
from hubtwin.portal.configuration import ClearProperty, CompanySync, SetProperty, Settings, User, Workflow
from hubtwin.portal.log import ACTION_FAILED, KEPT, SET
from hubtwin.portal.objects import LIFECYCLE
from hubtwin.portal.stories import what

AINO = User(email="aino@lumi.example", first_name="Aino", last_name="Virtanen")

BACK = Workflow(name="Back to lead", actions=(SetProperty(set=LIFECYCLE, to="lead"),))
START_OVER = Workflow(
    name="Start over", actions=(ClearProperty(clear=LIFECYCLE), SetProperty(set=LIFECYCLE, to="lead"))
)


class Surprise(Exception):
    """A portal did something else than the demo says."""


class Answer:
    """What a portal answers to a question: *lines* of text."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.lines: list[str] = []
        self._told = 0

    def tell(self, *kinds: str) -> None:
        """Add what happened since the last time that this was called; of some *kinds* only, where they are named."""
        happened = [self.portal.log[number] for number in range(self._told, len(self.portal.log))]
        self._told = len(self.portal.log)
        self._add(entry for entry in happened if not kinds or entry.kind in kinds)

    def why(self, record: Record) -> None:
        """Add the chain of causes of a record's stage."""
        self._add(self.portal.why(record, LIFECYCLE))

    def skip(self) -> None:
        """Leave out what happened so far."""
        self._told = len(self.portal.log)

    def check(self, name: str, found: object, expected: object) -> None:
        """Add a result. Raises Surprise where it isn't as *expected*."""
        if found != expected:
            raise Surprise(f"{name}: expected {expected!r}, the portal says {found!r}")
        self.lines.append(f"= {name}: {found}")

    def check_stage(self, record: Record, expected: str) -> None:
        """Add a record's stage. Raises Surprise where it isn't as *expected*."""
        self.check(what(record), record.stage, expected)

    def _add(self, entries: Iterable[Entry]) -> None:
        self.lines.extend(self.portal.story(entries))


def workflow_backwards() -> list[str]:
    """A workflow's backward move is kept out, and the workflow's log says so (S1.3)."""
    answer, liisa = _customer(BACK)
    answer.portal.workflows.enroll(BACK.name, liisa)
    answer.tell(KEPT, ACTION_FAILED)
    answer.check_stage(liisa, "customer")
    answer.check(f"issues of workflow {BACK.name}", len(list(answer.portal.workflows.issues)), 1)
    return answer.lines


def clear_then_set() -> list[str]:
    """A workflow that clears the stage first may set an earlier one (S1.4)."""
    answer, liisa = _customer(START_OVER)
    answer.portal.workflows.enroll(START_OVER.name, liisa)
    answer.tell(SET, KEPT)
    answer.check_stage(liisa, "lead")
    answer.check(f"issues of workflow {START_OVER.name}", len(list(answer.portal.workflows.issues)), 0)
    return answer.lines


def by_hand() -> list[str]:
    """A person at the screen may set an earlier stage, an app may not (S1.4)."""
    answer, liisa = _customer()
    answer.portal.update(liisa, {LIFECYCLE: "salesqualifiedlead"})
    answer.tell(SET, KEPT)
    answer.check_stage(liisa, "customer")
    answer.portal.as_user(AINO.email).edit(liisa, {LIFECYCLE: "salesqualifiedlead"})
    answer.tell(SET, KEPT)
    answer.check_stage(liisa, "salesqualifiedlead")
    return answer.lines


def sync() -> list[str]:
    """Who becomes a customer with a company, with sync on and with sync off (S1.7)."""
    return [
        "Sync on:",
        *_won_deal(enabled=True, colleague="customer"),
        "Sync off:",
        *_won_deal(enabled=False, colleague="lead"),
    ]


#: The questions in the order in which they are played.
QUESTIONS: tuple[tuple[str, Callable[[], list[str]]], ...] = (
    ("Can a workflow move a customer back to lead? No, and it reports that.", workflow_backwards),
    ("How does one move a stage back, then? The workflow clears it first.", clear_then_set),
    ("Or somebody does it by hand: a person may, an app may not.", by_hand),
    ("A deal with one department is won. Does everybody in the company become a customer?", sync),
)


def _customer(*workflows: Workflow) -> tuple[Answer, Record]:
    portal = Portal(Configuration(users=(AINO,), workflows=workflows))
    values = {"firstname": "Liisa", "email": "liisa@pohjola.example", LIFECYCLE: "customer"}
    liisa = portal.create("contacts", values)
    answer = Answer(portal)
    answer.skip()
    return answer, liisa


def _won_deal(*, enabled: bool, colleague: str) -> list[str]:
    settings = Settings(company_sync=CompanySync(enabled=enabled))
    portal = Portal(Configuration(users=(AINO,), settings=settings))
    answer, aino = Answer(portal), portal.as_user(AINO.email)
    company = portal.create("companies", {"name": "Konserni"})
    buyer, other = (
        portal.create("contacts", {"firstname": name}, links=[(company, ())]) for name in ("Ville", "Sanna")
    )
    deal = aino.create("deals", {"dealname": "One team", "dealstage": "contractsent"}, associated_with=(buyer, company))
    portal.clock.advance("14d")
    aino.edit(deal, {"dealstage": "closedwon"})
    answer.why(other)
    answer.check_stage(company, "customer")
    answer.check_stage(buyer, "customer")
    answer.check_stage(other, colleague)
    return answer.lines

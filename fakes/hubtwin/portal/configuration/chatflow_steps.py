"""The steps of a bot, and the check that each of them can be reached and leads somewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, model_validator

from hubtwin.portal.configuration.parts import Name, Part, Refers
from hubtwin.portal.errors import ConfigurationError, choices

#: How many steps a bot may have: more than anybody draws, and few enough to look through.
MAX_STEPS = 200


class Ask(Part):
    """A step *Ask a question*: waits for what the visitor answers, and keeps it."""

    ask: str
    """The question."""
    property: Name | None = None
    """The property of the contact that the answer goes to; an answer that it can't hold is asked for again."""
    replies: tuple[Name, ...] = ()
    """The quick replies that the visitor can tap; other answers stay possible."""
    expects: Literal["text", "email", "number"] = "text"
    """What an answer has to be; other answers are asked for again."""
    name: Name | None = None
    """What other steps call it."""
    goto: Name | None = None
    """The step that follows, by its name; by default the next one."""


class Say(Part):
    """A step *Send a simple message*."""

    say: str
    """The message."""
    name: Name | None = None
    """What other steps call it."""
    goto: Name | None = None
    """The step that follows, by its name; by default the next one."""


class BranchCondition(Part):
    """What an if/then branch asks (F9.1.3): about a property of the contact, an earlier answer, or the agents."""

    property: Name | None = None
    """The property of the contact."""
    answer: Name | None = None
    """The step whose answer is looked at."""
    any_of: tuple[str, ...] | None = None
    """The values of which it has to be one, whatever their case; without them it has to have any value at all."""
    agents_available: bool | None = None
    """Whether somebody who gets the chatflow's conversations has to be available, or has to be away."""

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "BranchCondition":
        if sum(asked is not None for asked in (self.property, self.answer, self.agents_available)) != 1:
            raise ValueError("a condition asks about one of property, answer and agents_available")
        return self


class Branch(Part):
    """An if/then branch: one step follows where the condition is met, another where it isn't (F9.1.3)."""

    when: BranchCondition
    then: Name
    """The step that follows where it is met."""
    otherwise: Name | None = None
    """The step that follows where it isn't; by default the following one."""
    name: Name | None = None
    """What other steps call it."""


class SetContactProperty(Part):
    """A step *Set contact property*: never moves the lifecycle stage back, and says nothing where it would (F2.b11)."""

    set: Name
    """The property of the contact."""
    to: str
    """Its new value; an empty one clears it."""
    name: Name | None = None
    """What other steps call it."""
    goto: Name | None = None
    """The step that follows, by its name; by default the next one."""


class Enroll(Part):
    """A step *Enroll in a workflow*: as by hand, whatever the workflow's criteria (F4.12)."""

    enroll: Annotated[Name, Refers("workflow")]
    """The workflow."""
    name: Name | None = None
    """What other steps call it."""
    goto: Name | None = None
    """The step that follows, by its name; by default the next one."""


class BookMeeting(Part):
    """A step *Book a meeting*: offers a meetings link and waits until the visitor books, or says something."""

    book: Annotated[Name, Refers("meetings link")]
    """The slug of the meetings link."""
    name: Name | None = None
    """What other steps call it."""
    goto: Name | None = None
    """The step that follows, by its name; by default the next one."""


class CreateTicket(Part):
    """A step *Create a ticket*, of the contact and the conversation."""

    ticket: Name
    """The ticket's subject."""
    stage: Name = "1"
    """The ticket status that it begins with."""
    name: Name | None = None
    """What other steps call it."""
    goto: Name | None = None
    """The step that follows, by its name; by default the next one."""


class SendToAgent(Part):
    """A step *Send to a team member*: the bot is done, and whom the chatflow assigns goes on."""

    hand_over: str
    """What the visitor reads then."""
    name: Name | None = None
    """What other steps call it."""


class End(Part):
    """The end of the chat: the conversation is closed."""

    end: str
    """What the visitor reads last; nothing where it is empty."""
    name: Name | None = None
    """What other steps call it."""


_KINDS: Mapping[str, type[Part]] = {
    "ask": Ask,
    "say": Say,
    "when": Branch,
    "set": SetContactProperty,
    "enroll": Enroll,
    "book": BookMeeting,
    "ticket": CreateTicket,
    "hand_over": SendToAgent,
    "end": End,
}


def _kind_of_step(step: Any) -> str | None:
    if isinstance(step, Part):
        return type(step).__name__
    return next((_KINDS[key].__name__ for key in _KINDS if isinstance(step, Mapping) and key in step), None)


Step = Annotated[
    Annotated[Ask, Tag("Ask")]
    | Annotated[Say, Tag("Say")]
    | Annotated[Branch, Tag("Branch")]
    | Annotated[SetContactProperty, Tag("SetContactProperty")]
    | Annotated[Enroll, Tag("Enroll")]
    | Annotated[BookMeeting, Tag("BookMeeting")]
    | Annotated[CreateTicket, Tag("CreateTicket")]
    | Annotated[SendToAgent, Tag("SendToAgent")]
    | Annotated[End, Tag("End")],
    Discriminator(
        _kind_of_step,
        custom_error_type="step",
        custom_error_message=f"a step has one of the keys {', '.join(_KINDS)}",
    ),
]


class Plan:
    """Where each step of a bot leads, by their places in it."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        named = [(step.name, place) for place, step in enumerate(steps) if step.name is not None]
        self._places = dict(reversed(named))  # the first of a name counts

    def place(self, name: str) -> int:
        """The place of the step with this name, which there is."""
        return self._places[name]

    def after(self, place: int, name: str | None) -> int | None:
        """The place of the step with this name; of the following one where there is no name; None at the end."""
        if name is not None:
            return self._places[name]
        return place + 1 if place + 1 < len(self.steps) else None

    def names(self) -> list[str]:
        """The names of steps, in their order."""
        return list(reversed(self._places))

    def following(self, place: int) -> Iterator[int]:
        """The places that a step may lead to."""
        step = self.steps[place]
        if isinstance(step, SendToAgent | End):
            return
        ways = (step.then, step.otherwise) if isinstance(step, Branch) else (step.goto,)
        for name in ways:
            after = self.after(place, name)
            if after is not None:
                yield after


def check(steps: Sequence[Step]) -> None:
    """Check that names are given once, lead somewhere, and that a bot neither leaves steps out nor runs for ever.

    Raises ConfigurationError, whose place begins at the steps.
    """
    if len(steps) > MAX_STEPS:
        raise ConfigurationError((MAX_STEPS,), f"a bot has {MAX_STEPS} steps at most")
    plan = Plan(steps)
    _check_names(steps, plan)
    reached = set(_reached(plan))
    for place in range(len(steps)):
        if place not in reached:
            raise ConfigurationError((place,), "no way leads to this step; let another one go to it, or take it out")
    for place in range(len(steps)):
        if _comes_back_unasked(plan, place):
            raise ConfigurationError((place,), "from this step the bot comes back to it without asking anything")


def _check_names(steps: Sequence[Step], plan: Plan) -> None:
    names = plan.names()
    asked = [step.name for step in steps if isinstance(step, Ask) and step.name is not None]
    for place, step in enumerate(steps):
        if step.name is not None and plan.place(step.name) != place:
            raise ConfigurationError((place, "name"), f"{step.name!r} is there twice")
        for field in ("goto", "then", "otherwise"):
            wanted = getattr(step, field, None)
            if wanted is not None and wanted not in names:
                raise ConfigurationError((place, field), f"no step is called {wanted!r}; {choices(wanted, names)}")
        if isinstance(step, Branch) and step.when.answer is not None and step.when.answer not in asked:
            message = f"no question is called {step.when.answer!r}; {choices(step.when.answer, asked)}"
            raise ConfigurationError((place, "when", "answer"), message)


def _reached(plan: Plan) -> Iterator[int]:
    waiting, seen = [0] if plan.steps else [], {0}
    while waiting:
        place = waiting.pop()
        yield place
        for after in plan.following(place):
            if after not in seen:
                seen.add(after)
                waiting.append(after)


def _comes_back_unasked(plan: Plan, start: int) -> bool:
    waiting, seen = [start], set[int]()
    while waiting:
        place = waiting.pop()
        if isinstance(plan.steps[place], Ask | BookMeeting):
            continue
        for after in plan.following(place):
            if after == start:
                return True
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return False

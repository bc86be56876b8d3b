"""Bots: the steps of a rule-based bot, taken in one chat (F9.1.3)."""

from typing import TYPE_CHECKING

from hubtwin.portal.configuration import (
    Ask,
    BookMeeting,
    Branch,
    BranchCondition,
    CreateTicket,
    End,
    Enroll,
    Plan,
    Say,
    SendToAgent,
    SetContactProperty,
    Step,
)
from hubtwin.portal.errors import CascadeError, InvalidValues, MissingProperties, PortalError
from hubtwin.portal.log import BOT_STEP, Activity
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record
from hubtwin.portal.values import InvalidValue, normalise

if TYPE_CHECKING:
    from hubtwin.portal.chats import Chat

#: The two ways out of a branch, as the portal file calls them.
THEN, OTHERWISE = "then", "otherwise"

#: What an answer is checked against that goes to no property.
_EXPECTED = {
    "email": PropertyDefinition("email", "Email", "string", "text", "answer"),
    "number": PropertyDefinition("number", "Number", "number", "number", "answer"),
}


class Bot:
    """A bot at work in one *chat*. What it does to the contact waits until there is one."""

    def __init__(self, chat: "Chat") -> None:
        self._chat = chat
        self._plan = Plan(chat.chatflow.settings.steps)
        self._place: int | None = None
        self._answers: dict[str, str] = {}
        self._due: list[tuple[int, str]] = []

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for the visitor."""
        return self._place is not None

    @property
    def question(self) -> str | None:
        """What it waits for an answer to, None where it asks nothing."""
        step = self._waits_at()
        return step.ask if isinstance(step, Ask) else None

    @property
    def meetings_link(self) -> str | None:
        """The slug of the meetings link that it offers, None where it offers none."""
        step = self._waits_at()
        return step.book if isinstance(step, BookMeeting) else None

    def start(self) -> None:
        """Take the first steps, up to the one that waits for the visitor."""
        self._run(0)

    def hear(self, text: str) -> None:
        """Take what the visitor says for an answer; one that doesn't do is asked for again."""
        step, place = self._waits_at(), self._place
        if isinstance(step, Ask) and place is not None:
            problem = self._problem(step, text)
            if problem is not None:
                self._chat.tell(problem, step.replies)
                return
            self._keep(place, step, text)
        self.go_on()

    def go_on(self) -> None:
        """Take the steps after the one that waits."""
        step, place = self._waits_at(), self._place
        if isinstance(step, Ask | BookMeeting) and place is not None:
            self._note(place)
            self._run(self._plan.after(place, step.goto))

    def act(self) -> None:
        """Do to the contact what is due, now that there is one; what can't be done is noted for the agents."""
        contact = self._chat.contact
        if contact is None:
            return
        due, self._due = self._due, []
        for place, value in due:
            try:
                self._do(place, self._plan.steps[place], value, contact)
                if not isinstance(self._plan.steps[place], Ask):
                    self._note(place)
            except CascadeError:
                raise
            except (PortalError, ValueError) as error:
                self._chat.note(f"The bot's step {place + 1} could not be done: {error}")

    # -- the steps -------------------------------------------------------------------------------------

    def _waits_at(self) -> Step | None:
        return None if self._place is None else self._plan.steps[self._place]

    def _run(self, place: int | None) -> None:
        """Take steps until one waits for the visitor; the configuration has seen to it that one does, or all end."""
        self._place = None
        while place is not None:
            step = self._plan.steps[place]
            if isinstance(step, Ask | BookMeeting):
                self._place = place
                self._offer(step)
                return
            if isinstance(step, SendToAgent | End):
                self._note(place)
                self._finish(step)
                return
            place = self._take(place, step)
        self._chat.end()

    def _offer(self, step: Ask | BookMeeting) -> None:
        if isinstance(step, Ask):
            self._chat.tell(step.ask, step.replies)
        else:
            self._chat.tell(f"https://meetings.hubspot.com/{step.book}")

    def _finish(self, step: SendToAgent | End) -> None:
        words = step.end if isinstance(step, End) else step.hand_over
        if words:
            self._chat.tell(words)
        if isinstance(step, End):
            self._chat.end()
        else:
            self._chat.hand_over()

    def _take(self, place: int, step: Branch | Say | SetContactProperty | Enroll | CreateTicket) -> int | None:
        """Take a step that waits for nobody; where it leads."""
        if isinstance(step, Branch):
            holds = self._holds(step.when)
            self._note(place, THEN if holds else OTHERWISE)
            return self._plan.place(step.then) if holds else self._plan.after(place, step.otherwise)
        if isinstance(step, Say):
            self._note(place)
            self._chat.tell(step.say)
        else:
            self._due.append((place, ""))
            self.act()
        return self._plan.after(place, step.goto)

    def _do(self, place: int, step: Step, value: str, contact: Record) -> None:
        portal, source, cause = self._chat.portal, self._chat.chatflow.source(f"steps.{place}"), self._chat.cause
        match step:
            case Ask(property=str(name)):
                portal.update(contact, {name: value}, source=source, cause=cause)
            case SetContactProperty():
                portal.update(contact, {step.set: step.to}, source=source, cause=cause)
            case Enroll():
                portal.workflows.enroll(step.enroll, contact, source=source, cause=cause)
            case CreateTicket():
                values = {"subject": step.ticket, "hs_pipeline_stage": step.stage, "source_type": "CHAT"}
                links = [(contact, ())]
                self._chat.thread.ticket = portal.create("tickets", values, links=links, source=source, cause=cause)

    def _note(self, place: int, way: str | None = None) -> None:
        """Note that a step is done, and which *way* a branch led; HubSpot's own timelines don't show that."""
        chat, facts = self._chat, {} if way is None else {"hs_branch": way}
        words = f"{chat.chatflow.settings.name} takes step {place + 1}{f': {way}' if way else ''}"
        source, activity = chat.chatflow.source(f"steps.{place}"), Activity(BOT_STEP, words, facts)
        chat.portal.log.append(BOT_STEP, chat.portal.clock.now, chat.contact, source, chat.cause, value=activity)

    # -- answers ---------------------------------------------------------------------------------------

    def _keep(self, place: int, step: Ask, text: str) -> None:
        if step.name is not None:
            self._answers[step.name] = text
        if step.property == "email" and self._chat.contact is None:
            self._chat.introduce(text)
        elif step.property is not None:
            self._due.append((place, text))
            self.act()

    def _problem(self, step: Ask, text: str) -> str | None:
        """Why an answer doesn't do."""
        expected = _EXPECTED.get(step.expects)
        try:
            if expected is not None:
                normalise(expected, text, None)
            if step.property is not None:
                self._chat.portal.writes.check_new(CONTACTS, {step.property: text}, self._chat.chatflow.source())
        except InvalidValue as error:
            return str(error)
        except InvalidValues as error:
            return "; ".join(problem.message for problem in error.problems)
        except (MissingProperties, PortalError):
            return None  # about something else than the value: it will be seen to when it is written
        return None

    def _holds(self, condition: BranchCondition) -> bool:
        if condition.agents_available is not None:
            agents = self._chat.portal.conversations.agents.available(self._chat.chatflow.settings.assign)
            return bool(agents) is condition.agents_available
        if condition.answer is not None:
            value = self._answers.get(condition.answer)
        else:
            value = self._value(condition.property or "")
        if condition.any_of is None:
            return bool(value)
        return (value or "").lower() in [wanted.lower() for wanted in condition.any_of]

    def _value(self, property: str) -> str | None:
        """The contact's value; where the bot has not written it yet, what it is going to write."""
        for place, value in reversed(self._due):
            match self._plan.steps[place]:
                case Ask(property=str(name)) if name == property:
                    return value
                case SetContactProperty(set=name, to=to) if name == property:
                    return to
        contact = self._chat.contact or self._chat.known
        return None if contact is None else contact.get(property)

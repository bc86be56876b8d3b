"""The actions of workflows that have at most one way on, in a short form (F7.15, F7.17).

Each is known by its first key. A new kind is a class here, a member of `workflow_actions.WorkflowAction`, and an entry
in `flows.short_forms.steps`.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from hubtwin.portal.configuration.chatflows import Day, TimeOfDay
from hubtwin.portal.configuration.enrollment import EventTrigger, ListName
from hubtwin.portal.configuration.parts import Name, Number, ObjectName, Part, Refers, Span, UserName
from hubtwin.portal.configuration.records import Written

WorkflowName = Annotated[Name, Refers("workflow")]
EmailName = Annotated[Name, Refers("marketing email")]
SubscriptionName = Annotated[Name, Refers("subscription type")]

#: The id of an action.
ActionId = Annotated[
    str,
    BeforeValidator(lambda id: str(id) if isinstance(id, int) else id),
    WithJsonSchema({"type": ["string", "integer"]}, mode="validation"),
]

#: A value as HubSpot's JSON has it (F7.16).
RawValue = dict[str, Any]


class WorkflowStep(Part):
    """What all actions have."""

    id: ActionId | None = None
    """The action's id, which the values of others may name; by default its place among all actions, from 1 on."""

    @classmethod
    def first_key(cls) -> str:
        """The key that it is known by: the first one of its own."""
        own = (name for name in cls.model_fields if name in cls.__annotations__)
        first = next(own)
        return cls.model_fields[first].alias or first

    @model_serializer(mode="wrap")
    def _known_by_the_first(self, handler: SerializerFunctionWrapHandler) -> Any:
        full: dict[str, Any] = handler(self)
        key = self.first_key()
        return {key: full[key], **full} if key in full else full


class SetProperty(WorkflowStep):
    """*Edit record*: sets a property of the enrolled record, or of the records associated with it (F7.17: 0-5)."""

    set: Name
    """The property."""
    to: Written | None = None
    """Its new value, which may have tokens in it: `{{ enrolled_object.firstname }}`. An empty one clears it."""
    add: Number | None = None
    """A number that is added to it."""
    append: Written | None = None
    """An option that is added to those that it has."""
    now: bool = False
    """Whether it is set to the moment at which the action is done."""
    value: dict[str, Any] | None = None
    """Another kind of value, as HubSpot's JSON has it (F7.16)."""
    associated: ObjectName | None = None
    """The object of associated records that are written to, as in `companies`; the enrolled one, where it is left
    out."""
    label: Name | None = None
    """The label of their association; any, where it is left out."""

    @model_validator(mode="after")
    def _sets_one_thing(self) -> "SetProperty":
        given = [self.to, self.add, self.append, self.value, self.now or None]
        if sum(one is not None for one in given) != 1:
            raise ValueError("set goes with one of the keys to, add, append, now and value")
        return self


class CopyProperty(WorkflowStep):
    """*Edit record*: copies a property of the enrolled record to another one, or to the records associated with it."""

    copy_: Name = Field(alias="copy")
    """The property that is read."""
    to: Name
    """The property that is written."""
    associated: ObjectName | None = None
    """The object of the associated records that are written to; the enrolled one, where it is left out."""
    label: Name | None = None
    """The label of their association; any, where it is left out."""


class ClearProperty(WorkflowStep):
    """*Edit record*: clears a property (F2.10)."""

    clear: Name
    """The property."""
    associated: ObjectName | None = None
    """The object of the associated records that are written to; the enrolled one, where it is left out."""
    label: Name | None = None
    """The label of their association; any, where it is left out."""


class Wait(WorkflowStep):
    """A delay for a set amount of time (F7.29)."""

    wait: Span
    """How long: whole minutes."""


class WaitFor(Part):
    """What a record waits for: a day of the week or a time of day, a date, or an event."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)] | None = None
    """One of these days of the week."""
    time: TimeOfDay | None = None
    """The time of day: of that day, or of the date; the next such time, where it stands alone."""
    date: Name | None = None
    """A date as in `2026-12-24`, or the property that holds it."""
    later: int = 0
    """How many days after that date; before it, where it is below 0."""
    events: Annotated[tuple[EventTrigger, ...], Field(min_length=1)] | None = None
    """Events, of which any will do."""
    at_most: Span | None = None
    """How long the events are waited for: whole minutes; for ever, where it is left out."""

    @model_validator(mode="after")
    def _one_thing(self) -> "WaitFor":
        asked = [self.date, self.events, self.days or (self.time if self.date is None else None)]
        if sum(one is not None for one in asked) != 1 or (self.time and self.events):
            raise ValueError("wait_until has days, date or events; time alone, or with days or with date")
        if any(trigger.list is not None for trigger in self.events or ()):
            raise ValueError("joining and leaving lists can't be waited for")
        if (self.later and self.date is None) or (self.at_most is not None and self.events is None):
            raise ValueError("later goes with date, and at_most with events")
        return self


class WaitUntil(WorkflowStep):
    """A delay until a day, a date or an event (F7.29)."""

    wait_until: WaitFor
    """What is waited for."""


class CreateRecord(WorkflowStep):
    """*Create record* (F7.17: 0-14)."""

    create: ObjectName
    """The object that it is of, as in `deal`."""
    with_: dict[Name, Written | RawValue] = Field(default={}, alias="with")
    """Its properties: texts, in which tokens may stand, or values as HubSpot's JSON has them (F7.16)."""


class CreateTask(WorkflowStep):
    """*Create task* (F7.17: 0-3)."""

    task: str
    """Its title, in which tokens may stand."""
    notes: str | None = None
    """What it is about."""
    kind: Literal["TODO", "CALL", "EMAIL"] = "TODO"
    """What has to be done."""
    priority: Literal["NONE", "LOW", "MEDIUM", "HIGH"] = "NONE"
    """How urgent it is."""
    due_in: int | None = None
    """In how many days it is due; at once, where it is left out."""
    time: TimeOfDay | None = None
    """The time of that day."""
    owner: UserName | None = None
    """Who has to do it; the owner of the enrolled record, where it is left out."""

    @model_validator(mode="after")
    def _time_of_a_day(self) -> "CreateTask":
        if self.time is not None and self.due_in is None:
            raise ValueError("time goes with due_in")
        return self


class AddNote(WorkflowStep):
    """*Create note* (F7.17)."""

    note: str
    """What it says; tokens may stand in it."""


class Audience(WorkflowStep):
    """Whom an action is about, of the people of the account."""

    users: tuple[UserName, ...] = ()
    """Users, by their e-mail addresses."""
    teams: tuple[Name, ...] = ()
    """Teams, by their names."""
    owners: tuple[Name, ...] = ()
    """Properties that hold an owner, as in `hubspot_owner_id`."""


class Notify(Audience):
    """*Send internal email notification*, or one in the app (F7.17: 0-8, 0-9)."""

    notify: str
    """What it is about: the subject."""
    text: str = ""
    """What it says."""
    by: Literal["email", "app"] = "email"
    """How people are told."""


class RotateOwner(Audience):
    """*Rotate record to owner*: gives records to some people in turn (F7.17: 0-11)."""

    rotate_owner: Name
    """The property that holds the owner: `hubspot_owner_id`."""
    overwrite: bool = False
    """Whether records that have an owner get another one."""


class AssignConversations(Audience):
    """*Assign conversation owner*: gives the contact's open conversations to some people in turn (F7.17)."""

    assign_conversations: Literal[True]
    """`true`."""


class SendEmail(WorkflowStep):
    """*Send marketing email* (F7.17: 0-4)."""

    send_email: EmailName
    """The marketing e-mail."""
    to: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The addresses that it goes to (0-23); the enrolled contact, where it is left out."""


class EnrollIn(WorkflowStep):
    """*Enroll in workflow* (F7.17: 0-15)."""

    enroll_in: WorkflowName
    """The other workflow."""


class AddToList(WorkflowStep):
    """*Add to static list* (F7.17)."""

    add_to_list: ListName
    """The list."""


class RemoveFromList(WorkflowStep):
    """*Remove from static list* (F7.17)."""

    remove_from_list: ListName
    """The list."""


class Subscribe(WorkflowStep):
    """*Manage communication subscriptions*: subscribes the contact (F7.17)."""

    subscribe: SubscriptionName
    """The subscription type."""


class Unsubscribe(WorkflowStep):
    """*Manage communication subscriptions*: unsubscribes the contact (F7.17)."""

    unsubscribe: SubscriptionName
    """The subscription type."""


class SetMarketing(WorkflowStep):
    """*Set marketing contact status* (F7.17: 0-31)."""

    marketing_contact: bool
    """Whether the contact is a marketing contact from then on."""


class CallWebhook(WorkflowStep):
    """*Send a webhook* (F7.15)."""

    webhook: Annotated[str, Field(pattern="^https://")]
    """Where the record is sent."""
    method: Literal["POST", "GET"] = "POST"
    """How."""
    query: dict[Name, Written | RawValue] = Field(default={})
    """Query parameters: texts, or values as HubSpot's JSON has them (F7.16)."""
    header: Name | None = None
    """The header that holds a secret."""
    parameter: Name | None = None
    """The query parameter that holds a secret."""
    secret: Name | None = None
    """The name of that secret."""
    app: int | None = None
    """The app whose signature the request has."""

    @model_validator(mode="after")
    def _shows_who_it_is_from(self) -> "CallWebhook":
        places = sum(one is not None for one in (self.header, self.parameter))
        if places != (self.secret is not None) or (self.app is not None and places):
            raise ValueError("a secret goes with header or with parameter; the signature of an app goes without")
        return self


class RunCode(WorkflowStep):
    """*Custom code* (F7.20): nothing is executed; a function that a test registers says what it gives out."""

    code: str
    """The source code."""
    runtime: Name = "NODE20X"
    """What it is written for."""
    inputs: dict[Name, Written | RawValue] = Field(default={})
    """What it gets: texts, or values as HubSpot's JSON has them (F7.16)."""
    outputs: dict[Name, tuple[Name, ...]] = Field(default={})
    """What it gives out, with the options of each."""
    secrets: tuple[Name, ...] = ()
    """The names of the secrets that it may use."""


class DeleteContact(WorkflowStep):
    """*Delete contact* (F7.17)."""

    delete: Literal[True]
    """`true`."""

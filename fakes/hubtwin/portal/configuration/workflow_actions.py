"""The actions of workflows, in a short form: those of `workflow_steps`, and branches (F7.15)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args

from pydantic import Discriminator, Field, Tag

from hubtwin.portal.configuration.conditions import Filters
from hubtwin.portal.configuration.parts import Name, Part
from hubtwin.portal.configuration.workflow_steps import (
    AddNote,
    AddToList,
    AssignConversations,
    CallWebhook,
    ClearProperty,
    CopyProperty,
    CreateRecord,
    CreateTask,
    DeleteContact,
    EnrollIn,
    Notify,
    RawValue,
    RemoveFromList,
    RotateOwner,
    RunCode,
    SendEmail,
    SetMarketing,
    SetProperty,
    Subscribe,
    Unsubscribe,
    Wait,
    WaitUntil,
    WorkflowStep,
)


class IfThen(WorkflowStep):
    """A branch with one condition: who meets it goes one way, all others go the other. Both go on behind it (F7.28)."""

    if_: Filters = Field(alias="if")
    """The conditions."""
    then: "tuple[WorkflowAction, ...]" = ()
    """What is done where they are met."""
    else_: "tuple[WorkflowAction, ...]" = Field(default=(), alias="else")
    """What is done where they aren't."""
    name: Name = "Met"
    """What the action log calls the first way."""
    else_name: Name = "None met"
    """What it calls the other one."""


class Case(Part):
    """One way out of a branch with several."""

    when: Filters
    """The conditions of it."""
    then: "tuple[WorkflowAction, ...]" = ()
    """What is done where they are met."""
    name: Name | None = None
    """What the action log calls it; `Branch 1` and so on, where it is left out."""


class Choose(WorkflowStep):
    """A branch with several conditions: a record takes the first way whose conditions it meets (F7.28)."""

    choose: Annotated[tuple[Case, ...], Field(min_length=1)]
    """The ways."""
    else_: "tuple[WorkflowAction, ...]" = Field(default=(), alias="else")
    """What is done where none is taken."""
    else_name: Name = "None met"
    """What the action log calls that."""


class BranchOn(WorkflowStep):
    """A branch on the values of one property: each value has a way of its own."""

    branch_on: Name | RawValue
    """The property; or another kind of value, as HubSpot's JSON has it (F7.16)."""
    cases: "Annotated[dict[str, tuple[WorkflowAction, ...]], Field(min_length=1)]"
    """What is done, by the value."""
    else_: "tuple[WorkflowAction, ...]" = Field(default=(), alias="else")
    """What is done where it has another value, or none."""
    else_name: Name = "None met"
    """What the action log calls that."""


class Share(Part):
    """One way out of a split."""

    percent: int = Field(ge=0, le=100)
    """How many of a hundred records take it."""
    then: "tuple[WorkflowAction, ...]" = ()
    """What is done with them."""


class Split(WorkflowStep):
    """A branch by chance (F7.15)."""

    split: Annotated[tuple[Share, ...], Field(min_length=1)]
    """The ways, whose shares are a hundred per cent together."""


class EndHere(WorkflowStep):
    """The end of the workflow for records that come here, though others go on behind the branch."""

    end: Literal[True]
    """`true`."""


class RawAction(WorkflowStep):
    """Any action, as HubSpot's JSON has it, but for its id and its connections."""

    json_: dict[str, Any] = Field(alias="json")
    """The action."""
    ways: "tuple[tuple[WorkflowAction, ...], ...]" = ()
    """What is done on each way of a branch, the default one last."""


def _kind_of_action(action: Any) -> str | None:
    if isinstance(action, Part):
        return type(action).__name__
    return next((name for key, name in _KINDS.items() if isinstance(action, Mapping) and key in action), None)


WorkflowAction = Annotated[
    Union[  # noqa: UP007  a union of tagged members reads better in lines
        Annotated[SetProperty, Tag("SetProperty")],
        Annotated[CopyProperty, Tag("CopyProperty")],
        Annotated[ClearProperty, Tag("ClearProperty")],
        Annotated[Wait, Tag("Wait")],
        Annotated[WaitUntil, Tag("WaitUntil")],
        Annotated[IfThen, Tag("IfThen")],
        Annotated[Choose, Tag("Choose")],
        Annotated[BranchOn, Tag("BranchOn")],
        Annotated[Split, Tag("Split")],
        Annotated[EndHere, Tag("EndHere")],
        Annotated[CreateRecord, Tag("CreateRecord")],
        Annotated[CreateTask, Tag("CreateTask")],
        Annotated[AddNote, Tag("AddNote")],
        Annotated[Notify, Tag("Notify")],
        Annotated[SendEmail, Tag("SendEmail")],
        Annotated[EnrollIn, Tag("EnrollIn")],
        Annotated[AddToList, Tag("AddToList")],
        Annotated[RemoveFromList, Tag("RemoveFromList")],
        Annotated[RotateOwner, Tag("RotateOwner")],
        Annotated[AssignConversations, Tag("AssignConversations")],
        Annotated[Subscribe, Tag("Subscribe")],
        Annotated[Unsubscribe, Tag("Unsubscribe")],
        Annotated[SetMarketing, Tag("SetMarketing")],
        Annotated[CallWebhook, Tag("CallWebhook")],
        Annotated[RunCode, Tag("RunCode")],
        Annotated[DeleteContact, Tag("DeleteContact")],
        Annotated[RawAction, Tag("RawAction")],
    ],
    Discriminator(
        _kind_of_action,
        custom_error_type="action",
        custom_error_message="an action has one of the keys set, copy, clear, wait, wait_until, if, choose, branch_on,"
        " split, end, create, task, note, notify, send_email, enroll_in, add_to_list, remove_from_list, rotate_owner,"
        " assign_conversations, subscribe, unsubscribe, marketing_contact, webhook, code, delete, json",
    ),
]

#: The classes of actions, by the key that tells them apart.
_KINDS = {
    model.first_key(): model.__name__
    for model in (get_args(member)[0] for member in get_args(get_args(WorkflowAction)[0]))
}

for _model in (IfThen, Case, Choose, BranchOn, Share, Split, RawAction):
    _model.model_rebuild()

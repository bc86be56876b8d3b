"""The kinds of actions, by HubSpot's names and ids for them (F7.15, F7.17). What isn't here is logged as an issue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal import notifications
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import (
    association_actions,
    branches,
    contact_actions,
    custom_actions,
    custom_code,
    delays,
    edit_record,
    memberships,
    messages,
    owners,
    records_made,
    webhooks,
)
from hubtwin.portal.flows.actions import Action, NotExecuted, connection
from hubtwin.portal.objects import ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Around:
    """What an action is read in: the portal, the flow's id and the type of the records that it enrolls."""

    portal: "Portal"
    flow: str
    type: ObjectType


Reader = Callable[[Around, Node], Action]


def _alone(read: Callable[[Node], Action]) -> Reader:
    """A reader that needs to know nothing but the action itself."""
    return lambda around, node: read(node)


def _placed(read: Callable[["Portal", ObjectType, Node], Action]) -> Reader:
    """A reader that needs to know the portal, and which records are enrolled."""
    return lambda around, node: read(around.portal, around.type, node)


def _not_executed(why: str) -> Reader:
    return lambda around, node: NotExecuted(node.text("actionId"), connection(node), why)


_NO_SEQUENCES = "the portal has no sequences"
_OUTSIDE = "it would reach somebody outside; the portal has no such channel"

#: The actions with an id of their own, all of them of the kind SINGLE_CONNECTION: what they do, and how they are read.
BUILT_IN: Mapping[str, tuple[str, Reader]] = MappingProxyType(
    {
        "0-1": ("Delay for a set amount of time", _alone(delays.read_duration)),
        "0-3": ("Create task", _placed(records_made.read_task)),
        "0-4": ("Send marketing email", _alone(messages.read_marketing_email)),
        "0-5": ("Edit record", _placed(edit_record.read)),
        "0-8": (
            "Send internal email notification",
            _alone(partial(messages.read_notification, channel=notifications.EMAIL)),
        ),
        "0-9": (
            "Send in-app notification",
            _alone(partial(messages.read_notification, channel=notifications.IN_APP)),
        ),
        "0-11": ("Rotate record to owner", _alone(owners.read_rotate)),
        "0-13": ("Change static list", _alone(memberships.read_list)),
        "0-14": ("Create record", _placed(records_made.read_record)),
        "0-15": ("Enroll in workflow", _alone(memberships.read_enroll)),
        "0-23": ("Send email to recipients", _alone(messages.read_to_addresses)),
        "0-28": ("Delay until a day or time", _alone(delays.read_day)),
        "0-29": ("Delay until event happens", _placed(delays.read_event)),
        "0-31": ("Set marketing contact status", _alone(contact_actions.read_marketing_status)),
        "0-35": ("Delay until a date", _alone(delays.read_date)),
        "0-4702372": ("Unenroll from sequence", _not_executed(_NO_SEQUENCES)),
        "0-18224765": ("Delete contact", _alone(contact_actions.read_delete)),
        "0-25085031": ("Send WhatsApp message", _not_executed(_OUTSIDE)),
        "0-40900952": ("Send SMS", _not_executed(_OUTSIDE)),
        "0-43347357": ("Manage communication subscriptions", _alone(contact_actions.read_subscription)),
        "0-44475148": ("Assign conversation owner", _alone(owners.read_conversation)),
        "0-46510720": ("Enroll in sequence", _not_executed(_NO_SEQUENCES)),
        "0-61139476": ("Remove association labels", _placed(partial(association_actions.read_labels, removes=True))),
        "0-61139484": ("Set association labels", _placed(partial(association_actions.read_labels, removes=False))),
        "0-63189541": ("Create association", _placed(association_actions.read_associate)),
        "0-63809083": ("Add to static list", _alone(partial(memberships.read_list, leaves=False))),
        "0-63863438": ("Remove from static list", _alone(partial(memberships.read_list, leaves=True))),
        "0-169425243": ("Create note", _placed(records_made.read_note)),
        "1-179507819": ("Send Slack notification", _not_executed(_OUTSIDE)),
    }
)

_KINDS: Mapping[str, Reader] = MappingProxyType(
    {
        "SINGLE_CONNECTION": lambda around, node: _single(around, node),
        "STATIC_BRANCH": _alone(branches.read_static),
        "LIST_BRANCH": _placed(branches.read_list),
        "AB_TEST_BRANCH": lambda around, node: branches.read_chance(node, around.flow),
        "WEBHOOK": _alone(webhooks.read),
        "CUSTOM_CODE": _alone(custom_code.read),
    }
)


def read(around: Around, node: Node) -> Action:
    """The action that a JSON object describes. Raises InvalidFilterBranch."""
    return _KINDS[node.choice("type", _KINDS)](around, node)


def _single(around: Around, node: Node) -> Action:
    id = node.text("actionTypeId")
    if id not in BUILT_IN and (definition := custom_actions.definition_of(id)) is not None:
        return custom_actions.read(node, definition)
    if id not in BUILT_IN:
        return NotExecuted(node.text("actionId"), connection(node), f"HubTwin doesn't know action type {id}")
    return BUILT_IN[id][1](around, node)

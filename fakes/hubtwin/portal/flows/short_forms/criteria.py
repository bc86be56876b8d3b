"""Whom workflows enroll, in the short form and in HubSpot's (F7.9)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubtwin.portal.configuration import Enrollment, EventTrigger, ShortFilters
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.filter_branches import short_events, short_forms
from hubtwin.portal.flows.triggers import EVENT_BASED, LIST_BASED, MANUAL
from hubtwin.portal.objects import ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = dict[str, Any]

_JOINED, _LEFT = "joined list", "left list"


def written(portal: "Portal", type: ObjectType, enroll: Enrollment | None) -> Json:
    """The `enrollmentCriteria`. Raises ConfigurationError, whose place begins at the enrollment."""
    if enroll is None:
        return {"type": MANUAL, "shouldReEnroll": True}
    again = {"shouldReEnroll": bool(enroll.again)}
    if enroll.events:
        return {"type": EVENT_BASED, **again, **_events(portal, type, enroll)}
    if enroll.when is None:
        return {"type": MANUAL, **again}
    return {
        "type": LIST_BASED,
        **again,
        "unEnrollObjectsNotMeetingCriteria": enroll.leave_when_not_met,
        "listFilterBranch": filters(portal, type, enroll.when, "when"),
        "reEnrollmentTriggersFilterBranches": _again(portal, type, enroll),
    }


def filters(portal: "Portal", type: ObjectType, filters: Any, *place: str | int) -> Json:
    """The filter branch for filters at *place*. Raises ConfigurationError."""
    try:
        return short_forms.expanded(portal, type, filters)
    except ConfigurationError as error:
        raise error.below(*place) from None


def _events(portal: "Portal", type: ObjectType, enroll: Enrollment) -> Json:
    events, lists = [], []
    for number, trigger in enumerate(enroll.events):
        if trigger.list is None:
            events.append(short_events.written(portal, trigger, ("events", number)))
        else:
            lists.append(_membership(portal, type, trigger, number))
    refined = {} if enroll.when is None else {"refinementCriteria": filters(portal, type, enroll.when, "when")}
    return {"eventFilterBranches": events, "listMembershipFilterBranches": lists, **refined}


def _membership(portal: "Portal", type: ObjectType, trigger: EventTrigger, number: int) -> Json:
    """Joining and leaving lists are events that HubSpot keeps apart."""
    asked = {"all": [{"list": trigger.list, "member": trigger.event == _JOINED}]}
    try:
        branch = short_forms.expanded(portal, type, ShortFilters.model_validate(asked))
    except ConfigurationError as error:
        raise ConfigurationError(("events", number, "list"), error.message) from None
    inner: Json = branch["filterBranches"][0]
    return inner


def _again(portal: "Portal", type: ObjectType, enroll: Enrollment) -> list[Json]:
    """The re-enrollment triggers: a branch for each condition, or all that enrolls."""
    if enroll.again is True:
        return [filters(portal, type, enroll.when, "when")]
    branches = []
    for number, condition in enumerate(enroll.again if isinstance(enroll.again, tuple) else ()):
        try:
            branches.append(short_forms.expanded(portal, type, ShortFilters(any=(condition,))))
        except ConfigurationError as error:
            raise ConfigurationError(("again", number, *error.place[2:]), error.message) from None
    return branches


# -- back ----------------------------------------------------------------------------------------------------


def read(portal: "Portal", type: ObjectType, criteria: Mapping[str, Any]) -> Json:
    """The enrollment of a portal file; empty where people enroll by hand only. Raises PortalError, KeyError."""
    again = {"again": True} if criteria["shouldReEnroll"] else {}
    if criteria["type"] == LIST_BASED:
        return _read_list_based(portal, type, criteria) | _read_again(portal, type, criteria)
    if criteria["type"] == EVENT_BASED:
        events = [short_events.read(portal, branch) for branch in criteria.get("eventFilterBranches") or ()]
        events += [_read_membership(portal, type, one) for one in criteria.get("listMembershipFilterBranches") or ()]
        refined = criteria.get("refinementCriteria")
        when = {} if refined is None else {"when": short_forms.shortened(portal, type, refined)}
        return {**when, "events": events, **again}
    return again


def _read_list_based(portal: "Portal", type: ObjectType, criteria: Mapping[str, Any]) -> Json:
    leaves = {"leave_when_not_met": True} if criteria["unEnrollObjectsNotMeetingCriteria"] else {}
    return {"when": short_forms.shortened(portal, type, criteria["listFilterBranch"]), **leaves}


def _read_again(portal: "Portal", type: ObjectType, criteria: Mapping[str, Any]) -> Json:
    triggers, branches = [], criteria.get("reEnrollmentTriggersFilterBranches") or ()
    if list(branches) == [criteria["listFilterBranch"]]:
        return {"again": True}
    for branch in branches:
        (short,) = [short_forms.shortened(portal, type, branch)]
        asked = short["all"]
        triggers.append(asked[0] if len(asked) == 1 else {"all": asked})
    return {"again": triggers} if triggers else {}


def _read_membership(portal: "Portal", type: ObjectType, branch: Mapping[str, Any]) -> Json:
    root = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [branch]}
    (asked,) = short_forms.shortened(portal, type, root)["all"]
    return {"event": _JOINED if asked.get("member", True) else _LEFT, "list": asked["list"]}

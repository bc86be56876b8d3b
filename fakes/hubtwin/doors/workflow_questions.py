"""The questions about workflows that our own pages answer: HubSpot shows all that, and has no API for it (F7.33)."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from hubtwin.doors import telling
from hubtwin.doors.asking import Asked, CannotAnswer
from hubtwin.doors.questions import MOST, PAGE
from hubtwin.doors.reception import Reception
from hubtwin.portal.errors import UnknownName, choices
from hubtwin.portal.flows import action_log
from hubtwin.portal.flows.action_log import ActionEvent
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.issues import Issue
from hubtwin.portal.flows.metrics import ActionMetrics
from hubtwin.portal.flows.titles import titles_of
from hubtwin.portal.moments import iso
from hubtwin.portal.portal import Portal
from hubtwin.verbs.live import find_record


def workflows(reception: Reception, asked: Asked) -> dict[str, Any]:
    """All workflows: whether they are on, how many records are in them, how many issues need review."""
    asked.only()
    review = reception.portal.workflows.review
    rows = [
        {
            **_called(flow),
            "on": flow.is_on,
            "object": flow.plan.type.name,
            "active": len(flow.active),
            "issues": len(review.needs_review(flow.id)),
            "where": reception.find(flow.rule),
        }
        for flow in reception.portal.workflows
    ]
    return {"workflows": rows}


def log(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The action log of a workflow, newest first: of one `record`, `action` or `status` where they are asked for."""
    asked.only("record", "status", "action", "limit")
    flow = _find(reception.portal, asked)
    titles = titles_of(flow)
    wanted = _wanted(reception.portal, asked, tuple(titles))
    newest = islice(filter(wanted, action_log.events(reception.portal, flow)), asked.number("limit", PAGE, MOST))
    return {"workflow": _called(flow), "events": [_event(reception, flow, titles, event) for event in newest]}


def metrics(reception: Reception, asked: Asked) -> dict[str, Any]:
    """How many records a workflow enrolled, where they are, how they left, and what each action did."""
    asked.only()
    flow = _find(reception.portal, asked)
    found = reception.portal.workflows.metrics(flow)
    return {
        "workflow": _called(flow),
        "enrolled": {"total": found.enrolled, "unique": found.unique},
        "active": found.active,
        "completed": found.completed,
        "left": dict(found.left),
        "actions": [_action(one) for one in found.actions],
    }


def issues(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The issues that need review: what went wrong where, how often, and how to fix it."""
    asked.only()
    return {"issues": [_issue(reception, issue) for issue in reception.portal.workflows.review.needs_review()]}


def _find(portal: Portal, asked: Asked) -> Flow:
    """The workflow that the path names, by id or name. Raises CannotAnswer."""
    try:
        return portal.workflows.find(asked.path["workflow"])
    except UnknownName as error:
        raise CannotAnswer(str(error), 404) from None


def _wanted(portal: Portal, asked: Asked, actions: Sequence[str]) -> Callable[[ActionEvent], bool]:
    """Which events are asked for. Raises CannotAnswer, and PortalError for a record that isn't there."""
    record, action, status = (asked.query.get(name) for name in ("record", "action", "status"))
    for name, value, known in (("status", status, action_log.STATUSES), ("action", action, actions)):
        if value is not None and value not in known:
            raise CannotAnswer(f"{name} can't be {value!r}; {choices(value, known)}")
    only = None if record is None else find_record(portal, record)

    def wanted(event: ActionEvent) -> bool:
        fits = zip((only, action, status), (event.record, event.action, event.status), strict=True)
        return all(asked_for in (None, found) for asked_for, found in fits)

    return wanted


def _called(flow: Flow) -> dict[str, Any]:
    return {"id": flow.id, "name": flow.name}


def _event(reception: Reception, flow: Flow, titles: Mapping[str, str], event: ActionEvent) -> dict[str, Any]:
    id = event.action
    return {
        "number": event.number,
        "at": iso(event.moment),
        "record": telling.record(event.record),
        "action": None if id is None else {"id": id, "title": titles[id]},
        "status": event.status,
        "event": event.message,
        "where": reception.find(flow.rule if id is None else flow.rule_of(id)),
    }


def _action(one: ActionMetrics) -> dict[str, Any]:
    return {
        "id": one.action,
        "title": one.title,
        "succeeded": one.succeeded,
        "failed": one.failed,
        "waiting": one.waiting,
        "branches": [{"name": branch.name, "taken": branch.taken} for branch in one.branches],
    }


def _issue(reception: Reception, issue: Issue) -> dict[str, Any]:
    portal = reception.portal
    flow = portal.workflows.find(issue.flow)
    return {
        "workflow": _called(flow),
        "action": {"id": issue.action, "title": titles_of(flow)[issue.action]},
        "kind": issue.kind,
        "message": issue.message,
        "fix": issue.fix,
        "count": len(issue.entries),
        "first": iso(portal.log.moment(issue.entries[0])),
        "last": iso(portal.log.moment(issue.entries[-1])),
        "where": reception.find(flow.rule_of(issue.action)),
    }

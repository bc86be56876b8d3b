"""Plans: a flow's JSON, read once into what it executes (F7.2 to F7.6)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hubtwin.portal import uses
from hubtwin.portal.errors import InvalidFilterBranch, UnknownObjectType, choices
from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.criteria import Criterion
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import data_sources, kinds, office_hours, schedules, triggers
from hubtwin.portal.flows.actions import Action, Asset
from hubtwin.portal.flows.data_sources import DataSource
from hubtwin.portal.flows.kinds import Around
from hubtwin.portal.flows.office_hours import OfficeHours
from hubtwin.portal.flows.schedules import DateOfRecord, Schedule
from hubtwin.portal.flows.triggers import Triggers
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

CONTACT_FLOW, PLATFORM_FLOW = "CONTACT_FLOW", "PLATFORM_FLOW"

#: What only contact flows have (F7.3).
_CONTACTS_ONLY = (
    "goalFilterBranch",
    "suppressionListIds",
    "canEnrollFromSalesforce",
    "eventAnchor",
    "unEnrollmentSetting",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a flow does: whom it enrolls, and the *actions* by their ids, from *start* on.

    Records that meet *goal* have arrived and leave; those that *suppression* accepts, or that are in one of the
    *suppressed* lists, neither come in nor stay (F7.26). Who comes in leaves the flows of *ends*: None for none, an
    empty collection for all others (F7.6). With a *schedule*, criteria are asked at its times only (F7.10). *sources*
    are what its tokens fetch, by their names (F7.8).
    """

    type: ObjectType
    triggers: Triggers
    actions: Mapping[str, Action]
    start: str | None
    hours: OfficeHours
    schedule: Schedule | DateOfRecord | None = None
    goal: Criterion | None = None
    suppression: Criterion | None = None
    suppressed: Collection[int] = ()
    ends: Collection[str] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, DataSource] = field(default_factory=dict)

    def uses(self, asset: Asset) -> Iterator[Use]:
        """The properties that triggers, goal and actions read or write."""
        for name, branch in self.filters.items():
            yield from dict.fromkeys(uses.of_branch(asset.name, f"{asset.rule}.{name}", self.type, branch))
        for id, action in self.actions.items():
            yield from action.uses(self.type, Asset(asset.name, f"{asset.rule}.actions.{id}"))


def read(portal: "Portal", data: Mapping[str, Any], flow: str) -> Plan:
    """The plan of a flow. Raises InvalidFilterBranch with the place of what is wrong."""
    node = Node(data, "flow")
    type = _type(portal, node)
    _check_kind(node, type)
    actions = _actions(Around(portal, flow, type), node)
    start, zone = _start(node, actions), ZoneInfo(portal.configuration.account.time_zone)
    criteria = node.object("enrollmentCriteria") if "enrollmentCriteria" in node else None
    branches = {name: data[name] for name in ("goalFilterBranch", "suppressionFilterBranch") if data.get(name)}
    return Plan(
        type=type,
        triggers=triggers.read(portal, type, criteria),
        actions=actions,
        start=start,
        hours=office_hours.read(node, zone),
        schedule=schedules.read(node.object("enrollmentSchedule"), zone) if "enrollmentSchedule" in node else None,
        goal=_criterion(portal, type, node, "goalFilterBranch"),
        suppression=_criterion(portal, type, node, "suppressionFilterBranch"),
        suppressed=_suppressed(portal, node),
        ends=_ends(node),
        filters={**branches, **_enrolling(data)},
        sources=data_sources.read(portal, type, node),
    )


def _type(portal: "Portal", node: Node) -> ObjectType:
    try:
        return portal.type(node.text("objectTypeId"))
    except UnknownObjectType as error:
        raise node.wrong("objectTypeId", f"can't be used: {error}") from None


def _check_kind(node: Node, type: ObjectType) -> None:
    """Contacts have CONTACT_FLOWs, all others PLATFORM_FLOWs, which lack some members (F7.1, F7.3)."""
    kind = node.choice("type", (CONTACT_FLOW, PLATFORM_FLOW))
    if (type is CONTACTS) != (kind == CONTACT_FLOW):
        raise node.wrong("type", f"is {kind}, which does not go with {type.name}")
    if kind == PLATFORM_FLOW:
        for name in _CONTACTS_ONLY:
            if node.data.get(name):
                raise node.wrong(name, "goes with a CONTACT_FLOW only")


def _actions(around: Around, node: Node) -> dict[str, Action]:
    actions: dict[str, Action] = {}
    for one in node.objects("actions"):
        action = kinds.read(around, one)
        if action.id in actions:
            raise one.wrong("actionId", f"{action.id!r} is there twice")
        actions[action.id] = action
    for number, action in enumerate(actions.values()):
        for next in action.connections():
            if next not in actions:
                place = f"{node.place}.actions[{number}]"
                raise InvalidFilterBranch(
                    f"{place} leads to an action that isn't there; {choices(next, list(actions))}"
                )
    _check_circles(node, actions)
    return actions


def _check_circles(node: Node, actions: Mapping[str, Action]) -> None:
    """A record that goes round in a flow would never come to its end."""
    into = Counter(next for action in actions.values() for next in action.connections())
    free, left = [id for id in actions if not into[id]], dict(actions)
    while free:
        for next_ in left.pop(free.pop()).connections():
            into[next_] -= 1
            if not into[next_]:
                free.append(next_)
    if left:
        raise node.wrong("actions", f"lead back to themselves: {' -> '.join(_circle(left))}")


def _circle(left: Mapping[str, Action]) -> list[str]:
    """A way round, among actions of which each is led to by another one of them."""
    before = {next: id for id, action in left.items() for next in action.connections()}
    path = [next(iter(left))]
    while path[0] not in path[1:]:
        path.insert(0, before[path[0]])
    return path[: path.index(path[0], 1) + 1]


def _start(node: Node, actions: Mapping[str, Action]) -> str | None:
    if "startActionId" not in node:
        return next(iter(actions), None)
    start = node.text("startActionId")
    if start not in actions:
        raise node.wrong("startActionId", f"names no action: {start!r}; {choices(start, list(actions))}")
    return start


def _criterion(portal: "Portal", type: ObjectType, node: Node, name: str) -> Criterion | None:
    if not node.data.get(name):
        return None
    inner = node.object(name)
    return reading.read(portal, type, inner.data, inner.place)


def _suppressed(portal: "Portal", node: Node) -> Collection[int]:
    """The lists whose members don't come in."""
    ids = node.data.get("suppressionListIds") or []
    if not isinstance(ids, list):
        raise node.wrong("suppressionListIds", f"must be a list, not {ids!r}")
    return frozenset(_list(portal, node, id) for id in ids)


def _list(portal: "Portal", node: Node, id: object) -> int:
    number = Node({"suppressionListIds": id}, node.place).whole("suppressionListIds", low=0, high=10**18)
    if portal.lists.get(number) is None:
        raise node.wrong("suppressionListIds", f"names no list: {number}")
    return number


def _ends(node: Node) -> Collection[str] | None:
    if "unEnrollmentSetting" not in node:
        return None
    setting = node.object("unEnrollmentSetting")
    if setting.choice("type", ("ALL", "SELECTIVE")) == "ALL":
        return frozenset()
    return frozenset(setting.texts("flowIds"))


def _enrolling(data: Mapping[str, Any]) -> dict[str, Any]:
    """The filter branches that enroll, by their place: events that ask about properties are written as such."""
    criteria = data.get("enrollmentCriteria") or {}
    branches = [criteria[name] for name in ("listFilterBranch", "refinementCriteria") if criteria.get(name)]
    branches += criteria.get("reEnrollmentTriggersFilterBranches") or ()
    branches += [_changed(branch) for branch in criteria.get("eventFilterBranches") or ()]
    found: dict[str, Any] = {"enrollmentCriteria": {"filterBranches": branches}} if branches else {}
    if date := (data.get("enrollmentSchedule") or {}).get("dateProperty"):
        found["enrollmentSchedule"] = _asking(date, {})
    return found


def _changed(event: Mapping[str, Any]) -> dict[str, Any]:
    """What an event asks about the property that changed, and its new value."""
    asked = {one.get("property"): one.get("operation") or {} for one in event.get("filters") or ()}
    name = asked.get("hs_name", {}).get("value")
    return _asking(name, asked.get("hs_value", {})) if isinstance(name, str) else {}


def _asking(property: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    return {"filters": [{"filterType": "PROPERTY", "property": property, "operation": operation}]}

"""The scores of a portal file in the words of the lead scoring API, which the portal works with (F10.5.3)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hubtwin.portal import configuration as settings
from hubtwin.portal.configuration.conditions import PropertyCondition
from hubtwin.portal.errors import ConfigurationError, choices
from hubtwin.portal.filter_branches import short_properties
from hubtwin.portal.filter_branches.event_types import EVENT_TYPES, EventType, event_type
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.properties import Properties, PropertyDefinition
from hubtwin.portal.score_configurations import (
    DEFAULT_MOST,
    default_outputs,
    property_name,
    threshold_output,
)
from hubtwin.portal.score_outputs import CATEGORIES, FIT, INTENT

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = dict[str, Any]
Place = tuple[str | int, ...]

_CATEGORIES: Mapping[str, str] = MappingProxyType({"fit": FIT, "engagement": INTENT})


def configuration(portal: "Portal", type: ObjectType, score: settings.Score) -> Json:
    """The configuration that a score of a portal file stands for. Raises ConfigurationError, placed in the score."""
    writer = _Writer(portal, type)
    groups = [writer.group(group, ("groups", number)) for number, group in enumerate(score.groups)]
    written: Json = {
        "name": score.name,
        "objectTypeId": type.id,
        "allowedGroupTypes": _categories(score),
        "groupConfigs": groups,
        "maxScorePerCategory": _plain(score.max),
    }
    for key, kind in (("only", "INCLUDES"), ("never", "EXCLUDES")):
        if names := getattr(score, key):
            ids = [writer.list(name, (key, number)) for number, name in enumerate(names)]
            written["filterConfiguration"] = {"listFilterType": kind, "segmentIds": ids}
    return _without_none(written)


def outputs(score: settings.Score) -> list[Json]:
    """The outputs of a score of a portal file."""
    categories, most = _categories(score), DEFAULT_MOST if score.max is None else score.max
    property = score.property or property_name(score.name)
    made = default_outputs(score.label or score.name, property, categories, most)
    label = made[-1]
    if score.grades is not None:
        label["boundaries"] = {
            FIT: _boundaries(score.grades.fit),
            INTENT: _boundaries(score.grades.engagement),
        }
    if score.labels is not None and label["outputType"] == "THRESHOLD":
        label["boundaries"] = _boundaries(score.labels)
    elif score.labels is not None:
        name, property = f"{score.label or score.name} label", f"{property}_label"
        made.append(threshold_output(name, property, categories, _boundaries(score.labels)))
    return made


def _categories(score: settings.Score) -> list[str]:
    used = {_CATEGORIES[group.category] for group in score.groups}
    return [category for category in CATEGORIES if category in used]


def _boundaries(labels: Mapping[str, float]) -> list[Json]:
    return [{"label": label, "threshold": _plain(threshold)} for label, threshold in labels.items()]


class _Writer:
    """Writes groups and rules of a score of records of *type*."""

    def __init__(self, portal: "Portal", type: ObjectType) -> None:
        self._portal = portal
        self._type = type

    def group(self, group: settings.ScoreGroup, place: Place) -> Json:
        """A group of rules."""
        written: Json = {
            "groupCategory": _CATEGORIES[group.category],
            "groupName": group.name,
            "maxValue": _plain(group.max),
            "minValue": _plain(group.min),
            "ruleConfigurations": [self._rule(rule, (*place, "rules", n)) for n, rule in enumerate(group.rules)],
        }
        if group.decay is not None:
            decay = group.decay
            written["groupDecay"] = {
                "decayIntervalDays": decay.interval_days,
                "percentToDecayPerInterval": decay.percent,
            }
        return _without_none(written)

    def list(self, name: str, place: Place) -> int:
        """The id of the list with this name. Raises ConfigurationError."""
        found = self._portal.lists.named(self._type, name)
        if found is None:
            names = [one.name for one in self._portal.lists if one.type is self._type]
            message = f"no list of {self._type.name} is called {name!r}; {choices(name, names)}"
            raise ConfigurationError(place, message)
        return found.id

    def _rule(self, rule: settings.ScoreRule, place: Place) -> Json:
        match rule:
            case settings.PropertyRule():
                calculation = self._properties(rule, place)
            case settings.SegmentRule():
                calculation = self._segment(rule, place)
            case _:
                calculation = {"type": "MULTI_UE", "eventCalculators": [self._event(rule, place)]}
        limits = {"maxValue": _plain(rule.max), "minValue": _plain(rule.min)}
        return _without_none({"configuration": {"calculation": calculation}, "enabled": True, **limits})

    def _properties(self, rule: settings.PropertyRule, place: Place) -> Json:
        properties = self._portal.properties[self._type]
        conditions = [
            _single(properties, condition, (*place, "when", number)) for number, condition in enumerate(rule.when)
        ]
        return _conditional(conditions, rule.points)

    def _segment(self, rule: settings.SegmentRule, place: Place) -> Json:
        operation = "HAS_ALL_SEGMENT_MEMBERSHIP" if rule.member else "HAS_NO_SEGMENT_MEMBERSHIP"
        ids = [self.list(rule.list, (*place, "list"))]
        row = {"operation": operation, "segmentIds": ids, "value": _plain(rule.points)}
        return {"type": "SEGMENT_MEMBERSHIP", "segmentMembershipRules": [row]}

    def _event(self, rule: settings.EventRule, place: Place) -> Json:
        id, kind = self._event_type(rule.event, (*place, "event"))
        asked = [((*place, "where", number), condition) for number, condition in enumerate(rule.where)]
        if rule.form is not None:
            guid = self._portal.forms.find(rule.form).guid
            of_form = {"property": "hs_form_id", "is": guid}
            asked.append(((*place, "form"), PropertyCondition.model_validate(of_form)))
        conditions = [_of_event(kind, condition, where) for where, condition in asked]
        points = _plain(rule.points)
        worth = _conditional(conditions, rule.points) if conditions else {"type": "CONSTANT", "value": points}
        written: Json = {"eventTypeId": id, "recordCalculation": worth}
        if rule.times != "every":
            least = 1 if rule.times == "once" else rule.times
            ranges = [{"type": "AT_LEAST", "from": least, "value": points}]
            written["eventFrequencyCriteria"] = {"type": "BETWEEN", "ranges": ranges}
        if rule.within_days is not None:
            written["eventTimeframe"] = {"eventFilterOperation": _last_days(rule.within_days)}
        return written

    def _event_type(self, name: str, place: Place) -> tuple[str, EventType]:
        """The event that a portal file calls by its name, and HubSpot's id of it."""
        ids = {kind.name: id for id, kind in EVENT_TYPES.items()}
        ids |= {definition.label: definition.type_id for definition in self._portal.custom_events}
        if name not in ids:
            raise ConfigurationError(place, f"no event is called {name!r}; {choices(name, list(ids))}")
        return ids[name], event_type(self._portal, Node({"eventTypeId": ids[name]}, "event"))


def _of_event(kind: EventType, condition: PropertyCondition, place: Place) -> Json:
    """A condition on an event's own properties."""
    name = condition.property
    if name not in kind.properties:
        message = f"the event {kind.name!r} has no property {name!r}; {choices(name, list(kind.properties))}"
        raise ConfigurationError((*place, "property"), message)
    properties = Properties(CONTACTS)
    properties.put(PropertyDefinition(name, name, kind.properties[name].type, "text", "event"))
    return _single(properties, condition, place)


def _single(properties: Properties, condition: PropertyCondition, place: Place) -> Json:
    written = short_properties.written(properties, condition, place)
    return {"type": "SINGLE", "property": written["property"], "operation": written["operation"]}


def _conditional(conditions: Sequence[Json], points: float) -> Json:
    where = {"type": "COMPOSITE", "operator": "AND", "conditions": list(conditions)}
    return {"type": "CONDITIONAL", "value": _plain(points), "whereCondition": where}


def _last_days(days: int) -> Json:
    return {"operationType": "ROLLING_DATE_RANGE", "operator": "IS_LESS_THAN_X_DAYS_AGO", "numberOfDays": days}


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and float(number).is_integer() else number


def _without_none(written: Json) -> Json:
    return {name: value for name, value in written.items() if value is not None}

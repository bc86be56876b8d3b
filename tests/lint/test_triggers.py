"""What enrolls records, and the lists that are asked about."""

from collections.abc import Callable

import pytest

from hubtwin.lint import Finding, lint
from hubtwin.portal import Portal

MakePortal = Callable[[str], Portal]
Findings = Callable[[str], list[Finding]]
Faults = Callable[[str], list[tuple[str, str]]]

WORKFLOW = """\
    properties:
      contacts:
        - {name: tier, type: enumeration, field: select, options: [gold, silver]}
        - {name: seats, type: number}
        - {name: vip, type: bool}
    forms: [{name: F, fields: [email, tier, seats, vip]}]
    lists:
      - {name: Golden, filters: {all: [{property: tier, is: gold}]}}
      - {name: Fixed, kind: static}
    workflows:
      - name: W
        enroll: %s
        actions: [{set: hs_lead_status, to: NEW}]
      - name: Reader of lists
        actions: [{if: {all: [{list: Golden}, {list: Fixed}]}, then: [{set: hs_lead_status, to: NEW}]}]
"""


@pytest.mark.parametrize(
    "conditions",
    [
        "{property: tier, is: gold}, {property: tier, is: silver}",
        "{property: tier, is: gold}, {property: tier, is_not: [gold]}",
        "{property: tier, is: gold}, {property: tier, known: false}",
        "{property: seats, above: 50}, {property: seats, below: 20}",
        "{property: seats, between: [1, 5]}, {property: seats, at_least: 6}",
        "{property: vip, is: true}, {property: vip, is: false}",
        "{property: jobtitle, is: CEO}, {property: jobtitle, is: CTO}",
        "{property: jobtitle, is: CEO}, {property: jobtitle, contains: engineer}",
        "{list: Golden}, {property: tier, is: silver}",
        "{list: Golden}, {list: Golden, member: false}",
        "{list: Fixed}, {list: Fixed, member: false}",
        "{form: F}, {form: F, submitted: false}",
        "{none: [{property: tier, known: true}]}, {property: tier, is: gold}",
        "{not_all: [{property: vip, known: true}, {property: vip, is: true}]}, {property: vip, is: true}",
        "{property: createdate, after: 2026-01-01}, {none: [{property: createdate, after: 2026-01-01}]}",
    ],
)
def test_conditions_that_contradict_each_other(conditions: str, faults: Faults) -> None:
    """No record can meet them all, whatever is asked."""
    assert faults(WORKFLOW % f"{{when: {{all: [{conditions}]}}}}") == [("trigger-never", "workflows.0.enroll")]


@pytest.mark.parametrize(
    "conditions",
    [
        "{property: tier, is: [gold, silver]}, {property: tier, is_not: [gold]}",
        "{property: seats, above: 20}, {property: seats, below: 50}",
        "{property: seats, above: 20}, {property: seats, below: 21}",
        "{property: jobtitle, contains: head}, {property: jobtitle, contains: sales}",
        "{property: jobtitle, starts_with: head}, {property: jobtitle, is_not: head}",
        "{list: Golden}, {list: Fixed, member: false}",
        "{form: F}, {form: null, submitted: false}",
        "{property: createdate, after: 2026-01-01}, {property: createdate, before: 2025-01-01}",
        "{property: tier, was: silver}, {property: tier, is: gold}",
    ],
)
def test_conditions_that_can_be_met(conditions: str, faults: Faults) -> None:
    """What lint can't tell, it leaves alone: dates, what was once, parts of texts."""
    assert faults(WORKFLOW % f"{{when: {{all: [{conditions}]}}}}") == []


def test_one_way_is_enough(faults: Faults) -> None:
    """Of conditions of which one has to be met, one that can't does no harm."""
    never = "{all: [{property: tier, is: gold}, {property: tier, is: silver}]}"
    assert faults(WORKFLOW % f"{{when: {{any: [{never}, {{property: vip, is: true}}]}}}}") == []
    assert faults(WORKFLOW % f"{{when: {{any: [{never}]}}}}") == [("trigger-never", "workflows.0.enroll")]


def test_an_event_that_goes_with_conditions(faults: Faults) -> None:
    """What an event leaves behind is known: the new value of a property."""
    change = "events: [{event: property changed, property: tier, to: gold}], again: true"
    silver, golden = "{all: [{property: tier, is: silver}]}", "{all: [{list: Golden}]}"
    assert faults(WORKFLOW % f"{{{change}, when: {silver}}}") == [("trigger-never", "workflows.0.enroll")]
    assert faults(WORKFLOW % f"{{{change}, when: {golden}}}") == []


def test_who_is_suppressed_or_has_arrived(faults: Faults) -> None:
    """A goal or a list that takes out all whom the criteria let in."""
    when = "{when: {all: [{property: tier, is: gold}]}}"
    assert faults(WORKFLOW % f"{when}\n        suppress: [Golden]") == [("trigger-never", "workflows.0.enroll")]
    goal = "{all: [{property: tier, known: true}]}"
    assert faults(WORKFLOW % f"{when}\n        goal: {goal}") == [("trigger-never", "workflows.0.enroll")]


def test_lists_that_stay_empty(faults: Faults) -> None:
    """Their filters contradict each other, as they do where a workflow asks about such a list."""
    portal = """\
    lists:
      - {name: Nobody, filters: {all: [{property: hs_lead_status, is: NEW}, {property: hs_lead_status, is: OPEN}]}}
    workflows:
      - {name: W, enroll: {when: {all: [{list: Nobody}]}}, actions: [{set: jobtitle, to: x}]}
    """
    assert faults(portal) == [("trigger-never", "workflows.0.enroll"), ("list-never", "lists.0")]


def test_forms_and_lists_that_are_gone(portal_of: MakePortal) -> None:
    """Somebody took them out since."""
    portal = portal_of("""\
    forms: [{name: F, fields: [email]}]
    lists: [{name: L, kind: static}]
    workflows:
      - {name: A, enroll: {when: {all: [{form: F}]}}, actions: [{set: jobtitle, to: x}]}
      - {name: B, enroll: {events: [{event: form submitted, form: F}], again: true}, actions: [{set: city, to: x}]}
      - {name: C, enroll: {when: {all: [{list: L}]}}, actions: [{set: state, to: x}]}
    """)
    assert lint(portal) == []
    portal.forms.archive(portal.forms.find("F"))
    (list,) = portal.lists
    portal.lists.delete(list)
    found = lint(portal)
    assert [(one.rule.id, one.place) for one in found] == [
        ("asks-for-gone", "workflows.0"),
        ("asks-for-gone", "workflows.1"),
        ("asks-for-gone", "workflows.2"),
    ]
    assert "workflow 'C' asks about list 1, which isn't there any more" in found[2].message


def test_options_that_are_gone(portal_of: MakePortal) -> None:
    """An app may ask for an option that isn't there; a portal file can't."""
    portal = portal_of("{}")
    flow = flow_of("hs_lead_status", ["NEW", "GONE"])
    portal.workflows.create(flow)
    (found,) = lint(portal)
    assert found.rule.id == "unknown-option"
    assert found.message == "workflow Made by an app names the option 'GONE', which hs_lead_status doesn't have"


def flow_of(property: str, values: list[str]) -> dict[str, object]:
    """A workflow as an app makes it."""
    operation = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": values}
    asked = {"filterType": "PROPERTY", "property": property, "operation": operation}
    branch = {"filterBranchType": "AND", "filters": [asked], "filterBranches": []}
    edit = {"property_name": "jobtitle", "value": {"type": "STATIC_VALUE", "staticValue": "x"}}
    return {
        "type": "CONTACT_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": "0-1",
        "name": "Made by an app",
        "isEnabled": True,
        "actions": [{"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5", "fields": edit}],
        "enrollmentCriteria": {
            "type": "LIST_BASED",
            "shouldReEnroll": False,
            "listFilterBranch": {"filterBranchType": "OR", "filters": [], "filterBranches": [branch]},
        },
    }


def test_properties_that_nothing_writes(faults: Faults) -> None:
    """A workflow that waits for one waits for people, imports or apps."""
    portal = """\
    properties: {contacts: [{name: approved, type: bool}]}
    workflows:
      - name: W
        enroll: {events: [{event: property changed, property: approved, to: "true"}], again: true}
        actions: [{set: hs_lead_status, to: NEW}]
    """
    assert faults(portal) == [("trigger-unwritten", "workflows.0.enroll")]
    assert faults("    forms: [{name: F, fields: [email, approved]}]\n" + portal) == []


def test_lists_that_are_joined(faults: Faults) -> None:
    """An event as others are; who joins a list meets its filters."""
    portal = """\
    lists: [{name: L, filters: {all: [{property: city, is: Oslo}]}}]
    workflows:
      - name: W
        enroll: {events: [{event: joined list, list: L}], again: %s, when: {all: [{property: city, is: %s}]}}
        actions: [{set: hs_lead_status, to: NEW}]
    """
    assert faults(portal % ("true", "Oslo")) == []
    assert faults(portal % ("false", "Oslo")) == [("re-enroll-off", "workflows.0.enroll")]
    assert faults(portal % ("true", "Bergen")) == [("trigger-never", "workflows.0.enroll")]


def test_events_that_can_occur_again(faults: Faults) -> None:
    """Without re-enrollment each record comes in once; a record is created once anyway."""
    portal = """\
    workflows:
      - name: W
        enroll: {events: [{event: %s}]}
        actions: [{set: hs_lead_status, to: NEW}]
    """
    assert faults(portal % "form submitted") == [("re-enroll-off", "workflows.0.enroll")]
    assert faults(portal.replace("}]}", "}], again: true}", 1) % "form submitted") == []
    assert faults(portal % "object created") == []


def test_what_is_off_is_left_alone(faults: Faults) -> None:
    """A workflow that is turned off does nothing wrong."""
    never = "{when: {all: [{property: tier, is: gold}, {property: tier, is: silver}]}}\n        active: false"
    assert faults(WORKFLOW % never) == []

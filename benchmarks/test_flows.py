"""Workflows: what a change costs beside how many flows there are. The limit is the same change with ten of them."""

import gc
from collections.abc import Callable
from itertools import count, cycle
from typing import Any

import pytest

from hubtwin.portal import Portal
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import Option, PropertyDefinition

Beside = Callable[..., float]

VALUES = [f"v{number}" for number in range(1_000)]


def portal_with(flows: int, contacts: int) -> Portal:
    """Contacts, and flows that wait for one value each: half of one property's, half of properties of their own."""
    portal = Portal()
    options = tuple(Option(value, value, number) for number, value in enumerate(VALUES))
    portal.properties[CONTACTS].put(
        PropertyDefinition("plan", "Plan", "enumeration", "select", "contactinformation", options=options)
    )
    for number in range(flows):
        name = "plan" if number % 2 else f"own_{number}"
        if name != "plan":
            own = PropertyDefinition(name, name, "string", "text", "contactinformation")
            portal.properties[CONTACTS].put(own)
        portal.workflows.create(flow(name, VALUES[number]))
    gc.disable()
    for number in range(contacts):
        portal.create("contacts", {"email": f"c{number}@acme.example"})
    gc.enable()
    return portal


def flow(property: str, value: str) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": [value]}
    if property != "plan":
        operation = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": value}
    filters = [{"filterType": "PROPERTY", "property": property, "operation": operation}]
    fields = {"property_name": "jobtitle", "value": {"type": "STATIC_VALUE", "staticValue": "x"}}
    return {
        "type": "CONTACT_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": "0-1",
        "name": f"{property} {value}",
        "isEnabled": True,
        "actions": [{"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5", "fields": fields}],
        "enrollmentCriteria": {
            "type": "LIST_BASED",
            "listFilterBranch": {
                "filterBranchType": "OR",
                "filterBranches": [{"filterBranchType": "AND", "filters": filters}],
            },
        },
    }


def asking_otherwise(flows: int) -> Portal:
    """Flows by other kinds of filters: what is known, what isn't, a list, a form, the country of the company."""
    portal = Portal()
    asked = portal.lists.create("Asked", CONTACTS, "MANUAL")
    of_company = {
        "filterBranchType": "ASSOCIATION",
        "associationTypeId": 279,
        "objectTypeId": "0-2",
        "filters": [property_filter("country", "STRING", "IS_EQUAL_TO", value="Finland")],
    }
    ands: list[dict[str, Any]] = [
        {"filters": [property_filter("jobtitle", "ALL_PROPERTY", "IS_KNOWN")]},
        {"filters": [property_filter("email", "ALL_PROPERTY", "IS_UNKNOWN")]},
        {"filters": [{"filterType": "IN_LIST", "listId": str(asked.id), "operator": "IN_LIST"}]},
        {"filters": [{"filterType": "FORM_SUBMISSION", "operator": "FILLED_OUT"}]},
        {"filters": [], "filterBranches": [of_company]},
    ]
    for number in range(flows):
        made = flow("plan", "")
        branch = {"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "AND", **ands[number % len(ands)]}]}
        made["enrollmentCriteria"]["listFilterBranch"] = branch
        portal.workflows.create(made)
    return portal


def property_filter(name: str, kind: str, operator: str, **operation: str) -> dict[str, Any]:
    operation = {"operationType": kind, "operator": operator, **operation}
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


@pytest.mark.benchmark(group="flows")
def test_a_new_contact_in_a_portal_of_a_thousand_flows(beside: Beside) -> None:
    """A contact that none of them enrolls, with 1,000 flows that ask for other things, beside one with ten."""
    beside(*(_arrivals(asking_otherwise(flows)) for flows in (1_000, 10)))


def _arrivals(portal: Portal) -> Callable[[], object]:
    numbers = count()

    def arrive() -> None:
        portal.create("contacts", {"email": f"n{next(numbers)}@acme.example"})

    return arrive


@pytest.mark.benchmark(group="flows")
def test_a_change_in_a_portal_of_a_thousand_flows(beside: Beside) -> None:
    """A property change that enrolls nobody, with 1,000 flows and 100,000 contacts, beside one with ten and as many."""
    pairs = [_changes(portal_with(flows, 100_000)) for flows in (1_000, 10)]
    beside(*pairs)


def _changes(portal: Portal) -> Callable[[], object]:
    contacts, values = cycle(list(portal.records[CONTACTS])[:1_000]), cycle(VALUES[-7:])

    def change() -> None:
        portal.update(next(contacts), {"plan": next(values)})

    return change

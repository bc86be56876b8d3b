"""Workflows: what a change costs beside how many flows there are. The limit is the same change with ten of them."""

import gc
from collections.abc import Callable
from itertools import cycle
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

"""Properties, pipelines and owners over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

PROPERTIES = "/crm/v3/properties/contacts"
SIZE = {
    "name": "size_band",
    "label": "Size",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "contactinformation",
    "options": [{"label": "S", "value": "s"}, {"label": "L", "value": "l"}],
}


def test_the_stage_property_lists_the_stages(call: Call) -> None:
    """Its options come from the lifecycle pipeline, in order (F1.8, F1.1)."""
    _, body = call("GET", f"{PROPERTIES}/lifecyclestage")
    assert [option["value"] for option in body["options"]][:3] == ["subscriber", "lead", "marketingqualifiedlead"]
    assert (body["externalOptions"], body["fieldType"], body["hubspotDefined"]) == (True, "radio", True)


def test_only_contacts_and_companies_have_stages(call: Call) -> None:
    """Deals have no lifecycle stage (F1.5)."""
    statuses = [call("GET", f"/crm/v3/properties/{type}/lifecyclestage")[0] for type in ("companies", "deals")]
    assert statuses == [200, 404]


def test_a_new_property(call: Call) -> None:
    """201, in HubSpot's order of members; options without a place go last (W4.1, W4.5)."""
    status, body = call("POST", PROPERTIES, SIZE)
    assert status == 201
    assert list(body)[:6] == ["updatedAt", "createdAt", "name", "label", "type", "fieldType"]
    assert [option["displayOrder"] for option in body["options"]] == [0, 1]
    assert (body["archived"], "hubspotDefined" in body) == (False, False)
    assert call("POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "A", "size_band": "l"}})[0] == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": "email"}, 409),
        ({"name": "Size"}, 400),
        ({"name": "1size"}, 400),
        ({"fieldType": "text"}, 400),
        ({"type": "butterfly"}, 400),
        ({"groupName": "nope"}, 400),
        ({"options": []}, 400),
        ({"options": [{"label": "S"}]}, 400),
        ({"label": None}, 400),
    ],
)
def test_a_property_that_cannot_be(call: Call, change: dict[str, Any], status: int) -> None:
    """Names in use, bad names, pairs of types that don't go together, missing parts (W4.4, W4.5, W4.7, W4.8)."""
    assert call("POST", PROPERTIES, {**SIZE, **change})[0] == status
    assert call("GET", f"{PROPERTIES}/size_band")[0] == 404


def test_changing_options_replaces_them(call: Call) -> None:
    """A PATCH with options is the whole list (W4.5)."""
    call("POST", PROPERTIES, SIZE)
    _, body = call("PATCH", f"{PROPERTIES}/size_band", {"options": [{"label": "XL", "value": "xl"}]})
    assert [option["value"] for option in body["options"]] == ["xl"]


def test_an_archived_property(call: Call) -> None:
    """204; its name is free at once, and HubSpot's own stay (W4.9)."""
    call("POST", PROPERTIES, SIZE)
    assert call("DELETE", f"{PROPERTIES}/size_band")[0] == 204
    assert [row["name"] for row in call("GET", PROPERTIES, None, "archived=true")[1]["results"]] == ["size_band"]
    assert call("POST", PROPERTIES, SIZE)[0] == 201
    assert call("DELETE", f"{PROPERTIES}/email")[0] == 400


def test_groups(call: Call) -> None:
    """Groups are listed and made; a second one of the same name is refused (W4.8)."""
    group = {"name": "ours", "label": "Ours"}
    assert [call("POST", f"{PROPERTIES}/groups", group)[0] for _ in range(2)] == [201, 409]
    assert "ours" in [row["name"] for row in call("GET", f"{PROPERTIES}/groups")[1]["results"]]
    assert call("POST", PROPERTIES, {**SIZE, "groupName": "ours"})[0] == 201


def test_reading_some_properties(call: Call) -> None:
    """207 where some don't exist (W2.7.10)."""
    inputs = [{"name": "email"}, {"name": "nope"}]
    status, body = call("POST", f"{PROPERTIES}/batch/read", {"inputs": inputs})
    assert (status, [row["name"] for row in body["results"]], body["numErrors"]) == (207, ["email"], 1)


def test_the_lifecycle_pipeline_can_be_read(call: Call) -> None:
    """The stages of contacts are a pipeline (F1.10)."""
    _, body = call("GET", "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline")
    assert (body["label"], len(body["stages"])) == ("Lifecycle Stage Pipeline", 8)
    stages = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline/stages"
    assert call("GET", f"{stages}/customer")[1]["label"] == "Customer"
    assert call("GET", f"{stages}/nope")[0] == 404


def test_the_sales_and_support_pipelines(call: Call) -> None:
    """What every portal starts with (W5.2, W5.3)."""
    (sales,) = call("GET", "/crm/v3/pipelines/deals")[1]["results"]
    assert [stage["metadata"]["probability"] for stage in sales["stages"]][-2:] == ["1.0", "0.0"]
    (support,) = call("GET", "/crm/v3/pipelines/tickets")[1]["results"]
    assert [stage["id"] for stage in support["stages"]] == ["1", "2", "3", "4"]


def test_owners(call: Call) -> None:
    """A string id, a numeric userId, and both find the owner (W6.1)."""
    (owner,) = call("GET", "/crm/v3/owners/")[1]["results"]
    assert (type(owner["id"]), type(owner["userId"])) == (str, int)
    assert call("GET", f"/crm/v3/owners/{owner['id']}")[1] == owner
    assert call("GET", f"/crm/v3/owners/{owner['userId']}", None, "idProperty=userId")[1] == owner
    assert call("GET", "/crm/v3/owners", None, "email=nobody@x.example")[1] == {"results": []}
    assert call("GET", "/crm/v3/owners/1")[0] == 404


def test_an_owner_can_be_given(call: Call, account: Portal) -> None:
    """hubspot_owner_id takes an owner's id and no other (W2.7.3)."""
    id = next(iter(account.users)).id
    assert (
        call("POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "A", "hubspot_owner_id": id}})[0] == 201
    )


@pytest.mark.parametrize("version", ["2025-09", "2026-03", "2026-09"])
def test_dated_paths_are_the_same_operations(call: Call, version: str) -> None:
    """Types by name or id, in every dated version (W1.11, W1.9)."""
    assert call("POST", f"/crm/objects/{version}/0-1", {"properties": {"firstname": "A"}})[0] == 201
    for path in (f"objects/{version}/contacts/1001", f"properties/{version}/0-1/email", f"owners/{version}"):
        assert call("GET", f"/crm/{path}")[0] == 200
    assert call("GET", "/crm/objects/2024-03/contacts")[0] == 404


@pytest.mark.parametrize("path", ["/crm/v3/owners/", "//crm/v3/owners", "/crm//v3/owners//"])
def test_slashes_make_no_difference(call: Call, path: str) -> None:
    """At the end, doubled or missing (W1.12)."""
    assert call("GET", path)[0] == 200

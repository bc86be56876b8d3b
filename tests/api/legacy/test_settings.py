"""Properties, pipelines, owners and forms, versions 1 and 2."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.configuration import Form

Call = Callable[..., tuple[int, Any]]

SIZE = {
    "name": "size_band",
    "label": "Size",
    "description": "How large",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "contactinformation",
    "options": [{"label": "S", "value": "s"}, {"label": "L", "value": "l"}],
}
PLACES = ["/properties/v1/contacts", "/properties/v2/contact", "/contacts/v2"]


@pytest.mark.parametrize("place", PLACES)
def test_a_property(call: Call, place: str) -> None:
    """Made with 200, read by name, listed plainly, changed and deleted in each of its places (W12.9.14)."""
    status, body = call("POST", f"{place}/properties/", SIZE)
    assert (status, {name: body[name] for name in ("name", "label", "groupName")}) == (
        200,
        {name: SIZE[name] for name in ("name", "label", "groupName")},
    )
    assert (body["hubspotDefined"], body["deleted"], body["displayMode"]) == (False, False, "current_value")
    assert call("PUT", f"{place}/properties/named/size_band", {**SIZE, "label": "Band"})[1]["label"] == "Band"
    assert "size_band" in [row["name"] for row in call("GET", f"{place}/properties")[1]]
    assert call("DELETE", f"{place}/properties/named/size_band") == (204, b"")


@pytest.mark.parametrize("place", ["/properties/v1/companies", "/companies/v2", "/properties/v1/deals", "/deals/v1"])
def test_the_other_types(call: Call, place: str) -> None:
    """Companies and deals have theirs (W12.9.14)."""
    status, body = call("GET", f"{place}/properties/named/hubspot_owner_id")
    assert (status, body["externalOptions"], body["readOnlyDefinition"]) == (200, True, True)


def test_a_property_that_cannot_be(call: Call) -> None:
    """404 and 409 in the old words (W12.9.2, W12.9.14)."""
    status, body = call("GET", "/properties/v1/contacts/properties/named/nope")
    assert (status, body["message"]) == (404, "Couldn't find a Property with the given name 'nope'")
    statuses = [call("POST", "/properties/v1/contacts/properties", SIZE)[0] for _ in range(2)]
    assert (statuses, call("POST", "/properties/v1/butterflies/properties", SIZE)[0]) == ([200, 409], 400)


@pytest.mark.parametrize("place", PLACES)
def test_groups(call: Call, place: str) -> None:
    """Made, changed, listed with or without properties, and deleted when nothing is left in them (W12.9.14)."""
    group = {"name": "ours", "displayName": "Ours", "displayOrder": 7}
    assert [call("POST", f"{place}/groups", group)[0] for _ in range(2)] == [200, 409]
    assert call("PUT", f"{place}/groups/named/ours", {"displayName": "Own"})[1] == {**group, "displayName": "Own"}
    call("POST", f"{place}/properties", {**SIZE, "groupName": "ours"})
    listed = {row["name"]: row for row in call("GET", f"{place}/groups", None, "includeProperties=true")[1]}
    assert [row["name"] for row in listed["ours"]["properties"]] == ["size_band"]
    assert call("DELETE", f"{place}/groups/named/ours")[0] == 400
    call("DELETE", f"{place}/properties/named/size_band")
    assert [call("DELETE", f"{place}/groups/named/ours")[0] for _ in range(2)] == [204, 404]


def test_the_pipelines_of_a_type(call: Call) -> None:
    """With their stages and metadata, by any word for the type (W12.9.12)."""
    (deals,) = call("GET", "/crm-pipelines/v1/pipelines/deals/")[1]["results"]
    assert (deals["pipelineId"], deals["objectType"], deals["default"]) == ("default", "DEAL", True)
    assert deals["stages"][0]["metadata"] == {"isClosed": "false", "probability": "0.2"}
    assert call("GET", "/crm-pipelines/v1/pipelines/ticket")[1]["results"][0]["label"] == "Support Pipeline"


def test_a_pipeline_of_ones_own(call: Call) -> None:
    """Made, overwritten and deleted (W12.9.12)."""
    stages = [{"label": "Open", "metadata": {"probability": 0.5}}]
    path = "/crm-pipelines/v1/pipelines/deals"
    status, made = call("POST", path, {"label": "Ours", "displayOrder": 1, "stages": stages})
    assert (status, [stage["label"] for stage in made["stages"]]) == (200, ["Open"])
    changed = call("PUT", f"{path}/{made['pipelineId']}", {"label": "Own", "stages": made["stages"]})[1]
    assert (changed["label"], changed["stages"][0]["stageId"]) == ("Own", made["stages"][0]["stageId"])
    assert [call("DELETE", f"{path}/{made['pipelineId']}")[0] for _ in range(2)] == [204, 404]


def test_the_older_pipelines_of_deals(call: Call) -> None:
    """A plain list; probabilities are numbers (W12.9.12)."""
    (pipeline,) = call("GET", "/deals/v1/pipelines")[1]
    assert call("GET", "/deals/v1/pipelines/default")[1] == pipeline
    won = [stage["stageId"] for stage in pipeline["stages"] if stage["closedWon"]]
    assert (won, pipeline["stages"][0]["probability"]) == (["closedwon"], 0.2)
    assert call("GET", "/deals/v1/pipelines/nope")[0] == 404


def test_an_older_pipeline_of_deals_of_ones_own(call: Call) -> None:
    """Made, overwritten and deleted; a stage of probability 1 is won (W12.9.21)."""
    path = "/deals/v1/pipelines"
    stages = [{"stageId": "s1", "label": "Open", "probability": 0.5}, {"label": "Won", "probability": 1.0}]
    status, made = call("POST", path, {"pipelineId": "ours", "label": "Ours", "displayOrder": 3, "stages": stages})
    assert (status, made["pipelineId"], made["displayOrder"], made["staticDefault"]) == (200, "ours", 3, False)
    assert [(stage["probability"], stage["closedWon"]) for stage in made["stages"]] == [(0.5, False), (1.0, True)]
    status, changed = call("PUT", f"{path}/ours", {"label": "Own", "stages": made["stages"][:1]})
    assert (status, changed["label"], [stage["stageId"] for stage in changed["stages"]]) == (200, "Own", ["s1"])
    assert [call("DELETE", f"{path}/ours")[0] for _ in range(2)] == [204, 404]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "label"),
        ({"label": "Ours", "stages": [{"label": "Open"}]}, "must specify probability"),
        ({"label": "Ours", "stages": [{"label": "Open", "probability": 2}]}, "probability is not valid"),
        ({"label": "Ours", "stages": [{"label": "Open", "probability": {}}]}, "probability is not valid"),
        ({"label": "Ours", "stages": [7]}, "Invalid input JSON"),
    ],
)
def test_older_pipelines_that_cannot_be(call: Call, body: dict[str, Any], message: str) -> None:
    """400, and nothing is made (W12.9.21)."""
    status, answer = call("POST", "/deals/v1/pipelines", body)
    assert (status, len(call("GET", "/deals/v1/pipelines")[1])) == (400, 1)
    assert message in answer["message"]


def test_a_pipeline_with_deals_in_it_stays(call: Call, account: Portal) -> None:
    """400 (W12.9.21)."""
    account.create("deals", {"dealname": "Engine", "dealstage": "contractsent"})
    assert call("DELETE", "/deals/v1/pipelines/default")[0] == 400


def test_owners(call: Call) -> None:
    """A plain list, by e-mail or by id; ids are numbers (W12.9.10)."""
    (owner,) = call("GET", "/owners/v2/owners", None, "email=ADA@hubtwin.example")[1]
    assert (type(owner["ownerId"]), type(owner["createdAt"])) == (int, int)
    assert owner["remoteList"][0]["remoteType"] == "HUBSPOT"
    assert call("GET", f"/owners/v2/owners/{owner['ownerId']}")[1] == owner
    assert call("GET", "/owners/v2/owners", None, "email=x@y.example") == (200, [])
    assert call("GET", "/owners/v2/owners/1")[0] == 404


class TestForms:
    """The forms of a portal that has one."""

    @pytest.fixture
    def account(self) -> Portal:
        """A portal with a form."""
        return Portal(Configuration(forms=(Form(name="Demo"),)))

    def test_forms(self, call: Call) -> None:
        """A plain list; one by its guid; its fields alone (W12.9.13)."""
        (form,) = call("GET", "/forms/v2/forms")[1]
        assert call("GET", f"/forms/v2/forms/{form['guid']}")[1] == form
        fields = call("GET", f"/forms/v2/fields/{form['guid']}")[1]
        assert [field["name"] for field in fields] == ["email", "firstname", "lastname"]
        assert [group["fields"][0] for group in form["formFieldGroups"]] == fields
        assert call("GET", "/forms/v2/forms/nope")[0] == 404


PATHS = [
    "/contacts/v1/contact",
    "/contacts/v1/contact/batch",
    "/contacts/v1/contact/vid/1001/profile",
    "/contacts/v1/contact/createOrUpdate/email/a@b.example",
    "/contacts/v1/contact/merge-vids/1001",
    "/contacts/v1/lists/all/contacts/all",
    "/contacts/v1/lists/recently_updated/contacts/recent",
    "/contacts/v1/secondary-email/1001",
    "/companies/v2/companies",
    "/companies/v2/companies/1001",
    "/companies/v2/domains/x/companies",
    "/companies/v1/batch-async/update",
    "/deals/v1/deal",
    "/deals/v1/deal/1001/associations/contact",
    "/deals/v1/deal/recent/modified",
    "/engagements/v1/engagements",
    "/engagements/v1/engagements/1002",
    "/crm-objects/v1/objects/tickets",
    "/crm-objects/v1/objects/products/batch-create",
    "/crm-objects/v1/objects/products/batch-read",
    "/crm-associations/v1/associations",
    "/crm-associations/v1/associations/create-batch",
    "/crm-pipelines/v1/pipelines/deals",
    "/properties/v1/contacts/properties",
    "/properties/v1/contacts/properties/named/email",
    "/contacts/v2/groups",
    "/contacts/v2/groups/named/contactinformation",
    "/owners/v2/owners",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ROW = st.fixed_dictionaries({"property": st.just("email"), "name": st.just("name"), "value": JSON})
KEYS = st.sampled_from(["engagement", "associations", "metadata", "objectId", "ids", "email", "vid", "label", "stages"])
BODY = st.one_of(
    JSON,
    st.dictionaries(KEYS, JSON, max_size=4),
    st.fixed_dictionaries({"properties": st.lists(ROW, max_size=2)}),
    st.lists(st.one_of(ROW, st.lists(ROW, max_size=2)), max_size=2),
    st.binary(max_size=40),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE"]),
    path=st.sampled_from(PATHS),
    body=BODY,
    query=st.text(max_size=20),
)
def test_nothing_breaks_the_server(call: Call, method: str, path: str, body: Any, query: str) -> None:
    """Whatever the body and the query, the answer is HubSpot's and never a 5xx (W12.9.2)."""
    assert call(method, path, body, query)[0] < 500

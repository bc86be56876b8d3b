"""HubSpot's new SDK, which speaks the dated paths, does a round of work over a socket and in process."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_sdk import ConflictError, HubSpot, NotFoundError

from hubtwin.doors.local import LocalPortal


@pytest.fixture(params=["socket", "in process"])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The client of an application that knows nothing of us."""
    with LocalPortal() as portal:
        if request.param == "socket":
            with HubSpot(access_token="pat-na1-x", base_url=portal.url) as client:  # noqa: S106  any token will do
                yield client
        else:
            with portal.in_process(), HubSpot(access_token="pat-na1-x") as client:  # noqa: S106
                yield client


@pytest.fixture
def ada(client: Any) -> str:
    """The id of a customer."""
    values = {"email": "ada@acme.example", "lifecyclestage": "customer"}
    id: str = client.crm.objects.contacts.create(properties=values, associations=[]).id
    return id


def test_reading_what_was_created(client: Any, ada: str) -> None:
    """Properties are asked for comma-joined, and all of them come (W2.3, W1.11)."""
    contact = client.crm.objects.contacts.get(ada, properties=["email", "phone"])
    assert contact.properties["email"] == "ada@acme.example"
    assert contact.properties["phone"] is None


def test_a_duplicate_address(client: Any, ada: str) -> None:
    """409, also when the client tries again (W2.7.1)."""
    with pytest.raises(ConflictError, match=f"Existing ID: {ada}"):
        client.with_options(max_retries=0).crm.objects.contacts.create(
            properties={"email": "ada@acme.example"}, associations=[]
        )


def test_a_backward_stage(client: Any, ada: str) -> None:
    """Kept (F2.b3)."""
    contact = client.crm.objects.contacts.update(ada, properties={"lifecyclestage": "lead"})
    assert contact.properties["lifecyclestage"] == "customer"


def test_searching(client: Any, ada: str) -> None:
    """In the dated path (W2.8.1, W1.11)."""
    filters = [{"propertyName": "email", "operator": "EQ", "value": "ada@acme.example"}]
    found = client.crm.objects.contacts.search(
        filter_groups=[{"filters": filters}], properties=["email"], limit=5, after="0", sorts=["createdate"]
    )
    assert (found.total, found.results[0].id) == (1, ada)


@pytest.mark.usefixtures("ada")
def test_paging(client: Any) -> None:
    """Iterating follows the pages (W2.4.2)."""
    for number in range(4):
        client.crm.objects.contacts.create(properties={"firstname": f"N{number}"}, associations=[])
    assert len(list(client.crm.objects.contacts.list(limit=2))) == 5


def test_archiving(client: Any, ada: str) -> None:
    """204, then 404 (W2.4.1, W2.4.4)."""
    client.crm.objects.contacts.delete(ada)
    with pytest.raises(NotFoundError):
        client.crm.objects.contacts.get(ada)


def test_settings(client: Any) -> None:
    """Properties, pipelines and owners in the dated paths (W1.11)."""
    names = [definition.name for definition in client.crm.properties.list("contacts").results]
    assert "lifecyclestage" in names
    assert client.crm.pipelines.list("deals").results[0].id == "default"
    assert [owner.email for owner in client.crm.owners.list()] == ["ada@hubtwin.example"]


@pytest.mark.usefixtures("ada")
def test_limits(client: Any) -> None:
    """All of limits tracking goes through the client's models (W7.8.1 to W7.8.6)."""
    limits = client.crm.limits
    used = {row.object_type_id: row.usage for row in limits.get_record_limits().hubspot_defined_object_types}
    assert (used["0-1"], limits.get_pipeline_limits().custom_object_types.overall_limit) == (1, 0)
    assert limits.get_custom_property_limits().overall_limit == 10_000
    assert limits.get_calculated_property_limits().overall_usage == 0
    assert limits.get_custom_object_type_limits().percentage == 0
    assert limits.get_association_label_limits().results == []
    assert limits.get_association_records_limits_from_objects().results == []
    assert limits.get_association_records_limits_to_objects("0-1").results == []
    assert limits.get_association_records_limits_by_object_type("0-2", from_object_type_id="0-1").limit == 50_000

"""HubSpot's own Python client does real work: over a real socket, and in process without one."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import AssociationSpec
from hubspot.crm.companies import SimplePublicObjectInputForCreate as NewCompany
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInput,
    BatchInputSimplePublicObjectBatchInputForCreate,
    Filter,
    FilterGroup,
    PublicObjectSearchRequest,
    SimplePublicObjectBatchInput,
    SimplePublicObjectBatchInputForCreate,
    SimplePublicObjectInput,
)
from hubspot.crm.contacts import SimplePublicObjectInputForCreate as NewContact
from hubspot.crm.deals import SimplePublicObjectInputForCreate as NewDeal

from hubtwin.doors.local import LocalPortal


@pytest.fixture(params=["socket", "in process"])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The client of an application that knows nothing of us."""
    with LocalPortal() as portal:
        if request.param == "socket":
            yield HubSpot(access_token="pat-na1-x", host=portal.url)  # noqa: S106  any token will do
        else:
            with portal.in_process():
                yield HubSpot(access_token="pat-na1-x")  # noqa: S106


@pytest.fixture
def ada(client: Any) -> str:
    """The id of a customer."""
    new = NewContact(properties={"email": "ada@acme.example", "firstname": "Ada", "lifecyclestage": "customer"})
    id: str = client.crm.contacts.basic_api.create(new).id
    return id


def update(client: Any, id: str, **properties: str) -> Any:
    return client.crm.contacts.basic_api.update(id, SimplePublicObjectInput(properties=properties))


def stages(client: Any, id: str) -> list[str]:
    contact = client.crm.contacts.basic_api.get_by_id(id, properties_with_history=["lifecyclestage"])
    return [version.value for version in contact.properties_with_history["lifecyclestage"]]


def test_a_new_contact_is_a_lead(client: Any) -> None:
    """The default stage comes back with the 201 (F3.1, W2.3)."""
    contact = client.crm.contacts.basic_api.create(NewContact(properties={"email": "bob@acme.example"}))
    assert contact.properties["lifecyclestage"] == "lead"
    assert contact.created_at.isoformat().startswith("2026-03-02T09:00:00")


def test_a_duplicate_address(client: Any, ada: str) -> None:
    """409, with the existing id in the message (W2.7.1)."""
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.basic_api.create(NewContact(properties={"email": "ADA@acme.example"}))
    assert caught.value.status == 409
    assert f"Contact already exists. Existing ID: {ada}" in caught.value.body


def test_a_backward_stage(client: Any, ada: str) -> None:
    """200, the kept value, a later updatedAt, and no new version (F2.b3, F6.3)."""
    before = client.crm.contacts.basic_api.get_by_id(ada)
    answered = update(client, ada, lifecyclestage="lead")
    assert answered.properties["lifecyclestage"] == "customer"
    assert answered.updated_at > before.updated_at
    assert stages(client, ada) == ["customer"]


def test_clear_then_set(client: Any, ada: str) -> None:
    """Two updates go back, and history shows three versions (F2.6, F2.8)."""
    update(client, ada, lifecyclestage="")
    assert update(client, ada, lifecyclestage="lead").properties["lifecyclestage"] == "lead"
    assert stages(client, ada) == ["lead", "", "customer"]


@pytest.mark.usefixtures("ada")
def test_searching(client: Any) -> None:
    """By address, whatever its case (W2.8.1, W2.8.3)."""
    by_address = FilterGroup(filters=[Filter(property_name="email", operator="EQ", value="ADA@acme.example")])
    wanted = PublicObjectSearchRequest(filter_groups=[by_address], properties=["firstname"], limit=5)
    found = client.crm.contacts.search_api.do_search(public_object_search_request=wanted)
    assert (found.total, found.results[0].properties["firstname"], found.paging) == (1, "Ada", None)


def test_a_batch_with_one_bad_property(client: Any, ada: str) -> None:
    """400, and nothing of it is applied (W2.7.10)."""
    good = SimplePublicObjectBatchInput(id=ada, properties={"firstname": "Eve"})
    other = client.crm.contacts.basic_api.create(NewContact(properties={"firstname": "Bob"}))
    bad = SimplePublicObjectBatchInput(id=other.id, properties={"nope": "1"})
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.batch_api.update(BatchInputSimplePublicObjectBatchInput(inputs=[good, bad]))
    assert caught.value.status == 400
    assert client.crm.contacts.basic_api.get_by_id(ada).properties["firstname"] == "Ada"


def test_a_batch_is_created(client: Any) -> None:
    """201 for all of it (W2.4.1)."""
    inputs = [SimplePublicObjectBatchInputForCreate(properties={"firstname": name}) for name in ("A", "B")]
    created = client.crm.contacts.batch_api.create(BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs))
    assert (created.status, len(created.results)) == ("COMPLETE", 2)


def test_associating(client: Any, ada: str) -> None:
    """By default and with a label; the list names both types (W3.3, W3.4, W3.6)."""
    acme = client.crm.companies.basic_api.create(NewCompany(properties={"name": "Acme"}))
    api = client.crm.associations.v4.basic_api
    api.create_default("contacts", ada, "companies", acme.id)
    primary = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=1)
    assert api.create("contacts", ada, "companies", acme.id, [primary]).labels == ["Primary"]
    (link,) = api.get_page("contacts", ada, "companies").results
    assert (link.to_object_id, [type.type_id for type in link.association_types]) == (acme.id, [1, 279])


def test_a_won_deal_makes_customers(client: Any) -> None:
    """A deal created with an inline association moves its contact, and winning it moves it on (F3.2, F3.3)."""
    bob = client.crm.contacts.basic_api.create(NewContact(properties={"email": "bob@acme.example"}))
    link = {"to": {"id": bob.id}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]}
    new = NewDeal(properties={"dealname": "D", "dealstage": "qualifiedtobuy"}, associations=[link])
    deal = client.crm.deals.basic_api.create(new)
    client.crm.deals.basic_api.update(deal.id, SimplePublicObjectInput(properties={"dealstage": "closedwon"}))
    assert stages(client, bob.id) == ["customer", "opportunity", "lead"]


@pytest.mark.usefixtures("ada")
def test_reading_everything(client: Any) -> None:
    """`get_all` follows the pages of a hundred to the end (W2.4.2)."""
    inputs = [SimplePublicObjectBatchInputForCreate(properties={"firstname": str(n)}) for n in range(100)]
    for _ in range(2):
        client.crm.contacts.batch_api.create(BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs))
    assert len(client.crm.contacts.get_all()) == 201


def test_settings_can_be_read(client: Any) -> None:
    """Properties, pipelines and owners, as mappings need them (W4.1, F1.10, W6.1)."""
    stage = client.crm.properties.core_api.get_by_name("contacts", "lifecyclestage")
    assert stage.options[0].value == "subscriber"
    assert len(client.crm.properties.core_api.get_all("companies").results) > 240
    assert client.crm.pipelines.pipelines_api.get_all("deals").results[0].id == "default"
    assert client.crm.owners.owners_api.get_page().results[0].email == "ada@hubtwin.example"


def test_archiving(client: Any, ada: str) -> None:
    """204, then 404 (W2.4.1, W2.4.4)."""
    client.crm.contacts.basic_api.archive(ada)
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.basic_api.get_by_id(ada)
    assert caught.value.status == 404

"""HubSpot's own Python client at work, over a real socket and in process."""

from typing import Any

import hubspot
import pytest
from hubspot.crm.associations.v4 import AssociationSpec
from hubspot.crm.companies import SimplePublicObjectInputForCreate as NewCompany
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInputForCreate,
    Filter,
    FilterGroup,
    PublicObjectSearchRequest,
    SimplePublicObjectInput,
)
from hubspot.crm.contacts import SimplePublicObjectInputForCreate as NewContact
from hubspot.crm.contacts.exceptions import UnauthorizedException
from urllib3 import Retry

from hubtwin.api.http import Request, Response
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.official_client import official_client


def create(client: Any, email: str = "ada@example.com", **values: str) -> Any:
    """A new contact."""
    return client.crm.contacts.basic_api.create(NewContact(properties={"email": email, **values}))


def update(client: Any, id: str, **values: str) -> Any:
    """The contact after an update."""
    return client.crm.contacts.basic_api.update(id, SimplePublicObjectInput(properties=values))


def stage_of(client: Any, id: str) -> str | None:
    """The contact's lifecycle stage as the API gives it."""
    found = client.crm.contacts.basic_api.get_by_id(id, properties=["lifecyclestage"])
    return found.properties["lifecyclestage"]  # type: ignore[no-any-return]  # the client has no types


def test_create(client: Any, local: LocalPortal) -> None:
    """What the client creates is in the portal, and comes back with what the portal added."""
    created = create(client, firstname="Ada")
    assert created.properties["lifecyclestage"] == "lead"
    assert local.find("contacts", created.id).name == "Ada"


def test_duplicate_email(client: Any) -> None:
    """A second contact with the same address is refused with the id of the first."""
    first = create(client)
    with pytest.raises(ApiException) as caught:
        create(client, "ADA@example.com")
    assert caught.value.status == 409
    assert f"Contact already exists. Existing ID: {first.id}" in caught.value.body


def test_update(client: Any) -> None:
    """An update changes what it names."""
    contact = create(client)
    assert update(client, contact.id, firstname="Augusta").properties["firstname"] == "Augusta"


def test_a_backward_stage_is_kept(client: Any, local: LocalPortal) -> None:
    """A backward stage is answered 200 with the present stage, a moved date and no new version."""
    contact = create(client, lifecyclestage="customer")
    answer = update(client, contact.id, lifecyclestage="lead")
    assert answer.properties["lifecyclestage"] == "customer"
    assert answer.updated_at > contact.updated_at
    assert len(local.log.versions(local.find("contacts", contact.id), "lifecyclestage")) == 1


def test_clear_then_set(client: Any) -> None:
    """A cleared stage can be set to an earlier one."""
    contact = create(client, lifecyclestage="customer")
    update(client, contact.id, lifecyclestage="")
    update(client, contact.id, lifecyclestage="lead")
    assert stage_of(client, contact.id) == "lead"


def test_search(client: Any) -> None:
    """A search finds what its filters ask for."""
    create(client, "a@example.com", lifecyclestage="customer")
    create(client, "b@example.com")
    group = FilterGroup(filters=[Filter(property_name="lifecyclestage", operator="EQ", value="customer")])
    found = client.crm.contacts.search_api.do_search(PublicObjectSearchRequest(filter_groups=[group], limit=10))
    assert [result.properties["email"] for result in found.results] == ["a@example.com"]


def test_a_batch_with_one_bad_property(client: Any, local: LocalPortal) -> None:
    """A batch in which one input names an unknown property is refused whole."""
    inputs = [NewContact(properties={"email": "a@example.com"}), NewContact(properties={"no_such": "x"})]
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.batch_api.create(BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs))
    assert caught.value.status == 400
    assert "no_such" in caught.value.body
    assert not local.records[local.type("contacts")]


def test_associate(client: Any, local: LocalPortal) -> None:
    """A contact can be given its primary company."""
    contact = create(client)
    company = client.crm.companies.basic_api.create(NewCompany(properties={"name": "Acme"}))
    primary = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=1)
    client.crm.associations.v4.basic_api.create("contacts", contact.id, "companies", company.id, [primary])
    associated = client.crm.associations.v4.basic_api.get_page("contacts", contact.id, "companies")
    assert [result.to_object_id for result in associated.results] == [company.id]
    assert local.find("contacts", contact.id).get("associatedcompanyid") == company.id


def test_property_history(client: Any) -> None:
    """The history of a property is there, newest version first."""
    contact = create(client)
    update(client, contact.id, lifecyclestage="customer")
    found = client.crm.contacts.basic_api.get_by_id(contact.id, properties_with_history=["lifecyclestage"])
    assert [v.value for v in found.properties_with_history["lifecyclestage"]] == ["customer", "lead"]


def test_get_all(client: Any) -> None:
    """The client's own paging goes through all records."""
    for number in range(120):
        create(client, f"{number}@example.com")
    assert len(client.crm.contacts.get_all()) == 120


def test_requests_of_any_kind(local: LocalPortal) -> None:
    """`api_request`, which works with requests inside, reaches the portal too."""
    record = local.create("contacts", {"email": "ada@example.com"})
    answer = local.client().api_request({"path": f"/crm/v3/objects/contacts/{record.id}"})
    assert answer.json()["properties"]["email"] == "ada@example.com"


def test_the_portals_client_leaves_nothing_behind(local: LocalPortal) -> None:
    """Only the client that the portal hands out reaches it; others are not touched."""
    local.client().api_request({"path": "/crm/v3/objects/contacts"})
    elsewhere = hubspot.HubSpot(access_token="x", host="http://127.0.0.1:9", retry=Retry(False))  # noqa: S106
    with pytest.raises(Exception, match="refused"):
        create(elsewhere)


def test_options_are_hubspots(local: LocalPortal) -> None:
    """The options of HubSpot's client are taken: here, an empty token."""
    with pytest.raises(UnauthorizedException):
        local.client(access_token="").crm.contacts.basic_api.get_page()


class Busy:
    """A reception that turns the first visitors away, as HubSpot does when its limits are reached."""

    def __init__(self, times: int) -> None:
        self.left = times

    def handle(self, request: Request) -> Response:
        """429 as often as agreed, then an empty page."""
        self.left -= 1
        headers = (("content-type", "application/json"), ("retry-after", "0"))
        return Response(429, headers, b"{}") if self.left >= 0 else Response(200, headers, b'{"results":[]}')


def busy_client(times: int) -> Any:
    """A client that tries again twice, of a portal that turns it away at first."""
    policy = Retry(total=2, status_forcelist=[429], allowed_methods=None, raise_on_status=False)
    return official_client(Busy(times), access_token="x", retry=policy)  # type: ignore[arg-type]  # noqa: S106  a double


def test_retries() -> None:
    """The client's retries work as they do over a socket."""
    assert busy_client(2).crm.contacts.basic_api.get_page().results == []


def test_retries_end() -> None:
    """A client tries no more often than its policy allows."""
    with pytest.raises(ApiException) as caught:
        busy_client(3).crm.contacts.basic_api.get_page()
    assert caught.value.status == 429

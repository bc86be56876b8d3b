"""HubSpot's own Python client with lists: made, filled, searched, read and deleted."""

from collections.abc import Iterator
from typing import Any

import hubspot.crm.lists as lists
import pytest
from hubspot import HubSpot

from hubtwin.doors.local import LocalPortal


@pytest.fixture
def portal() -> Iterator[LocalPortal]:
    """A portal with three contacts, which answers all clients of this process."""
    with LocalPortal() as portal, portal.in_process():
        for name, city in (("Ada", "Paris"), ("Bo", "Rome"), ("Cy", "Paris")):
            portal.create("contacts", {"firstname": name, "city": city})
        yield portal


@pytest.fixture
def api(portal: LocalPortal) -> Any:
    """The client's part for lists; it knows nothing of us."""
    return HubSpot(access_token="any").crm.lists  # noqa: S106


def make(api: Any, name: str, kind: str = "MANUAL", **more: Any) -> str:
    request = lists.ListCreateRequest(object_type_id="0-1", processing_type=kind, name=name, **more)
    return str(api.lists_api.create(request).list.list_id)


def members(api: Any, id: str) -> list[str]:
    return [member.record_id for member in api.memberships_api.get_page(id).results]


def test_members_come_and_go(api: Any) -> None:
    """Added, exchanged and removed, one by one and all at once (W6.4.5, W6.4.6)."""
    id = make(api, "Guests")
    assert api.memberships_api.add(id, ["1001", "1002"]).records_ids_added == ["1001", "1002"]
    change = lists.MembershipChangeRequest(record_ids_to_add=["1003"], record_ids_to_remove=["1001"])
    assert api.memberships_api.add_and_remove(id, change).record_ids_removed == ["1001"]
    assert members(api, id) == ["1002", "1003"]
    assert [one.list_id for one in api.memberships_api.get_lists("0-1", "1003").results] == [id]
    api.memberships_api.remove_all(id)
    assert members(api, id) == []


def test_search(api: Any) -> None:
    """By words of the name, in pages by offset (W6.4.3)."""
    ids = [make(api, name) for name in ("Guests of May", "Guests of June", "Press")]
    request = lists.ListSearchRequest(
        query="guests", count=1, offset=0, list_ids=[], processing_types=[], additional_properties=[]
    )
    found = api.lists_api.do_search(request)
    assert (found.total, found.has_more, len(found.lists)) == (2, True, 1)
    assert [one.list_id for one in api.lists_api.get_all(list_ids=ids).lists] == ids
    assert api.lists_api.get_by_name("Press", "0-1").list.list_id == ids[2]


def test_a_dynamic_list(api: Any, portal: LocalPortal) -> None:
    """The filter goes through the client's models, and members follow the records (W6.4.7, W6.4.23)."""
    operation = {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": ["Paris"]}
    asked = {"filterType": "PROPERTY", "property": "city", "operation": operation}
    branch = {"filterBranchType": "AND", "filterBranches": [], "filters": [asked]}
    id = make(
        api,
        "Parisians",
        "DYNAMIC",
        filter_branch={"filterBranchType": "OR", "filterBranches": [branch], "filters": []},
    )
    assert members(api, id) == ["1001", "1003"]
    portal.update(portal.find("contacts", 1003), {"city": "Rome"})
    assert members(api, id) == ["1001"]


def test_deleted_and_restored(api: Any) -> None:
    """A deleted list is not found by its name; restored it has its members again (W6.4.4)."""
    id = make(api, "Guests")
    api.memberships_api.add(id, ["1001"])
    api.lists_api.update_name(id, list_name="Visitors")
    api.lists_api.remove(id)
    with pytest.raises(lists.ApiException) as refused:
        api.lists_api.get_by_name("Visitors", "0-1")
    assert refused.value.status == 404
    api.lists_api.restore(id)
    assert (api.lists_api.get_by_name("Visitors", "0-1").list.name, members(api, id)) == ("Visitors", ["1001"])

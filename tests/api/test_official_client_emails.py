"""HubSpot's own Python client with marketing e-mails, their statistics and single sends."""

from collections.abc import Iterator
from typing import Any

import hubspot.crm.lists as lists
import hubspot.marketing.emails as emails
import hubspot.marketing.transactional as transactional
import pytest
from hubspot import HubSpot

from hubtwin.doors.local import LocalPortal

ADA = "ada@acme.example"
LINK = "https://acme.example/demo"


@pytest.fixture
def portal() -> Iterator[LocalPortal]:
    """A portal with one contact and an e-mail of each kind that is sent one by one."""
    written = [{"name": kind, "kind": kind, "body": LINK} for kind in ("automated", "transactional")]
    with LocalPortal({"marketing_emails": written}) as portal, portal.in_process():
        portal.create("contacts", {"email": ADA})
        yield portal


@pytest.fixture
def client(portal: LocalPortal) -> Any:
    """The client of an application that knows nothing of us."""
    return HubSpot(access_token="any")  # noqa: S106


def test_an_email_from_draft_to_statistics(client: Any, portal: LocalPortal) -> None:
    """Made, changed, published, opened, counted, copied and deleted (W6.11.1, W6.11.3, W6.11.13)."""
    api = client.marketing.emails.marketing_emails_api
    to = emails.PublicEmailToDetails(contact_ids=emails.PublicEmailRecipients(include=["1001"], exclude=[]))
    email = api.create(emails.EmailCreateRequest(name="News", subject="Old", to=to))
    assert api.update(email.id, emails.EmailUpdateRequest(subject="New")).subject == "New"
    api.publish_or_send(email.id)
    portal.clock.advance("1m")
    portal.marketing_emails.open("News", portal.find("contacts", 1001))
    found = api.get_by_id(email.id, include_stats=True)
    assert (found.state, found.stats.counters["open"], found.stats.ratios["openratio"]) == ("PUBLISHED", 1, 100)
    statistics = client.marketing.emails.statistics_api
    assert statistics.get_emails_list(email_ids=[int(email.id)]).aggregate.counters["delivered"] == 1
    assert statistics.get_histogram(interval="DAY").results[0].aggregations.counters["sent"] == 1
    copy = api.clone(emails.ContentCloneRequestVNext(id=email.id, clone_name="News 2"))
    api.archive(copy.id)
    assert [one.name for one in api.get_page(sort=["name"]).results] == ["News", "automated", "transactional"]


def test_drafts_and_revisions(client: Any, portal: LocalPortal) -> None:
    """A draft is written, published, and taken back (W6.11.9)."""
    api, id = client.marketing.emails.marketing_emails_api, str(portal.marketing_emails.find("automated").id)
    assert api.upsert_draft(id, emails.EmailUpdateRequest(subject="New")).subject == "New"
    assert (api.get_by_id(id).subject, api.get_draft(id).subject) == ("automated", "New")
    api.publish_or_send(id)
    revisions = api.get_revisions(id).results
    assert [revision.object.subject for revision in revisions] == ["New", "automated"]
    api.restore_revision(id, revisions[-1].id)
    assert api.get_revision_by_id(id, "3").object.subject == "automated"
    api.unpublish_or_cancel(id)
    assert api.get_by_id(id).state == "AUTOMATED_DRAFT"


def test_a_single_send(client: Any, portal: LocalPortal) -> None:
    """Transactional, to an address that nobody has yet (W6.11.10)."""
    email = portal.marketing_emails.find("transactional")
    request = transactional.PublicSingleSendRequestEgg(
        email_id=email.id,
        message=transactional.PublicSingleSendEmail(to="bob@acme.example"),
        contact_properties={"firstname": "Bob"},
    )
    assert client.marketing.transactional.single_send_api.send_email(request).status == "PENDING"
    assert portal.find("contacts", 1002).get("firstname") == "Bob"


def test_a_list_of_those_who_opened(client: Any, portal: LocalPortal) -> None:
    """By the client's own filter (W6.11.11)."""
    ada, email = portal.find("contacts", 1001), portal.marketing_emails.find("automated")
    portal.marketing_emails.send(email, [ada])
    portal.clock.advance("1m")
    portal.marketing_emails.open(email, ada)
    opened = lists.PublicEmailEventFilter(
        app_id="113", email_id=str(email.id), level="EMAIL_CAMPAIGN", operator="OPENED"
    )
    branch = lists.PublicOrFilterBranch(
        filter_branch_operator="OR",
        filter_branches=[
            lists.PublicAndFilterBranch(filter_branch_operator="AND", filter_branches=[], filters=[opened])
        ],
        filters=[],
    )
    request = lists.ListCreateRequest(
        object_type_id="0-1", processing_type="DYNAMIC", name="Opened", filter_branch=branch
    )
    list = client.crm.lists.lists_api.create(request).list
    members = client.crm.lists.memberships_api.get_page(list.list_id).results
    assert [str(member.record_id) for member in members] == ["1001"]

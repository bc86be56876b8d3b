"""HubSpot's own Python client with exports, events, preferences, users, marketing events and forms."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import hubspot.communication_preferences as preferences
import hubspot.crm.exports as exports
import hubspot.crm.timeline as timeline
import hubspot.events.send as send
import hubspot.marketing.events as marketing
import hubspot.marketing.forms as forms
import hubspot.settings.users as users
import pytest
from hubspot import HubSpot

from hubtwin.doors.local import LocalPortal

ADA = "ada@acme.example"


@pytest.fixture
def portal() -> Iterator[LocalPortal]:
    """A portal with a form and one contact, which answers all clients of this process."""
    with LocalPortal({"forms": [{"name": "demo"}]}) as portal, portal.in_process():
        portal.create("contacts", {"email": ADA})
        yield portal


@pytest.fixture
def client(portal: LocalPortal) -> Any:
    """The client of an application that knows nothing of us."""
    return HubSpot(access_token="any")  # noqa: S106


def test_exports(client: Any, portal: LocalPortal) -> None:
    """From the request to the URL (W6.6.1, W6.6.2)."""
    request = exports.PublicExportViewRequest(
        export_type="VIEW",
        format="CSV",
        export_name="All",
        object_type="CONTACT",
        object_properties=["email"],
        language="EN",
        export_internal_values_options=[],
        override_associated_objects_per_definition_per_row_limit=False,
    )
    id = client.crm.exports.public_exports_api.start(request).id
    portal.clock.advance("3s")
    status = client.crm.exports.public_exports_api.get_status(id)
    assert (status.status, status.result.startswith("https://api.hubapi.com/exported-files/1/")) == ("COMPLETE", True)


def test_events(client: Any, portal: LocalPortal) -> None:
    """Sent and found again (W6.8.3, W6.8.4)."""
    portal.custom_events.define("Trial")
    event = send.BehavioralEventHttpCompletionRequest(event_name="pe1_trial", email=ADA, properties={})
    client.events.send.basic_api.send(event)
    (found,) = client.events.events_api.get_page(object_type="contact", object_id=1001).results
    assert (found.event_type, found.object_id) == ("pe1_trial", "1001")


def test_timeline(client: Any) -> None:
    """A template, and an event of it (W6.8.7, W6.8.8)."""
    new = timeline.TimelineEventTemplateCreateRequest(name="Webinar", object_type="contacts", tokens=[])
    template = HubSpot(api_key="developer").crm.timeline.templates_api.create(42, new)
    event = timeline.TimelineEvent(event_template_id=template.id, email=ADA, tokens={})
    assert client.crm.timeline.events_api.create(event).object_id == "1001"


def test_preferences(client: Any) -> None:
    """Unsubscribe, and the status says so (W6.8.10)."""
    (first, *_) = client.communication_preferences.definition_api.get_page().subscription_definitions
    request = preferences.PublicUpdateSubscriptionStatusRequest(email_address=ADA, subscription_id=first.id)
    client.communication_preferences.status_api.unsubscribe(request)
    statuses = client.communication_preferences.status_api.get_email_status(ADA).subscription_statuses
    assert statuses[0].status == "NOT_SUBSCRIBED"


def test_users(client: Any) -> None:
    """A user comes and goes (W6.2.1)."""
    api = client.settings.users.users_api
    user = api.create(users.UserProvisionRequest(email="bo@x.example", send_welcome_email=False))
    assert [one.email for one in api.get_page().results] == ["ada@hubtwin.example", "bo@x.example"]
    api.archive(user.id)
    assert len(api.get_page().results) == 1


def test_marketing_events(client: Any) -> None:
    """An event, and who comes (W6.8.14, W6.8.15)."""
    new = marketing.MarketingEventCreateRequestParams(
        external_account_id="acme", external_event_id="w1", event_name="Twins", event_organizer="Acme"
    )
    client.marketing.events.basic_api.create(new)
    who = marketing.MarketingEventEmailSubscriber(email=ADA, interaction_date_time=1_772_442_000_000)
    inputs = marketing.BatchInputMarketingEventEmailSubscriber(inputs=[who])
    client.marketing.events.add_event_attendees_api.record_by_contact_emails(
        "w1", "register", inputs, external_account_id="acme"
    )
    assert client.marketing.events.basic_api.get_details("w1", external_account_id="acme").registrants == 1


def test_forms(client: Any) -> None:
    """Definitions are read (W6.7.3)."""
    (form,) = client.marketing.forms.forms_api.get_page().results
    assert (form.name, client.marketing.forms.forms_api.get_by_id(form.id).name) == ("demo", "demo")


def test_forms_are_made(client: Any, portal: LocalPortal) -> None:
    """As the client's own models describe them (F8.1, F8.2)."""
    email = forms.EmailField(
        object_type_id="0-1",
        name="email",
        label="Email",
        required=True,
        hidden=False,
        field_type="email",
        dependent_fields=[],
        validation=forms.EmailFieldValidation(blocked_email_domains=[], use_default_block_list=False),
    )
    request = forms.HubSpotFormDefinitionCreateRequest(
        form_type="hubspot",
        name="Trial",
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        updated_at=datetime(2026, 3, 2, tzinfo=UTC),
        archived=False,
        field_groups=[forms.FieldGroup(group_type="default_group", rich_text_type="text", fields=[email])],
        configuration=client.marketing.forms.forms_api.get_page().results[0].configuration,
        display_options=client.marketing.forms.forms_api.get_page().results[0].display_options,
        legal_consent_options=forms.LegalConsentOptionsNone(type="none"),
    )
    made = client.marketing.forms.forms_api.create(request)
    changes = forms.HubSpotFormDefinitionPatchRequest(name="Test drive")
    assert client.marketing.forms.forms_api.update(made.id, changes).name == "Test drive"
    assert portal.forms.submit("Test drive", {"email": ADA}).get("num_conversion_events") == "1"
    client.marketing.forms.forms_api.archive(made.id)
    assert [form.name for form in portal.forms] == ["demo"]

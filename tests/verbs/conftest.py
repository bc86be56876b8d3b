"""A portal for the tests of verbs: one of everything that a verb can name."""

from typing import Any

import pytest

from hubtwin.doors.local import LocalPortal
from hubtwin.portal.objects import CONTACTS

RITA = "rita@twin.example"
CONFIGURATION: dict[str, Any] = {
    "users": [{"email": RITA, "first_name": "Rita", "last_name": "Rep"}],
    "forms": [{"name": "Demo", "contact_stage": "marketingqualifiedlead", "company_stage": "lead"}],
    "meeting_links": [{"slug": "rita", "user": RITA}],
    "subscription_types": [{"name": "News"}],
    "marketing_emails": [{"name": "Spring", "kind": "automated", "body": "https://twin.example/spring"}],
    "chatflows": [{"name": "Help"}],
    "inboxes": [{"name": "Team", "emails": ["team@twin.example"]}],
    "ads": [{"name": "Twin", "network": "linkedin", "lead_forms": [{"name": "Guide"}]}],
    "connected": {
        "salesforce": {"hand_over": {"stage": "salesqualifiedlead", "representatives": ["Sam"]}},
        "billing": {"plans": [{"name": "Pro", "amount": 10}, {"name": "Try", "amount": 10, "trial": "14d"}]},
        "product": {"sign_up_stage": "lead", "events": [{"name": "created_flow"}]},
        "marketing_automation": {
            "people": {
                "mappings": [
                    {"property": "email", "field": "email"},
                    {"property": "firstname", "field": "first_name"},
                ]
            },
            "points": {"webinar": 30},
        },
    },
    "workflows": [{"name": "Promote", "actions": [{"set": "lifecyclestage", "to": "opportunity"}]}],
}


@pytest.fixture
def portal() -> LocalPortal:
    """A portal with a form, a meetings link, a workflow, a list, a custom event, and the contact Ada."""
    portal = LocalPortal(CONFIGURATION)
    portal.lists.create("Friends", CONTACTS, "MANUAL")
    portal.custom_events.define("Signed in")
    portal.create("contacts", {"firstname": "Ada", "email": "ada@client.example"})
    return portal

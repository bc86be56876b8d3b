from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from hubtwin.files import Document
from hubtwin.journeys.journey import Journey
from hubtwin.portal.configuration import Configuration, Form, MeetingLink, User

Data = Mapping[str, Any]

NOTHING: Data = {}

#: A buyer asks for a demo, is called, books and attends a meeting, and waits for the end of it all.
MINI: dict[str, Any] = {
    "journey": "mini",
    "arrivals": {"per_week": 60},
    "team": {
        "name": "sales",
        "time_zone": "Europe/Berlin",
        "call": "30m",
        "qualified": {"base": 1.0},
        "deals": {
            "opened": {"base": 1.0},
            "won": {"base": 0.5},
            "won_after": "20d",
            "lost_after": "10d",
            "step": "20m",
            "amount": {"median": 1000, "sigma": 0.5},
        },
    },
    "start": "ask",
    "states": {
        "ask": {"submit_form": "demo", "next": "expect_call"},
        "expect_call": {
            "wait_until": {"crm": "lifecyclestage", "at_least": "salesqualifiedlead"},
            "at_most": "60d",
            "next": "book",
        },
        "book": {"book_meeting": "ada", "notice": "1d", "next": "attend"},
        "attend": {"attend": True, "next": "expect_end"},
        "expect_end": {
            "wait_until": [
                {"crm": "lifecyclestage", "is": "customer"},
                {"crm": "hs_lead_status", "is": "BAD_TIMING"},
            ],
            "at_most": "90d",
            "next": "gone",
        },
        "gone": {"end": "it is over"},
    },
}


@pytest.fixture
def configuration() -> Configuration:
    """A portal with two reps, a form that makes an MQL, and a meetings link each."""
    reps = [User(email=f"{name}@x.example", first_name=name.title(), team="sales") for name in ("ada", "bo")]
    fields = ("email", "firstname", "lastname", "company")
    stage = "marketingqualifiedlead"
    return Configuration(
        users=tuple(reps),
        forms=(
            Form(name="newsletter", fields=("email",), contact_stage="subscriber", company_stage="lead"),
            Form(name="demo", fields=fields, contact_stage=stage, company_stage=stage),
        ),
        meeting_links=tuple(MeetingLink(slug=user.first_name.lower(), user=user.email) for user in reps),
    )


@pytest.fixture
def mini() -> Callable[..., Journey]:
    """Makes the mini journey, with some keys of its team and of the team's deals, some states or all changed."""

    def make(
        *, team: Data = NOTHING, deals: Data = NOTHING, changed: Data = NOTHING, states: Data | None = None, **top: Any
    ) -> Journey:
        data = {**deepcopy(MINI), **top}
        data["team"] |= team
        data["team"]["deals"] |= deals
        data["states"] = states or {**data["states"], **changed}
        return Journey.parse(Document("mini.yaml", data, {}))

    return make

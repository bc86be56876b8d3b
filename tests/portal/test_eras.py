"""Accounts of former years, and what HubSpot's sources contradict each other about."""

import pytest

from hubtwin.portal import Configuration, Portal, Source
from hubtwin.portal.errors import BackwardStage, InvalidDefinition, MissingProperties
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.pipelines import NewStage


def portal_with(**options: object) -> Portal:
    return Portal(Configuration.model_validate({"options": options}))


@pytest.mark.parametrize(
    ("source", "stages"),
    [
        ("CRM_UI", ("lead", "subscriber", "subscriber", "lead")),
        ("EXTENSION", ("lead", "lead", "subscriber", "lead")),
        ("FORM", ("lead", "lead", "lead", "lead")),
        ("CONVERSATIONS", (None, "subscriber", None, "lead")),
        ("SALESFORCE", ("lead", "lead", "lead", "lead")),
        ("IMPORT", (None, None, None, "lead")),
        ("INTEGRATION", (None, None, None, "lead")),
        ("ANALYTICS", (None, None, "lead", "lead")),
    ],
)
def test_the_first_stage_went_by_who_made_the_contact(source: str, stages: tuple[str | None, ...]) -> None:
    """2018, 2021, 2022 and now: one default for all came last (F4.1, F3.1)."""
    found = [
        portal_with(era=era).create("contacts", {"firstname": "A"}, source=Source(source)).stage
        for era in ("2018", "2021", "2022", "now")
    ]
    assert tuple(found) == stages


def test_stages_were_fixed() -> None:
    """In 2021 an account has the eight stages and no others (F1.20)."""
    with pytest.raises(ValueError, match="before 2022-09-30 the stages of an account could not be changed"):
        Configuration.model_validate({"options": {"era": "2021"}, "stages": [{"id": "lead", "label": "Lead"}]})
    portal = portal_with(era="2021")
    with pytest.raises(InvalidDefinition, match="lifecycle stages could not be changed in 2021"):
        portal.pipeline_changes.add_stage(CONTACTS, "contacts-lifecycle-pipeline", NewStage("Pilot", 1), portal.app)


def test_an_app_can_be_told_that_a_stage_cannot_go_back() -> None:
    """Some guides say that the API refuses it: then nothing of the write is kept (F2.b3.1)."""
    portal = portal_with(backward={"INTEGRATION": "refused"})
    ada = portal.create("contacts", {"firstname": "Ada", "lifecyclestage": "customer"})
    with pytest.raises(BackwardStage, match="can't go back from 'customer' to 'lead'; clear it first"):
        portal.update(ada, {"lifecyclestage": "lead", "jobtitle": "CEO"})
    assert (ada.stage, ada.get("jobtitle")) == ("customer", None)


def test_required_properties_can_be_left_out() -> None:
    """The documentation wants a deal's name; old recordings show deals without any property (W2.5.3)."""
    with pytest.raises(MissingProperties, match="a new deal needs dealname"):
        Portal().create("deals", {})
    assert portal_with(required_properties="unchecked").create("deals", {}).name == "deal 1001"


@pytest.mark.parametrize(("unit", "latest"), [("milliseconds", "3600000"), ("seconds", "3600")])
def test_times_in_a_stage_have_a_unit(unit: str, latest: str) -> None:
    """Integrators disagree about the newer times; the old ones are milliseconds (F1.26)."""
    portal = portal_with(stage_times=unit)
    ada = portal.create("contacts", {"firstname": "Ada"})
    portal.clock.advance("1h")
    portal.update(ada, {"lifecyclestage": "customer"})
    assert (ada.get("hs_v2_latest_time_in_lead"), ada.get("hs_v2_cumulative_time_in_lead")) == (latest, latest)
    assert ada.get("hs_time_in_lead") == "3600000"

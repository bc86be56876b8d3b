"""Lead records: their pipeline, and whom they belong to."""

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidValues, MissingProperties


def test_a_lead_belongs_to_somebody() -> None:
    """It needs a name and a contact or a company (F5.5)."""
    portal = Portal()
    ada = portal.create("contacts", {"firstname": "Ada"})
    with pytest.raises(MissingProperties, match="a new lead needs an association with a contact or company"):
        portal.create("leads", {"hs_lead_name": "Ada"})
    lead = portal.create("leads", {"hs_lead_name": "Ada"}, links=[(ada, ())])
    assert portal.associations.of(lead, ada.type) == {ada: {578, 608}}


def test_a_lead_has_a_pipeline_of_its_own() -> None:
    """Its stages have HubSpot's ids, and their dates HubSpot's names (F5.4, F1.23)."""
    portal = Portal()
    ada = portal.create("contacts", {"firstname": "Ada"})
    values = {"hs_lead_name": "Ada", "hs_pipeline_stage": "connected-stage-id"}
    lead = portal.create("leads", values, links=[(ada, ())])
    assert lead.get("hs_pipeline") == "lead-pipeline-id"
    assert lead.get("hs_v2_date_entered_connected_stage_id_2058487257") == "2026-03-02T09:00:00Z"
    with pytest.raises(InvalidValues, match=r"pipelineId=lead-pipeline-id : \[new-stage-id, attempting-stage-id"):
        portal.update(lead, {"hs_pipeline_stage": "closedwon"})


def test_a_lead_does_not_move_its_contact() -> None:
    """Qualified or not, a lead leaves the stage of its contact alone once it is there (F5.4)."""
    portal = Portal(Configuration.model_validate({"settings": {"lead_associated": None}}))
    ada = portal.create("contacts", {"firstname": "Ada", "lifecyclestage": "subscriber"})
    lead = portal.create("leads", {"hs_lead_name": "Ada"}, links=[(ada, ())])
    portal.update(lead, {"hs_pipeline_stage": "qualified-stage-id"})
    assert ada.stage == "subscriber"

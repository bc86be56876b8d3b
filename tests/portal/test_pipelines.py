"""Pipelines as administrators change them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS
from hubtwin.portal.pipelines import NewPipeline, NewStage, Stage
from hubtwin.portal.sources import person
from hubtwin.portal.stage_lists import placed

ADMIN = person(9_000_001)
LIFECYCLE = "contacts-lifecycle-pipeline"


@given(st.sets(st.integers(0, 9), min_size=1), st.integers(0, 9))
def test_no_two_stages_share_a_place(orders: set[int], wanted: int) -> None:
    """The new stage is where it was asked to be, or right behind who was there; the rest keep their order (W5.1.4)."""
    stages = [Stage(str(order), str(order), order) for order in sorted(orders)]
    result = placed(stages, Stage("new", "New", wanted))
    places = [stage.display_order for stage in result]
    ids = [stage.id for stage in result]
    assert places == sorted(set(places))
    assert [id for id in ids if id != "new"] == [stage.id for stage in stages]
    assert ids[: ids.index("new")] == [stage.id for stage in stages if stage.display_order <= wanted]


def test_both_lifecycle_pipelines_have_the_same_stages() -> None:
    """A stage that is added to the companies' is one of the contacts' too, in the same place (F1.18)."""
    portal = Portal()
    wanted = NewStage("Prospect", 3)
    stage = portal.pipeline_changes.add_stage(COMPANIES, "companies-lifecycle-pipeline", wanted, ADMIN)
    of_contacts, of_companies = (next(iter(portal.pipelines[type])) for type in (CONTACTS, COMPANIES))
    assert of_contacts.stages == of_companies.stages
    assert portal.pipelines[CONTACTS].stage(stage.id) == stage
    assert (stage.is_custom, of_contacts.id) == (True, LIFECYCLE)


def test_ids_do_not_come_from_those_of_records() -> None:
    """A stage more changes no record's id (F1.15)."""
    portals = [Portal(), Portal()]
    portals[0].pipeline_changes.add_stage(CONTACTS, LIFECYCLE, NewStage("Prospect", 3), ADMIN)
    assert len({portal.create("contacts", {"firstname": "A"}).id for portal in portals}) == 1


@pytest.mark.parametrize(
    ("configuration", "place"),
    [
        (
            {"forms": [{"name": "F", "contact_stage": "evangelist", "company_stage": "evangelist"}]},
            "forms.0.contact_stage",
        ),
        (
            {"workflows": [{"name": "W", "actions": [{"set": "lifecyclestage", "to": "evangelist"}]}]},
            "workflows.0.actions.0",
        ),
    ],
)
def test_a_stage_that_forms_and_workflows_name(configuration: dict[str, object], place: str) -> None:
    """It stays as long as they do (F1.17, F11.1)."""
    portal = Portal(Configuration.model_validate(configuration))
    with pytest.raises(InvalidDefinition, match=place):
        portal.pipeline_changes.delete_stage(CONTACTS, LIFECYCLE, "evangelist", ADMIN)


def test_a_change_that_is_refused_changes_nothing() -> None:
    """Neither the pipeline, nor its properties, nor the audit (W5.6)."""
    portal = Portal()
    stages = [NewStage("A", 0, {"probability": "0.5"}), NewStage("B", 1, {"probability": "2"})]
    with pytest.raises(InvalidDefinition):
        portal.pipeline_changes.create(DEALS, NewPipeline("Renewals", 1, stages), ADMIN)
    assert [pipeline.id for pipeline in portal.pipelines[DEALS]] == ["default"]
    assert len(portal.properties[DEALS].find("dealstage").options) == 7


def test_the_audit_names_the_person() -> None:
    """Where a person made a change (W5.1.5)."""
    portal = Portal()
    portal.pipeline_changes.update(DEALS, "default", ADMIN, label="Sales")
    (audit,) = portal.pipeline_changes.audits(DEALS, "default")
    assert (audit.action, audit.source.user, audit.pipeline.label) == ("UPDATE", 9_000_001, "Sales")

"""Pipeline rules bind people at the screen who are no super admins."""

from collections.abc import Mapping

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import PipelineRuleBroken
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.pipeline_rules import RuleSet, StagesOfRule
from hubtwin.portal.records import Record
from hubtwin.portal.values import Scalar

EVERY = StagesOfRule(every=True)
ADMIN, REP = "ada@hubtwin.example", "rep@hubtwin.example"
BACK = {"name": "Back", "actions": [{"set": "lifecyclestage", "to": "lead"}]}


def portal_with(rules: RuleSet) -> Portal:
    """A portal whose contacts have these rules, with a super admin and somebody who is none."""
    users = [{"email": ADMIN, "super_admin": True}, {"email": REP}]
    portal = Portal(Configuration.model_validate({"users": users, "workflows": [BACK]}))
    (pipeline,) = portal.pipelines[CONTACTS]
    portal.pipeline_rules.put(CONTACTS, pipeline, rules)
    return portal


def contact(portal: Portal, stage: str) -> Record:
    return portal.create("contacts", {"firstname": "Ada", "lifecyclestage": stage})


def edit(portal: Portal, record: Record, user: str, **values: Scalar) -> str | None:
    portal.as_user(user).edit(record, values)
    return record.stage


def test_no_going_back() -> None:
    """The rule is named, nothing is written, the rest of the edit included (F2.14, F2.15)."""
    portal = portal_with(RuleSet(no_backwards=EVERY))
    ada = contact(portal, "customer")
    with pytest.raises(PipelineRuleBroken, match="noBackwardsMovementRule of contacts-lifecycle-pipeline") as caught:
        edit(portal, ada, REP, lifecyclestage="lead", city="Turku")
    assert caught.value.rule == "noBackwardsMovementRule"
    assert (ada.stage, ada.get("city")) == ("customer", None)
    assert edit(portal, ada, REP, lifecyclestage="evangelist") == "evangelist"


def test_no_going_back_from_some_stages() -> None:
    """Of the stages that are not listed nothing is asked (F2.16)."""
    portal = portal_with(RuleSet(no_backwards=StagesOfRule(ids=("customer",))))
    assert edit(portal, contact(portal, "opportunity"), REP, lifecyclestage="lead") == "lead"
    with pytest.raises(PipelineRuleBroken):
        edit(portal, contact(portal, "customer"), REP, lifecyclestage="lead")


def test_no_skipping() -> None:
    """A stage that is listed has to be gone through, the next stage is always near enough (F2.14)."""
    portal = portal_with(RuleSet(no_skipping=StagesOfRule(ids=("opportunity",))))
    ada = contact(portal, "lead")
    with pytest.raises(PipelineRuleBroken, match="without 'Opportunity'"):
        edit(portal, ada, REP, lifecyclestage="customer")
    moves = [
        edit(portal, ada, REP, lifecyclestage=stage) for stage in ("salesqualifiedlead", "opportunity", "customer")
    ]
    assert moves == ["salesqualifiedlead", "opportunity", "customer"]


def test_clearing_is_free() -> None:
    """A cleared stage is in no pipeline: any stage can follow (F2.15, our reading)."""
    portal = portal_with(RuleSet(no_backwards=EVERY, no_skipping=EVERY))
    ada = contact(portal, "customer")
    assert edit(portal, ada, REP, lifecyclestage="") is None
    assert edit(portal, ada, REP, lifecyclestage="opportunity") == "opportunity"


@pytest.mark.parametrize(
    ("values", "stage"),
    [({"lifecyclestage": "subscriber"}, "subscriber"), ({}, "lead"), ({"lifecyclestage": "customer"}, None)],
)
def test_where_records_are_created(values: Mapping[str, Scalar], stage: str | None) -> None:
    """In the stages that are listed; the account's default stage asks nobody (F2.14, F3.1)."""
    portal = portal_with(RuleSet(creation=("subscriber",)))
    screen, new = portal.as_user(REP), {"firstname": "Bob", **values}
    if stage is None:
        with pytest.raises(PipelineRuleBroken, match="created in 'Subscriber', not in 'Customer'"):
            screen.create("contacts", new)
    else:
        assert screen.create("contacts", new).stage == stage


def test_whom_rules_do_not_bind() -> None:
    """Super admins and apps; for workflows the stage rule holds, as ever (F2.15)."""
    portal = portal_with(RuleSet(no_backwards=EVERY))
    ada = contact(portal, "customer")
    portal.workflows.enroll("Back", ada)
    assert (ada.stage, len(list(portal.workflows.issues))) == ("customer", 1)
    assert edit(portal, ada, ADMIN, lifecyclestage="lead") == "lead"
    portal.update(ada, {"lifecyclestage": "customer"})
    assert ada.stage == "customer"


def test_many_records_at_once() -> None:
    """A bulk edit is a person's as well (F2.15)."""
    portal = portal_with(RuleSet(no_backwards=EVERY))
    with pytest.raises(PipelineRuleBroken):
        portal.as_user(REP).bulk_edit([contact(portal, "customer")], {"lifecyclestage": "lead"})


def test_the_default_user_is_a_super_admin() -> None:
    """Whoever makes no users has one whom nothing binds (F2.15)."""
    (owner,) = Portal().users
    assert owner.super_admin

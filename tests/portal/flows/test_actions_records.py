"""Actions that write: edit record, create record, task and note, owners, associations, delete."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import InvalidDefinition, InvalidFilterBranch
from hubtwin.portal.log import CREATED
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, NOTES, TASKS
from hubtwin.portal.uses import of_property

Act = Callable[..., dict[str, Any]]
Go = Callable[..., list[Any]]

ENROLLED = {"type": "ENROLLED_OBJECT"}


def static(text: str) -> dict[str, str]:
    return {"type": "STATIC_VALUE", "staticValue": text}


def target(id: int, category: str = "HUBSPOT_DEFINED") -> dict[str, Any]:
    return {"associationCategory": category, "associationTypeId": id}


# -- edit record -------------------------------------------------------------------------------------------------


def test_a_backward_stage_of_an_associated_company_stays(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """The company keeps its stage, the action fails, and the record goes on (F2.b5, F7.34, F7.17.5)."""
    acme = account.create("companies", {"name": "Acme", "lifecyclestage": "customer"}, links=[(eve, ())])
    edit = act("0-5", property_name="lifecyclestage", association=target(279), value=static("lead"))
    name = act("0-5", property_name="name", association=target(279), value=static("Acme Ltd"))
    failed, done = go(eve, edit, name)
    assert (acme.stage, acme.get("name")) == ("customer", "Acme Ltd")
    assert (failed.succeeded, done.succeeded) == (False, True)
    assert failed.message == 'Lifecycle stage was not updated: "lead" comes before the current stage "customer".'


def test_a_value_that_one_record_refuses_is_written_to_the_others(account: Portal, go: Go, act: Act) -> None:
    """Each associated record is written by itself; the refusals are one issue (F7.17.5, F7.34)."""
    acme = account.create("companies", {"name": "Acme"})
    one, two = (account.create("contacts", {"email": f"{n}@x.example"}, links=[(acme, ())]) for n in ("a", "b"))
    (event,) = go(acme, act("0-5", property_name="email", association=target(280), value=static("new@x.example")))
    assert (one.get("email"), two.get("email")) == ("new@x.example", "b@x.example")
    assert "has email 'new@x.example' already" in event.message


def test_without_an_associated_record_the_action_fails(eve: Record, go: Go, act: Act) -> None:
    """There is nothing to write to; the record itself is, where the association is empty (F7.34, F7.17.501)."""
    edit = act("0-5", property_name="name", association=target(279), value=static("X"))
    failed, done = go(eve, edit, act("0-5", property_name="jobtitle", association={}, value=static("Buyer")))
    assert (failed.succeeded, done.succeeded, eve.get("jobtitle")) == (False, True, "Buyer")
    assert failed.message == "name was not set: no company is associated with the record"


# -- create record -----------------------------------------------------------------------------------------------


def deal(**fields: Any) -> dict[str, Any]:
    properties = [
        {"targetProperty": "dealname", "value": static("Deal of {{ enrolled_object.firstname }}")},
        {"targetProperty": "amount", "value": static("100")},
    ]
    associations = [{"target": target(3), "value": ENROLLED}]
    return {"object_type_id": "0-3", "properties": properties, "associations": associations, **fields}


def test_a_deal_is_made_and_moves_the_contact_on(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """Its values hold tokens, it is associated with the record, and settings follow it (F7.17.14, F3.2)."""
    (event,) = go(eve, act("0-14", **deal(), use_explicit_associations="true"))
    (made,) = account.records[DEALS]
    assert (made.get("dealname"), made.get("amount")) == ("Deal of Eve", "100")
    assert list(account.associations.of(made, CONTACTS)) == [eve]
    assert eve.stage == "opportunity"
    assert event.message == f"created deal {made.id}"
    assert "enrolled" in [entry.kind for entry in account.why(eve, "lifecyclestage")]


def test_a_deal_copies_an_association(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """It belongs to the company of the contact, too (F7.17.1402)."""
    acme = account.create("companies", {"name": "Acme"}, links=[(eve, ())])
    copied = {"target": target(341), "value": {"type": "COPY_ASSOCIATION", "sourceSpec": target(279)}}
    go(eve, act("0-14", **deal(associations=[copied])))
    (made,) = account.records[DEALS]
    assert list(account.associations.of(made, COMPANIES)) == [acme]


def test_without_associations_it_belongs_to_the_record(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """So a record is never lost (F7.17.1401)."""
    go(eve, act("0-14", **deal(associations=[])))
    (made,) = account.records[DEALS]
    assert list(account.associations.of(made, CONTACTS)) == [eve]


def test_values_that_are_not_valid_make_nothing(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """It is an issue, and the record goes on (F7.34)."""
    wrong = [{"targetProperty": "amount", "value": static("much")}]
    (event,) = go(eve, act("0-14", **deal(properties=wrong)))
    assert not event.succeeded
    assert "amount" in event.message
    assert len(account.records[DEALS]) == 0


def known(property: str) -> dict[str, Any]:
    filter = {
        "filterType": "PROPERTY",
        "property": property,
        "operation": {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"},
    }
    inner = {"filterBranchType": "AND", "filters": [filter], "filterBranches": []}
    return {
        "type": "LIST_BASED",
        "shouldReEnroll": False,
        "listFilterBranch": {"filterBranchType": "OR", "filters": [], "filterBranches": [inner]},
    }


@pytest.mark.parametrize(("written", "made"), [("jobtitle", 0), ("company", 1)])
def test_a_record_that_would_enroll_itself_is_not_made(
    account: Portal, make_flow: Act, act: Act, written: str, made: int
) -> None:
    """The loop guard skips it; one that doesn't meet the criteria is made (F7.31)."""
    values = [{"targetProperty": "firstname", "value": static("Copy")}]
    values.append({"targetProperty": written, "value": static("x")})
    create = act("0-14", object_type_id="0-1", properties=values, associations=[])
    account.workflows.create(make_flow("0-1", create, enrollmentCriteria=known("jobtitle")))
    account.create("contacts", {"firstname": "Eve", "jobtitle": "Buyer"})
    assert len(account.records[CONTACTS]) == 1 + made
    assert [event.succeeded for event in account.workflows.action_log] == [bool(made)]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"object_type_id": "0-999"}, "object_type_id can't be used"),
        ({"associations": [{"target": target(4), "value": ENROLLED}]}, "associationTypeId can't be used"),
        ({"associations": [{"target": target(341), "value": ENROLLED}]}, "leads to companies; the workflow enrolls"),
        ({"properties": [{"targetProperty": "amount", "value": {"type": "WISH"}}]}, "value.type can't be 'WISH'"),
    ],
)
def test_what_is_wrong_with_a_create_record(
    account: Portal, make_flow: Act, act: Act, fields: dict[str, Any], error: str
) -> None:
    """The flow is refused, with the place (F7.17.14)."""
    with pytest.raises(InvalidDefinition, match=r"flow\.actions\[0\]\.fields.*" + error):
        account.workflows.create(make_flow("0-1", act("0-14", **deal(**fields))))


# -- tasks and notes ---------------------------------------------------------------------------------------------


def test_a_task_for_the_owner_is_due_on_a_working_day(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """Five days from Monday is Saturday, so it is due on Monday at nine in the account's time zone (F7.17.3)."""
    owner = account.users.find("ben@acme.example")
    account.update(eve, {"hubspot_owner_id": str(owner.id)})
    working = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
    due = {"delta": 5, "timeUnit": "DAYS", "timeOfDay": {"hour": 9, "minute": 0}, "daysOfWeek": working}
    assignment = {"type": "CUSTOM", "value": {"type": "OBJECT_PROPERTY", "propertyName": "hubspot_owner_id"}}
    task = act("0-3", task_type="CALL", subject="Call {{ enrolled_object.firstname }}", priority="HIGH", due_time=due)
    task["fields"] |= {"owner_assignment": assignment, "associations": [{"target": target(204), "value": ENROLLED}]}
    go(eve, task)
    (made,) = account.records[TASKS]
    shown = (
        "hs_task_subject",
        "hs_task_type",
        "hs_task_priority",
        "hs_task_status",
        "hubspot_owner_id",
        "hs_timestamp",
    )
    assert [made.get(name) for name in shown] == [
        *("Call Eve", "CALL", "HIGH", "NOT_STARTED", str(owner.id)),
        "2026-03-09T08:00:00Z",
    ]
    assert list(account.associations.of(made, CONTACTS)) == [eve]


def test_a_task_by_the_old_associations(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """Flows still name the ids from the time of engagements; without an owner nobody has it (F7.17.301, F7.17.302)."""
    go(eve, act("0-3", subject="Look", associations=[{"target": target(10), "value": ENROLLED}]))
    (made,) = account.records[TASKS]
    assert list(account.associations.of(made, CONTACTS)) == [eve]
    assert (made.get("hubspot_owner_id"), made.get("hs_task_type")) == (None, "TODO")


def test_a_note(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """It is on the record's timeline (F7.17.169425243)."""
    go(eve, act("0-169425243", note_body="<p>{{ enrolled_object.email }}</p>", pin_note="false"))
    (made,) = account.records[NOTES]
    assert made.get("hs_note_body") == "<p>eve@buyer.example</p>"
    assert list(account.associations.of(made, CONTACTS)) == [eve]


# -- owners ------------------------------------------------------------------------------------------------------


def test_records_go_round(account: Portal, go: Go, act: Act) -> None:
    """Each of the two gets every second record (F7.17.1101)."""
    ids = [str(user.user_id) for user in account.users][:2]
    contacts = [account.create("contacts", {"email": f"{n}@x.example"}) for n in range(4)]
    go(contacts[0], act("0-11", user_ids=ids, target_property="hubspot_owner_id"))
    for contact in contacts[1:]:
        account.workflows.enroll("Flow", contact)
    owners = [str(user.id) for user in account.users][:2]
    assert [contact.get("hubspot_owner_id") for contact in contacts] == owners * 2


@pytest.mark.parametrize(("overwrite", "kept"), [("false", True), ("true", False)])
def test_who_has_an_owner_keeps_it(account: Portal, eve: Record, go: Go, act: Act, overwrite: str, kept: bool) -> None:
    """Unless the action overwrites it (F7.17.11)."""
    ada, cleo = account.users.find("ada@acme.example"), account.users.find("cleo@acme.example")
    account.update(eve, {"hubspot_owner_id": str(cleo.id)})
    go(eve, act("0-11", user_ids=[str(ada.user_id)], overwrite_current_owner=overwrite))
    assert (eve.get("hubspot_owner_id") == str(cleo.id)) is kept


def test_a_user_who_left_gets_nothing(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """The others of the team do; without any, the action fails (F7.17.11)."""
    ada, ben = account.users.find("ada@acme.example"), account.users.find("ben@acme.example")
    team = str(account.users.team_called("Sales").id)
    account.remove_user(ada)
    alone = act("0-11", user_ids=[str(ada.user_id)])
    failed, done = go(eve, alone, act("0-11", team_ids=[team]))
    assert failed.message == f"hubspot_owner_id was not set: user {ada.user_id} is not active in the account"
    assert (done.succeeded, eve.get("hubspot_owner_id")) == (True, str(ben.id))


# -- associations ------------------------------------------------------------------------------------------------


def match(**fields: str) -> dict[str, str]:
    return {
        "fromObjectType": "0-1",
        "toObjectType": "0-2",
        "matchBy": "fromAndToObjects",
        "enrolledObjectPropertyNameToMatch": "0-1/company",
        "associatedObjectPropertyNameToMatch": "0-2/name",
        **fields,
    }


def test_records_are_associated_by_a_value(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """The contact's company name is that of a company (F7.17.63189541)."""
    acme = account.create("companies", {"name": "Acme"})
    account.create("companies", {"name": "Other"})
    account.update(eve, {"company": "Acme"})
    (event,) = go(eve, act("0-63189541", **match()))
    assert event.message == f"associated with company {acme.id}"
    assert list(account.associations.of(eve, COMPANIES)) == [acme]


def test_a_record_that_matches_nothing(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """It stays alone, or gets a new company, as the action says (F7.17.63189541)."""
    account.update(eve, {"company": "Acme"})
    alone, made = act("0-63189541", **match()), act("0-63189541", **match(createAssociationOnly="false"))
    failed, done = go(eve, alone, made)
    assert failed.message == "no association was created: no company has name 'Acme'"
    assert (done.succeeded, [c.name for c in account.associations.of(eve, COMPANIES)]) == (True, ["Acme"])


def test_labels_come_and_go(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """A label is set on the record's companies, and taken off (F7.17.61139484)."""
    label, *_ = account.association_labels.create(CONTACTS, COMPANIES, "adviser", "Adviser")
    acme = account.create("companies", {"name": "Acme"}, links=[(eve, ())])
    named = target(label.id, "USER_DEFINED")
    (event,) = go(eve, act("0-61139484", **named))
    assert (event.message, label.id in account.associations.of(eve, COMPANIES)[acme]) == (
        *("label 'Adviser' set on 1 associations", True),
    )
    go(eve, act("0-61139476", **named), name="Off")
    assert label.id not in account.associations.of(eve, COMPANIES)[acme]


@pytest.mark.parametrize("id", ["0-63189541", "0-61139484"])
def test_an_association_action_that_says_nothing(eve: Record, go: Go, act: Act, id: str) -> None:
    """It is logged as not executed (F7.17.61139484)."""
    (event,) = go(eve, act(id))
    assert (event.succeeded, event.message[:12]) == (False, "not executed")


# -- delete ------------------------------------------------------------------------------------------------------


def test_a_deleted_contact_leaves_all_flows(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """It is in the bin; what would follow does not happen (F7.17.18224765, F7.26)."""
    go(eve, act("0-1", delta="1", time_unit="DAYS"), name="Other")
    go(eve, act("0-18224765"), act("0-5", property_name="jobtitle", value=static("Gone")), name="Delete")
    assert (eve.archived is not None, eve.get("jobtitle")) == (True, None)
    assert [len(flow.active) for flow in account.workflows] == [0, 0]


# -- used in -----------------------------------------------------------------------------------------------------


def test_what_actions_use(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """*Used in* names the flow that writes deals' amounts, and the one that reads first names (F11.1)."""
    go(eve, act("0-14", **deal()), name="Deals")
    (amount,) = of_property(account, DEALS, "amount")
    assert (amount.asset, amount.writes, amount.values) == ("workflow Deals", True, ("100",))
    read = [use for use in of_property(account, CONTACTS, "firstname") if use.asset == "workflow Deals"]
    assert [use.writes for use in read] == [False]


def test_everything_that_a_flow_makes_has_its_cause(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """The new record's log begins with the enrollment, and carries the action's source (F6.5)."""
    go(eve, act("0-14", **deal()))
    (made,) = account.records[DEALS]
    (created,) = [entry for entry in account.log.timeline(made) if entry.kind == CREATED]
    assert account.log.why(created.number)[0].kind == "enrolled"
    assert made.source is not None
    assert made.source.type == "AUTOMATION_PLATFORM"


def test_a_broken_definition_is_an_invalid_filter_branch(account: Portal, make_flow: Act, act: Act) -> None:
    """As all of a flow's JSON (F7.19)."""
    with pytest.raises(InvalidFilterBranch, match="priority can't be 'URGENT'"):
        account.workflows.create(make_flow("0-1", act("0-3", subject="x", priority="URGENT")))

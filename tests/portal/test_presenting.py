"""Forms, e-mails, people and ids as a portal's present configuration has them."""

from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.files import export
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.configured_forms import difference, json_of
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.ids import Numbers, numbered, unsaid
from hubtwin.portal.objects import CONTACTS

GUID = "11111111-2222-4333-8444-555555555555"


def portal_of(**data: Any) -> Portal:
    return Portal(Configuration.model_validate(data))


# -- ids -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [([], []), ([None, None], [1, 2]), ([2, None, None], [2, 1, 3]), ([None, 1, 7], [2, 1, 7])],
)
def test_ids_in_a_file(wanted: list[int | None], ids: list[int]) -> None:
    """Those that it gives, and for the others the next ones that are free."""
    assert numbered(wanted, 1) == ids


@pytest.mark.parametrize(
    ("ids", "said"), [([], []), ([1, 2], [None, None]), ([2, 3], [2, 3]), ([1, 3], [1, 3]), ([2, 1], [2, 1])]
)
def test_ids_that_a_file_has_to_give(ids: list[int], said: list[int | None]) -> None:
    """None, where all follow by themselves."""
    assert unsaid(ids, 1) == said
    assert numbered(said, 1) == ids


def test_numbers_are_given_out_once() -> None:
    """Also after somebody took one out of turn."""
    numbers = Numbers(1)
    assert [numbers.take(2), numbers.take(), numbers.take(), numbers.take(9), numbers.take()] == [2, 1, 3, 9, 4]


@pytest.mark.parametrize(
    ("part", "twins"),
    [
        ("lists", [{"name": "A", "id": 7, "kind": "static"}, {"name": "B", "id": 7, "kind": "static"}]),
        ("forms", [{"name": "A", "id": GUID}, {"name": "B", "id": GUID}]),
        ("users", [{"email": "a@b.example", "id": 7}, {"email": "c@b.example", "id": 7}]),
        ("users", [{"email": "a@b.example", "user_id": 7}, {"email": "c@b.example", "user_id": 7}]),
        ("subscription_types", [{"name": "A", "id": 7}, {"name": "B", "id": 7}]),
        ("marketing_emails", [{"name": "A", "id": 7}, {"name": "B", "id": 7}]),
        ("workflows", [{"name": "A", "id": 7}, {"name": "B", "id": 7}]),
        ("teams", [{"name": "A", "id": 7}, {"name": "B", "id": 7}]),
    ],
)
def test_an_id_for_two(part: str, twins: list[dict[str, Any]]) -> None:
    """Is a mistake in the file."""
    with pytest.raises(ValueError, match="is there twice"):
        Configuration.model_validate({part: twins})


def test_ids_come_out_again() -> None:
    """Of whatever has one, where they don't follow by themselves."""
    data: dict[str, Any] = {
        "objects": [{"name": "machine", "id": 33, "properties": [{"name": "serial"}]}],
        "users": [{"email": "b@acme.example", "id": 9, "user_id": 8, "team": "Sales"}],
        "teams": [{"name": "Sales", "id": 7}],
        "forms": [{"name": "Demo", "id": GUID}],
        "subscription_types": [{"name": "News", "id": 55}],
        "marketing_emails": [{"name": "Hello", "id": 66}],
        "workflows": [{"name": "W", "id": 77, "actions": [{"clear": "lifecyclestage"}]}],
        "lists": [{"name": "Friends", "id": 88, "kind": "static"}],
    }
    portal = portal_of(**data)
    assert export(portal) == data
    assert portal.type("2-33").name == "machine"
    assert portal.users.get(8) is portal.users.find("b@acme.example")
    assert portal.users.team("7").name == "Sales"


def test_lists_are_numbered_as_they_stand() -> None:
    """Whichever of them has to be made first."""
    ask = {"all": [{"list": "Second"}]}
    portal = portal_of(lists=[{"name": "First", "filters": ask}, {"name": "Second", "kind": "static"}])
    assert [(list.id, list.name) for list in portal.lists] == [(1, "First"), (2, "Second")]


def test_pages_of_owners_go_by_their_ids() -> None:
    """W6.1: whatever their order in the file."""
    portal = portal_of(users=[{"email": f"{n}@acme.example", "id": n} for n in (30, 10, 20)])
    api, found, after = Api(portal), [], "0"
    while after:
        answer = api.handle(Request("GET", "/crm/v3/owners", f"limit=1&after={after}", {"authorization": "Bearer t"}))
        page = orjson.loads(answer.body)
        found += [owner["id"] for owner in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    assert found == ["10", "20", "30"]


# -- forms ---------------------------------------------------------------------------------------------------


def test_a_forms_own_json() -> None:
    """It goes before the other keys; objects are mixed, null takes a member out."""
    own = {
        "configuration": {"language": "fi", "postSubmitAction": {"value": "Kiitos"}, "cloneable": False},
        "displayOptions": {"style": None},
        "fieldGroups": [],
    }
    form = portal_of(forms=[{"name": "Demo", "thanks": "Thanks", "json": own}]).forms.find("Demo")
    assert (form.json["configuration"]["language"], form.json["configuration"]["editable"]) == ("fi", True)
    assert form.json["configuration"]["postSubmitAction"] == {"type": "thank_you", "value": "Kiitos"}
    assert ("style" in form.json["displayOptions"], form.json["fieldGroups"]) == (False, [])


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"name": "Other"}, "the name of a form stands beside its json, not in it"),
        ({"configuration": {"language": None}}, "configuration.language: Field required"),
        ({"configuration": {"lifecycleStages": [{"objectTypeId": "0-1", "value": "led"}]}}, "lifecycleStages needs"),
    ],
)
def test_json_that_makes_no_form(own: dict[str, Any], words: str) -> None:
    """Is a mistake at its place in the file."""
    with pytest.raises(ValueError, match=words):
        portal_of(forms=[{"name": "Demo", "json": own}])


def test_a_wrong_form_has_its_place() -> None:
    """In the list of forms."""
    own = {"fieldGroups": [{"groupType": "x", "richTextType": "text"}]}
    with pytest.raises(ConfigurationError) as caught:
        portal_of(forms=[{"name": "A"}, {"name": "Demo", "json": own}])
    assert caught.value.place == ("forms", 1)


@pytest.mark.parametrize(
    "form",
    [
        {"name": "Plain"},
        {"name": "Choice", "fields": ["email", {"name": "industry", "kind": "dropdown"}]},
        {
            "name": "When",
            "fields": ["email", {"name": "phone", "when": {"field": "email", "operator": "is_not_empty"}}],
        },
        {"name": "Strict", "fields": ["email"], "blocked_domains": ["x.example"], "blocks_free_email": True},
        {"name": "Away", "redirect": "https://acme.example/thanks", "recaptcha": True},
        {"name": "Consent", "consent": {"kind": "legitimate_interest", "basis": "client", "text": "Why"}},
        {"name": "Stages", "contact_stage": "lead", "company_stage": "customer", "notify": ["ada@hubtwin.example"]},
        {"name": "Hidden", "fields": ["email", {"name": "icp", "hidden": True, "default": "Good", "label": "Fit"}]},
        {"name": "Own", "fields": [], "json": {"displayOptions": {"theme": "round"}, "note": None}},
    ],
    ids=lambda form: str(form["name"]),
)
def test_forms_come_out_as_they_were(form: dict[str, Any]) -> None:
    """In the file's own keys, as far as these can say it."""
    portal = portal_of(properties={"contacts": [{"name": "icp", "options": ["Good", "Bad"]}]}, forms=[form])
    copy = Portal(Configuration.model_validate(export(portal)))
    assert copy.forms.find(form["name"]).json == portal.forms.find(form["name"]).json
    assert export(copy)["forms"] == export(portal)["forms"]
    if "json" not in form:
        assert export(portal)["forms"] == [form]


def test_a_form_that_was_changed_since() -> None:
    """The portal is what is exported, and not its file; one that was deleted is gone."""
    portal = portal_of(forms=[{"name": "Demo"}, {"name": "Old"}])
    demo = portal.forms.find("Demo")
    portal.forms.replace(demo, {**demo.json, "name": "Trial"})
    portal.forms.archive(portal.forms.find("Old"))
    assert export(portal)["forms"] == [{"name": "Trial", "id": demo.guid}]


def test_what_json_differs_in() -> None:
    """Only that has to be said."""
    form = Configuration.model_validate({"forms": [{"name": "Demo"}]}).forms[0]
    made = json_of(Portal(), form)
    assert difference(made, made) == {}
    assert difference({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1, "c": 4}, "e": 5}) == {
        "d": None,
        "a": {"c": 4},
        "e": 5,
    }


# -- e-mails and people --------------------------------------------------------------------------------------


def test_an_email_that_was_changed_since() -> None:
    """Its lists are called by their names, those that are gone left out."""
    portal = portal_of(
        lists=[{"name": "Friends", "kind": "static"}, {"name": "Gone", "kind": "static"}],
        marketing_emails=[{"name": "July", "subject": "Sun", "body": "Hi", "to": ["Friends", "Gone"]}],
    )
    portal.lists.delete(portal.lists.find(2))
    portal.lists.rename(portal.lists.find(1), "Old friends")
    api = Api(portal)
    body = orjson.dumps({"subject": "Rain", "to": {"contactIlsLists": {"include": ["1", "2"]}}})
    email = next(iter(portal.marketing_emails))
    headers = {"authorization": "Bearer t", "content-type": "application/json"}
    assert api.handle(Request("PATCH", f"/marketing/v3/emails/{email.id}", "", headers, body)).status == 200
    assert export(portal)["marketing_emails"] == [
        {"name": "July", "subject": "Rain", "body": "Hi", "to": ["Old friends"]}
    ]


def test_users_that_came_later() -> None:
    """With their teams and roles; one who left is gone."""
    portal = portal_of(
        roles=["Marketer"],
        users=[{"email": "a@acme.example", "team": "Sales"}, {"email": "b@acme.example", "team": "Service"}],
    )
    portal.users.add("c@acme.example", created=0, team="Sales", secondary_teams=["Service"], role="Marketer")
    portal.remove_user(portal.users.find("a@acme.example"))
    data = export(portal)
    assert [user["email"] for user in data["users"]] == ["b@acme.example", "c@acme.example"]
    assert data["users"][1] == {
        "email": "c@acme.example",
        "id": portal.users.find("c@acme.example").id,
        "user_id": portal.users.find("c@acme.example").user_id,
        "team": "Sales",
        "secondary_teams": ["Service"],
        "role": "Marketer",
    }
    copy = Portal(Configuration.model_validate(data))
    assert [team.name for team in copy.users.teams] == ["Sales", "Service"]
    contact = copy.create("contacts", {"email": "x@y.example"})
    assert contact.type is CONTACTS

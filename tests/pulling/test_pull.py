"""Pulling: what comes out of a portal makes one that answers the same."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from hubtwin.api import Request, Response
from hubtwin.files import export
from hubtwin.portal import Portal
from hubtwin.portal.objects import CONTACTS
from hubtwin.pulling import Pulled, pull

Ask = Callable[[Request], Response]
MakePortal = Callable[[str], Portal]
MakeAsk = Callable[..., Ask]
Change = Callable[..., Ask]

#: When things were made, and by whom: it is not the portal file's business.
UNLIKE = ("createdAt", "updatedAt", "filtersUpdatedAt", "createdById", "updatedById", "publishedById")

OBJECTS = ("contacts", "companies", "deals", "tickets", "leads", "products", "machine")
PATHS = (
    *(f"/crm/v3/properties/{object}" for object in OBJECTS),
    *(f"/crm/v3/properties/{object}/groups" for object in OBJECTS),
    "/crm/v3/properties/contacts?dataSensitivity=sensitive",
    "/crm/v3/property-validations/0-1",
    *(f"/crm/v3/pipelines/{object}" for object in ("contacts", "companies", "deals", "tickets", "leads", "machine")),
    "/crm/pipelines-rules/2026-09-beta/contacts/contacts-lifecycle-pipeline",
    "/crm/pipelines-rules/2026-09-beta/deals/default",
    "/crm-object-schemas/v3/schemas",
    *(
        f"/crm/v4/associations/{pair}/labels"
        for pair in ("contacts/companies", "contacts/contacts", "2-3377/companies")
    ),
    "/account-info/v3/details",
    "/crm/v3/owners",
    "/settings/v3/users",
    "/settings/v3/users/teams",
    "/settings/v3/users/roles",
    "/communication-preferences/v3/definitions",
    "/scheduler/v3/meetings/meeting-links",
    "/marketing/v3/forms",
    "/marketing/v3/emails",
    "/crm/v3/lists/?includeFilters=true&listIds=1,2,3,4,5,42",
    "/automation/v4/flows",
    "/automation/v4/flows/900",
    "/automation/v4/flows/600000001",
)


def plain(json: Any) -> Any:
    """JSON without what differs from portal to portal."""
    if isinstance(json, dict):
        return {name: plain(value) for name, value in json.items() if name not in UNLIKE}
    return [plain(value) for value in json] if isinstance(json, list) else json


def get(ask: Ask, path: str) -> Any:
    bare, _, query = path.partition("?")
    response = ask(Request("GET", bare, query))
    assert response.status == 200, (path, response.body)
    return plain(orjson.loads(response.body))


@pytest.fixture(scope="module")
def copied(pulled: Pulled, portal_of: MakePortal) -> Portal:
    """The portal that the pulled file makes."""
    return portal_of(pulled.text)


@pytest.mark.parametrize("path", PATHS)
def test_the_answers_are_the_same(rich: Portal, copied: Portal, asking: MakeAsk, path: str) -> None:
    """Of the portal that was pulled, and of one made of the file: all but who made things, and when."""
    assert get(asking(copied), path) == get(asking(rich), path)


def test_nothing_is_left_out(pulled: Pulled) -> None:
    """Of what an API can tell."""
    assert pulled.left_out == ()


def test_a_file_that_people_like_to_read(pulled: Pulled) -> None:
    """Short forms where these say the same, and ids where these don't follow by themselves."""
    lines = [line.strip() for line in pulled.text.splitlines()]
    filters = "{all: [{property: icp_fit, is: Good}, {list: Friends, member: false}]}"
    assert f"- {{name: Fits, id: 42, filters: {filters}}}" in lines
    assert "- {name: Newsletter, id: 11111111-2222-4333-8444-555555555555, fields: [email]}" in lines
    assert "json: {configuration: {language: fi}, displayOptions: {style: {fontFamily: arial}}}" in lines


def test_what_no_api_tells_is_said(pulled: Pulled) -> None:
    """At the top of the file, with the place where people find it; stages that are not there set nothing."""
    head, _, _ = pulled.text.partition("\naccount:")
    assert head.startswith("# Pulled from a portal, account 4711.\n")
    for key in ("settings", "chatflows", "scores", "ads", "connected"):
        assert f"\n# - {key}: " in head
    assert pulled.data["settings"] == {"deal_created": None}


def test_pulling_again_gives_the_same(pulled: Pulled, copied: Portal, asking: MakeAsk) -> None:
    """And it is what the portal itself exports."""
    assert pull(asking(copied), name="a portal").text == pulled.text
    assert export(copied) == pulled.data


def test_a_portal_is_only_read(rich: Portal, asking: MakeAsk) -> None:
    """By GETs and searches, from nobody but it."""
    asked: list[tuple[str, str]] = []

    def ask(request: Request) -> Response:
        asked.append((request.method, request.path))
        return asking(rich)(request)

    pull(ask, name="a portal")
    assert {path for method, path in asked if method != "GET"} == {"/crm/v3/lists/search"}


def test_a_new_account_has_nothing_to_say(portal_of: MakePortal, asking: MakeAsk) -> None:
    """What is as everywhere is left out."""
    pulled = pull(asking(portal_of("{}")), name="a portal")
    assert (pulled.data, pulled.left_out) == ({}, ())


def test_ids_go_on_working(copied: Portal) -> None:
    """A client that has a form's guid, a list's id or an owner's configured needs no change."""
    ada = copied.forms.submit("11111111-2222-4333-8444-555555555555", {"email": "ada@acme.example"})
    copied.update(ada, {"hubspot_owner_id": "1234", "icp_fit": "Good"})
    assert ada in copied.lists.find(42)
    assert copied.workflows.find("900").name == "Start over"


def test_new_things_get_ids_that_are_free(copied: Portal) -> None:
    """Also where the file gave some ids out of turn."""
    made = [copied.lists.create(f"New {number}", CONTACTS, "MANUAL").id for number in range(2)]
    assert made == [6, 7]
    assert [list.id for list in copied.lists] == [1, 2, 3, 4, 5, 6, 7, 42]


# -- what can't be read --------------------------------------------------------------------------------------


def test_missing_scopes(portal_of: MakePortal, asking: MakeAsk) -> None:
    """Those parts are left out with the scope that they need, in the file and in the warnings; the rest is there."""
    text = (
        "options: {unknown_tokens: refused}\napps: [{name: reader, token: t, scopes: [crm.lists.read]}]\n"
        "lists: [{name: All, filters: {all: [{property: email, known: true}]}}]\nforms: [{name: Demo}]\n"
    )
    pulled = pull(asking(portal_of(text)), name="a portal")
    assert pulled.data == {"lists": [{"name": "All", "filters": {"all": [{"property": "email", "known": True}]}}]}
    assert "forms: the token needs the scope forms" in pulled.left_out
    assert "# - forms: the token needs the scope forms\n" in pulled.text
    assert any(line.startswith("users") and "crm.objects.owners.read" in line for line in pulled.left_out)


def test_objects_that_an_account_may_not_have(portal_of: MakePortal, asking: MakeAsk, changed: Change) -> None:
    """One line says that they couldn't be read; so does one for all pipeline rules."""
    names = ("quotes", "courses", "listings")
    refused = {
        f"/crm/v3/properties/{name}": Response(403, (), b'{"message": "no %s"}' % name.encode()) for name in names
    }
    rules = "/crm/pipelines-rules/2026-09-beta/contacts/contacts-lifecycle-pipeline"
    pulled = pull(changed(asking(portal_of("{}")), {**refused, rules: Response(404, (), b"")}), name="a portal")
    assert pulled.left_out == (
        "properties of quotes, properties of courses, properties of listings: the token may not read them, or the"
        " account has none",
        f"pipeline rules: {rules} answers 404: it doesn't say why",
    )


def test_what_asks_for_something_that_is_missing(rich: Portal, asking: MakeAsk, changed: Change) -> None:
    """It is left out too, and what asks for that; each says why."""
    properties: dict[str, Any] = {"/crm/v3/properties/contacts": {"results": []}}
    pulled = pull(changed(asking(rich), properties), name="a portal")
    assert [one["name"] for one in pulled.data["lists"]] == ["Friends", "Of deciders", "Big", "Of machines"]
    why = {line.partition(":")[0]: line for line in pulled.left_out}
    assert "icp_fit" in why["list 'Fits'"]
    assert "list 'To sales'" not in why
    assert any(line.startswith("workflow 'To sales'") for line in pulled.left_out)
    assert any(line.startswith("form 'Demo'") for line in pulled.left_out)


def test_a_formula(rich: Portal, asking: MakeAsk, changed: Change) -> None:
    """What HubSpot works out becomes a value that somebody has to write, so that lists can ask for it."""
    own = {"label": "Fit", "groupName": "ticketinformation", "options": [], "type": "number"}
    formula = {**own, "name": "fit_score", "fieldType": "calculation_equation", "calculated": True}
    pulled = pull(changed(asking(rich), {"/crm/v3/properties/tickets": {"results": [formula]}}), name="a portal")
    assert pulled.data["properties"]["tickets"] == [{"name": "fit_score", "label": "Fit", "type": "number"}]
    assert any(line.startswith("property tickets.fit_score: HubSpot works it out") for line in pulled.left_out)


def test_one_name_for_two(rich: Portal, asking: MakeAsk, changed: Change) -> None:
    """A portal file calls things by their names: the second one gets another."""
    forms = get(asking(rich), "/marketing/v3/forms")
    twins = [{**forms["results"][0], "id": f"11111111-2222-4333-8444-55555555555{n}"} for n in range(3)]
    pulled = pull(changed(asking(rich), {"/marketing/v3/forms": {"results": twins}}), name="a portal")
    assert [form["name"] for form in pulled.data["forms"]] == ["Newsletter", "Newsletter (2)", "Newsletter (3)"]


def test_stages_without_their_pipeline(portal_of: MakePortal, asking: MakeAsk, changed: Change) -> None:
    """Where no pipeline tells them, they are those of a new account, and that is said."""
    refused = Response(403, (), b'{"message": "not yours"}')
    ask = changed(asking(portal_of("{}")), {"/crm/v3/pipelines/contacts": refused})
    pulled = pull(ask, name="a portal")
    assert ("stages" in pulled.data, pulled.left_out) == (False, ("stages: not yours",))


def test_consent_to_something_unknown(rich: Portal, asking: MakeAsk, changed: Change) -> None:
    """A form without the right to read subscription types is a form without consent, not no form."""
    refused = {"/communication-preferences/v3/definitions": Response(403, (), b"{}")}
    pulled = pull(changed(asking(rich), refused), name="a portal")
    demo = next(form for form in pulled.data["forms"] if form["name"] == "Demo")
    assert ("consent" in demo, demo["contact_stage"]) == (False, "lead")
    assert "form 'Demo': asks for no consent here: a subscription type of it is missing" in pulled.left_out


@pytest.mark.parametrize("depth", [50, 900])
def test_what_nobody_can_read(rich: Portal, asking: MakeAsk, changed: Change, depth: int) -> None:
    """An answer that is too deep is left out: nothing ends in a crash, or in a file that can't be read."""
    deep = Response(200, (), b'{"customProperties": %s}' % (b"[" * depth + b"]" * depth))
    pulled = pull(changed(asking(rich), {"/automation/v4/flows/900": deep}), name="a portal")
    assert pulled.left_out == ("workflow 'Start over': /automation/v4/flows/900 answers JSON of more than 40 levels",)
    assert [flow["name"] for flow in pulled.data["workflows"]] == ["To sales"]


def test_ids_of_association_types(portal_of: MakePortal, asking: MakeAsk) -> None:
    """The portal numbers its own: filters and workflows that name them by their ids follow."""
    source = portal_of(
        "association_labels:\n- {from: contacts, to: companies, label: Gone}\n"
        "- {from: contacts, to: companies, label: Decider}\n"
        "lists: [{name: Deciders, filters: {all: [{associated: companies, label: Decider, all: "
        "[{property: name, known: true}]}]}}]\n"
    )
    gone = source.associations.own[0]
    source.association_labels.delete(CONTACTS, source.type("companies"), gone.id, source.app)
    pulled = pull(asking(source), name="a portal")
    assert (pulled.data["lists"][0]["filters"]["all"][0]["label"], pulled.left_out) == ("Decider", ())

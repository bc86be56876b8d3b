"""The short form of workflows in portal files, and HubSpot's JSON: each out of the other, with nothing lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.files import FileError, dump, export, load, load_portal, parse
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.configuration import Workflow
from hubtwin.portal.flows.short_forms.expanding import expanded, filled
from hubtwin.portal.flows.short_forms.shortening import shortened

Json = dict[str, Any]

PORTAL = Portal(
    Configuration.model_validate(
        {
            "users": [{"email": "ada@acme.example", "team": "Sales"}],
            "forms": [{"name": "Demo"}],
            "marketing_emails": [{"name": "News", "kind": "automated"}],
            "lists": [{"name": "Chosen", "kind": "static"}],
            "workflows": [{"name": "Other", "actions": []}],
        }
    )
)
IDS = PORTAL.workflows.ids


def written(data: Any) -> Json:
    """The JSON of a workflow in its short form."""
    return expanded(PORTAL, Workflow.model_validate(data), IDS, "workflows.0").data


def read(data: Json) -> Json:
    """The short form of JSON."""
    return shortened(PORTAL, data, IDS, data.get("name") or "W")


def in_order(data: Json) -> Json:
    """JSON with its actions by their ids: in which order they are listed says nothing."""
    return {**data, "actions": sorted(data["actions"], key=lambda action: str(action["actionId"]))}


def actions(*short: Json) -> list[Json]:
    """The JSON of actions in their short form."""
    found: list[Json] = written({"name": "W", "actions": short})["actions"]
    return found


# -- what each kind becomes ------------------------------------------------------------------------------------

EDIT = {"property_name": "city", "value": {"type": "STATIC_VALUE", "staticValue": "Turku"}}
KINDS: list[tuple[Json, str, Json]] = [
    ({"set": "city", "to": "Turku"}, "0-5", EDIT),
    ({"clear": "city"}, "0-5", {**EDIT, "value": {"type": "STATIC_VALUE", "staticValue": ""}}),
    ({"copy": "state", "to": "city"}, "0-5", {**EDIT, "value": {"type": "OBJECT_PROPERTY", "propertyName": "state"}}),
    ({"set": "city", "add": 2}, "0-5", {**EDIT, "value": {"type": "INCREMENT", "incrementAmount": 2}}),
    (
        {"set": "city", "to": "Turku", "associated": "companies"},
        "0-5",
        {**EDIT, "association": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}},
    ),
    ({"wait": "15m"}, "0-1", {"delta": "15", "time_unit": "MINUTES"}),
    ({"wait": "2d"}, "0-1", {"delta": "2", "time_unit": "DAYS"}),
    (
        {"wait_until": {"date": "closedate", "later": -3, "time": "09:00"}},
        "0-35",
        {
            "date": {"type": "OBJECT_PROPERTY", "propertyName": "closedate"},
            "delta": "-3",
            "time_unit": "DAYS",
            "time_of_day": {"hour": 9, "minute": 0},
        },
    ),
    ({"enroll_in": "Other"}, "0-15", {"flow_id": "600000001"}),
    ({"add_to_list": "Chosen"}, "0-63809083", {"listId": "1"}),
    ({"note": "Hello"}, "0-169425243", {"note_body": "Hello"}),
]


@pytest.mark.parametrize(("short", "type", "fields"), KINDS)
def test_what_an_action_becomes(short: Json, type: str, fields: Json) -> None:
    """HubSpot's ids and fields (F7.17), with ids in the place of names."""
    (action,) = actions(short)
    assert (action["actionTypeId"], action["fields"]) == (type, fields)


def test_actions_follow_each_other() -> None:
    """Each names the next one, the last one none (F7.15)."""
    first, second = actions({"clear": "city"}, {"clear": "state"})
    assert first["connection"] == {"edgeType": "STANDARD", "nextActionId": "2"}
    assert (second["actionId"], "connection" in second) == ("2", False)


def test_what_follows_a_branch_follows_both_ways() -> None:
    """The first way by a STANDARD edge, the other by a GOTO edge (F7.15)."""
    when = {"all": [{"property": "city", "known": True}]}
    branch, then, after = actions({"if": when, "then": [{"clear": "city"}]}, {"clear": "state"})
    assert branch["listBranches"][0]["connection"] == {"edgeType": "STANDARD", "nextActionId": "2"}
    assert then["connection"] == {"edgeType": "STANDARD", "nextActionId": "3"}
    assert branch["defaultBranch"] == {"edgeType": "GOTO", "nextActionId": after["actionId"]}


def test_a_way_can_end() -> None:
    """Then its last action has no connection."""
    when = {"all": [{"property": "city", "known": True}]}
    _, then, _ = actions({"if": when, "then": [{"clear": "city"}, {"end": True}]}, {"clear": "state"})
    assert "connection" not in then


def test_enrollment() -> None:
    """Conditions, re-enrollment and leaving as LIST_BASED criteria (F7.9)."""
    known = {"property": "lifecyclestage", "known": True}
    enroll = {"when": {"all": [known]}, "again": [known], "leave_when_not_met": True}
    criteria = written({"name": "W", "enroll": enroll})["enrollmentCriteria"]
    (branch,) = criteria["reEnrollmentTriggersFilterBranches"]
    assert (criteria["type"], criteria["shouldReEnroll"]) == ("LIST_BASED", True)
    assert criteria["unEnrollObjectsNotMeetingCriteria"] is True
    assert branch == criteria["listFilterBranch"]


def test_events() -> None:
    """Events as EVENT_BASED criteria, joined lists among them (F7.9, F7.11)."""
    changed = {"event": "property changed", "property": "lifecyclestage", "to": "customer"}
    events = [changed, {"event": "joined list", "list": "Chosen"}]
    criteria = written({"name": "W", "enroll": {"events": events}})["enrollmentCriteria"]
    (event,), (joined,) = criteria["eventFilterBranches"], criteria["listMembershipFilterBranches"]
    assert (criteria["type"], event["eventTypeId"]) == ("EVENT_BASED", "4-655002")
    assert [one["operation"].get("value") for one in event["filters"]] == ["lifecyclestage", None]
    assert joined["filters"] == [{"filterType": "IN_LIST", "operator": "IN_LIST", "listId": "1"}]


# -- both ways -------------------------------------------------------------------------------------------------

CITIES = st.sampled_from(["Turku", "Oulu", ""])
CONDITIONS = st.sampled_from(
    [
        {"property": "lifecyclestage", "is": ["lead", "customer"]},
        {"property": "city", "known": True},
        {"form": "Demo"},
        {"email": "News", "was": "opened"},
        {"list": "Chosen", "member": False},
        {"associated": "companies", "all": [{"property": "name", "contains": "Oy"}]},
    ]
)
FILTERS = st.one_of(
    st.builds(lambda found: {"all": found}, st.lists(CONDITIONS, min_size=1, max_size=3)),
    st.builds(lambda found: {"any": found}, st.lists(CONDITIONS, min_size=2, max_size=3)),
)
EVENTS = st.sampled_from(
    [
        {"event": "form submitted", "form": "Demo"},
        {"event": "object created"},
        {"event": "marketing e-mail opened", "email": "News"},
        {"event": "property changed", "property": "city"},
        {"event": "page visited", "where": [{"property": "hs_url", "contains": "/pricing"}]},
    ]
)
TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
DAYS = st.lists(st.sampled_from(["MONDAY", "FRIDAY", "SUNDAY"]), min_size=1, unique=True)
PEOPLE = st.sampled_from([{"users": ["ada@acme.example"]}, {"teams": ["Sales"]}, {"owners": ["hubspot_owner_id"]}])
STEPS = st.one_of(
    st.builds(lambda city: {"set": "city", "to": city or "Espoo"}, CITIES),
    st.sampled_from([short for short, _, _ in KINDS]),
    st.builds(lambda minutes: {"wait": f"{minutes}m"}, st.integers(1, 10_000)),
    st.builds(lambda days, time: {"wait_until": {"days": days, "time": time}}, DAYS, TIMES),
    st.builds(
        lambda event, days: {"wait_until": {"events": [event], "at_most": f"{days}d"}}, EVENTS, st.integers(1, 9)
    ),
    st.builds(lambda people: {"notify": "Hello", "text": "you", **people}, PEOPLE),
    st.builds(lambda people: {"rotate_owner": "hubspot_owner_id", **people}, PEOPLE),
    st.sampled_from(
        [
            {"create": "deal", "with": {"dealname": "New", "hubspot_owner_id": "ada@acme.example"}},
            {"task": "Call", "due_in": 2, "time": "09:00", "owner": "ada@acme.example"},
            {"send_email": "News"},
            {"send_email": "News", "to": ["bob@acme.example"]},
            {"remove_from_list": "Chosen"},
            {"unsubscribe": "Marketing Information"},
            {"marketing_contact": False},
            {"set": "createdate", "now": True},
            {"set": "city", "value": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "tier"}},
            {"webhook": "https://acme.example/hook", "query": {"a": "b"}, "header": "X", "secret": "key"},
            {"code": "exports.main", "inputs": {"city": {"type": "OBJECT_PROPERTY", "propertyName": "city"}}},
            {"assign_conversations": True, "users": ["ada@acme.example"]},
            {"delete": True},
            {"json": {"type": "SINGLE_CONNECTION", "actionTypeId": "0-1", "actionTypeVersion": 7, "fields": {}}},
        ]
    ),
)


def _branches(inner: st.SearchStrategy[list[Json]]) -> st.SearchStrategy[Json]:
    """Branches with ways that may end, but for one, so that what follows is reached."""
    ways = st.builds(lambda way, ends: [*way, *([{"end": True}] if ends else [])], inner, st.booleans())
    return st.one_of(
        st.builds(lambda when, then, other: {"if": when, "then": then, "else": other}, FILTERS, ways, inner),
        st.builds(
            lambda when, ways, other: {"choose": [{"when": when, "then": way} for way in ways], "else": other},
            FILTERS,
            st.lists(ways, min_size=2, max_size=2),
            inner,
        ),
        st.builds(lambda way, other: {"branch_on": "city", "cases": {"Turku": way, "Oulu": other}}, ways, ways),
        st.builds(
            lambda way, other: {"split": [{"percent": 30, "then": way}, {"percent": 70, "then": other}]}, ways, inner
        ),
    )


ACTIONS = st.recursive(
    st.lists(STEPS, max_size=3),
    lambda inner: st.lists(st.one_of(STEPS, _branches(inner)), max_size=3),
    max_leaves=8,
)
SCHEDULES = st.one_of(
    st.builds(lambda at: {"at": at}, TIMES),
    st.builds(lambda at, days: {"at": at, "weekly": days}, TIMES, DAYS),
    st.builds(lambda at, day: {"at": at, "monthly": day}, TIMES, st.sampled_from([[1, 15], "first monday"])),
    st.builds(lambda at: {"at": at, "yearly": "12-24"}, TIMES),
    st.builds(lambda at, days: {"at": at, "date": "closedate", "days": days}, TIMES, st.integers(-9, 9)),
)
ENROLLMENTS = st.one_of(
    st.builds(
        lambda when, again: {"when": when, "again": again},
        FILTERS,
        st.one_of(st.booleans(), st.lists(CONDITIONS, min_size=1, max_size=2)),
    ),
    st.builds(lambda when, schedule: {"when": when, "schedule": schedule}, FILTERS, SCHEDULES),
    st.builds(
        lambda events, again: {"events": events, "again": again},
        st.lists(EVENTS, min_size=1, max_size=2),
        st.booleans(),
    ),
    st.builds(lambda when, event: {"events": [event], "when": when}, FILTERS, EVENTS),
)
WORKFLOWS = st.fixed_dictionaries(
    {"name": st.just("W"), "actions": ACTIONS},
    optional={
        "description": st.text(max_size=5),
        "active": st.booleans(),
        "enroll": ENROLLMENTS,
        "goal": FILTERS,
        "suppress": st.just(["Chosen"]),
        "ends": st.sampled_from(["all", ["Other"]]),
        "hours": st.builds(lambda days: [{"days": days, "start": "08:00", "end": "24:00"}], DAYS),
        "blocked": st.just(["12-24", "2026-12-31"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(WORKFLOWS)
def test_a_short_form_comes_back(workflow: Json) -> None:
    """What a file says becomes JSON, which becomes a short form, which becomes the same JSON; no part stays JSON."""
    data = written(workflow)
    again = read(data)
    assert str(again).count("'json'") == str(workflow).count("'json'")
    assert in_order(written(again)) == in_order(data)


@st.composite
def flows(draw: st.DrawFn) -> Json:
    """Flows as nobody would draw them: any ids, ways that meet and part, unknown members."""
    ids = draw(st.lists(st.integers(1, 40).map(str), min_size=1, max_size=7, unique=True))
    made: list[Json] = []
    for place, id in enumerate(ids):
        later = st.none() if place + 1 == len(ids) else st.one_of(st.none(), st.sampled_from(ids[place + 1 :]))
        edges = st.builds(
            lambda next, edge: {} if next is None else {"edgeType": edge, "nextActionId": next},
            later,
            st.sampled_from(["STANDARD", "STANDARD", "GOTO"]),
        )
        way = edges.map(lambda edge: {"connection": edge} if edge else {})
        if draw(st.booleans()):
            version = draw(st.sampled_from([0, 7]))
            step = {"type": "SINGLE_CONNECTION", "actionTypeId": "0-5", "actionTypeVersion": version, "fields": EDIT}
            made.append({"actionId": id, **step, **draw(way)})
        else:
            tests = [{"percentage": 50, **draw(way)}, {"percentage": 50, **draw(way)}]
            made.append({"actionId": id, "type": "AB_TEST_BRANCH", "testBranches": tests})
    frame: Json = {"type": "CONTACT_FLOW", "objectTypeId": "0-1", "isEnabled": draw(st.booleans()), "actions": made}
    others = st.fixed_dictionaries(
        {},
        optional={
            "name": st.just("W"),
            "startActionId": st.sampled_from(ids),
            "flowType": st.sampled_from(["WORKFLOW", "ACTION_SET"]),
            "dataSources": st.just([{"type": "ASSOCIATION", "name": "company"}]),
            "enrollmentCriteria": st.sampled_from([{"type": "MANUAL", "shouldReEnroll": False}, {"type": "ODD"}]),
            "timeWindows": st.sampled_from([[], [{"day": "MONDAY", "startTime": {}, "endTime": {"hour": 9}}]]),
        },
    )
    return {**frame, **draw(others)}


@settings(max_examples=120, deadline=None)
@given(flows())
def test_no_flow_is_lost(data: Json) -> None:
    """Whatever JSON a flow has comes back from its short form; the order in which actions are listed may differ."""
    assert in_order(written(read(data))) == in_order(filled(data))


# -- in files --------------------------------------------------------------------------------------------------

FILE = """\
workflows:
- name: Hand over
  enroll: {when: {all: [{property: lifecyclestage, is: marketingqualifiedlead}]}}
  actions:
  - wait: 15m
  - if: {all: [{property: jobtitle, contains: CEO}]}
    then: [{set: lifecyclestage, to: salesqualifiedlead}]
    else: [{enroll_in: Newcomers}]
- {name: Newcomers, actions: [{note: Welcome}]}
"""


def test_an_export_is_the_short_form() -> None:
    """A portal is exported as its file had it, and that makes the same flows."""
    portal = Portal(load_portal(parse(FILE, "p.yaml")))
    data = export(portal)["workflows"]
    assert data == parse(FILE, "p.yaml").data["workflows"]
    again = Portal(load_portal(parse(dump({"workflows": data}), "again.yaml")))
    assert [flow.data for flow in again.workflows] == [flow.data for flow in portal.workflows]


def test_an_export_has_what_was_made_through_the_api() -> None:
    """Flows of the API, too, in the short form as far as it goes; two of one name are told apart."""
    portal = Portal()
    data = written({"name": "W", "actions": [{"set": "city", "to": "Turku"}]})
    portal.workflows.create(data)
    portal.workflows.create({**data, "uuid": "u"})
    first, second = export(portal)["workflows"]
    assert first == {"name": "W", "actions": [{"set": "city", "to": "Turku"}]}
    assert second == {**first, "name": "W (600000002)", "json": {"name": "W", "uuid": "u"}}


def test_tokens_are_no_options() -> None:
    """What a token stands for is not known before."""
    workflow = {"name": "W", "actions": [{"set": "hs_lead_status", "to": "{{ enrolled_object.city }}"}]}
    portal = Portal(Configuration.model_validate({"workflows": [workflow]}))
    eve = portal.create("contacts", {"email": "eve@acme.example", "city": "OPEN"})
    portal.workflows.enroll("W", eve)
    assert eve.get("hs_lead_status") == "OPEN"


def test_a_branch_of_json_has_ways() -> None:
    """What the short form has no words for goes on as any branch does."""
    branch = {"type": "AB_TEST_BRANCH", "testBranches": [{"percentage": 99}, {"percentage": 1}], "color": "red"}
    first, second, after = actions({"json": branch, "ways": [[{"clear": "city"}], []]}, {"clear": "state"})
    assert [way["connection"]["nextActionId"] for way in first["testBranches"]] == ["2", "3"]
    assert second["connection"]["nextActionId"] == after["actionId"]


def test_why_names_the_line_of_an_action() -> None:
    """Writes of an action carry its path in the file, however deep it lies."""
    portal = Portal(load_portal(parse(FILE, "p.yaml")))
    eve = portal.create("contacts", {"email": "eve@acme.example", "jobtitle": "CEO"})
    portal.workflows.enroll("Hand over", eve)
    portal.clock.advance("15m")
    assert portal.why(eve, "lifecyclestage")[-1].source.rule == "workflows.0.actions.1.then.0"


@pytest.mark.parametrize(
    ("workflow", "problem"),
    [
        (
            "- {name: W, actions: [{enroll_in: X}]}",
            "p.yaml:2  workflows.0.actions.0.enroll_in: no workflow is called 'X'; choose from: W",
        ),
        (
            "- name: W\n  actions:\n  - if: {all: [{property: cty, known: true}]}",
            "p.yaml:4  workflows.0.actions.0.if.all.0.property: contacts have no property 'cty'; did you mean 'city'?",
        ),
        (
            "- name: W\n  actions:\n  - split: [{percent: 30}]\n    id: 7",
            "p.yaml:4  workflows.0.actions.0: flow.actions[0].testBranches have percentages that add up to 30, not to"
            " 100",
        ),
        (
            "- name: W\n  actions:\n  - {wait: 90s}",
            "p.yaml:4  workflows.0.actions.0.wait: HubSpot waits whole minutes, not 1m 30s",
        ),
        (
            "- name: W\n  enroll: {events: [{event: form submited}]}",
            "p.yaml:3  workflows.0.enroll.events.0.event: no event is called 'form submited'",
        ),
        (
            "- name: W\n  enroll: {when: {all: [{property: lifecyclestage, is: led}]}}",
            "p.yaml:3  workflows.0.enroll.when.all.0.is: lifecyclestage has no option 'led'",
        ),
        (
            "- name: W\n  enroll: {existing: true}",
            "p.yaml:3  workflows.0.enroll: enroll has one of the keys when, events, schedule; leave it out to enroll"
            " by hand only",
        ),
        (
            "- {name: W, object: deals, goal: {all: [{property: amount, above: 1}]}}",
            "p.yaml:2  workflows.0: goal goes with workflows of contacts only",
        ),
        (
            "- name: W\n  actions:\n  - {notify: Hi, users: [bob@acme.example]}",
            "p.yaml:4  workflows.0.actions.0.users.0: no user is called 'bob@acme.example'",
        ),
        (
            "- name: W\n  actions: [{clear: city}]\n  json: {startActionId: '9'}",
            "p.yaml:2  workflows.0: flow.startActionId names no action: '9'; choose from: 1",
        ),
        (
            "- name: W\n  actions:\n  - end: true\n  - {clear: state}",
            "p.yaml:5  workflows.0.actions.1: nothing comes behind `end: true`",
        ),
        (
            "- name: W\n  actions:\n  - {id: 2, clear: city}\n  - {clear: state}",
            "p.yaml:5  workflows.0.actions.1: an action before this one has the id '2' already",
        ),
        (
            "- name: W\n  actions:\n  - json: {type: AB_TEST_BRANCH, testBranches: [{percentage: 100}]}",
            "p.yaml:4  workflows.0.actions.0: AB_TEST_BRANCH has 1 ways here, the default one included; say what is"
            " done on each",
        ),
        (
            "- name: W\n  actions:\n  - json: {type: WEBHOOK, connection: {nextActionId: '1'}}",
            "p.yaml:4  workflows.0.actions.0: leave out connection: that follows from where the action stands",
        ),
        (
            "- name: W\n  json: {actions: [{actionId: '1', type: WEBHOOK}]}",
            "p.yaml:2  workflows.0: flow.actions[0].webhookUrl is missing",
        ),
        (
            "- name: W\n  enroll: {events: [{event: property changed, property: lifecyclestage, to: custmer}]}",
            "p.yaml:3  workflows.0.enroll.events.0.to: lifecyclestage has no option 'custmer'",
        ),
    ],
)
def test_an_error_names_the_line(workflow: str, problem: str) -> None:
    """What is wrong with a workflow, where, and what was meant."""
    with pytest.raises(FileError) as caught:
        load_portal(parse(f"workflows:\n{workflow}\n", "p.yaml"))
    assert caught.value.problems[0].startswith(problem)


def test_bare_on_is_no_key() -> None:
    """YAML reads `on` as true; no key of the short form is called so."""
    text = dump(Workflow.model_json_schema(by_alias=True))
    assert "\n  on:" not in text
    assert load(parse(FILE, "p.yaml"), Configuration).workflows

"""The lead scoring API: drafts, publication, every kind of calculator, and the history of a record's score."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.portal import Portal, Record
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import COMPANIES, CONTACTS

Call = Callable[..., tuple[int, Any]]

SCORES = "/marketing/lead-scoring/2026-09-beta/scores"
HISTORY = "/marketing/lead-scoring/2026-09-beta/score-values/object-history"
TURKU = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "Turku"}
OSLO = {**TURKU, "value": "Oslo"}


def group(calculation: dict[str, Any], category: str = "FIT", **more: Any) -> dict[str, Any]:
    rule = {"configuration": {"calculation": calculation}, "enabled": True}
    return {"groupCategory": category, "groupName": "Group", "ruleConfigurations": [rule], **more}


def score(*groups: dict[str, Any], name: str = "Grade", object: str = "0-1") -> dict[str, Any]:
    return {
        "name": name,
        "objectTypeId": object,
        "allowedGroupTypes": sorted({one["groupCategory"] for one in groups}),
        "groupConfigs": list(groups),
        "maxScorePerCategory": 100,
    }


def match(default: int | None = None) -> dict[str, Any]:
    rules = [{"operation": TURKU, "value": 10}, {"operation": OSLO, "value": 5}]
    found = {"type": "MATCH", "property": "city", "matchRules": rules}
    return found if default is None else {**found, "defaultValue": default}


def publish(call: Call, body: dict[str, Any]) -> str:
    status, made = call("POST", SCORES, body)
    assert status == 201, made
    assert call("POST", f"{SCORES}/{made['id']}/draft/publish")[0] == 200
    return str(made["id"])


@pytest.fixture
def ada(account: Portal) -> Record:
    return account.create("contacts", {"email": "ada@acme.example", "city": "Turku"})


def points(call: Call, record: Record, *groups: dict[str, Any]) -> str | None:
    publish(call, score(*groups, object=record.type.id))
    return record.get("grade")


# -- calculators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calculation", "expected"),
    [
        ({"type": "CONSTANT", "value": 7.5}, "7.5"),
        (match(), "10"),
        ({**match(3), "property": "country"}, "3"),
        ({"type": "MULTI", "calculators": [match(), {"type": "CONSTANT", "value": 1}]}, "11"),
        (
            {
                "type": "CONDITIONAL",
                "value": 4,
                "whereCondition": {
                    "type": "COMPOSITE",
                    "operator": "AND",
                    "conditions": [{"type": "SINGLE", "property": "city", "operation": TURKU}],
                },
            },
            "4",
        ),
    ],
)
def test_calculators_of_records(call: Call, ada: Record, calculation: dict[str, Any], expected: str) -> None:
    """CONSTANT, MATCH with and without a default, MULTI, CONDITIONAL (F10.5.3)."""
    assert points(call, ada, group(calculation)) == expected


def test_membership_of_segments(call: Call, account: Portal, ada: Record) -> None:
    """All of some segments, one of them, none of them; each rule adds its points (F10.5.3)."""
    ids = []
    for name in ("One", "Two"):
        made = account.lists.create(name, CONTACTS, "MANUAL")
        ids.append(made.id)
    account.lists.add(made, [ada])
    rules = [
        {"operation": f"HAS_{what}_SEGMENT_MEMBERSHIP", "segmentIds": ids, "value": value}
        for what, value in (("ALL", 1), ("AT_LEAST_ONE", 10), ("NO", 100))
    ]
    assert points(call, ada, group({"type": "SEGMENT_MEMBERSHIP", "segmentMembershipRules": rules})) == "10"


def test_events_by_how_often_they_happened(call: Call, account: Portal, ada: Record) -> None:
    """Exactly once, some times, at least so many times (F10.5.4)."""
    ranges = [
        {"type": "EXACTLY", "from": 1, "value": 1},
        {"type": "BETWEEN", "from": 2, "to": 3, "value": 5},
        {"type": "AT_LEAST", "from": 4, "value": 20},
    ]
    changed = {
        "eventTypeId": "4-655002",
        "recordCalculation": {
            "type": "CONDITIONAL",
            "value": 0,
            "whereCondition": {
                "type": "COMPOSITE",
                "operator": "AND",
                "conditions": [{"type": "SINGLE", "property": "hs_name", "operation": {**TURKU, "value": "phone"}}],
            },
        },
        "eventFrequencyCriteria": {"type": "BETWEEN", "ranges": ranges},
    }
    publish(call, score(group({"type": "MULTI_UE", "eventCalculators": [changed]}, "INTENT")))
    seen = []
    for number in range(5):
        account.update(ada, {"phone": str(number)})
        seen.append(ada.get("grade"))
    assert seen == ["1", "5", "5", "20", "20"]


def test_events_by_what_they_tell(call: Call, account: Portal, ada: Record) -> None:
    """MATCH over an event's own properties; custom events count as well (F10.5.4)."""
    account.custom_events.define("Plan viewed", name="plan_viewed")
    matched = {
        "type": "MATCH",
        "property": "hs_page_url",
        "matchRules": [{"operation": {**TURKU, "operator": "CONTAINS", "value": "/pricing"}, "value": 5}],
    }
    definition = account.custom_events.find("plan_viewed")
    event = {"eventTypeId": f"6-{definition.id}", "recordCalculation": matched}
    publish(call, score(group({"type": "MULTI_UE", "eventCalculators": [event]}, "INTENT")))
    for page in ("https://acme.example/pricing", "https://acme.example/blog"):
        account.custom_events.occur("plan_viewed", ada, {"hs_page_url": page})
    assert ada.get("grade") == "5"


def test_an_event_counts_within_its_timeframe(call: Call, account: Portal, ada: Record) -> None:
    """It leaves the timeframe with the clock (F10.5.4)."""
    last_week = {"operationType": "ROLLING_DATE_RANGE", "operator": "IS_LESS_THAN_X_DAYS_AGO", "numberOfDays": 7}
    event = {
        "eventTypeId": "4-655002",
        "recordCalculation": {"type": "CONSTANT", "value": 1},
        "eventTimeframe": {"eventFilterOperation": last_week},
    }
    phone = {"type": "SINGLE", "property": "hs_name", "operation": {**TURKU, "value": "phone"}}
    event["recordCalculation"] = {"type": "CONDITIONAL", "value": 1, "whereCondition": phone}
    publish(call, score(group({"type": "MULTI_UE", "eventCalculators": [event]}, "INTENT")))
    account.update(ada, {"phone": "1"})
    assert ada.get("grade") == "1"
    account.clock.advance(8 * DAY)
    assert ada.get("grade") == "0"


@pytest.mark.parametrize(("roll_up", "expected"), [("SUM", "15"), ("MAX", "10"), ("MIN", "5"), ("AVG", "7.5")])
def test_points_of_associated_records(call: Call, account: Portal, ada: Record, roll_up: str, expected: str) -> None:
    """A company has what its contacts come to, and follows them (F10.5.15)."""
    bob = account.create("contacts", {"email": "bob@acme.example", "city": "Oslo"})
    out = account.create("contacts", {"email": "out@acme.example", "city": "Turku", "jobtitle": "Intern"})
    acme = account.create("companies", {"name": "Acme"}, links=[(one, ()) for one in (ada, bob, out)])
    there, back = account.associations.default(COMPANIES, CONTACTS), account.associations.default(CONTACTS, COMPANIES)
    unknown = {"operationType": "ALL_PROPERTY", "operator": "IS_UNKNOWN", "includeObjectsWithNoValueSet": True}
    calculation = {
        "type": "ASSOCIATIONS",
        "associatedObjectTypeId": "0-1",
        "associationSpec": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": there.id},
        "inverseAssociationSpec": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": back.id},
        "associationFilters": {
            "propertyFilters": [{"filterType": "PROPERTY", "property": "jobtitle", "operation": unknown}]
        },
        "recordCalculation": match(),
        "rollupType": roll_up,
    }
    assert points(call, acme, group(calculation)) == expected
    for one in (ada, bob):
        account.update(one, {"city": ""})
    assert acme.get("grade") == "0"


def test_events_of_associated_records(call: Call, account: Portal, ada: Record) -> None:
    """ASSOCIATION_UE: what a company's contacts do (F10.5.15)."""
    acme = account.create("companies", {"name": "Acme"}, links=[(ada, ())])
    there = account.associations.default(COMPANIES, CONTACTS)
    event = {"eventTypeId": "4-1463224", "recordCalculation": {"type": "CONSTANT", "value": 3}}
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": there.id}
    calculation = {
        "type": "ASSOCIATION_UE",
        "associatedObjectTypeId": "0-1",
        "associationSpec": spec,
        "inverseAssociationSpec": spec,
        "recordCalculation": {"type": "MULTI_UE", "eventCalculators": [event]},
        "rollupType": "SUM",
    }
    assert points(call, acme, group(calculation, "INTENT")) == "3"


def test_a_rule_that_is_off_gives_nothing(call: Call, ada: Record) -> None:
    """`enabled` turns a rule off (F10.5.3)."""
    off = group(match())
    off["ruleConfigurations"][0]["enabled"] = False
    assert points(call, ada, off) == "0"


# -- drafts --------------------------------------------------------------------------------------------------


def test_a_draft_scores_nobody_until_it_is_published(call: Call, account: Portal, ada: Record) -> None:
    """201 with Location and a draft; publishing makes its properties and scores everybody (F10.5.11)."""
    response = Api(account).handle(
        Request(
            "POST",
            SCORES,
            "",
            {"authorization": "Bearer x", "content-type": "application/json"},
            orjson.dumps(score(group(match()))),
        )
    )
    assert response.status == 201
    location = dict(response.headers)["location"]
    path = location.removeprefix("https://api.hubapi.com")
    status, draft = call("GET", path)
    assert (status, draft["scoreStatus"], draft["scoreType"], draft["maxScore"]) == (200, "draft", "FIT", 100)
    assert ada.get("grade") is None
    status, published = call("POST", f"{path}/draft/publish")
    assert (status, published["scoreStatus"]) == (200, "published")
    assert (ada.get("grade"), ada.get("grade_threshold")) == ("10", "Low")
    assert call("GET", "/crm/v3/properties/contacts/grade")[1]["modificationMetadata"]["readOnlyValue"] is True


def test_a_draft_is_changed_beside_the_live_score(call: Call, ada: Record) -> None:
    """What was published works on until the draft is published, or thrown away (F10.5.11, F10.5.14)."""
    id = publish(call, score(group(match())))
    changed = score(group({"type": "CONSTANT", "value": 1}), name="Other")
    assert call("PUT", f"{SCORES}/{id}/draft", changed)[0] == 200
    assert (ada.get("grade"), call("GET", f"{SCORES}/{id}")[1]["name"]) == ("10", "Grade")
    assert call("GET", f"{SCORES}/{id}/draft")[1]["name"] == "Other"
    assert call("POST", f"{SCORES}/{id}/draft/reset")[0] == 204
    assert call("GET", f"{SCORES}/{id}/draft")[1]["name"] == "Grade"
    call("PUT", f"{SCORES}/{id}/draft", changed)
    call("POST", f"{SCORES}/{id}/draft/publish")
    assert ada.get("grade") == "1"


def test_outputs_are_changed_by_their_ids(call: Call, account: Portal, ada: Record) -> None:
    """Their property's name, label and boundaries (F10.5.7)."""
    _, made = call("POST", SCORES, score(group(match())))
    outputs = made["outputConfiguration"]["outputs"]
    assert [(one["outputType"], one["propertyName"]) for one in outputs] == [
        ("SCORE", "grade"),
        ("THRESHOLD", "grade_threshold"),
    ]
    boundaries = [{"label": "Hot", "threshold": 10}, {"label": "Cool", "newLabel": "Cold", "threshold": 0}]
    wanted = [
        {"id": outputs[0]["id"], "outputType": "SCORE", "internalPropertyName": "points", "propertyLabel": "Points"},
        {"id": outputs[1]["id"], "outputType": "THRESHOLD", "boundaries": boundaries},
    ]
    body = {**score(group(match())), "outputConfiguration": {"outputs": wanted}}
    assert call("PUT", f"{SCORES}/{made['id']}/draft", body)[0] == 200
    call("POST", f"{SCORES}/{made['id']}/draft/publish")
    assert (ada.get("points"), ada.get("grade_threshold")) == ("10", "Hot")
    labels = account.properties[CONTACTS].find("grade_threshold").options
    assert [option.value for option in labels] == ["Hot", "Cold"]


def test_scores_are_listed_in_pages(call: Call) -> None:
    """Without their rules, oldest first (F10.5.12)."""
    for number in range(3):
        call("POST", SCORES, score(group(match()), name=f"Score {number}"))
    _, first = call("GET", SCORES, query="limit=2")
    assert [one["name"] for one in first["results"]] == ["Score 0", "Score 1"]
    assert "groupConfigs" not in first["results"][0]
    _, second = call("GET", SCORES, query=f"limit=2&after={first['paging']['next']['after']}")
    assert [one["name"] for one in second["results"]] == ["Score 2"]
    assert "paging" not in second


def test_a_score_is_cloned_turned_off_and_deleted(call: Call, account: Portal, ada: Record) -> None:
    """A clone has properties of its own; a score that is off keeps its values; a deleted one is gone (F10.5.14)."""
    id = publish(call, score(group(match())))
    status, copy = call("POST", f"{SCORES}/{id}/clone", {"scoreName": "Copy"})
    assert (status, copy["name"], copy["scoreStatus"]) == (201, "Copy", "draft")
    assert copy["outputConfiguration"]["outputs"][0]["propertyName"] == "copy"
    status, off = call("POST", f"{SCORES}/{id}/deactivate")
    assert (status, off["scoreStatus"]) == (200, "deactivated")
    account.update(ada, {"city": ""})
    assert ada.get("grade") == "10"
    assert call("POST", f"{SCORES}/{id}/deactivate")[0] == 400
    assert call("DELETE", f"{SCORES}/{id}")[0] == 204
    assert call("GET", f"{SCORES}/{id}")[0] == 404
    assert "grade" not in account.properties[CONTACTS]


def test_a_score_that_a_list_asks_about_stays(call: Call, account: Portal) -> None:
    """Its property can neither be archived nor go with the score (F10.5.14)."""
    id = publish(call, score(group(match())))
    above = {"operationType": "NUMBER", "operator": "IS_GREATER_THAN", "value": 5}
    filters = [{"filterType": "PROPERTY", "property": "grade", "operation": above}]
    branch = {"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "AND", "filters": filters}]}
    account.lists.create("Hot", CONTACTS, "DYNAMIC", branch)
    status, body = call("DELETE", f"{SCORES}/{id}")
    assert (status, body["message"]) == (400, "The score Grade can't be deleted: list Hot uses grade")
    assert call("DELETE", "/crm/v3/properties/contacts/grade")[0] == 400


# -- history -------------------------------------------------------------------------------------------------


def test_the_history_tells_what_a_change_came_from(call: Call, account: Portal, ada: Record) -> None:
    """The change, the value, and the property that was written (F10.5.13)."""
    publish(call, score(group(match())))
    account.update(ada, {"city": "Oslo"})
    query = f"objectId={ada.id}&objectTypeId=0-1&outputProperty=grade"
    _, body = call("GET", HISTORY, query=query)
    newest, oldest = body["results"]
    assert (newest["delta"], newest["propertyValue"]) == (-5.0, "5")
    assert newest["resolvedProperties"]["city"]["pastValue"] == "Turku"
    assert (oldest["delta"], oldest["resolvedProperties"], oldest["renderedEvents"]) == (10.0, {}, [])
    account.clock.advance(91 * DAY)
    assert call("GET", HISTORY, query=query)[1]["results"] == []


def test_the_history_tells_events_and_lists(call: Call, account: Portal, ada: Record) -> None:
    """An event by its id; a list by its own (F10.5.13)."""
    made = account.lists.create("Members", CONTACTS, "MANUAL")
    rule = {"operation": "HAS_ALL_SEGMENT_MEMBERSHIP", "segmentIds": [made.id], "value": 2}
    segment = group({"type": "SEGMENT_MEMBERSHIP", "segmentMembershipRules": [rule]})
    account.custom_events.define("Seen", name="seen")
    event = {
        "eventTypeId": f"6-{account.custom_events.find('seen').id}",
        "recordCalculation": {"type": "CONSTANT", "value": 1},
    }
    publish(call, score(segment, group({"type": "MULTI_UE", "eventCalculators": [event]}, "INTENT")))
    account.lists.add(made, [ada])
    account.custom_events.occur("seen", ada, {})
    _, body = call("GET", HISTORY, query=f"objectId={ada.id}&objectTypeId=contacts&outputProperty=grade")
    assert [one["propertyValue"] for one in body["results"]] == ["3", "2", "0"]
    assert body["results"][0]["renderedEvents"][0]["heading"] == "event occurred: Seen"
    assert body["results"][1]["resolvedListIds"] == [made.id]


# -- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"allowedGroupTypes": ["FITNESS"]}, "allowedGroupTypes can't be 'FITNESS'; choose from: FIT, INTENT"),
        ({"groupConfigs": []}, "groupConfigs must hold at least one group"),
        ({"groupConfigs": "none"}, "groupConfigs must be a list"),
        ({"groupConfigs": [group({"type": "GUESS"})]}, "type can't be 'GUESS'; choose from: CONSTANT, MATCH"),
        ({"groupConfigs": [group({**match(), "property": "citty"})]}, "names no property of contacts: 'citty'"),
        ({"groupConfigs": [group(match(), minValue=5, maxValue=1)]}, "minValue must not be above maxValue"),
        ({"groupConfigs": [group(match(), "INTENT")]}, "groupCategory can't be 'INTENT'"),
        ({"maxScorePerCategory": 0}, "maxScorePerCategory must be more than 0"),
        ({"name": " "}, "name is empty"),
    ],
)
def test_a_wrong_configuration_is_refused_whole(call: Call, change: dict[str, Any], message: str) -> None:
    """400 with the place and the choices; no score is made (F10.5.3)."""
    status, body = call("POST", SCORES, {**score(group(match())), **change})
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert message in body["message"]
    assert call("GET", SCORES)[1]["results"] == []


def test_what_is_missing_is_named(call: Call, ada: Record) -> None:
    """Members of a request, scores, records and outputs that there aren't (F10.5.12)."""
    assert (
        "[maxScorePerCategory]"
        in call("POST", SCORES, {**score(group(match())), "maxScorePerCategory": None})[1]["message"]
    )
    assert call("GET", f"{SCORES}/77")[0] == 404
    assert call("POST", f"{SCORES}/x/draft/publish")[0] == 404
    assert call("GET", HISTORY)[0] == 400
    assert call("GET", HISTORY, query="objectId=1&objectTypeId=0-1")[0] == 404
    assert call("GET", HISTORY, query=f"objectId={ada.id}&objectTypeId=0-1&outputProperty=email")[0] == 400
    id = publish(call, score(group(match())))
    assert call("PUT", f"{SCORES}/{id}/draft", score(group(match()), object="0-2"))[0] == 400

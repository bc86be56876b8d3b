"""Lead scores: fit and engagement in points, labels of them, and how they follow what happens."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import ConfigurationError, InvalidDefinition, InvalidValues, UnknownName
from hubtwin.portal.merging import merge
from hubtwin.portal.moments import DAY
from hubtwin.portal.score_decay import Decay

FIT = {
    "name": "Profile",
    "category": "fit",
    "max": 40,
    "min": -10,
    "rules": [
        {"when": [{"property": "industry", "is": "SOFTWARE"}], "points": 30},
        {"when": [{"property": "jobtitle", "contains": "VP"}, {"property": "phone", "known": True}], "points": 20},
        {"when": [{"property": "email", "ends_with": "@student.example"}], "points": -50},
    ],
}
ENGAGEMENT = {
    "name": "Activity",
    "category": "engagement",
    "decay": {"interval_days": 7, "percent": 25},
    "rules": [
        {"event": "form submitted", "form": "Whitepaper", "points": 20, "max": 30},
        {"event": "form submitted", "form": "Demo", "times": "once", "points": 40},
    ],
}


def portal_with(*scores: dict[str, Any], **more: Any) -> Portal:
    forms = [{"name": "Whitepaper"}, {"name": "Demo"}]
    return Portal(Configuration.model_validate({"forms": forms, "scores": scores, **more}))


def contact(portal: Portal, name: str = "ada", **values: str) -> Record:
    return portal.create("contacts", {"email": f"{name}@acme.example", **values})


def scored(portal: Portal, group: dict[str, Any], **more: Any) -> Portal:
    return portal_with({"name": "Lead score", "groups": [group], **more})


def fit(**more: Any) -> Portal:
    return scored(Portal(), FIT, **more)


def active(**more: Any) -> Portal:
    return scored(Portal(), ENGAGEMENT, **more)


def submit(portal: Portal, form: str = "Whitepaper") -> Record:
    return portal.forms.submit(form, {"email": "ada@acme.example"})


# -- points --------------------------------------------------------------------------------------------------


def test_properties_give_points() -> None:
    """Each rule that a record meets adds its points; who meets none has 0 (F10.5.1, F10.5.3)."""
    portal = fit()
    ada = contact(portal)
    assert ada.get("lead_score") == "0"
    portal.update(ada, {"industry": "SOFTWARE"})
    assert ada.get("lead_score") == "30"
    portal.update(ada, {"industry": ""})
    assert ada.get("lead_score") == "0"


def test_all_conditions_of_a_rule_must_be_met() -> None:
    """One of them alone gives nothing (F10.5.3)."""
    portal = fit()
    ada = contact(portal, jobtitle="VP Sales")
    assert ada.get("lead_score") == "0"
    portal.update(ada, {"phone": "1"})
    assert ada.get("lead_score") == "20"


def test_a_group_keeps_its_limits() -> None:
    """No more than its most points, no less than its least (F10.5.2)."""
    portal = fit()
    ada = contact(portal, industry="SOFTWARE", jobtitle="VP", phone="1")
    bob = portal.create("contacts", {"email": "bob@student.example"})
    assert (ada.get("lead_score"), bob.get("lead_score")) == ("40", "-10")


def test_a_category_keeps_the_limit_of_the_score() -> None:
    """However many groups it has (F10.5.2)."""
    group = {**FIT, "max": None}
    portal = portal_with({"name": "Lead score", "max": 50, "groups": [group, {**group, "name": "Again"}]})
    assert contact(portal, industry="SOFTWARE").get("lead_score") == "50"


def test_an_event_counts_each_time_up_to_the_limit_of_its_rule() -> None:
    """20 points for each white paper, 30 at most (F10.5.2, F10.5.4)."""
    portal = active()
    scores = [submit(portal).get("lead_score") for _ in range(3)]
    assert scores == ["20", "30", "30"]


def test_an_event_may_count_once() -> None:
    """A second demo request adds nothing (F10.5.4)."""
    portal = active()
    assert [submit(portal, "Demo").get("lead_score") for _ in range(2)] == ["40", "40"]


def test_an_event_may_count_from_some_time_on() -> None:
    """The third submission is the one that counts (F10.5.4)."""
    rule = {"event": "form submitted", "times": 3, "points": 10}
    portal = scored(Portal(), {"name": "Activity", "category": "engagement", "rules": [rule]})
    assert [submit(portal).get("lead_score") for _ in range(4)] == ["0", "0", "10", "10"]


def test_an_event_may_count_for_some_days() -> None:
    """Submissions of the last 10 days give points, and lose them with the clock alone (F10.5.4)."""
    rule = {"event": "form submitted", "within_days": 10, "points": 10}
    portal = scored(Portal(), {"name": "Activity", "category": "engagement", "rules": [rule]})
    ada = submit(portal)
    portal.clock.advance(10 * DAY)
    assert ada.get("lead_score") == "10"
    portal.clock.advance(DAY)
    assert ada.get("lead_score") == "0"


def test_members_of_lists_get_points() -> None:
    """Joining and leaving a list changes the score at once (F10.5.3)."""
    rules = [{"list": "Partners", "points": -20}, {"list": "Partners", "member": False, "points": 5}]
    lists = [{"name": "Partners", "filters": {"all": [{"property": "city", "is": "Turku"}]}}]
    group = {"name": "Lists", "category": "fit", "rules": rules}
    portal = portal_with({"name": "Lead score", "groups": [group]}, lists=lists)
    ada = contact(portal, city="Turku")
    assert ada.get("lead_score") == "-20"
    portal.update(ada, {"city": ""})
    assert ada.get("lead_score") == "5"


def test_only_members_of_some_lists_are_scored() -> None:
    """Who is in none of them, or in one that is never scored, has no score (F10.5.9)."""
    lists = [{"name": "Finns", "filters": {"all": [{"property": "country", "is": "Finland"}]}}]
    for key, expected in (("only", ["0", None]), ("never", [None, "0"])):
        portal = portal_with({"name": "Lead score", "groups": [FIT], key: ["Finns"]}, lists=lists)
        people = [contact(portal, country="Finland"), contact(portal, "bob")]
        assert [one.get("lead_score") for one in people] == expected
        portal.update(people[0], {"country": ""})
        assert people[0].get("lead_score") == expected[1]


# -- decay ---------------------------------------------------------------------------------------------------


def test_points_of_events_fade_week_by_week() -> None:
    """A quarter of the original points each week, each event by its own age (F10.5.5, F10.5.6)."""
    portal = active()
    ada = submit(portal, "Demo")
    seen = []
    for _ in range(5):
        portal.clock.advance(7 * DAY)
        seen.append(ada.get("lead_score"))
    assert seen == ["30", "20", "10", "0", "0"]
    assert submit(portal).get("lead_score") == "20"


def test_decay_may_be_of_what_is_left() -> None:
    """An option makes it compound: 40, 30, 22.5, 16.88 (F10.5.6)."""
    portal = scored_with_options({"score_decay": "compounding"})
    ada = submit(portal, "Demo")
    seen = []
    for _ in range(3):
        portal.clock.advance(7 * DAY)
        seen.append(ada.get("lead_score"))
    assert seen == ["30", "22.5", "16.88"]


def scored_with_options(options: dict[str, Any]) -> Portal:
    return portal_with({"name": "Lead score", "groups": [ENGAGEMENT]}, options=options)


def test_decay_ends() -> None:
    """A portal whose points have all faded has nothing left to do (F10.5.6)."""
    for compounding in (False, True):
        decay, age = Decay(7 * DAY, 50, compounding), 0
        while (step := decay.next_step(age)) is not None:
            assert decay.share(step) < decay.share(step - 1)
            age = step
        assert decay.share(age) == 0


def test_decay_and_a_span_of_time_exclude_each_other() -> None:
    """A group of events has one or the other (F10.5.6)."""
    rules = [{"event": "form submitted", "points": 1, "within_days": 3}]
    with pytest.raises(ValueError, match="decay, or rules with within_days, but not both"):
        scored(Portal(), {**ENGAGEMENT, "rules": rules})
    with pytest.raises(ValueError, match="what fits doesn't fade"):
        scored(Portal(), {**FIT, "decay": {"percent": 10}})


# -- labels --------------------------------------------------------------------------------------------------


def test_points_have_a_label() -> None:
    """The highest whose points are reached; none below the lowest (F10.5.7)."""
    portal = fit(labels={"Hot": 30, "Warm": 0})
    ada, bob = contact(portal), portal.create("contacts", {"email": "bob@student.example"})
    assert (ada.get("lead_score_threshold"), bob.get("lead_score_threshold")) == ("Warm", None)
    portal.update(ada, {"industry": "SOFTWARE"})
    assert ada.get("lead_score_threshold") == "Hot"


def test_both_categories_together_make_a_grade() -> None:
    """A to C for fit, 1 to 3 for engagement; the total and both halves are properties of their own (F10.5.8)."""
    grades = {"fit": {"A": 30, "B": 10, "C": 0}, "engagement": {"1": 40, "2": 20, "3": 0}}
    portal = portal_with({"name": "Lead score", "groups": [FIT, ENGAGEMENT], "grades": grades})
    ada = submit(portal)
    assert ada.get("lead_score_threshold") == "C2"
    portal.update(ada, {"industry": "SOFTWARE"})
    assert ada.get("lead_score_threshold") == "A2"
    found = [ada.get(f"lead_score{half}") for half in ("", "_fit", "_engagement")]
    assert found == ["50", "30", "20"]
    portal.clock.advance(28 * DAY)
    assert ada.get("lead_score_threshold") == "A3"


def test_labels_come_by_thirds() -> None:
    """A score that names none has High, Medium and Low, or A1 to C3 (F10.5.7)."""
    definition = fit(max=90).properties[Portal().type("contacts")].find("lead_score_threshold")
    assert [option.value for option in definition.options] == ["High", "Medium", "Low"]
    portal = portal_with({"name": "Lead score", "max": 90, "groups": [FIT, ENGAGEMENT]})
    options = portal.properties[portal.type("contacts")].find("lead_score_threshold").options
    assert [option.value for option in options] == ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]
    assert contact(portal, industry="SOFTWARE").get("lead_score_threshold") == "B3"


# -- how scores follow ---------------------------------------------------------------------------------------


def test_nobody_writes_a_score_by_hand() -> None:
    """Its properties are read-only, like the old HubSpot Score, which never changes (F10.4, F10.5.10)."""
    portal = fit()
    ada = contact(portal)
    for name in ("lead_score", "lead_score_threshold", "hubspotscore"):
        with pytest.raises(InvalidValues, match="calculated property"):
            portal.update(ada, {name: "10"})


def test_a_score_knows_what_changed_it() -> None:
    """Its history has versions, and its causes lead to the submission that it came from, faded or not (F10.5.10)."""
    portal = active()
    ada = submit(portal, "Demo")
    story = portal.story(portal.why(ada, "lead_score"))
    assert [line[21:] for line in story] == [
        f"form Demo submitted by contact {ada.id} (ada@acme.example)",
        f"score Lead score: contact {ada.id} (ada@acme.example) lead_score (empty) -> 40",
    ]
    portal.clock.advance(7 * DAY)
    assert portal.story(portal.why(ada, "lead_score"))[0] == story[0]
    versions = portal.log.versions(ada, "lead_score")
    assert [(version.value, version.source.type) for version in versions] == [
        ("30", "CALCULATED"),
        ("40", "CALCULATED"),
    ]


def test_lists_follow_a_score() -> None:
    """Marketing qualified is who has 30 points or more: a dynamic list of them fills by itself (F10.5.10)."""
    filters = {"all": [{"property": "lead_score", "at_least": 30}]}
    portal = portal_with({"name": "Lead score", "groups": [FIT]}, lists=[{"name": "MQL", "filters": filters}])
    ada = contact(portal)
    mql = portal.lists.named(ada.type, "MQL")
    assert mql is not None
    portal.update(ada, {"industry": "SOFTWARE"})
    assert [*mql] == [ada]
    portal.update(ada, {"industry": ""})
    assert [*mql] == []


def test_a_published_score_looks_back() -> None:
    """Records and events from before count as well (F10.5.11)."""
    portal = active()
    configuration = portal.scores.find("Lead score").draft
    ada = submit(portal, "Demo")
    draft = {key: configuration[key] for key in ("groupConfigs", "allowedGroupTypes")}
    score = portal.scores.create(ada.type, {**draft, "name": "Second"})
    assert ada.get("second") is None
    portal.scores.publish(score)
    assert ada.get("second") == "40"
    assert portal.story(portal.why(ada, "second"))[0].endswith("score Second published, app 1")


def test_a_write_makes_only_those_rules_work_that_ask_about_it() -> None:
    """Of 200 contacts with 3 rules, a change of one property asks one rule about one contact (F10.5.10)."""
    portal = fit()
    people = [contact(portal, f"c{number}") for number in range(200)]
    scoring = portal.scores.at_work(portal.scores.find("Lead score"))
    assert scoring is not None
    before = scoring.evaluations
    portal.update(people[0], {"city": "Turku"})
    assert scoring.evaluations == before
    portal.update(people[0], {"industry": "SOFTWARE"})
    assert scoring.evaluations == before + 1


def test_the_clock_looks_only_at_what_fades() -> None:
    """Of many contacts only the one with events is looked at again (F10.5.10)."""
    portal = active()
    for number in range(50):
        contact(portal, f"c{number}")
    submit(portal, "Demo")
    scoring = portal.scores.at_work(portal.scores.find("Lead score"))
    assert scoring is not None
    before = scoring.evaluations
    portal.clock.advance(7 * DAY)
    assert scoring.evaluations == before + 2


def test_a_merged_contact_has_the_points_of_both() -> None:
    """What both did counts (F10.5.10)."""
    portal = active()
    ada, bob = submit(portal), portal.forms.submit("Demo", {"email": "bob@acme.example"})
    made = merge(portal, ada, bob)
    assert made.get("lead_score") == "60"


def test_an_archived_contact_fades_no_more() -> None:
    """Nothing is written to a record in the bin (F10.5.10)."""
    portal = active()
    ada = submit(portal, "Demo")
    portal.archive(ada)
    portal.clock.advance(30 * DAY)
    assert ada.get("lead_score") == "40"


def test_a_snapshot_holds_scores() -> None:
    """After a restore they go on as if nothing had happened since (F10.5.10)."""
    portal = active()
    ada = submit(portal, "Demo")
    held = portal.snapshot()
    portal.clock.advance(28 * DAY)
    portal.restore(held)
    portal.clock.advance(7 * DAY)
    assert portal.find("contacts", ada.id).get("lead_score") == "30"
    assert submit(portal).get("lead_score") == "50"


def test_companies_and_deals_are_scored_too() -> None:
    """A score is about one object (F10.5.1)."""
    rule = {"when": [{"property": "amount", "at_least": 1000}], "points": 10}
    group = {"name": "Size", "category": "fit", "rules": [rule]}
    portal = portal_with({"name": "Deal score", "object": "deals", "groups": [group]})
    assert portal.create("deals", {"dealname": "Big", "amount": "5000"}).get("deal_score") == "10"


def test_used_in_names_scores() -> None:
    """A score reads the properties of its rules, and writes its own (F11.1)."""
    uses = {(use.property, use.writes) for use in fit().scores.uses()}
    reads = {(name, False) for name in ("industry", "jobtitle", "phone", "email")}
    assert uses == reads | {("lead_score", True), ("lead_score_threshold", True)}


# -- wrong definitions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"when": [{"property": "industri", "is": "x"}], "points": 1}, "did you mean 'industry'"),
        ({"event": "form submited", "points": 1}, "did you mean 'form submitted'"),
        ({"event": "form submitted", "where": [{"property": "hs_form", "is": "x"}], "points": 1}, "'hs_form'"),
    ],
)
def test_a_wrong_name_in_a_rule_is_said_with_its_place(rule: dict[str, Any], message: str) -> None:
    """Properties, events and what events tell (F10.5.3)."""
    group = {"name": "Wrong", "category": "engagement", "rules": [ENGAGEMENT["rules"][0], rule]}  # type: ignore[index]
    with pytest.raises(ConfigurationError, match=message) as caught:
        scored(Portal(), group)
    assert caught.value.place[:5] == ("scores", 0, "groups", 0, "rules")


def test_a_score_cannot_ask_about_itself() -> None:
    """Nobody could say how many points that makes (F10.5.3)."""
    group = {
        "name": "Self",
        "category": "fit",
        "rules": [{"when": [{"property": "lead_score", "above": 1}], "points": 1}],
    }
    with pytest.raises(ConfigurationError, match="asks about itself: lead_score"):
        scored(Portal(), group)


def test_a_score_needs_a_property_of_its_own() -> None:
    """A name that a property has already is refused (F10.5.7)."""
    with pytest.raises(ConfigurationError, match="have a property email already"):
        fit(property="email")


def test_unknown_scores_and_objects_are_refused() -> None:
    """Only contacts, companies and deals are scored (F10.5.1)."""
    portal = fit()
    with pytest.raises(UnknownName, match="did you mean 'Lead score'"):
        portal.scores.find("Lead scor")
    with pytest.raises(InvalidDefinition, match="contacts, companies, deals are scored, not tickets"):
        portal.scores.create(portal.type("tickets"), {"name": "Tickets"})

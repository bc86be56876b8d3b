"""Who looks at a record again: nobody who has to is left out, and few who need not are asked (W6.4.23)."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.filter_branches.criteria import Criterion, Group
from hubtwin.portal.object_lists import ObjectList
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import PropertyDefinition

Json = dict[str, Any]

VALUES = ("", "Turku", "TURKU", "Oulu", " ")
STAGES = ("", "lead", "customer", "opportunity")
TODAY = {"referenceType": "TODAY"}


def asked(property: str, kind: str, operator: str, **operation: Any) -> Json:
    operation = {"operationType": kind, "operator": operator, **operation}
    return {"filterType": "PROPERTY", "property": property, "operation": operation}


def conditions() -> Iterator[Json]:
    """Filters of all kinds that say which values they are about, with and without records that have none."""
    for operator in ("IS_KNOWN", "IS_UNKNOWN", "IS_BLANK", "IS_NOT_BLANK"):
        yield asked("city", "ALL_PROPERTY", operator)
    for without in (True, False):
        also = {"includeObjectsWithNoValueSet": without}
        for operator in ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"):
            yield asked("city", "STRING", operator, value="turku", **also)
            yield asked("city", "MULTISTRING", operator, values=["Turku", "Oulu"], **also)
            yield asked("vip", "BOOL", operator, value=True, **also)
            yield asked("visits", "NUMBER", operator, value="2", **also)
        for operator in ("IS_ANY_OF", "IS_NONE_OF", "HAS_EVER_BEEN_ANY_OF", "HAS_NEVER_BEEN_ANY_OF"):
            yield asked("lifecyclestage", "ENUMERATION", operator, values=["lead", "customer"], **also)
        yield asked("city", "STRING", "CONTAINS", value="urk", **also)
    yield asked("closedate", "TIME_POINT", "IS_AFTER", timePoint={"timeType": "INDEXED", "indexReference": TODAY})


def lists(portal: Portal) -> list[ObjectList]:
    """A dynamic list for each of the filters, and for all pairs that lie next to each other, joined by AND and OR."""
    found: list[ObjectList] = []
    single = list(conditions())
    for one, other in zip(single, [*single[7:], *single[:7]], strict=True):
        for filters in ([[one]], [[one, other]], [[one], [other]]):
            ands = [{"filterBranchType": "AND", "filters": group, "filterBranches": []} for group in filters]
            branch = {"filterBranchType": "OR", "filters": [], "filterBranches": ands}
            found.append(portal.lists.create(f"List {len(found)}", CONTACTS, "DYNAMIC", branch))
    return found


def account() -> Portal:
    portal = Portal()
    for name, type, field in (("vip", "bool", "booleancheckbox"), ("visits", "number", "number")):
        portal.properties[CONTACTS].put(PropertyDefinition(name, name, type, field, "contactinformation"))
    return portal


def values(draw: random.Random) -> dict[str, str]:
    """Some new values, "" for none."""
    choices = {
        "city": VALUES,
        "lifecyclestage": STAGES,
        "vip": ("", "true", "false"),
        "visits": ("", "2", "2.0", "3"),
        "closedate": ("", "2026-01-01", "2026-12-31"),
    }
    return {name: draw.choice(some) for name, some in choices.items() if draw.random() < 0.4}


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_left_out(seed: int) -> None:
    """However records are created and change, the members of each list are those that its filters accept."""
    portal, draw = account(), random.Random(seed)
    all_lists = lists(portal)
    for step in range(60):
        if step % 3 == 0:
            portal.create("contacts", {"email": f"{step}@acme.example", **values(draw)})
        else:
            portal.update(draw.choice(list(portal.records[CONTACTS])), values(draw))
        for list_ in all_lists:
            assert list_.criterion is not None
            accepted = {record for record in portal.records[CONTACTS] if list_.criterion.accepts(record)}
            assert set(list_) == accepted, list_.branch


@pytest.mark.parametrize(
    "filter",
    [
        asked("city", "ALL_PROPERTY", "IS_KNOWN"),
        asked("city", "STRING", "IS_EQUAL_TO", value="Turku"),
        asked("email", "ALL_PROPERTY", "IS_UNKNOWN"),
        {"filterType": "IN_LIST", "listId": "1", "operator": "IN_LIST"},
        {"filterType": "FORM_SUBMISSION", "operator": "FILLED_OUT"},
    ],
)
def test_a_new_record_that_has_nothing_to_do_with_it(filter: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """No list looks at it, neither as it comes nor as it changes otherwise."""
    portal = account()
    portal.lists.create("Chosen", CONTACTS, "MANUAL")
    others = portal.lists.create("Others", CONTACTS, "MANUAL")
    ands = [{"filterBranchType": "AND", "filters": [filter], "filterBranches": []}]
    list_ = portal.lists.create("Asking", CONTACTS, "DYNAMIC", {"filterBranchType": "OR", "filterBranches": ands})
    looks: list[Record] = []
    monkeypatch.setattr(type(list_.criterion), "accepts", lambda self, record: looks.append(record))
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.update(eve, {"jobtitle": "CEO", "email": "eve@other.example"})
    portal.lists.add(others, [eve])
    assert not looks


def test_one_form_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a submission of one form does not look as another one is submitted."""
    portal = Portal(Configuration.model_validate({"forms": [{"name": "Demo"}, {"name": "News"}]}))
    asking = [{"filterType": "FORM_SUBMISSION", "operator": "FILLED_OUT", "formId": form.guid} for form in portal.forms]
    for number, filter in enumerate(asking):
        ands = [{"filterBranchType": "AND", "filters": [filter], "filterBranches": []}]
        portal.lists.create(str(number), CONTACTS, "DYNAMIC", {"filterBranchType": "OR", "filterBranches": ands})
    looks: list[Criterion] = []
    monkeypatch.setattr(Group, "accepts", lambda self, record: looks.append(self))
    portal.forms.submit("News", {"email": "eve@acme.example"})
    _, news = portal.lists
    assert set(map(id, looks)) >= {id(news.criterion)}
    assert len({id(one) for one in looks if isinstance(one, Group) and one.any}) == 1

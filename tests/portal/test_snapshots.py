"""Snapshots: a portal goes back to what it was, and goes on as if nothing had been."""

import random
import runpy
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import simpy

from hubtwin.exports.jsonl import lines
from hubtwin.files import load, parse
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import Refused
from hubtwin.portal.import_files import Column, ImportFile
from hubtwin.portal.log import SET, Entry
from hubtwin.portal.merging import merge
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import PropertyDefinition

USER = "ada@hubtwin.example"
CONFIGURATION: dict[str, Any] = {
    "forms": [{"name": "Demo", "contact_stage": "marketingqualifiedlead", "company_stage": "lead"}],
    "meeting_links": [{"slug": "ada", "user": USER}],
    "workflows": [{"name": "Promote", "actions": [{"set": "lifecyclestage", "to": "opportunity"}]}],
}
CUSTOMERS = {
    "filterBranchType": "OR",
    "filterBranches": [
        {
            "filterBranchType": "AND",
            "filters": [
                {
                    "filterType": "PROPERTY",
                    "property": "lifecyclestage",
                    "operation": {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["customer"]},
                }
            ],
        }
    ],
}


@pytest.fixture
def portal() -> Portal:
    """A portal with a form, a meetings link, a workflow and two lists."""
    return new_portal()


def new_portal() -> Portal:
    portal = Portal(Configuration.model_validate(CONFIGURATION))
    portal.lists.create("Customers", CONTACTS, "DYNAMIC", CUSTOMERS)
    portal.lists.create("Friends", CONTACTS, "MANUAL")
    portal.custom_events.define("Signed in")
    return portal


# -- what may happen in a portal; each draws from *chance* ------------------------------------------------


def _create(portal: Portal, chance: random.Random) -> None:
    portal.create("contacts", {"firstname": chance.choice(["Ada", "Bob"]), "lastname": str(chance.randrange(99))})


def _create_company(portal: Portal, chance: random.Random) -> None:
    company = portal.create("companies", {"domain": f"{chance.randrange(9)}.example"})
    portal.associate(_contact(portal, chance), company)


def _win_deal(portal: Portal, chance: random.Random) -> None:
    links = [(_contact(portal, chance), ())]
    portal.create("deals", {"dealname": "Big", "dealstage": "closedwon"}, links=links)


def _edit(portal: Portal, chance: random.Random) -> None:
    stage = chance.choice(["lead", "customer", "evangelist"])
    portal.as_user(USER).edit(_contact(portal, chance), {"lifecyclestage": stage})


def _submit(portal: Portal, chance: random.Random) -> None:
    portal.forms.submit("Demo", {"email": f"{chance.randrange(5)}@client.example"})


def _book(portal: Portal, chance: random.Random) -> None:
    portal.meetings.book("ada", f"{chance.randrange(5)}@client.example", start=portal.clock.now + DAY)


def _enroll(portal: Portal, chance: random.Random) -> None:
    portal.workflows.enroll("Promote", _contact(portal, chance))


def _befriend(portal: Portal, chance: random.Random) -> None:
    portal.lists.add(portal.lists.find(2), [_contact(portal, chance)])


def _merge(portal: Portal, chance: random.Random) -> None:
    primary, other = _contact(portal, chance), _contact(portal, chance)
    if primary is not other:
        merge(portal, primary, other)


def _archive(portal: Portal, chance: random.Random) -> None:
    portal.archive(_contact(portal, chance))


def _import(portal: Portal, chance: random.Random) -> None:
    column = Column("email", CONTACTS, "email")
    rows = "".join(f"{number}@import.example\n" for number in range(chance.randrange(700)))
    portal.imports.start("File", [ImportFile("file.csv", (column,), f"email\n{rows}".encode())])


def _occur(portal: Portal, chance: random.Random) -> None:
    portal.custom_events.occur("signed_in", _contact(portal, chance), {})


def _change_settings(portal: Portal, chance: random.Random) -> None:
    portal.change_settings({"company_sync.enabled": chance.random() < 0.5})


def _wait(portal: Portal, chance: random.Random) -> None:
    portal.clock.advance(chance.choice([500, 1_500, DAY]))


def _search(portal: Portal, chance: random.Random) -> None:
    definition = portal.properties[CONTACTS].find("createdate")
    portal.records[CONTACTS].in_order(definition).positions([])


OPERATIONS: tuple[Callable[[Portal, random.Random], None], ...] = (
    *(_create, _create_company, _win_deal, _edit, _submit, _book, _enroll, _befriend, _merge, _archive, _import),
    *(_occur, _change_settings, _wait, _search),
)


def _contact(portal: Portal, chance: random.Random) -> Any:
    contacts = list(portal.records[CONTACTS])
    return chance.choice(contacts) if contacts else portal.create("contacts", {"firstname": "Eve"})


def use(portal: Portal, seed: str, times: int = 40) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        chance.choice(OPERATIONS)(portal, chance)


def log(portal: Portal) -> bytes:
    return b"".join(lines(portal))


@pytest.mark.parametrize("seed", range(12))
def test_a_restored_portal_goes_on_as_one_that_never_went_elsewhere(portal: Portal, seed: int) -> None:
    """Its log is the same to the last byte, before and after the same further use; so it is a second time."""
    use(portal, f"first {seed}")
    snapshot, before = portal.snapshot(), log(portal)
    straight = new_portal()
    use(straight, f"first {seed}")
    use(straight, f"next {seed}")
    for detour in range(2):
        use(portal, f"detour {seed} {detour}")
        portal.restore(snapshot)
        assert log(portal) == before
        use(portal, f"next {seed}")
        assert log(portal) == log(straight)


def test_every_part_of_a_portal_file_can_be_copied() -> None:
    """Nothing that the documentation's example configures stands in the way."""
    example = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "portal_files.py"))["EXAMPLE"]
    portal = Portal(load(parse(example, "example.portal.yaml"), Configuration))
    snapshot, before = portal.snapshot(), log(portal)
    portal.create("contacts", {"firstname": "Ada"})
    portal.clock.advance("30d")
    portal.restore(snapshot)
    assert log(portal) == before


def test_the_parts_of_a_portal_stay(portal: Portal) -> None:
    """Whoever holds the clock, the log or the lists of a portal holds them after a restore."""
    clock, entries, lists = portal.clock, portal.log, portal.lists
    snapshot, moment = portal.snapshot(), clock.now
    portal.create("contacts", {"firstname": "Ada"})
    clock.advance("1d")
    portal.restore(snapshot)
    assert (portal.clock, portal.log, portal.lists) == (clock, entries, lists)
    assert (clock.now, len(entries)) == (moment, snapshot.entries)


def test_records_are_found_again_by_their_ids(portal: Portal) -> None:
    """A record that was found before a restore is none of the portal's any more; the one with its id is."""
    ada = portal.create("contacts", {"firstname": "Ada"})
    snapshot = portal.snapshot()
    portal.update(ada, {"firstname": "Grace"})
    portal.restore(snapshot)
    again = portal.find("contacts", ada.id)
    assert (again is ada, again.get("firstname"), ada.get("firstname")) == (False, "Ada", "Grace")


def test_what_waits_happens_again(portal: Portal) -> None:
    """An import that was on its way when the snapshot was taken comes to its end after each restore."""
    _import(portal, random.Random(1))
    snapshot = portal.snapshot()
    for _ in range(2):
        portal.clock.advance("1m")
        assert [one.state for one in portal.imports] == ["DONE"]
        portal.restore(snapshot)
        assert [one.state for one in portal.imports] == ["STARTED"]


def test_a_custom_object_is_as_it_was(portal: Portal) -> None:
    """A type that came later is gone, and one that was changed is as before."""
    snapshot = portal.snapshot()
    plate = PropertyDefinition("plate", "Plate", "string", "text", "car_information")
    cars = portal.schemas.create("car", {"singular": "Car", "plural": "Cars"}, [plate]).type
    second = portal.snapshot()
    cars.searched = ("colour",)
    portal.restore(second)
    assert portal.type(cars.id) is cars
    assert not cars.searched
    portal.restore(snapshot)
    assert [type.name for type in portal.types if type.is_custom] == []


def test_a_running_simulation_cannot_be_copied(portal: Portal) -> None:
    """Its processes are no part of the portal, and the error says when it works."""

    def sleep(environment: simpy.Environment) -> Generator[simpy.Event]:
        yield environment.timeout(DAY)

    snapshot = portal.snapshot()
    portal.clock.environment.process(sleep(portal.clock.environment))
    portal.clock.advance("1h")
    with pytest.raises(Refused, match="before or after the run"):
        portal.snapshot()
    with pytest.raises(Refused, match="before or after the run"):
        portal.restore(snapshot)
    portal.clock.advance("1d")
    portal.restore(snapshot)


def test_no_snapshot_in_the_middle_of_a_write(portal: Portal) -> None:
    """What has been written and not been reacted to is no state to come back to."""

    def _take(entry: Entry) -> None:
        portal.snapshot()

    portal.reactions.add(SET, _take, "lifecyclestage")
    with pytest.raises(Refused, match="in the middle of a write"):
        portal.create("contacts", {"firstname": "Ada"})


def test_reset(portal: Portal) -> None:
    """The portal is as it was when it was made: its clock, its settings, its first ids."""
    fresh = Portal(Configuration.model_validate(CONFIGURATION))
    clock, entries = portal.clock, portal.log
    use(portal, "any")
    portal.reset()
    assert (portal.clock, portal.log, log(portal)) == (clock, entries, log(fresh))
    assert (clock.now, portal.settings) == (fresh.clock.now, fresh.settings)
    assert portal.create("contacts", {"firstname": "Ada"}).id == fresh.create("contacts", {"firstname": "Ada"}).id


def test_initial_records_are_back_after_a_reset_and_not_after_a_clear() -> None:
    """`reset` replays what the portal file starts with, `clear` leaves nothing."""
    ada = {"contact": {"as": "ada", "email": "ada@client.example"}}
    portal = Portal(Configuration.model_validate({"records": [ada]}))
    portal.create("contacts", {"firstname": "Bob"})
    portal.clear()
    assert (len(portal.records[CONTACTS]), len(portal.log)) == (0, 0)
    portal.reset()
    assert [contact.name for contact in portal.records[CONTACTS]] == ["ada@client.example"]


def test_clear_keeps_the_settings_and_the_time(portal: Portal) -> None:
    """Records and history are gone, what administrators decided and the clock stay."""
    portal.change_settings({"company_sync.enabled": False})
    portal.create("contacts", {"firstname": "Ada"})
    portal.clock.advance("1d")
    now = portal.clock.now
    portal.clear()
    assert (len(portal.log), portal.clock.now, portal.settings.company_sync.enabled) == (0, now, False)

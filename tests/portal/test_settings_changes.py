"""Settings that change while the portal runs."""

from typing import Any

import pytest

from hubtwin.portal import Portal
from hubtwin.portal.errors import Refused


def test_a_setting_moves_no_record_when_it_is_switched_on() -> None:
    """It decides about what happens from then on (F3.12)."""
    portal = Portal()
    portal.change_settings({"company_sync.enabled": False})
    acme = portal.create("companies", {"name": "Acme", "lifecyclestage": "customer"})
    ada, bob = (portal.create("contacts", {"firstname": name}) for name in ("Ada", "Bob"))
    portal.associate(ada, acme)
    portal.change_settings({"company_sync.enabled": True})
    assert ada.stage == "lead"
    portal.associate(bob, acme)
    assert bob.stage == "customer"


@pytest.mark.parametrize(
    ("changes", "stages"),
    [
        ({"default_stage.contacts": "subscriber"}, ("subscriber", "opportunity", "customer")),
        ({"deal_created": None, "deal_won": "evangelist"}, ("lead", "lead", "evangelist")),
    ],
)
def test_the_next_record_follows_the_changed_settings(changes: dict[str, Any], stages: tuple[str, ...]) -> None:
    """Default, deal created and deal won can be changed at any time (F3.1, F3.2, F3.3)."""
    portal = Portal()
    portal.change_settings(changes)
    ada = portal.create("contacts", {"firstname": "Ada"})
    seen = [ada.stage]
    deal = portal.create("deals", {"dealname": "D", "dealstage": "contractsent"}, links=[(ada, ())])
    seen.append(ada.stage)
    portal.update(deal, {"dealstage": "closedwon"})
    assert (*seen, ada.stage) == stages


def test_settings_can_be_switched_on_that_the_portal_began_without() -> None:
    """Companies by domain, and a sync that goes both ways (W3.17, F3.5.1)."""
    portal = Portal()
    portal.change_settings({"company_by_domain": True, "company_sync.direction": "both"})
    ada = portal.create("contacts", {"email": "ada@acme.example", "lifecyclestage": "customer"})
    (acme,) = portal.associations.of(ada, portal.type("companies"))
    portal.update(ada, {"lifecyclestage": "evangelist"})
    assert acme.stage == "evangelist"
    assert [str(entry.value) for entry in portal.log if entry.kind == "settings changed"] == [
        "settings.company_by_domain: on",
        "settings.company_sync.direction: both",
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"deal_wn": "customer"}, "no setting is called 'deal_wn'; .*did you mean 'deal_won'"),
        ({"deal_won": "custmer"}, "settings.deal_won: no stage is called 'custmer'; .*did you mean 'customer'"),
        ({"company_sync": True}, "settings.company_sync"),
        (
            {"company_sync.contacts": "some"},
            "settings.company_sync.contacts: .*'primary' or 'all': 'some'",
        ),
        ({"company_sync.enabled.now": True}, "no setting is called"),
    ],
)
def test_a_wrong_setting_changes_nothing(changes: dict[str, Any], error: str) -> None:
    """The error names the setting, its value and the choices; a right one beside it is not applied (F3.1)."""
    portal = Portal()
    with pytest.raises(Refused, match=error):
        portal.change_settings({"deal_created": None, **changes})
    assert portal.settings == portal.configuration.settings


def test_the_settings_page_counts_records_by_stage() -> None:
    """Every stage has its number of records (F1.19)."""
    portal = Portal()
    for stage in ("lead", "lead", "customer"):
        portal.create("contacts", {"firstname": "A", "lifecyclestage": stage})
    counts = portal.stage_counts("contacts")
    assert {stage: count for stage, count in counts.items() if count} == {"lead": 2, "customer": 1}
    assert next(iter(counts)) == "subscriber"

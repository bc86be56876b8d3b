"""Lead forms of ads, and the contacts that come of them."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidValues, UnknownName
from hubtwin.portal.uses import of_stage

CONFIGURATION: dict[str, Any] = {
    "ads": [
        {
            "name": "Acme on LinkedIn",
            "network": "linkedin",
            "lead_forms": [{"name": "Guide", "campaign": "Spring"}, {"name": "Demo", "contact_stage": "opportunity"}],
        },
        {"name": "Acme on Google", "network": "google", "lead_forms": [{"name": "Search", "campaign": "Brand"}]},
    ]
}


@pytest.fixture
def portal() -> Portal:
    """A portal with two ad accounts and three lead forms."""
    return Portal(Configuration.model_validate(CONFIGURATION))


@pytest.mark.parametrize(("form", "stage"), [("Guide", "lead"), ("Demo", "opportunity")])
def test_a_lead_form_makes_a_contact(portal: Portal, form: str, stage: str) -> None:
    """With the form's stage, else the account's default (F4.17)."""
    contact = portal.ads.submit(form, {"email": "eve@acme.example", "firstname": "Eve"})
    assert (contact.stage, contact.get("firstname")) == (stage, "Eve")
    assert contact.get("hs_object_source") == "ADS"
    assert [entry.kind for entry in portal.why(contact, "lifecyclestage")][:2] == ["lead form submitted", "created"]


def test_a_lead_form_never_moves_a_customer_back(portal: Portal) -> None:
    """The known contact is updated, its stage stays (F4.17)."""
    eve = portal.create("contacts", {"email": "eve@acme.example", "lifecyclestage": "customer"})
    assert portal.ads.submit("Demo", {"email": "EVE@acme.example", "lastname": "X"}) is eve
    assert (eve.stage, eve.get("lastname")) == ("customer", "X")


@pytest.mark.parametrize(
    ("form", "source"),
    [("Guide", ("PAID_SOCIAL", "LinkedIn", "Spring")), ("Search", ("PAID_SEARCH", "Brand", None))],
)
def test_a_new_contact_comes_from_the_ad(portal: Portal, form: str, source: tuple[str | None, ...]) -> None:
    """Paid social or paid search, with network and campaign; who was known before keeps the source (F4.17.1)."""
    known = portal.create("contacts", {"email": "bob@acme.example"})
    contact = portal.ads.submit(form, {"email": "eve@acme.example"})
    portal.ads.submit(form, {"email": "bob@acme.example"})
    details = [contact.get(f"hs_analytics_source{part}") for part in ("", "_data_1", "_data_2")]
    assert tuple(details[: len(list(filter(None, source)))]) == tuple(filter(None, source))
    assert known.get("hs_analytics_source") == "OFFLINE"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"firstname": "A"}, "Required field 'email' is missing"),
        ({"email": "x"}, "Email address x is invalid"),
        ({"email": "a@b.example", "jobtitle": "A"}, "the lead form has no field 'jobtitle'"),
    ],
)
def test_a_bad_submission_leaves_nothing(portal: Portal, fields: dict[str, str], error: str) -> None:
    """One bad field refuses the whole of it (F4.17)."""
    with pytest.raises(InvalidValues, match=error):
        portal.ads.submit("Guide", fields)
    assert not len(portal.log)


def test_lead_forms_are_found_by_name_and_told_as_uses(portal: Portal) -> None:
    """A wrong name is answered with the choices (F11.1)."""
    with pytest.raises(UnknownName, match=r"no lead form is called 'Gide'; .*did you mean 'Guide'"):
        portal.ads.submit("Gide", {"email": "eve@acme.example"})
    assert "ads.0.lead_forms.1.contact_stage" in [use.rule for use in of_stage(portal, "opportunity")]

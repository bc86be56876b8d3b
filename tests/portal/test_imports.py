"""Imports without HTTP, as scenarios start them."""

import pytest

from hubtwin.portal import Portal
from hubtwin.portal.errors import Refused
from hubtwin.portal.import_files import Column, ImportFile
from hubtwin.portal.objects import CONTACTS, DEALS


def file(text: str, *columns: Column, has_header: bool = True) -> ImportFile:
    return ImportFile("people.csv", columns, text.encode(), has_header)


def test_a_file_without_a_header() -> None:
    """Its columns come in their order (W6.5.1)."""
    portal = Portal()
    columns = [Column(name, CONTACTS, name) for name in ("email", "firstname")]
    portal.imports.start("People", [file("ada@acme.example,Ada\n", *columns, has_header=False)])
    portal.clock.advance("3s")
    assert [contact.name for contact in portal.records[CONTACTS]] == ["Ada"]


def test_an_import_explains_itself() -> None:
    """The story of a stage begins with the import (F6.12, F4.13)."""
    portal = Portal()
    one = portal.imports.start(
        "People", [file("email\na@b.example", Column("email", CONTACTS, "email"))], stage="customer"
    )
    portal.clock.advance("3s")
    (contact,) = one.written
    story = portal.story(portal.why(contact, "lifecyclestage"))
    assert [line.split("  ")[1] for line in story] == [
        "import People started",
        "contact 1001 (a@b.example) created, import People",
        "import People: contact 1001 (a@b.example) lifecyclestage (empty) -> customer",
    ]


def test_stages_of_deals_by_label() -> None:
    """A deal's stage brings its pipeline along, and no deal comes without its name (F4.13, W6.5.4)."""
    portal = Portal()
    columns = [Column("Name", DEALS, "dealname"), Column("Stage", DEALS, "dealstage")]
    one = portal.imports.start("Deals", [file("Name,Stage\nBig,Closed Won\n,Closed Won\n", *columns)])
    portal.clock.advance("3s")
    assert [(deal.name, deal.stage, deal.get("pipeline")) for deal in portal.records[DEALS]] == [
        ("Big", "closedwon", "default")
    ]
    assert [error.type for error in one.errors] == ["MISSING_REQUIRED_PROPERTY"]


def test_an_import_of_nothing() -> None:
    """Is refused, as is a stage that contacts don't have (W6.5.8)."""
    portal = Portal()
    with pytest.raises(Refused, match="at least one mapped column"):
        portal.imports.start("People", [])
    with pytest.raises(Refused, match="'nope' is not a lifecycle stage of contacts"):
        portal.imports.start("People", [file("", Column("email", CONTACTS, "email"))], stage="nope")

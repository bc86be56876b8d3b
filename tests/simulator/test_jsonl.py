import hashlib
import io
import json

import pytest

from hubtwin.exports.jsonl import lines, sha256_of, write
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Configuration, Form
from hubtwin.portal.merging import merge


@pytest.fixture
def portal() -> Portal:
    """A portal in which somebody submitted a form, joined a company and changed their name."""
    portal = Portal(Configuration(forms=(Form(name="ebook"),)))
    contact = portal.forms.submit("ebook", {"email": "ada@acme.example", "firstname": "Ada"})
    screen = portal.as_user("ada@hubtwin.example")
    screen.associate(contact, screen.create("companies", {"name": "Acme Åkeri", "domain": "acme.example"}))
    portal.clock.advance("1h")
    screen.edit(contact, {"firstname": "Augusta", "lifecyclestage": "customer"})
    return portal


def rows(portal: Portal) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines(portal)]


def test_every_entry_is_a_line(portal: Portal) -> None:
    """As many lines as entries, numbered in order, each with the same keys."""
    assert [row["number"] for row in rows(portal)] == list(range(len(portal.log)))
    assert {tuple(row) for row in rows(portal)} == {
        ("number", "at", "kind", "record", "property", "value", "before", "source", "cause")
    }


def test_a_new_record_shows_its_first_values(portal: Portal) -> None:
    """What the record began with, not what became of it, and nothing that HubSpot calculates."""
    created = [row["value"] for row in rows(portal) if row["kind"] == "created"]
    assert created[0] == {
        "email": "ada@acme.example",
        "firstname": "Ada",
        "hs_pipeline": "contacts-lifecycle-pipeline",
    }


def test_a_change_shows_both_values_its_writer_and_its_cause(portal: Portal) -> None:
    """A line says what was there before, who wrote, and which line made them."""
    change = next(row for row in rows(portal) if row["property"] == "firstname")
    assert (change["value"], change["before"], change["at"]) == ("Augusta", "Ada", "2026-03-02T10:00:00Z")
    assert change["source"] == {
        "type": "CRM_UI",
        "id": "userId:9000001",
        "label": "Ada Admin",
        "user": 9_000_001,
        "rule": None,
    }
    submitted, created = rows(portal)[:2]
    assert (submitted["cause"], created["cause"]) == (None, submitted["number"])


def test_an_association_names_the_other_record(portal: Portal) -> None:
    """Both ends have a line, each with the other one and the types of the link."""
    links = [(row["record"], row["value"]) for row in rows(portal) if row["kind"] == "associated"]
    assert links == [
        ({"type": "contacts", "id": 1001}, {"type": "companies", "id": 1002, "association_types": [1, 279]}),
        ({"type": "companies", "id": 1002}, {"type": "contacts", "id": 1001, "association_types": [2, 280]}),
    ]


def test_the_hash_is_that_of_the_bytes(portal: Portal) -> None:
    """Writing a file and asking for its hash agree with SHA-256 over the bytes."""
    file = io.BytesIO()
    assert write(portal, file) == sha256_of(portal) == hashlib.sha256(file.getvalue()).hexdigest()


def test_text_stays_readable(portal: Portal) -> None:
    """Lines are UTF-8, with letters as they are."""
    assert "Acme Åkeri".encode() in b"".join(lines(portal))


def test_an_empty_log_is_an_empty_file() -> None:
    """A portal in which nothing happened has no lines."""
    file = io.BytesIO()
    assert write(Portal(), file) == hashlib.sha256(b"").hexdigest()
    assert file.getvalue() == b""


def test_a_value_that_was_cleared_later_is_among_the_first(portal: Portal) -> None:
    """The line about the creation does not depend on what became of the record."""
    contact = portal.create("contacts", {"lastname": "Byron"})
    before = rows(portal)
    portal.update(contact, {"lastname": ""})
    assert rows(portal)[: len(before)] == before


def test_a_merge_names_both_records(portal: Portal) -> None:
    """Entries about other records name them by type and id."""
    one, other = (portal.create("contacts", {"firstname": name}) for name in ("A", "B"))
    merge(portal, one, other)
    (merged,) = (row for row in rows(portal) if row["kind"] == "merged")
    assert merged["value"] == [{"type": "contacts", "id": one.id}, {"type": "contacts", "id": other.id}]

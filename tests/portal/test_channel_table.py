"""Every channel that writes a lifecycle stage, against every stage that a record may have before.

All channels write Customer. A record that has no stage, or Lead, moves; one that is a Customer already stays as it is;
what becomes of an Evangelist is in the channel's row. `cleared` is what becomes of one whose stage it empties, None
where it has no way to.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.verbs import do

USER = "ada@hubtwin.example"
EMAIL = "eve@acme.example"
DOMAIN = "acme.example"
STAGE = "customer"
BEFORE = {"empty": None, "forward": "lead", "same": STAGE, "backward": "evangelist", "cleared": "evangelist"}

Write = Callable[[Portal, Record, str], object]

CONFIGURATION: dict[str, Any] = {
    "settings": {
        "default_stage": {"contacts": None, "companies": None},
        "company_sync": {"enabled": False},
        "deal_created": None,
        "deal_won": None,
        "lead_associated": None,
    },
    "forms": [
        {"name": "Buy", "fields": ["email", "company.domain"], "contact_stage": STAGE, "company_stage": STAGE},
        {"name": "Plain", "fields": ["email", "company.domain"]},
    ],
    "chatflows": [
        {"name": "Chat", "kind": "live_chat", "contact_stage": STAGE},
        {
            "name": "Bot",
            "kind": "bot",
            "steps": [{"ask": "Who?", "property": "email"}, {"set": "lifecyclestage", "to": STAGE}],
        },
    ],
    "ads": [
        {"name": "A", "network": "linkedin", "lead_forms": [{"name": "Buy", "contact_stage": STAGE}]},
    ],
    "workflows": [
        {"name": f"{word} {object}", "object": object, "actions": [action]}
        for object in ("contacts", "companies")
        for word, action in (
            ("Set", {"set": "lifecyclestage", "to": STAGE}),
            ("Clear", {"clear": "lifecyclestage"}),
        )
    ],
    "connected": {
        "billing": {"plans": [{"name": "Pro", "amount": 1, "period": "30d"}], "companies": False},
        "product": {"sign_up_stage": STAGE},
    },
}  # fmt: skip


# -- how each channel writes -----------------------------------------------------------------------------------


def by_hand(portal: Portal, record: Record, stage: str) -> None:
    portal.as_user(USER).edit(record, {"lifecyclestage": stage})


def in_bulk(portal: Portal, record: Record, stage: str) -> None:
    portal.as_user(USER).bulk_edit([record], {"lifecyclestage": stage})


def call(portal: Portal, method: str, path: str, body: dict[str, Any]) -> None:
    headers = {"authorization": "Bearer any", "content-type": "application/json"}
    response = Api(portal).handle(Request(method, path, "", headers, orjson.dumps(body)))
    assert response.status < 300, response.body


def by_api(portal: Portal, record: Record, stage: str) -> None:
    path = f"/crm/v3/objects/{record.type.name}/{record.id}"
    call(portal, "PATCH", path, {"properties": {"lifecyclestage": stage}})


def by_batch(portal: Portal, record: Record, stage: str) -> None:
    inputs = [{"id": str(record.id), "properties": {"lifecyclestage": stage}}]
    call(portal, "POST", f"/crm/v3/objects/{record.type.name}/batch/update", {"inputs": inputs})


def by_old_api(portal: Portal, record: Record, stage: str) -> None:
    if record.type is CONTACTS:
        body = {"properties": [{"property": "lifecyclestage", "value": stage}]}
        call(portal, "POST", f"/contacts/v1/contact/vid/{record.id}/profile", body)
    else:
        body = {"properties": [{"name": "lifecyclestage", "value": stage}]}
        call(portal, "PUT", f"/companies/v2/companies/{record.id}", body)


def by_import(portal: Portal, record: Record, stage: str) -> None:
    key = "email" if record.type is CONTACTS else "domain"
    do(portal, "import_csv", {"object": record.type.name, "rows": [{key: record.get(key), "lifecyclestage": stage}]})
    portal.clock.advance("1h")


def by_import_choice(portal: Portal, record: Record, stage: str) -> None:
    key = "email" if record.type is CONTACTS else "domain"
    do(portal, "import_csv", {"object": record.type.name, "rows": [{key: record.get(key)}], "stage": stage})
    portal.clock.advance("1h")


def by_form(portal: Portal, record: Record, stage: str) -> None:
    company = {"domain": DOMAIN} if record.type is COMPANIES else None
    portal.forms.submit("Buy", {"email": EMAIL}, company_fields=company)


def by_form_field(portal: Portal, record: Record, stage: str) -> None:
    fields = {"email": EMAIL} if record.type is COMPANIES else {"email": EMAIL, "lifecyclestage": stage}
    company = {"domain": DOMAIN, "lifecyclestage": stage} if record.type is COMPANIES else None
    portal.forms.submit("Plain", fields, company_fields=company)


def by_bot(portal: Portal, record: Record, stage: str) -> None:
    portal.chatflows.open("Bot").answer(EMAIL)


def by_workflow(portal: Portal, record: Record, stage: str) -> None:
    portal.workflows.enroll(f"{'Set' if stage else 'Clear'} {record.type.name}", record)


def by_deal_created(portal: Portal, record: Record, stage: str) -> None:
    portal.change_settings({"deal_created": stage})
    portal.create("deals", {"dealname": "D", "dealstage": "contractsent"}, links=[(record, ())])


def by_deal_won(portal: Portal, record: Record, stage: str) -> None:
    portal.change_settings({"deal_won": stage})
    portal.create("deals", {"dealname": "D", "dealstage": "closedwon"}, links=[(record, ())])


def by_lead(portal: Portal, record: Record, stage: str) -> None:
    portal.change_settings({"lead_associated": stage})
    portal.create("leads", {"hs_lead_name": "L"}, links=[(record, ())])


def by_sync(portal: Portal, record: Record, stage: str) -> None:
    """The other end of the association moves: its company, or, where the sync goes both ways, its contact."""
    portal.change_settings({"company_sync.enabled": True, "company_sync.direction": "both"})
    is_company = record.type is COMPANIES
    other = portal.create(*(CONTACTS, {"firstname": "Bob"}) if is_company else (COMPANIES, {"name": "Acme"}))
    portal.associate(record, other)
    portal.update(other, {"lifecyclestage": stage})


def by_ad(portal: Portal, record: Record, stage: str) -> None:
    portal.ads.submit("Buy", {"email": EMAIL})


def by_subscription(portal: Portal, record: Record, stage: str) -> None:
    portal.connected.billing.subscribe(EMAIL, "Pro")


def by_sign_up(portal: Portal, record: Record, stage: str) -> None:
    portal.connected.product.sign_up(EMAIL)


# -- the table -------------------------------------------------------------------------------------------------


class Channel(NamedTuple):
    """One row: who writes, under which source and cause the history shows it, and what it does to an Evangelist."""

    write: Write
    types: str
    source: str
    cause: str
    backward: str
    cleared: str | None


CHANNELS = {
    # F2.b1, F2.b12
    "by hand": Channel(by_hand, "both", "CRM_UI", "set", "set", "cleared"),
    "bulk edit": Channel(in_bulk, "both", "CRM_UI_BULK_ACTION", "set", "set", "cleared"),
    # F2.b2, F2.b3, F2.b4
    "API": Channel(by_api, "both", "INTEGRATION", "set", "kept", "cleared"),
    "API, batch": Channel(by_batch, "both", "INTEGRATION", "set", "kept", "cleared"),
    "API, versions 1 and 2": Channel(by_old_api, "both", "INTEGRATION", "set", "kept", "cleared"),
    # F2.b10, F4.13
    "import, column": Channel(by_import, "both", "IMPORT", "import started", "kept", None),
    "import, choice": Channel(by_import_choice, "both", "IMPORT", "import started", "kept", None),
    # F2.b6, F4.2
    "form, setting": Channel(by_form, "both", "FORM", "form submitted", "kept", None),
    "form, field": Channel(by_form_field, "both", "FORM", "form submitted", "kept", None),
    # F2.b11, F4.10
    "bot": Channel(by_bot, "contacts", "BOT", "chat started", "kept", None),
    # F2.b5
    "workflow": Channel(by_workflow, "both", "AUTOMATION_PLATFORM", "enrolled", "refused", "cleared"),
    # F2.b8, F3.2, F3.3, F3.4
    "deal created": Channel(by_deal_created, "both", "DEALS", "created", "untouched", None),
    "deal won": Channel(by_deal_won, "both", "DEALS", "created", "untouched", None),
    "lead associated": Channel(by_lead, "both", "DEALS", "created", "untouched", None),
    # F2.b7, F3.5, F3.5.1
    "sync": Channel(by_sync, "both", "COMPANIES or CONTACTS", "set", "untouched", None),
    # F4.17, and systems that are apps of their own
    "ad": Channel(by_ad, "contacts", "ADS", "lead form submitted", "kept", None),
    "subscription": Channel(by_subscription, "contacts", "INTEGRATION", "billing", "kept", None),
    "sign-up": Channel(by_sign_up, "contacts", "INTEGRATION", "event occurred", "kept", None),
}

CELLS = [
    pytest.param(channel, type, case, id=f"{name}-{type.name}-{case}")
    for name, channel in CHANNELS.items()
    for type in (CONTACTS, COMPANIES)
    for case in BEFORE
    if channel.types in ("both", type.name) and not (case == "cleared" and channel.cleared is None)
]


@pytest.mark.parametrize(("channel", "type", "case"), CELLS)
def test_a_cell(channel: Channel, type: Any, case: str) -> None:
    """What a channel does to a record in each situation: value, source, cause (F2.1, F2.3, F2.4, F6.5, F6.8)."""
    portal = Portal(Configuration.model_validate(CONFIGURATION))
    identity = {"email": EMAIL} if type is CONTACTS else {"domain": DOMAIN}
    record = portal.create(type, {**identity, "lifecyclestage": BEFORE[case]})
    before = len(portal.log.versions(record, "lifecyclestage"))
    channel.write(portal, record, "" if case == "cleared" else STAGE)
    versions = portal.log.versions(record, "lifecyclestage")
    kept = [entry for entry in portal.log.timeline(record) if entry.kind == "kept"]
    match {"backward": channel.backward, "same": "untouched"}.get(case, "set"):
        case "set":
            assert (record.stage or "", len(versions)) == ("" if case == "cleared" else STAGE, before + 1)
            assert versions[0].source.type in channel.source.split(" or ")
            assert _chain(portal, record)[0] == channel.cause
        case "untouched":
            assert (record.stage, len(versions), kept) == (BEFORE[case], before, [])
        case "kept" | "refused" as outcome:
            assert (record.stage, len(versions), len(kept)) == (BEFORE[case], before, 1)
            assert kept[0].source.type in channel.source.split(" or ")
            assert len(list(portal.workflows.issues)) == (outcome == "refused")


def _chain(portal: Portal, record: Record) -> list[str]:
    """The kinds of the entries that led to the present stage; where it was cleared, to that."""
    last = next(e for e in portal.log.timeline(record) if e.kind == "set" and e.property == "lifecyclestage")
    return [entry.kind for entry in portal.log.why(last.number)]


# -- channels that make contacts -------------------------------------------------------------------------------


class Maker(NamedTuple):
    """A channel that makes a contact: the source of its record, and what begins the chain of causes.

    *stage* is what the channel itself gives, None where the account's default decides.
    """

    make: Callable[[Portal], object]
    source: str
    cause: str
    stage: str | None


MAKERS = {
    "by hand": Maker(lambda p: p.as_user(USER).create("contacts", {"email": EMAIL}), "CRM_UI", "created", None),
    "API": Maker(
        lambda p: call(p, "POST", "/crm/v3/objects/contacts", {"properties": {"email": EMAIL}}),
        *("INTEGRATION", "created", None),
    ),
    "form with a stage": Maker(lambda p: p.forms.submit("Buy", {"email": EMAIL}), "FORM", "form submitted", STAGE),
    "form": Maker(lambda p: p.forms.submit("Plain", {"email": EMAIL}), "FORM", "form submitted", None),
    "live chat": Maker(
        lambda p: p.chatflows.open("Chat", email=EMAIL).say("Hello"), "CONVERSATIONS", "chat started", STAGE
    ),
    "meeting": Maker(lambda p: p.meetings.book("ada", EMAIL, start=p.clock.now), "MEETINGS", "meeting booked", None),
    "ad": Maker(lambda p: p.ads.submit("Buy", {"email": EMAIL}), "ADS", "lead form submitted", STAGE),
    "mailbox": Maker(lambda p: p.mailbox.add_contact(USER, EMAIL), "EXTENSION", "created", None),
    "tracking code": Maker(lambda p: p.tracking.identify_by_email("0" * 32, EMAIL), "ANALYTICS", "identified", None),
    "subscription": Maker(lambda p: p.connected.billing.subscribe(EMAIL, "Pro"), "INTEGRATION", "billing", STAGE),
    "sign-up": Maker(lambda p: p.connected.product.sign_up(EMAIL), "INTEGRATION", "created", STAGE),
}


@pytest.mark.parametrize("default", ["subscriber", None])
@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_a_new_contact(maker: Maker, default: str | None) -> None:
    """The channel's own stage, else the account's one default (F3.1, F4.2, F4.10, F4.15, F4.16, F4.17, F6.12)."""
    links = {"meeting_links": [{"slug": "ada", "user": USER}]}
    portal = Portal(Configuration.model_validate({**CONFIGURATION, **links}))
    portal.change_settings({"default_stage.contacts": default})
    maker.make(portal)
    (contact,) = portal.records[CONTACTS]
    assert (contact.stage, contact.get("hs_object_source")) == (maker.stage or default, maker.source)
    if contact.stage is not None:
        assert _chain(portal, contact)[0] == maker.cause

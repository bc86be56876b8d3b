"""Calculated properties: what a portal works out by itself from what it is told (W2.5, W5.7, F1.21).

Each calculation names the properties that it depends on and runs when one of them changes. It gives pairs of a
property and its value, None for no value.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.associations import Associations
from hubtwin.portal.clock import Clock
from hubtwin.portal.moments import DAY, SECOND, from_iso, iso
from hubtwin.portal.objects import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    LEADS,
    LINE_ITEMS,
    MEETINGS,
    NOTES,
    TASKS,
    TICKETS,
    ObjectType,
)
from hubtwin.portal.pipelines import DISQUALIFIED, QUALIFIED, Pipelines, Stage
from hubtwin.portal.records import Record
from hubtwin.portal.values import shared

if TYPE_CHECKING:
    from hubtwin.portal.configuration import Options

Values = Iterator[tuple[str, str | None]]

_TAG = re.compile(r"<[^>]*>")

#: Calculated values of properties that people may write too: they need versions, like any written value.
VERSIONED = frozenset({"closedate", "website"})

#: The units that times in a stage may have (F1.26); the old `hs_time_in_<stage>` are milliseconds in any case.
UNITS: Mapping[str, int] = MappingProxyType({"milliseconds": 1, "seconds": SECOND})

#: What a calculation depends on that runs once, when a record is created.
CREATION = "(creation)"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a calculation may look at beside the record."""

    associations: Associations
    pipelines: Mapping[ObjectType, Pipelines]
    clock: Clock


def associations_with(type: ObjectType) -> str:
    """The dependency on a record's associations with records of *type*."""
    return f"(associations with {type.name})"


def due(type: ObjectType, changed: Iterable[str]) -> "Collection[Calculation]":
    """The calculations that the change of some properties of a record asks for."""
    by_dependency = _BY_DEPENDENCY.get(type, {})
    return {calculation: None for name in changed if name in by_dependency for calculation in by_dependency[name]}


def stage_dates(
    record: Record,
    left: Stage | None,
    entered: Stage | None,
    now: int,
    options: "Options",
) -> Values:
    """The dates and times that a move from one stage to another leaves behind (F1.25).

    A stage that is skipped has none (F1.28). Times are milliseconds, or seconds where the portal's *options* say so
    (F1.26, W5.7); *Latest time in* is worked out on leaving.
    """
    since = record.values.get("hs_v2_date_entered_current_stage")
    if left is not None and left.is_calculated and since is not None:
        yield from _leaving(record, left, now, now - from_iso(since), UNITS[options.stage_times])
    if entered is None:
        yield "hs_v2_date_entered_current_stage", None
        yield "hs_v2_time_in_current_stage", None
        return
    moment, names = iso(now), entered.properties
    if entered.is_calculated:  # F1.18.1
        yield names.date_entered, moment
        yield names.old_date_entered, moment
    yield "hs_v2_date_entered_current_stage", moment
    yield "hs_v2_time_in_current_stage", moment  # a datetime on the wire, not a duration (W2.5)
    if record.type is CONTACTS and not entered.is_custom:
        if options.became_date == "latest" or names.became not in record.values:
            yield names.became, moment
        if entered.id == "customer":
            yield from _time_to_customer(record, now)


def _leaving(record: Record, left: Stage, now: int, stay: int, unit: int) -> Values:
    names, moment = left.properties, iso(now)
    total = int(record.values.get(names.old_time_in, "0")) + stay
    yield names.date_exited, moment
    yield names.old_date_exited, moment
    yield names.latest_time_in, str(stay // unit)
    yield names.cumulative_time_in, str(total // unit)
    yield names.old_time_in, str(total)


#: Where the time to a customer is counted from: when a stage was entered, and the property that has the time.
_TO_CUSTOMER = tuple(
    (f"hs_v2_date_entered_{stage}", f"hs_time_to_move_from_{stage}_to_customer")
    for stage in ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity")
)


def _time_to_customer(record: Record, now: int) -> Values:
    for entered, time in _TO_CUSTOMER:
        if (since := record.values.get(entered)) is not None:
            yield time, str(now - from_iso(since))


# -- contacts and companies ----------------------------------------------------------------------------------


def _contact_id(record: Record, facts: Facts) -> Values:
    yield "hs_all_contact_vids", str(record.id)


def _contact_name(record: Record, facts: Facts) -> Values:
    name = " ".join(filter(None, (record.get("firstname"), record.get("lastname"))))
    yield "hs_full_name_or_email", name or record.get("email")


def _email_domain(record: Record, facts: Facts) -> Values:
    _, _, domain = (record.get("email") or "").partition("@")
    yield "hs_email_domain", shared(domain) if domain else None


def _searchable_phone(record: Record, facts: Facts) -> Values:
    for name, source in (("phone", "phone"), ("mobile", "mobilephone")):
        digits = "".join(filter(str.isdigit, record.get(source) or ""))
        yield f"hs_searchable_calculated_{name}_number", digits or None


def _primary_company(record: Record, facts: Facts) -> Values:
    company = facts.associations.primary_of(record, COMPANIES)
    names = {CONTACTS: "associatedcompanyid", LEADS: "hs_primary_company_id"}
    yield names.get(record.type, "hs_primary_associated_company"), str(company.id) if company else None


def _number_of_contacts(record: Record, facts: Facts) -> Values:
    yield "num_associated_contacts", str(len(facts.associations.of(record, CONTACTS)))


def _number_of_deals(record: Record, facts: Facts) -> Values:
    yield "num_associated_deals", str(len(facts.associations.of(record, DEALS))) or None


def _number_of_lead_deals(record: Record, facts: Facts) -> Values:
    yield "hs_lead_associated_deals_count", str(len(facts.associations.of(record, DEALS)))


def _latest_leads(record: Record, facts: Facts) -> Values:
    """When the newest open lead was made, and when the last ones were qualified and disqualified (F5.7)."""
    leads = facts.associations.of(record, LEADS)
    open_since = [iso(lead.created) for lead in leads if lead.stage not in (QUALIFIED, DISQUALIFIED)]
    yield "hs_latest_open_lead_date", max(open_since, default=None, key=from_iso)
    for words, id in (("qualified", QUALIFIED), ("disqualified", DISQUALIFIED)):
        stage = facts.pipelines[LEADS].stage(id)
        entered = [lead.values.get(stage.properties.date_entered) for lead in leads] if stage else []
        yield f"hs_latest_{words}_lead_date", max(filter(None, entered), default=None, key=from_iso)


def _company_label(record: Record, facts: Facts) -> Values:
    yield "hs_task_label", record.get("name")


def _company_website(record: Record, facts: Facts) -> Values:
    if record.get("website") is None:
        yield "website", record.get("domain")


def _owner_assigned(record: Record, facts: Facts) -> Values:
    owner = record.get("hubspot_owner_id")
    yield "hubspot_owner_assigneddate", iso(facts.clock.now) if owner else None
    yield "hs_all_owner_ids", owner


# -- deals ---------------------------------------------------------------------------------------------------


def _exactly(number: float) -> Decimal:
    """All digits of a double, as HubSpot prints probabilities (W5.7)."""
    return Decimal(number)


def _text(number: Decimal) -> str:
    return f"{number:f}"


def _product(amount: str | None, factor: Decimal) -> str | None:
    if amount is None:
        return None
    with localcontext() as context:
        context.prec = 100
        return _text(Decimal(amount) * factor)


def _deal_stage(record: Record, facts: Facts) -> Values:
    stage = facts.pipelines[DEALS].stage(record.stage)
    if stage is None:
        return
    won, lost = stage.is_won, stage.is_closed and not stage.is_won
    yield "hs_deal_stage_probability", _text(_exactly(stage.probability))
    yield "hs_deal_stage_probability_shadow", _text(_exactly(stage.probability))
    yield "hs_is_closed", _flag(stage.is_closed)
    yield "hs_is_closed_won", _flag(won)
    yield "hs_is_closed_lost", _flag(lost)
    yield "hs_is_closed_count", str(int(stage.is_closed))
    yield "hs_is_open_count", str(int(not stage.is_closed))
    yield "hs_closed_won_count", str(int(won))
    if stage.is_closed and record.get("closedate") is None:
        yield "closedate", iso(facts.clock.now)
    yield "hs_closed_won_date", record.get("closedate") or iso(facts.clock.now) if won else None


def _deal_amounts(record: Record, facts: Facts) -> Values:
    amount, stage = record.get("amount"), facts.pipelines[DEALS].stage(record.stage)
    yield "amount_in_home_currency", amount
    if stage is not None:
        projected = _product(amount, _exactly(stage.probability))
        yield "hs_projected_amount", projected
        yield "hs_projected_amount_in_home_currency", projected
        yield "hs_forecast_amount", projected
    yield "hs_closed_amount", amount if stage is not None and stage.is_won else None
    yield "hs_closed_amount_in_home_currency", amount if stage is not None and stage.is_won else None


def _days_to_close(record: Record, facts: Facts) -> Values:
    closed = record.get("closedate")
    created = record.get("createdate")
    if closed is None or created is None:
        yield "days_to_close", None
        return
    days = (from_iso(closed) - from_iso(created)) / DAY
    yield "days_to_close", str(max(0, int(days // 1)))
    yield "hs_days_to_close_raw", str(days)


def _line_amount(record: Record, facts: Facts) -> Values:
    price = record.get("price")
    if price is None:
        yield "amount", None
        return
    quantity = Decimal(record.get("quantity") or "1")
    share = Decimal(record.get("hs_discount_percentage") or "0") / 100
    each = Decimal(price) - Decimal(record.get("discount") or "0")
    yield "amount", _text(each * quantity * (1 - share))


# -- activities ----------------------------------------------------------------------------------------------

_PREVIEW = 200


def _body_preview(record: Record, facts: Facts) -> Values:
    body = record.get("hs_note_body") or record.get("hs_call_body") or record.get("hs_meeting_body")
    text = " ".join(unescape(_TAG.sub(" ", body)).split()) if body else None
    yield "hs_body_preview", text[:_PREVIEW] if text else None
    if record.type is NOTES:
        yield "hs_body_preview_html", body
        yield "hs_body_preview_is_truncated", _flag(bool(text and len(text) > _PREVIEW))


def _coordinates(record: Record, facts: Facts) -> Values:
    yield "hs_obj_coords", f"{record.type.id}-{record.id}"


def _task_state(record: Record, facts: Facts) -> Values:
    completed = record.get("hs_task_status") == "COMPLETED"
    yield "hs_task_is_completed", str(int(completed))
    yield "hs_task_completion_date", iso(facts.clock.now) if completed else None


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _ticket_state(record: Record, facts: Facts) -> Values:
    stage = facts.pipelines[TICKETS].stage(record.stage)
    closed = stage is not None and stage.is_closed
    yield "hs_is_closed", _flag(closed)
    yield "closed_date", iso(facts.clock.now) if closed else None
    yield "time_to_close", str(facts.clock.now - record.created) if closed else None


def _ticket_id(record: Record, facts: Facts) -> Values:
    yield "hs_ticket_id", str(record.id)


Calculation = Callable[[Record, Facts], Values]

_CALCULATIONS: Mapping[ObjectType, tuple[tuple[Calculation, tuple[str, ...]], ...]] = {
    CONTACTS: (
        (_contact_id, (CREATION,)),
        (_contact_name, ("firstname", "lastname", "email")),
        (_email_domain, ("email",)),
        (_searchable_phone, ("phone", "mobilephone")),
        (_primary_company, (associations_with(COMPANIES),)),
        (_number_of_deals, (associations_with(DEALS),)),
        (_latest_leads, (associations_with(LEADS),)),
        (_owner_assigned, ("hubspot_owner_id",)),
    ),
    COMPANIES: (
        (_company_label, ("name",)),
        (_company_website, ("domain",)),
        (_number_of_contacts, (associations_with(CONTACTS),)),
        (_number_of_deals, (associations_with(DEALS),)),
        (_owner_assigned, ("hubspot_owner_id",)),
    ),
    DEALS: (
        (_deal_stage, ("dealstage",)),
        (_deal_amounts, ("amount", "dealstage")),
        (_days_to_close, ("closedate", "createdate", "dealstage")),
        (_primary_company, (associations_with(COMPANIES),)),
        (_number_of_contacts, (associations_with(CONTACTS),)),
        (_owner_assigned, ("hubspot_owner_id",)),
    ),
    LINE_ITEMS: ((_line_amount, ("price", "quantity", "discount", "hs_discount_percentage")),),
    NOTES: (
        (_body_preview, ("hs_note_body",)),
        (_coordinates, (CREATION,)),
        (_owner_assigned, ("hubspot_owner_id",)),
    ),
    CALLS: ((_body_preview, ("hs_call_body",)), (_owner_assigned, ("hubspot_owner_id",))),
    MEETINGS: ((_body_preview, ("hs_meeting_body",)), (_owner_assigned, ("hubspot_owner_id",))),
    TASKS: ((_task_state, ("hs_task_status", CREATION)), (_owner_assigned, ("hubspot_owner_id",))),
    LEADS: (
        (_primary_company, (associations_with(COMPANIES),)),
        (_number_of_lead_deals, (CREATION, associations_with(DEALS))),
        (_owner_assigned, ("hubspot_owner_id",)),
    ),
    TICKETS: (
        (_ticket_id, (CREATION,)),
        (_ticket_state, ("hs_pipeline_stage",)),
        (_owner_assigned, ("hubspot_owner_id",)),
    ),
}


def _by_dependency() -> dict[ObjectType, dict[str, tuple[Calculation, ...]]]:
    table: dict[ObjectType, dict[str, tuple[Calculation, ...]]] = {}
    for type, calculations in _CALCULATIONS.items():
        for calculation, dependencies in calculations:
            for name in dependencies:
                row = table.setdefault(type, {})
                row[name] = (*row.get(name, ()), calculation)
    return table


_BY_DEPENDENCY = _by_dependency()

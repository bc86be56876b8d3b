"""The questions that our own pages answer."""

from typing import Any

from hubtwin.api.recorder import Calls
from hubtwin.coverage import Coverages
from hubtwin.doors import telling
from hubtwin.doors.asking import Asked, CannotAnswer
from hubtwin.doors.reception import Reception
from hubtwin.portal import descriptions, uses
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.portal import Portal
from hubtwin.portal.present import present

#: How many entries of the log a page tells, unless it is asked for another number, and how many at most.
PAGE, MOST = 100, 1_000


def health(reception: Reception, asked: Asked) -> dict[str, Any]:
    """Which portal it is, its time, and how many records it has."""
    portal = reception.portal
    return {
        "portal": portal.configuration.account.id,
        "clock": iso(portal.clock.now),
        "records": {type.name: len(records) for type, records in portal.records.items()},
    }


def calls(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The calls that were answered: sums, a row for each endpoint, the newest `limit` of them one by one."""
    asked.only("method", "endpoint", "status", "app", "limit")
    chosen, limit = _chosen(reception.calls, asked), asked.number("limit")
    newest = list(chosen)[-limit:] if limit else []
    return {
        "calls": len(chosen),
        "refused": len(chosen.refused),
        "batched": round(chosen.batched, 3),
        "forgotten": reception.calls.forgotten,
        "endpoints": [row._asdict() for row in chosen.by_endpoint()],
        "newest": [{**call._asdict(), "moment": iso(call.moment)} for call in newest],
    }


def _chosen(calls: Calls, asked: Asked) -> Calls:
    query = asked.query
    return calls.where(
        method=query.get("method"),
        endpoint=query.get("endpoint"),
        status=asked.number("status"),
        app=asked.number("app"),
    )


def clock(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The portal's time."""
    return {"now": iso(reception.portal.clock.now)}


def portal(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The configuration as it is now, as a portal file has it."""
    return present(reception.portal).model_dump(mode="json", by_alias=True)


def description(reception: Reception, asked: Asked) -> dict[str, Any]:
    """How the lifecycle stages work now: a `page` of Markdown."""
    return {"page": descriptions.describe(reception.portal)}


def settings(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The lifecycle settings as they are now."""
    return reception.portal.settings.model_dump(mode="json", by_alias=True)


def why(reception: Reception, asked: Asked) -> dict[str, Any]:
    """How a property of a record got its value: the chain of causes, what started it first."""
    record, property = reception.portal.find(asked.path["type"], asked.path["id"]), asked.path["property"]
    chain = reception.portal.why(record, property)
    return {
        "record": telling.record(record),
        "property": property,
        "value": record.get(property),
        **telling.entries(reception, chain),
    }


def timeline(reception: Reception, asked: Asked) -> dict[str, Any]:
    """What happened to a record, newest first."""
    asked.only("limit")
    limit = asked.number("limit", PAGE, MOST) or 0
    record = reception.portal.find(asked.path["type"], asked.path["id"])
    newest = [entry for entry, _ in zip(reception.portal.log.timeline(record), range(limit), strict=False)]
    return {"record": telling.record(record), **telling.entries(reception, newest)}


def log(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The entries of the log that come after the one with the number `after`, in order; `next` asks for more."""
    asked.only("after", "limit")
    after, limit, log = asked.number("after"), asked.number("limit", PAGE, MOST) or 0, reception.portal.log
    first = 0 if after is None else after + 1
    numbers = range(first, min(first + limit, len(log)))
    told = telling.entries(reception, [log[number] for number in numbers])
    return {**told, "next": numbers[-1] if numbers and numbers.stop < len(log) else None}


def coverage(reception: Reception, asked: Asked) -> dict[str, Any]:
    """What of the configuration was exercised since the portal was started, reset or cleared."""
    asked.only()
    coverages = Coverages()
    coverages.add(reception.portal, reception.file)
    return coverages.as_json()


def used_in(reception: Reception, asked: Asked) -> dict[str, Any]:
    """What reads or writes a property."""
    type = reception.portal.type(asked.path["type"])
    definition = reception.portal.properties[type].find(asked.path["property"])
    found = uses.of_property(reception.portal, type, definition.name)
    return {"property": definition.name, "uses": [telling.use(reception, one) for one in found]}


def stage_used_in(reception: Reception, asked: Asked) -> dict[str, Any]:
    """What names a lifecycle stage: one that there is, or that something names all the same."""
    stage, portal = asked.path["stage"], reception.portal
    found = uses.of_stage(portal, stage)
    if not found and stage not in (known := _stages(portal)):
        raise CannotAnswer(str(UnknownName("stage", stage, known)), 404)
    return {"stage": stage, "uses": [telling.use(reception, one) for one in found]}


def _stages(portal: Portal) -> list[str]:
    both = (stage.id for type in (CONTACTS, COMPANIES) for one in portal.pipelines[type] for stage in one.stages)
    return list(dict.fromkeys(both))

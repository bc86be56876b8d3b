"""Our own pages, under `/_twin/`: what HubSpot has no API for."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hubtwin.api.recorder import Calls
from hubtwin.doors.reception import Reception
from hubtwin.portal.moments import iso


def pages(reception: Reception) -> Starlette:
    """The pages of one portal."""

    async def health(request: Request) -> Response:
        with reception.lock:
            return JSONResponse(_health(reception), headers={"date": reception.date()})

    async def read_calls(request: Request) -> Response:
        with reception.lock:
            try:
                calls = _calls(reception.calls, dict(request.query_params))
            except ValueError as error:
                return JSONResponse({"message": str(error)}, 400)
            return JSONResponse(calls, headers={"date": reception.date()})

    async def clear_calls(request: Request) -> Response:
        with reception.lock:
            reception.calls.clear()
            return Response(status_code=204, headers={"date": reception.date()})

    return Starlette(
        routes=[
            Route("/_twin/health", health),
            Route("/_twin/calls", read_calls, methods=["GET"]),
            Route("/_twin/calls", clear_calls, methods=["DELETE"]),
        ]
    )


def _health(reception: Reception) -> dict[str, object]:
    portal = reception.portal
    return {
        "portal": portal.configuration.account.id,
        "clock": iso(portal.clock.now),
        "records": {type.name: len(records) for type, records in portal.records.items()},
    }


def _calls(calls: Calls, query: dict[str, str]) -> dict[str, Any]:
    """What the recorder knows of the calls that *query* asks for; the newest `limit` of them one by one.

    Raises ValueError.
    """
    chosen, limit = _chosen(calls, query), _number(query, "limit")
    newest = list(chosen)[-limit:] if limit else []
    return {
        "calls": len(chosen),
        "refused": len(chosen.refused),
        "batched": round(chosen.batched, 3),
        "forgotten": calls.forgotten,
        "endpoints": [row._asdict() for row in chosen.by_endpoint()],
        "newest": [{**call._asdict(), "moment": iso(call.moment)} for call in newest],
    }


def _chosen(calls: Calls, query: dict[str, str]) -> Calls:
    known = ("method", "endpoint", "status", "app", "limit")
    if unknown := [name for name in query if name not in known]:
        raise ValueError(f"unknown parameter {unknown[0]!r}; choose from: {', '.join(known)}")
    return calls.where(
        method=query.get("method"),
        endpoint=query.get("endpoint"),
        status=_number(query, "status"),
        app=_number(query, "app"),
    )


def _number(query: dict[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is not None and not text.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return None if text is None else int(text)

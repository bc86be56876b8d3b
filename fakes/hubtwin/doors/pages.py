"""Our own pages, under `/_twin/`: what HubSpot has no API for."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hubtwin.doors.reception import Reception
from hubtwin.portal.moments import iso


def pages(reception: Reception) -> Starlette:
    """The pages of one portal."""

    async def health(request: Request) -> JSONResponse:
        with reception.lock:
            return JSONResponse(_health(reception), headers={"date": reception.date()})

    return Starlette(routes=[Route("/_twin/health", health)])


def _health(reception: Reception) -> dict[str, object]:
    portal = reception.portal
    return {
        "portal": portal.configuration.account.id,
        "clock": iso(portal.clock.now),
        "records": {type.name: len(records) for type, records in portal.records.items()},
    }

"""A portal with something of everything, and what is pulled out of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request, Response
from hubtwin.files import load_portal, parse
from hubtwin.portal import Portal
from hubtwin.pulling import Pulled, pull

RICH = (Path(__file__).parent / "rich.portal.yaml").read_text(encoding="utf-8")

Ask = Callable[[Request], Response]


def _portal_of(text: str) -> Portal:
    return Portal(load_portal(parse(text, "a.portal.yaml")))


def _asking(portal: Portal, token: str = "t") -> Ask:  # noqa: S107  any token opens the portal
    api = Api(portal)

    def ask(request: Request) -> Response:
        request.headers = {**request.headers, "authorization": f"Bearer {token}"}
        return api.handle(request)

    return ask


@pytest.fixture(scope="session")
def portal_of() -> Callable[[str], Portal]:
    """The portal that the text of a file makes."""
    return _portal_of


@pytest.fixture(scope="session")
def asking() -> Callable[..., Ask]:
    """A portal, asked in this process with a token."""
    return _asking


@pytest.fixture(scope="session")
def changed() -> Callable[[Ask, Mapping[str, Any]], Ask]:
    """A portal that answers some paths otherwise: with JSON, or with a whole response."""

    def otherwise(ask: Ask, answers: Mapping[str, Any]) -> Ask:
        def answer(request: Request) -> Response:
            if request.path not in answers:
                return ask(request)
            given = answers[request.path]
            return given if isinstance(given, Response) else Response(200, (), orjson.dumps(given))

        return answer

    return otherwise


@pytest.fixture(scope="session")
def rich() -> Portal:
    """The portal that is pulled."""
    return _portal_of(RICH)


@pytest.fixture(scope="session")
def pulled(rich: Portal) -> Pulled:
    """What comes out of it."""
    return pull(_asking(rich), name="a portal")

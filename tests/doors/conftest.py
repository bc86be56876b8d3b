"""Portals for the tests of the doors."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import hubspot
import pytest
import requests

from hubtwin.doors.local import LocalPortal


@pytest.fixture
def local() -> Iterator[LocalPortal]:
    """A portal with no door open yet."""
    with LocalPortal() as portal:
        yield portal


@pytest.fixture(params=["over a socket", "in process", "through the portal"])
def client(request: pytest.FixtureRequest, local: LocalPortal) -> Iterator[Any]:
    """HubSpot's own client: on a served portal, unmodified in process, and as the portal hands it out."""
    if request.param == "over a socket":
        yield hubspot.HubSpot(access_token=local.token, host=local.url)
    elif request.param == "through the portal":
        yield local.client()
    else:
        with local.in_process():
            yield hubspot.HubSpot(access_token=local.token)


@pytest.fixture
def create_in_threads() -> Callable[..., None]:
    """What creates *each* contacts in each of several *threads* at once, on the portal at *url*."""

    def create(url: str, *, threads: int, each: int) -> None:
        def work(thread: int) -> None:
            with requests.Session() as session:
                for number in range(each):
                    body = {"properties": {"email": f"{number}@{thread}.example.com"}}
                    answer = session.post(
                        f"{url}/crm/v3/objects/contacts", json=body, headers={"Authorization": "Bearer x"}
                    )
                    answer.raise_for_status()

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))

    return create

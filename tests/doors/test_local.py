"""A portal on this machine and its named parts."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from hubtwin.doors.local import Configurable, LocalPortal
from hubtwin.files import FileError
from hubtwin.portal import Configuration
from hubtwin.portal.configuration import Account

PATH = "/crm/v3/objects/contacts"


def test_the_server_starts_at_the_first_look(local: LocalPortal) -> None:
    """The URL stays the same until the portal is closed."""
    assert local.url == local.url
    assert requests.get(f"{local.url}/_twin/health", timeout=5).ok


def test_a_closed_portal_is_not_served(local: LocalPortal) -> None:
    """Closing stops the server; the portal itself lives on."""
    url = local.url
    local.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    assert local.create("contacts", {"email": "ada@example.com"}).id


def test_a_session(local: LocalPortal) -> None:
    """A requests session is connected with the portal and has its token."""
    with local.session() as session:
        assert session.get(f"https://api.hubapi.com{PATH}").json() == {"results": []}


def test_an_httpx_client(local: LocalPortal) -> None:
    """An httpx client is connected with the portal, has its token and knows the host."""
    with local.httpx() as client:
        assert client.get(PATH).json() == {"results": []}


@pytest.mark.parametrize("kind", ["configuration", "mapping", "path", "text"])
def test_configurations(tmp_path: Path, kind: str) -> None:
    """A configuration may be ready, a mapping, or a file."""
    file = tmp_path / "portal.yaml"
    file.write_text("account: {id: 7}\n")
    given: dict[str, Configurable] = {
        "configuration": Configuration(account=Account(id=7)),
        "mapping": {"account": {"id": 7}},
        "path": file,
        "text": str(file),
    }
    assert LocalPortal(given[kind]).configuration.account.id == 7


def test_a_configuration_that_does_not_hold() -> None:
    """What is wrong with a mapping is said as it is of a file."""
    with pytest.raises(FileError, match=r"configuration:1  acount: unknown key|unknown key 'acount'.*did you mean"):
        LocalPortal({"acount": {"id": 7}})


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is named."""
    with pytest.raises(FileError, match=r"portal\.yaml: No such file"):
        LocalPortal(tmp_path / "portal.yaml")


def test_a_start_in_words() -> None:
    """The clock's first moment may be milliseconds or ISO 8601 text."""
    assert LocalPortal(start="2026-03-02T09:00:00Z").clock.now == LocalPortal(start=1_772_442_000_000).clock.now


WITHOUT_CLIENT = """
import sys
sys.modules["hubspot"] = None
from hubtwin.doors.local import LocalPortal
try:
    LocalPortal().client()
except ModuleNotFoundError as error:
    print(error)
"""


def test_without_hubspots_client() -> None:
    """Where HubSpot's client isn't installed, the error says how to install it."""
    done = subprocess.run([sys.executable, "-c", WITHOUT_CLIENT], check=True, capture_output=True, text=True)
    assert "pip install 'hubtwin[client]'" in done.stdout

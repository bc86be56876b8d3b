"""HubSpot's own Node client does a round of work against a served portal."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hubtwin.doors.local import LocalPortal

CLIENT = "@hubspot/api-client@14.0.1"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client installed and the script beside it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js is not installed")
    folder = tmp_path_factory.mktemp("node")
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", str(folder), CLIENT]
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    if installed.returncode:
        pytest.skip(f"the client could not be installed: {installed.stderr.strip().splitlines()[-1:]}")
    shutil.copy(Path(__file__).with_name("round.mjs"), folder)
    return folder


@pytest.fixture(scope="module")
def seen(workplace: Path) -> Any:
    """What each step of the round answered."""
    with LocalPortal() as portal:
        command = ["node", "round.mjs", portal.url]
        run = subprocess.run(command, cwd=workplace, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_creating_and_duplicates(seen: Any) -> None:
    """A lead at once, and 409 with the existing id for the second (F3.1, W2.7.1)."""
    assert (seen["stage"], seen["created"]) == ("lead", "2026-03-02T09:00:00.000Z")
    assert seen["duplicate"] == [409, "Contact already exists. Existing ID: 1001", "CONFLICT"]


def test_a_backward_stage(seen: Any) -> None:
    """Kept, and no version of it (F2.b3)."""
    assert (seen["kept"], seen["history"]) == ("customer", ["customer", "lead"])


def test_associations(seen: Any) -> None:
    """The other id is a number on the wire, and this client passes it on (W3.6)."""
    assert seen["linked"] == [["number", [1, 279]]]


def test_searching_and_batches(seen: Any) -> None:
    """Found by address, upserted by address, listed to the end (W2.8.1, W2.4.6, W2.4.2)."""
    assert (seen["found"], seen["upserted"], seen["all"]) == ([1, True], [True], 2)


def test_a_won_deal(seen: Any) -> None:
    """The contact of a deal that is created as won is a customer (F3.3)."""
    assert seen["won"] == "customer"


def test_settings(seen: Any) -> None:
    """Options, owners and pipelines in the types that the client expects (W4.1, W6.1, W5.2)."""
    assert (seen["options"], seen["owners"], seen["pipelines"]) == (8, ["number"], ["default"])

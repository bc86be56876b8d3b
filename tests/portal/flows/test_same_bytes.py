"""The same portal file and the same writes give the same log, in every process."""

import os
import subprocess
import sys

PROGRAM = """
from hubtwin.exports.jsonl import sha256_of
from hubtwin.portal import Configuration, Portal

STAGES = ["lead", "marketingqualifiedlead", "opportunity", "customer"]
KNOWN = [{"property": name, "known": True} for name in ("city", "country", "phone")]

def workflow(number):
    when = {"any": [
        {"property": "lifecyclestage", "is": STAGES[number % 3:]},
        {"property": "city", "is": ["Turku", "Oulu"]},
        {"list": "Chosen"}, {"form": "Demo"},
    ]}
    ways = [{"percent": 50, "then": [{"set": "jobtitle", "to": f"{number}"}]}, {"percent": 50}]
    return {
        "name": f"W{number}",
        "enroll": {"when": when, "again": KNOWN},
        "suppress": ["Rivals", "Others"],
        "ends": [f"W{number - 1}", "W0"] if number > 1 else "all",
        "actions": [{"split": ways}, {"wait": f"{number + 1}h"}, {"set": "country", "to": f"{number % 3}"}],
    }

portal = Portal(Configuration.model_validate({
    "workflows": [workflow(number) for number in range(40)],
    "lists": [{"name": name, "kind": "static"} for name in ("Chosen", "Rivals", "Others")],
    "forms": [{"name": "Demo"}],
}))
chosen, rivals, _ = portal.lists
for number in range(20):
    one = portal.create("contacts", {"email": f"{number}@acme.example", "city": ["", "Turku", "Oulu"][number % 3]})
    portal.clock.advance("3h")
    portal.lists.add(rivals if number % 7 == 0 else chosen, [one])
    portal.forms.submit("Demo", {"email": one.get("email")})
    portal.update(one, {"lifecyclestage": STAGES[number % 4], "city": "Vaasa"})
portal.clock.advance("5d")
print(len(portal.log), sha256_of(portal))
"""


def run(hash_seed: str) -> str:
    """What the program prints in a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_many_workflows_in_two_processes() -> None:
    """However Python orders its sets."""
    first = run("1")
    assert int(first.split()[0]) > 1_000
    assert run("2") == first

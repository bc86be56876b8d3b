"""Room: what a contact and a change of it take, in bytes."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record

CONTACT_COUNT = 10_000

#: Of thirty properties three tell people apart, the others have a few dozen values each.
NAMES = [f"answer_{number}" for number in range(27)]


def contact(number: int) -> dict[str, str]:
    """The values of one contact, each a text of its own, as they come out of JSON."""
    answers = {name: f"{name}: {number * place % 37}" for place, name in enumerate(NAMES)}
    return {"email": f"c{number}@acme.example", "firstname": f"Ada {number}", "lastname": f"L {number}", **answers}


def bytes_each(action: Callable[[int], object]) -> int:
    """How many more bytes are taken when something was done once for each contact."""
    before = _taken()
    for number in range(CONTACT_COUNT):
        action(number)
    return round((_taken() - before) / CONTACT_COUNT)


def _taken() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.benchmark(group="memory")
def test_memory(benchmark: Any) -> None:
    """A contact of thirty properties with all that is calculated, and a further version of a property."""
    tracemalloc.start()
    portal, contacts = Portal(), list[Record]()
    for name in NAMES:
        portal.properties[CONTACTS].put(PropertyDefinition(name, name, "string", "text", "contactinformation"))
    contact_bytes = bytes_each(lambda number: contacts.append(portal.create("contacts", contact(number))))
    bytes_each(lambda number: portal.update(contacts[number], {"jobtitle": "Engineer"}))  # makes room in the record
    change_bytes = bytes_each(lambda number: portal.update(contacts[number], {"jobtitle": "Head of Engineering"}))
    tracemalloc.stop()
    benchmark.extra_info.update(bytes_a_contact=contact_bytes, bytes_a_change=change_bytes)
    benchmark.pedantic(portal.create, args=("contacts", contact(CONTACT_COUNT)), rounds=1)

"""The ledger: each behaviour of HubSpot that is imitated, where it is known from, and how sure that is.

Code that imitates a row names it in a comment or docstring, and so does at least one test; the project's own
tests hold both to it, and the coverage page is made from them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

#: How sure a row is, surest first.
CONFIDENCE = ("documented", "observed", "reported", "inferred", "model")


@dataclass(frozen=True, slots=True)
class Row:
    """One imitated behaviour.

    *confidence* is one of CONFIDENCE: HubSpot documents it, real traffic shows it, users report it, we infer it,
    or it is our own model where HubSpot's behaviour is not known. *option* is the path of the portal option that
    changes it, empty where there is none.
    """

    id: str
    behaviour: str
    confidence: str
    source: str
    option: str


@dataclass(frozen=True, slots=True)
class NotImitated:
    """Something of HubSpot's API that is known to be missing, with one operation of it for an example."""

    method: str
    path: str
    what: str


def rows() -> list[Row]:
    """All rows, in the order of the ledger."""
    return [Row(**row) for row in _table("ledger.tsv")]


def not_imitated() -> list[NotImitated]:
    """What is known to be missing."""
    return [NotImitated(**row) for row in _table("not_imitated.tsv")]


def _table(name: str) -> Iterator[dict[str, str]]:
    text = files("hubtwin.ledger").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)

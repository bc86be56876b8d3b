"""Writes coverage.md from the endpoint table, the ledger and the tests that name its rows."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from hubtwin.api.endpoint import DATED
from hubtwin.api.endpoints import ENDPOINTS
from hubtwin.ledger import CONFIDENCE, not_imitated, rows

ROOT = Path(__file__).parents[1]

START = """# What is imitated

Made by `python docs/coverage.py` from the endpoint table and the ledger. An operation that is not here is not
imitated: its path answers 404 as an unknown one does, with the header `x-hubtwin-not-imitated`.

How sure a behaviour is: *documented* by HubSpot, *observed* in real traffic, *reported* by those who use it,
*inferred* by us, or our own *model* where nothing is known.
"""


def page() -> str:
    """The page's text."""
    return "\n".join([START, *_operations(), "", *_missing(), "", *_behaviours()]) + "\n"


def _operations() -> list[str]:
    lines = [
        f"## Operations ({len(ENDPOINTS)})",
        "",
        f"*dated* paths answer in {', '.join(DATED)}.",
        "",
        "| method | path | dated path | operation | scope |",
        "|---|---|---|---|---|",
    ]
    for endpoint in ENDPOINTS:
        dated = f"`{endpoint.dated}`" if endpoint.dated else "-"
        _, _, words = endpoint.operation.partition(": ")
        lines.append(
            f"| {endpoint.method} | `{endpoint.path}` | {dated} | {words or endpoint.operation} | {endpoint.scope} |"
        )
    return lines


def _missing() -> list[str]:
    lines = ["## Not imitated", "", "| what | for example |", "|---|---|"]
    return lines + [f"| {one.what} | {one.method} `{one.path}` |" for one in not_imitated()]


def _behaviours() -> list[str]:
    tests = _tests()
    counts = ", ".join(f"{sum(row.confidence == sure for row in rows())} {sure}" for sure in CONFIDENCE)
    lines = [
        f"## Behaviours ({len(rows())}: {counts})",
        "",
        "| row | behaviour | how sure | known from | option | tests |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows():
        option = f"`{row.option}`" if row.option else ""
        shown = ", ".join(sorted(tests[row.id]))
        lines.append(f"| {row.id} | {row.behaviour} | {row.confidence} | {row.source} | {option} | {shown} |")
    return lines


def _tests() -> dict[str, set[str]]:
    """The test modules whose docstrings name each row."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = f"{path.parent.name}/{path.stem.removeprefix('test_')}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for id in _named(ast.get_docstring(node) or ""):
                    found[id].add(name)
    return found


def _named(text: str) -> set[str]:
    ids = set(re.findall(r"\b[FW]\d+\.b?\d+(?:\.\d+)?\b", text))
    for start, low, high in re.findall(r"\b([FW]\d+\.b?)(\d+) to \1(\d+)\b", text):
        ids.update(f"{start}{number}" for number in range(int(low), int(high) + 1))
    return ids


if __name__ == "__main__":
    (ROOT / "docs" / "coverage.md").write_text(page(), encoding="utf-8")

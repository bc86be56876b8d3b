"""The JSON Schema of portal files: it accepts what the program accepts, and says what keys mean."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hubtwin.cli.starter import STARTER
from hubtwin.files import parse, read
from hubtwin.files.schema import schema

SCHEMA = schema()
ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path for folder in ("examples", "scenarios") for path in (ROOT / folder).rglob("*.portal.yaml"))

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def wrong(data: Any, rule: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Where data breaks a JSON Schema: as much of the standard as ours makes use of."""
    if "$ref" in rule:
        yield from wrong(data, SCHEMA["$defs"][rule["$ref"].rpartition("/")[2]], place)
    for word in ("anyOf", "oneOf"):
        if word in rule and all(any(wrong(data, one)) for one in rule[word]):
            yield f"{place}: none of {word}"
    if "type" in rule:
        types = [rule["type"]] if isinstance(rule["type"], str) else rule["type"]
        expected = tuple(type for name in types for type in _TYPES[name])
        if not isinstance(data, expected) or (isinstance(data, bool) and bool not in expected):
            yield f"{place}: not {types}"
            return
    if data not in rule.get("enum", [data]) or data != rule.get("const", data):
        yield f"{place}: not allowed"
    if isinstance(data, str) and not re.search(rule.get("pattern", ""), data):
        yield f"{place}: not {rule['pattern']}"
    if isinstance(data, int | float) and not rule.get("minimum", data) <= data <= rule.get("maximum", data):
        yield f"{place}: out of range"
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from wrong(item, rule.get("items", {}), f"{place}.{number}")
    if isinstance(data, dict):
        yield from _wrong_keys(data, rule, place)


def _wrong_keys(data: Mapping[str, Any], rule: Mapping[str, Any], place: str) -> Iterator[str]:
    known, others = rule.get("properties", {}), rule.get("additionalProperties", True)
    yield from (f"{place}: {key} is missing" for key in rule.get("required", ()) if key not in data)
    for key, value in data.items():
        if key not in known and others is False:
            yield f"{place}: unknown key {key}"
        else:
            yield from wrong(value, known.get(key, others if isinstance(others, dict) else {}), f"{place}.{key}")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_follow_it(path: Path) -> None:
    """An editor has nothing against them."""
    assert list(wrong(read(path).data, SCHEMA)) == []


def test_the_starter_follows_it() -> None:
    """Nor against the file that `hubtwin portal init` writes."""
    assert list(wrong(parse(STARTER, "p.yaml").data, SCHEMA)) == []


@pytest.mark.parametrize(
    "data",
    [
        {"acount": {}},
        {"stages": [{"id": "lead"}]},
        {"lists": [{"name": "A", "filters": {"all": [{"property": "email", "knwon": True}]}}]},
        {"apps": [{"name": "a", "expires_in": 30}]},
        {"pipelines": {"deals": [{"label": "Sales", "stages": [{"label": "Won", "probability": 2}]}]}},
        {"records": [{"contact": {"associated_with": "ada", "email": ["a"]}}]},
    ],
    ids=str,
)
def test_mistakes_break_it(data: dict[str, Any]) -> None:
    """What the program refuses for its shape, an editor underlines."""
    assert list(wrong(data, SCHEMA)) != []


def test_it_names_itself_and_says_what_keys_mean() -> None:
    """The meanings are those that stand below the fields of the models."""
    assert SCHEMA["$id"] == "urn:hubtwin:portal-file"
    assert SCHEMA["title"] == "HubTwin portal file"
    condition = SCHEMA["$defs"]["PropertyCondition"]["properties"]
    assert condition["is"]["description"] == "The value, or one of several."
    option = SCHEMA["$defs"]["Option"]["anyOf"]
    assert option[0] == {"type": "string"}
    assert option[1]["properties"]["value"]["description"] == "What records carry."

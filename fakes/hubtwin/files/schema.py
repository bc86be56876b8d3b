"""The JSON Schema of portal files, for editors that complete and check YAML while somebody writes it."""

import ast
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hubtwin.portal import configuration
from hubtwin.portal.configuration import Configuration


def schema() -> dict[str, Any]:
    """The JSON Schema, draft 2020-12, with what every key means."""
    made = Configuration.model_json_schema(by_alias=True, mode="validation")
    definitions = {name: _described(name, part) for name, part in made.pop("$defs", {}).items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:hubtwin:portal-file",
        **_described(Configuration.__name__, made),
        "title": "HubTwin portal file",
        "$defs": definitions,
    }


def _described(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the schema with what is written below the fields of its model."""
    meanings = notes().get(name, {})
    shapes = part.get("anyOf")  # a part that may be written as one text
    if shapes is not None and "properties" not in part:
        return {**part, "anyOf": [_described(name, shape) if "properties" in shape else shape for shape in shapes]}
    if "properties" not in part:
        return dict(part)
    return {**part, "properties": {key: _field(value, meanings.get(key)) for key, value in part["properties"].items()}}


def _field(value: Mapping[str, Any], meaning: str | None) -> dict[str, Any]:
    """A field with its meaning. Defaults that are whole parts of a file are too long for an editor's hint."""
    dropped = ("title", "default") if isinstance(value.get("default"), dict | list) else ("title",)
    plain = {key: member for key, member in value.items() if key not in dropped}
    return plain | ({"description": meaning} if meaning else {})


@cache
def notes() -> Mapping[str, Mapping[str, str]]:
    """What is written below the fields of each model of a portal file, by the model's name and the key."""
    modules = sorted(Path(str(configuration.__file__)).parent.glob("*.py"))
    trees = [ast.parse(module.read_text(encoding="utf-8")) for module in modules]
    models = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    return {name: _notes(name, models) for name in models}


def _notes(name: str, models: Mapping[str, ast.ClassDef]) -> dict[str, str]:
    """What is written below the fields of one model, and below those that it has from others."""
    found: dict[str, str] = {}
    for base in models[name].bases:
        if isinstance(base, ast.Name) and base.id in models:
            found |= _notes(base.id, models)
    for field, note in pairwise(models[name].body):
        match field, note:
            case ast.AnnAssign(target=ast.Name(id=id)), ast.Expr(value=ast.Constant(value=str(text))):
                found[_key(name, id)] = " ".join(text.split())
    return found


def _key(model: str, field: str) -> str:
    """The key of a field in the file."""
    found = getattr(configuration, model, None)
    if found is None or field not in getattr(found, "model_fields", {}):
        return field.removesuffix("_")
    return found.model_fields[field].alias or field

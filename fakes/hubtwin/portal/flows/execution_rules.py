"""Execution rules: which message a custom action shows for what it gave out (F7.20.7)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.portal.flows import tokens
from hubtwin.portal.flows.asking import plain

_NONE: Mapping[str, Any] = MappingProxyType({})


def labels(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The texts of a definition, in English or else the first language."""
    languages = _mapping(data.get("labels"))
    return _mapping(languages.get("en") or next(iter(languages.values()), None))


def message(data: Mapping[str, Any], outputs: Mapping[str, str]) -> str | None:
    """The text of the first rule of a definition that some outputs meet, filled with them; None where none is met."""
    texts = _mapping(labels(data).get("executionRules"))
    for rule in data.get("executionRules") or ():
        one = _mapping(rule)
        if _is_met(_mapping(one.get("conditions")), outputs):
            text = texts.get(str(one.get("labelName")))
            return None if text is None else tokens.with_values(str(text), outputs)
    return None


def _is_met(conditions: Mapping[str, Any], outputs: Mapping[str, str]) -> bool:
    return all(
        name in outputs and outputs[name] in (plain({name: one}).get(name) for one in _several(wanted))
        for name, wanted in conditions.items()
    )


def _several(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else _NONE

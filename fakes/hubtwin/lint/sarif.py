"""Findings in SARIF 2.1.0, which code hosts and editors show beside the lines that they are about."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from hubtwin.lint.places import Place
from hubtwin.lint.reports import Located
from hubtwin.lint.rules import RULES

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def log(found: Sequence[Located], version: str) -> dict[str, Any]:
    """A SARIF log with one run of this *version* of the program."""
    driver = {"name": "hubtwin lint", "version": version, "rules": [_rule(id) for id in RULES]}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": list(map(_result, found))}],
    }


def _rule(id: str) -> dict[str, Any]:
    rule = RULES[id]
    return {"id": id, "shortDescription": {"text": rule.what}, "defaultConfiguration": {"level": str(rule.severity)}}


def _result(one: Located) -> dict[str, Any]:
    rule, finding = one.finding.rule, one.finding
    result = {
        "ruleId": rule.id,
        "ruleIndex": list(RULES).index(rule.id),
        "level": str(rule.severity),
        "message": {"text": f"{finding.message}\nfix: {finding.fix}"},
        "locations": [_location(one.place)],
    }
    if one.path:
        steps = [{"location": {**_location(place), "message": {"text": words}}} for words, place in one.path]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return result


def _location(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": place.rule}]}
    if place.file is not None:
        physical = {"artifactLocation": {"uri": PurePath(place.file).as_posix()}, "region": {"startLine": place.line}}
        location["physicalLocation"] = physical
    return location

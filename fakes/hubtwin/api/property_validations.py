"""Validation rules of properties (W4.12)."""

from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.property_validations import ValidationRule


def list_(call: Call) -> Response:
    """GET /{objectType}: the properties that have rules, with their rules."""
    ruled = [definition for definition in call.portal.properties[call.type] if definition.rules]
    return answer(
        {
            "results": [
                {"propertyName": one.name, "propertyValidationRules": [_rule_json(rule) for rule in one.rules]}
                for one in ruled
            ]
        }
    )


def read(call: Call) -> Response:
    """GET /{objectType}/{propertyName}: the rules of one property."""
    return answer({"results": [_rule_json(rule) for rule in _definition(call).rules]})


def read_rule(call: Call) -> Response:
    """GET /{objectType}/{propertyName}/rule-type/{ruleType}: one rule."""
    for rule in _definition(call).rules:
        if rule.type == call.path["ruleType"]:
            return answer(_rule_json(rule))
    raise ApiError(404, RESOURCE_NOT_FOUND)


def set_rule(call: Call) -> Response:
    """PUT /{objectType}/{propertyName}/rule-type/{ruleType}: 204; in the place of the rule of the same type."""
    name, body = _definition(call).name, call.body
    body.require("ruleArguments")
    normalises = body.flag("shouldApplyNormalization", False)
    rule = ValidationRule(call.path["ruleType"], tuple(body.texts("ruleArguments")), normalises)
    call.portal.property_changes.set_rule(call.type, name, rule)
    return nothing()


def _definition(call: Call) -> PropertyDefinition:
    return call.portal.properties[call.type].find(call.path["propertyName"])


def _rule_json(rule: ValidationRule) -> dict[str, Any]:
    body: dict[str, Any] = {"ruleType": rule.type, "ruleArguments": list(rule.arguments)}
    return {**body, "shouldApplyNormalization": True} if rule.normalises else body


_READ, _WRITE = "crm.schemas.{objectType}.read", "crm.schemas.{objectType}.write"

ENDPOINTS = family(
    "/crm/v3/property-validations",
    "/crm/property-validations/{version}",
    ("GET", "/{objectType}", list_, _READ),
    ("GET", "/{objectType}/{propertyName}", read, _READ),
    ("GET", "/{objectType}/{propertyName}/rule-type/{ruleType}", read_rule, _READ),
    ("PUT", "/{objectType}/{propertyName}/rule-type/{ruleType}", set_rule, _WRITE),
)

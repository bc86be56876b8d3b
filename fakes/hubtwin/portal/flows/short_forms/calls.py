"""Calls to other systems, in the short form and in HubSpot's JSON (F7.15)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.portal.configuration import CallWebhook, RunCode
from hubtwin.portal.filter_branches.short_forms import Json
from hubtwin.portal.flows.short_forms.around import Around


def _webhook(around: Around, action: CallWebhook) -> Json:
    written: Json = {"type": "WEBHOOK", "method": action.method, "webhookUrl": action.webhook}
    written["queryParams"] = _inputs(action.query)
    if action.secret is not None:
        name, place = (action.header, "HEADER") if action.header else (action.parameter, "QUERY_PARAM")
        known = {"name": name, "location": place, "secretName": action.secret}
        written["authSettings"] = {"type": "AUTH_KEY", **known}
    elif action.app is not None:
        written["authSettings"] = {"type": "SIGNATURE", "appId": action.app}
    return written


def _read_webhook(around: Around, action: Mapping[str, Any]) -> Json:
    read: Json = {"webhook": action["webhookUrl"], "method": action["method"]}
    read["query"] = _read_inputs(action["queryParams"])
    match action.get("authSettings"):
        case {"type": "AUTH_KEY", "name": name, "location": place, "secretName": secret}:
            read |= {"header" if place == "HEADER" else "parameter": name, "secret": secret}
        case {"type": "SIGNATURE", "appId": app}:
            read["app"] = app
    return read


def _code(around: Around, action: RunCode) -> Json:
    outputs = [
        {"type": "ENUMERATION", "name": name, "options": list(options)} for name, options in action.outputs.items()
    ]
    return {
        "type": "CUSTOM_CODE",
        "runtime": action.runtime,
        "sourceCode": action.code,
        "secretNames": list(action.secrets),
        "inputFields": _inputs(action.inputs),
        "outputFields": outputs,
    }


def _read_code(around: Around, action: Mapping[str, Any]) -> Json:
    return {
        "code": action["sourceCode"],
        "runtime": action["runtime"],
        "inputs": _read_inputs(action["inputFields"]),
        "outputs": {one["name"]: one["options"] for one in action["outputFields"]},
        "secrets": action["secretNames"],
    }


def _inputs(values: Mapping[str, Any]) -> list[Json]:
    return [
        {"name": name, "value": dict(value) if isinstance(value, Mapping) else _static(value)}
        for name, value in values.items()
    ]


def _static(text: str) -> Json:
    return {"type": "STATIC_VALUE", "staticValue": text}


def _read_inputs(inputs: list[Json]) -> Json:
    plain = {"type", "staticValue"}
    return {one["name"]: one["value"]["staticValue"] if set(one["value"]) == plain else one["value"] for one in inputs}


#: How calls of a portal file are written, by their classes.
WRITERS: Mapping[type, Callable[[Around, Any], Json]] = MappingProxyType({CallWebhook: _webhook, RunCode: _code})

#: How HubSpot's are read, by what they are.
READERS: Mapping[str, Callable[[Around, Mapping[str, Any]], Json]] = MappingProxyType(
    {"WEBHOOK": _read_webhook, "CUSTOM_CODE": _read_code}
)

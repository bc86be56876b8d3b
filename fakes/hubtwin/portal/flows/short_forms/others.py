"""Waits, calls to other systems and branches, in the short form and in HubSpot's JSON (F7.15, F7.29)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.portal.configuration import (
    BranchOn,
    CallWebhook,
    Choose,
    IfThen,
    RawAction,
    RunCode,
    Split,
    Wait,
    WaitFor,
    WaitUntil,
)
from hubtwin.portal.configuration.parts import written_span
from hubtwin.portal.errors import ConfigurationError, Refused
from hubtwin.portal.filter_branches import short_events, short_forms
from hubtwin.portal.flows.short_forms import criteria
from hubtwin.portal.flows.short_forms.around import Around
from hubtwin.portal.flows.short_forms.steps import single
from hubtwin.portal.flows.short_forms.times import read_time, time_of_day
from hubtwin.portal.moments import DAY, HOUR, MINUTE

Json = dict[str, Any]

_UNITS = {"DAYS": DAY, "HOURS": HOUR, "MINUTES": MINUTE}


# -- waits ---------------------------------------------------------------------------------------------------


def _minutes(span: int, place: tuple[str, ...]) -> int:
    if span % MINUTE or not span:
        raise ConfigurationError(place, f"HubSpot waits whole minutes, not {written_span(span)}")
    return span // MINUTE


def _wait(around: Around, action: Wait) -> Json:
    _minutes(action.wait, ("wait",))
    unit, size = next((unit, size) for unit, size in _UNITS.items() if action.wait % size == 0)
    return single("0-1", {"delta": str(action.wait // size), "time_unit": unit})


def _read_wait(around: Around, action: Mapping[str, Any]) -> Json:
    fields = action["fields"]
    return {"wait": written_span(int(fields["delta"]) * _UNITS[fields["time_unit"]])}


def _wait_until(around: Around, action: WaitUntil) -> Json:
    wanted = action.wait_until
    if wanted.events is not None:
        return _until_event(around, wanted)
    if wanted.date is not None:
        return single("0-35", _until_date(wanted))
    delay: Json = {"delta": 0, "timeUnit": "DAYS", "daysOfWeek": list(wanted.days or ())}
    if wanted.time is not None:
        delay["timeOfDay"] = time_of_day(wanted.time)
    return single("0-28", {"delay": delay})


def _until_event(around: Around, wanted: WaitFor) -> Json:
    branches = [
        short_events.written(around.portal, trigger, ("wait_until", "events", number))
        for number, trigger in enumerate(wanted.events or ())
    ]
    fields: Json = {"event_filter_branches": branches}
    if wanted.at_most is not None:
        fields["expiration_minutes"] = str(_minutes(wanted.at_most, ("wait_until", "at_most")))
    return single("0-29", fields)


def _until_date(wanted: WaitFor) -> Json:
    date = wanted.date or ""
    is_date = date[:4].isdecimal()
    value = {"type": "STATIC_VALUE", "staticValue": date} if is_date else _of_record(date)
    fields: Json = {"date": value, "delta": str(wanted.later), "time_unit": "DAYS"}
    return fields if wanted.time is None else {**fields, "time_of_day": time_of_day(wanted.time)}


def _of_record(property: str) -> Json:
    return {"type": "OBJECT_PROPERTY", "propertyName": property}


def _read_day(around: Around, action: Mapping[str, Any]) -> Json:
    delay = action["fields"]["delay"]
    days = {"days": delay["daysOfWeek"]} if delay["daysOfWeek"] else {}
    return {"wait_until": {**days, **_read_time_of(delay, "timeOfDay")}}


def _read_date(around: Around, action: Mapping[str, Any]) -> Json:
    fields = action["fields"]
    date = fields["date"].get("propertyName") or fields["date"]["staticValue"]
    return {"wait_until": {"date": date, "later": int(fields["delta"]), **_read_time_of(fields, "time_of_day")}}


def _read_event(around: Around, action: Mapping[str, Any]) -> Json:
    fields = action["fields"]
    events = [short_events.read(around.portal, branch) for branch in fields["event_filter_branches"]]
    most = fields.get("expiration_minutes")
    at_most = {} if most is None else {"at_most": written_span(int(most) * MINUTE)}
    return {"wait_until": {"events": events, **at_most}}


def _read_time_of(holder: Mapping[str, Any], member: str) -> Json:
    return {} if holder.get(member) is None else {"time": read_time(holder[member])}


# -- other systems -------------------------------------------------------------------------------------------


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
    return {
        one["name"]: one["value"]["staticValue"] if set(one["value"]) == plain else one["value"] for one in inputs
    }


# -- branches: what they ask; their ways are laid by `routes` --------------------------------------------------


def _if(around: Around, action: IfThen) -> Json:
    branch = criteria.filters(around.portal, around.type, action.if_, "if")
    ways = [{"branchName": action.name, "filterBranch": branch}]
    return {"type": "LIST_BRANCH", "listBranches": ways, "defaultBranchName": action.else_name}


def _choose(around: Around, action: Choose) -> Json:
    ways = [
        {
            "branchName": case.name or f"Branch {number + 1}",
            "filterBranch": criteria.filters(around.portal, around.type, case.when, "choose", number, "when"),
        }
        for number, case in enumerate(action.choose)
    ]
    return {"type": "LIST_BRANCH", "listBranches": ways, "defaultBranchName": action.else_name}


def _read_list_branch(around: Around, action: Mapping[str, Any], ways: list[Any]) -> Json:
    branches = [short_forms.shortened(around.portal, around.type, way["filterBranch"]) for way in action["listBranches"]]
    names = [way["branchName"] for way in action["listBranches"]]
    last = {"else": ways[-1], "else_name": action["defaultBranchName"]}
    if len(branches) == 1:
        return {"if": branches[0], "then": ways[0], "name": names[0], **last}
    cases = [
        {"when": branch, "then": way, "name": name}
        for branch, way, name in zip(branches, ways[:-1], names, strict=True)
    ]
    for number, case in enumerate(cases, 1):
        if case["name"] == f"Branch {number}":
            del case["name"]
    return {"choose": cases, **last}


def _branch_on(around: Around, action: BranchOn) -> Json:
    value = _of_record(action.branch_on) if isinstance(action.branch_on, str) else action.branch_on
    return {
        "type": "STATIC_BRANCH",
        "inputValue": value,
        "staticBranches": [{"branchValue": value} for value in action.cases],
        "defaultBranchName": action.else_name,
    }


def _read_static_branch(around: Around, action: Mapping[str, Any], ways: list[Any]) -> Json:
    value = action["inputValue"]
    plain = set(value) == {"type", "propertyName"} and value["type"] == "OBJECT_PROPERTY"
    values = [way["branchValue"] for way in action["staticBranches"]]
    return {
        "branch_on": value["propertyName"] if plain else value,
        "cases": dict(zip(values, ways[:-1], strict=True)),
        "else": ways[-1],
        "else_name": action["defaultBranchName"],
    }


def _split(around: Around, action: Split) -> Json:
    return {"type": "AB_TEST_BRANCH", "testBranches": [{"percentage": share.percent} for share in action.split]}


def _read_split(around: Around, action: Mapping[str, Any], ways: list[Any]) -> Json:
    shares = [way["percentage"] for way in action["testBranches"]]
    return {"split": [{"percent": share, "then": way} for share, way in zip(shares, ways, strict=True)]}


def _raw(around: Around, action: RawAction) -> Json:
    if action.json_.get("type") is None:
        raise Refused("the JSON of an action needs its type")
    return dict(action.json_)


# -- the tables ----------------------------------------------------------------------------------------------

#: How actions of a portal file are written, by their classes.
WRITERS: Mapping[type, Callable[[Around, Any], Json]] = MappingProxyType(
    {
        Wait: _wait,
        WaitUntil: _wait_until,
        CallWebhook: _webhook,
        RunCode: _code,
        IfThen: _if,
        Choose: _choose,
        BranchOn: _branch_on,
        Split: _split,
        RawAction: _raw,
    }
)

#: How whole actions of HubSpot's are read, by what they are.
READERS: Mapping[str, Callable[[Around, Mapping[str, Any]], Json]] = MappingProxyType(
    {
        "0-1": _read_wait,
        "0-28": _read_day,
        "0-29": _read_event,
        "0-35": _read_date,
        "WEBHOOK": _read_webhook,
        "CUSTOM_CODE": _read_code,
    }
)

#: How branches are read, with what is done on their ways.
BRANCHES: Mapping[str, Callable[[Around, Mapping[str, Any], list[Any]], Json]] = MappingProxyType(
    {"LIST_BRANCH": _read_list_branch, "STATIC_BRANCH": _read_static_branch, "AB_TEST_BRANCH": _read_split}
)

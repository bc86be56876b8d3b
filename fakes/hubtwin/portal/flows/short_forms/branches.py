"""What branches ask, in the short form and in HubSpot's JSON (F7.15); their ways are laid by `routes`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.portal.configuration import BranchOn, Choose, IfThen, Split
from hubtwin.portal.filter_branches import short_forms
from hubtwin.portal.filter_branches.short_forms import Json
from hubtwin.portal.flows.short_forms import criteria
from hubtwin.portal.flows.short_forms.around import Around


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
    branches = [
        short_forms.shortened(around.portal, around.type, way["filterBranch"]) for way in action["listBranches"]
    ]
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
    value = (
        {"type": "OBJECT_PROPERTY", "propertyName": action.branch_on}
        if isinstance(action.branch_on, str)
        else action.branch_on
    )
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


#: How branches of a portal file are written, by their classes.
WRITERS: Mapping[type, Callable[[Around, Any], Json]] = MappingProxyType(
    {IfThen: _if, Choose: _choose, BranchOn: _branch_on, Split: _split}
)

#: How HubSpot's are read, by what they are, with what is done on their ways.
READERS: Mapping[str, Callable[[Around, Mapping[str, Any], list[Any]], Json]] = MappingProxyType(
    {"LIST_BRANCH": _read_list_branch, "STATIC_BRANCH": _read_static_branch, "AB_TEST_BRANCH": _read_split}
)

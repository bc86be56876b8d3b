"""Score configurations in the words of the lead scoring API: what a client may leave out, filled in (F10.5.7)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.score_outputs import FIT, GROUP, INTENT
from hubtwin.portal.score_reading import categories

Json = dict[str, Any]

#: What a category comes to at most where nothing else is said (our model).
DEFAULT_MOST = 100

#: The labels that a score gives of itself, highest first, each a third of its points further up (our model).
LABELS = ("High", "Medium", "Low")
GRADES: Mapping[str, Sequence[str]] = {FIT: ("A", "B", "C"), INTENT: ("1", "2", "3")}

_OVERRIDES = {
    "propertyLabel": "propertyLabel",
    "propertyDescription": "propertyDescription",
    "propertyGroup": "propertyGroup",
    "internalPropertyName": "propertyName",
}


def completed(configuration: Mapping[str, Any], outputs: Sequence[Json], numbers: Iterator[int]) -> Json:
    """A configuration with an id for each group and rule, and with its outputs: *outputs*, or those by default.

    What it says about outputs itself changes them, by their ids. Raises InvalidDefinition.
    """
    node = Node(configuration, "score")
    name = node.text("name").strip()
    if not name:
        raise node.wrong("name", "is empty")
    groups = [_group(one, numbers) for one in node.objects("groupConfigs")]
    most = float(node.number("maxScorePerCategory")) if "maxScorePerCategory" in node else DEFAULT_MOST
    present = [dict(one) for one in outputs] or default_outputs(name, property_name(name), categories(node), most)
    for number, output in enumerate(present, 1):
        output.setdefault("id", str(number))
    if "outputConfiguration" in node:
        for given in node.object("outputConfiguration").objects("outputs"):
            _override(present, given)
    filled = {"name": name, "groupConfigs": groups, "outputConfiguration": {"outputs": present}}
    return {**configuration, **filled}


def default_outputs(name: str, property: str, categories: Sequence[str], most: float) -> list[Json]:
    """The outputs of a score called *name*: its points, those of each category where it has both, and a label."""
    outputs = [_output("SCORE", property, name, categories)]
    if len(categories) == 1:
        label = {"boundaries": thirds(LABELS, most)}
        return [*outputs, {**_output("THRESHOLD", f"{property}_threshold", f"{name} threshold", categories), **label}]
    for category, words in ((FIT, "fit"), (INTENT, "engagement")):
        outputs.append(_output("SCORE", f"{property}_{words}", f"{name} {words}", [category]))
    grades = {"boundaries": {category: thirds(GRADES[category], most) for category in categories}}
    return [*outputs, {**_output("MATRIX", f"{property}_threshold", f"{name} threshold", categories), **grades}]


def threshold_output(name: str, property: str, categories: Sequence[str], boundaries: list[Json]) -> Json:
    """An output that gives all points together a label."""
    return {**_output("THRESHOLD", property, name, categories), "boundaries": boundaries}


def thirds(labels: Sequence[str], most: float) -> list[Json]:
    """Boundaries that part the points from 0 to *most* evenly."""
    count = len(labels)
    return [{"label": label, "threshold": round(most * (count - 1 - n) / count)} for n, label in enumerate(labels)]


def property_name(name: str) -> str:
    """The property that a score called *name* writes (our model)."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return word if word[:1].isalpha() else f"score_{word}"


def _output(kind: str, property: str, label: str, categories: Sequence[str]) -> Json:
    return {
        "outputType": kind,
        "propertyName": property,
        "propertyLabel": label,
        "propertyGroup": GROUP,
        "categories": list(categories),
    }


def _group(node: Node, numbers: Iterator[int]) -> Json:
    rules = [_identified({"enabled": True, **one.data}, numbers) for one in node.objects("ruleConfigurations")]
    return {**_identified(node.data, numbers), "ruleConfigurations": rules}


def _identified(data: Mapping[str, Any], numbers: Iterator[int]) -> Json:
    return dict(data) if data.get("id") else {**data, "id": str(next(numbers))}


def _override(present: list[Json], given: Node) -> None:
    ids = {output["id"]: output for output in present}
    output = ids[given.choice("id", ids)]
    given.choice("outputType", (output["outputType"],))
    for name, property in _OVERRIDES.items():
        if name in given:
            output[property] = given.text(name)
    if "boundaries" in given:
        output["boundaries"] = _renamed(given.data["boundaries"])


def _renamed(boundaries: Any) -> Any:
    """Boundaries whose labels are those that they are to have from now on."""
    if isinstance(boundaries, Mapping):
        return {category: _renamed(found) for category, found in boundaries.items()}
    if not isinstance(boundaries, list):
        return boundaries  # which the reader refuses
    return [
        {**one, "label": one.get("newLabel") or one.get("label"), "newLabel": None} if isinstance(one, dict) else one
        for one in boundaries
    ]

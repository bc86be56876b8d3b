"""*Custom code*: an action that gives its input to a function and takes its output from it (F7.20)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection
from hubtwin.portal.flows.values import Value
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.uses import Use

#: How long the text of an output may be (F7.20.13), and how many inputs an action may have (F7.20.14).
MAX_TEXT = 65_000
MAX_INPUTS = 50


@dataclass(frozen=True, slots=True)
class Output:
    """An output that the action declares: its name, and its options where it has some."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomCode(Single):
    """Runs no code: a function that somebody registered says what the code would give out."""

    inputs: Mapping[str, Value]
    declared: tuple[Output, ...]

    def run(self, run: Run) -> Result:
        """Call the function; where there is none, nothing is executed (F7.20.11)."""
        function = run.portal.custom_code.find(run.flow.id, run.flow.name, self.id)
        if function is None:
            why = f"portal.custom_code.register({run.flow.name!r}, {self.id!r}, …) says what it gives out"
            return self.failed(f"custom code is not executed: {why}")
        try:
            returned = function(self._event(run))
        except Exception as error:  # noqa: BLE001  whatever a person's code raises is an issue (F7.20.12)
            return self.failed(f"custom code failed: {type(error).__name__}: {str(error)[:1000]}")
        outputs, problems = self._outputs(returned)
        if problems:
            return self.failed(f"custom code: {'; '.join(problems)}", outputs=outputs)
        return self.done("custom code executed", outputs=outputs)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that it gets."""
        for value in self.inputs.values():
            yield from value.uses(type, asset)

    def _event(self, run: Run) -> dict[str, Any]:
        """What HubSpot gives the code."""
        return {
            "origin": {"portalId": run.portal.configuration.account.id, "actionDefinitionId": self.id},
            "object": {"objectId": run.record.id, "objectType": run.record.type.singular.upper()},
            "inputFields": {name: value.of(run) for name, value in self.inputs.items()},
        }

    def _outputs(self, returned: object) -> tuple[dict[str, str], list[str]]:
        """The declared outputs as texts, and what is wrong with the others."""
        fields = returned.get("outputFields") if isinstance(returned, Mapping) else None
        if fields is None:
            return {}, [] if returned is None else ["it must return {'outputFields': {…}}"]
        if not isinstance(fields, Mapping):
            return {}, ["outputFields must hold values by their names"]
        outputs: dict[str, str] = {}
        problems = []
        for output in self.declared:
            text = _text(fields.get(output.name))
            if (problem := _problem(output, text)) is not None:
                problems.append(problem)
            else:
                outputs[output.name] = text
        return outputs, problems


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _problem(output: Output, text: str) -> str | None:
    if len(text) > MAX_TEXT:
        return f"{output.name} has {len(text)} characters; {MAX_TEXT} are allowed"
    if text and output.options and text not in output.options:
        return f"{output.name} is {text[:100]!r}, which is none of {', '.join(output.options)}"
    return None


def read(node: Node) -> CustomCode:
    """A CUSTOM_CODE: its source code is kept, not looked at. Raises InvalidFilterBranch."""
    inputs = {one.text("name"): values.read(one.object("value")) for one in node.objects("inputFields")}
    if len(inputs) > MAX_INPUTS:
        raise node.wrong("inputFields", f"are {len(inputs)}; an action has {MAX_INPUTS} at most")
    declared = tuple(
        Output(one.text("name"), tuple(one.texts("options")) if one.data.get("options") else ())
        for one in node.objects("outputFields")
    )
    return CustomCode(node.text("actionId"), connection(node), inputs, declared)

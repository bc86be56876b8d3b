"""Custom actions: those that apps define, `1-` and the id of the definition (F7.20.3).

HubSpot sends the record and the inputs to the app, which answers what the action gives out and how it ended. The
functions of a definition are JavaScript, which is not run.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hubtwin.portal import custom_actions as definitions
from hubtwin.portal.errors import Refused
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import execution_rules, values
from hubtwin.portal.flows.actions import FAIL_CONTINUE, STATE, SUCCESS, Asset, Result, Run, connection, fields_of
from hubtwin.portal.flows.asking import Asking, plain
from hubtwin.portal.flows.values import Static, Value
from hubtwin.portal.moments import DAY, HOUR, MINUTE, SECOND, WEEK, iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.outbox import Answer, Request
from hubtwin.portal.uses import Use

#: With these the record waits until the app completes the callback: a week, unless the app says how long (F7.20.6).
WAITING = ("BLOCK", "ASYNC")
_STATES = (SUCCESS, FAIL_CONTINUE, *WAITING)
EXPIRATION, DEFAULT_EXPIRATION = "hs_expiration_duration", WEEK

#: The functions of a definition that would change what is sent, or what the answer means (F7.20.9).
_FUNCTIONS = ("PRE_ACTION_EXECUTION", "POST_ACTION_EXECUTION")

_ID = re.compile(r"1-(\d{1,15})")
_DURATION = re.compile(r"P(?=.)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?")


@dataclass(frozen=True, slots=True)
class CustomAction(Asking):
    """Asks the app that made the *definition*, with the *inputs*; *version* is the definition's as the flow has it."""

    definition: int
    version: int
    inputs: Mapping[str, Value]

    def run(self, run: Run) -> Result:
        """Ask; what nobody defined in this portal is not executed."""
        definition = self._definition(run)
        address, body = str(definition.data.get("actionUrl", "")), self._body(run, definition)
        headers = {"Content-Type": "application/json"}
        return self.ask(
            Request(run.portal.clock.now, "POST", address, headers=headers, body=body, signed_by=definition.app)
        )

    def what(self, run: Run) -> str:
        """The definition's name; with it the functions that should have run."""
        definition = self._definition(run)
        name = execution_rules.labels(definition.data).get("actionName") or f"1-{self.definition}"
        idle = [type for type, _ in definition.functions if type in _FUNCTIONS]
        return f"custom action {name}" + (f" ({', '.join(idle)} not executed: JavaScript)" if idle else "")

    def is_final(self, answer: Answer) -> bool:
        """The app may say itself how it ended; only else the status does (F7.20.5)."""
        return _outputs(answer).get(STATE) in _STATES or not answer.is_passing

    def concluded(self, run: Run, answer: Answer, entry: int) -> Result:
        """What the app says, or the status."""
        outputs = self.outputs(answer)
        by_status = SUCCESS if answer.is_success else FAIL_CONTINUE
        state = outputs[STATE] if outputs.get(STATE) in _STATES else by_status
        message = execution_rules.message(self._definition(run).data, outputs)
        event = f"{self.what(run)} answered {answer.status}" + (f": {message}" if message else "")
        if state in WAITING:
            return self._wait_for_app(run, entry, event, outputs)
        return self.failed(event, entry, outputs) if state == FAIL_CONTINUE else self.done(event, entry, outputs)

    def outputs(self, answer: Answer) -> Mapping[str, str]:
        """The output fields of the answer (F7.20.4)."""
        return _outputs(answer)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that it gets as inputs."""
        for value in self.inputs.values():
            yield from value.uses(type, asset)

    def _wait_for_app(self, run: Run, entry: int, event: str, outputs: Mapping[str, str]) -> Result:
        text, callback = outputs.get(EXPIRATION, ""), self._callback(run)
        duration = _milliseconds(text)
        if duration is None and text:
            event = f"{event}, with {EXPIRATION} {text[:100]!r}, which is no ISO 8601 duration: a week is taken"
        until = run.portal.clock.now + (DEFAULT_EXPIRATION if duration is None else duration)
        waits = f"{event}; waits for callback {callback} until {iso(until)}"
        return Result(self.next, waits, until=until, entry=entry, outputs=outputs, callback=callback)

    def _definition(self, run: Run) -> definitions.CustomAction:
        found = run.portal.custom_actions.get(self.definition)
        if found is None:
            raise Refused(f"not executed: no app of the portal defines custom action 1-{self.definition}")
        return found

    def _callback(self, run: Run) -> str:
        """The same for each try: an app can tell that it was asked before (F7.20.3)."""
        account, first = run.portal.configuration.account.id, run.execution - run.tries
        return f"ap-{account}-{run.enrollment}-{self.id}-{first}"

    def _body(self, run: Run, definition: definitions.CustomAction) -> dict[str, Any]:
        options = definition.data.get("objectRequestOptions")
        given = options.get("properties") if isinstance(options, Mapping) else None
        wanted = [name for name in given if isinstance(name, str)] if isinstance(given, list) else []
        inputs = {name: value.of(run) for name, value in self.inputs.items()}
        return {
            "callbackId": self._callback(run),
            "origin": {
                "portalId": run.portal.configuration.account.id,
                "actionDefinitionId": self.definition,
                "actionDefinitionVersion": self.version,
            },
            "context": {"source": "WORKFLOWS", "workflowId": int(run.flow.id)},
            "object": {
                "objectId": run.record.id,
                "objectType": run.record.type.singular.upper(),
                "properties": {name: run.record.get(name) for name in wanted},
            },
            "fields": inputs,
            "inputFields": inputs,
        }


def definition_of(id: str) -> int | None:
    """The id of the definition that an action type's id speaks of; None for another kind of action."""
    found = _ID.fullmatch(id)
    return None if found is None else int(found.group(1))


def read(node: Node, definition: int) -> CustomAction:
    """An action that an app defined. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    inputs = {name: _value(fields, name) for name in fields.data if name in fields}
    version = node.whole("actionTypeVersion", 1, low=0, high=10**9)
    return CustomAction(node.text("actionId"), connection(node), definition, version, inputs)


def _value(fields: Node, name: str) -> Value:
    value = fields.data[name]
    return values.read(fields.object(name)) if isinstance(value, Mapping) else Static(fields.text(name))


def _outputs(answer: Answer) -> dict[str, str]:
    fields = answer.body.get("outputFields")
    return plain(fields) if isinstance(fields, Mapping) else {}


def _milliseconds(text: str) -> int | None:
    """The length of a duration in ISO 8601, `P1WT1H`; None for another text, and for years and months."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    numbers = (int(number or 0) for number in found.groups())
    return sum(number * unit for number, unit in zip(numbers, (WEEK, DAY, HOUR, MINUTE, SECOND), strict=True))

"""*Create record*, *Create task* and *Create note* (F7.17.14, F7.17.3, F7.17.169425243)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.errors import InvalidAssociation, UnknownObjectType
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import links, time_delays, values
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.links import Linking
from hubtwin.portal.flows.tokens import OBJECT, reference
from hubtwin.portal.flows.values import Now, OfRecord, Static, Value
from hubtwin.portal.log import CREATED
from hubtwin.portal.objects import NOTES, TASKS, ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.uses import Use
from hubtwin.portal.writes import Change, Link

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The types of tasks that a flow makes, and their priorities (F7.17.3).
TASK_TYPES = ("TODO", "CALL", "EMAIL")
PRIORITIES = ("NONE", "LOW", "MEDIUM", "HIGH")


@dataclass(frozen=True, slots=True)
class MakeRecord(Single):
    """Makes a record of *type* with *values*, associated as *linkings* say, or else with the enrolled record."""

    type: ObjectType
    values: Mapping[str, Value]
    linkings: Sequence[Linking]

    def run(self, run: Run) -> Result:
        """Make it, unless it would come into this very flow (F7.31)."""
        found = [link for linking in self.linkings for link in linking.links(run)] or self._default_links(run)
        worked_out = {name: text for name, value in self.values.items() if (text := value.of(run))}
        change = run.portal.writes.check_new(self.type, worked_out, run.source, run.cause, found)
        if self._would_enroll(run, change):
            return self.failed(f"no {self.type.singular} was created: it would be enrolled in this workflow itself")
        created = len(run.portal.log)
        made = run.portal.writes.apply(change).record
        outputs = {OBJECT: reference(made), "hs_object_id": str(made.id)}
        return self.done(f"created {self.type.singular} {made.id}", created, outputs)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that it gives the new record, and those that it reads for them."""
        for name, value in self.values.items():
            yield Use(asset.name, asset.rule, self.type, name, True, value.constants())
            yield from value.uses(type, asset)

    def _default_links(self, run: Run) -> list[Link]:
        """With the enrolled record, where HubSpot has an association between the two types (F7.17.1401)."""
        try:
            run.portal.associations.default(self.type, run.record.type)
        except InvalidAssociation:
            return []
        return [(run.record, ())]

    def _would_enroll(self, run: Run, change: Change) -> bool:
        plan = run.flow.plan
        if self.type is not plan.type:
            return False
        if any(event.kind == CREATED for event in plan.triggers.events):
            return True
        criterion = plan.triggers.criterion
        if criterion is None or plan.triggers.events:
            return False
        return criterion.accepts(Record(self.type, 0, run.portal.clock.now, dict(change.values), run.source))


def read_record(portal: "Portal", type: ObjectType, node: Node) -> MakeRecord:
    """A 0-14. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    try:
        made = portal.type(fields.text("object_type_id"))
    except UnknownObjectType as error:
        raise fields.wrong("object_type_id", f"can't be used: {error}") from None
    written = {
        one.text("targetProperty"): values.read(one.object("value"), one.text("targetProperty"))
        for one in fields.objects("properties")
    }
    return _make(portal, type, node, made, written)


def read_task(portal: "Portal", type: ObjectType, node: Node) -> MakeRecord:
    """A 0-3: the enrolled record's owner has to do it, at once, where it doesn't say (F7.17.301).

    Raises InvalidFilterBranch.
    """
    fields = fields_of(node)
    written: dict[str, Value] = {
        "hs_task_subject": Static(fields.text("subject", "")),
        "hs_task_body": Static(fields.text("body", "")),
        "hs_task_type": Static(fields.choice("task_type", TASK_TYPES, "TODO")),
        "hs_task_priority": Static(fields.choice("priority", PRIORITIES, "NONE")),
        "hs_task_status": Static("NOT_STARTED"),
        "hs_timestamp": _due(fields),
        "hubspot_owner_id": _owner(fields),
    }
    return _make(portal, type, node, TASKS, written)


def read_note(portal: "Portal", type: ObjectType, node: Node) -> MakeRecord:
    """A 0-169425243: `note_body`; pinning it changes nothing here. Raises InvalidFilterBranch."""
    body = Static(fields_of(node).text("note_body"))
    return _make(portal, type, node, NOTES, {"hs_note_body": body, "hs_timestamp": Now()})


def _make(portal: "Portal", type: ObjectType, node: Node, made: ObjectType, written: Mapping[str, Value]) -> MakeRecord:
    linkings = links.read(portal, type, made, fields_of(node))
    return MakeRecord(node.text("actionId"), connection(node), made, written, tuple(linkings))


def _due(fields: Node) -> Value:
    return Now(time_delays.read(fields.object("due_time"))) if "due_time" in fields else Now()


def _owner(fields: Node) -> Value:
    if "owner_assignment" not in fields:
        return OfRecord("hubspot_owner_id")
    assignment = fields.object("owner_assignment")
    assignment.choice("type", ("CUSTOM",), "CUSTOM")
    return values.read(assignment.object("value"))

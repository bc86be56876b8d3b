"""*Edit record*: set, clear or copy a property of the enrolled record, or of an associated one (F7.17: 0-5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import CascadeError, PortalError
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.links import associated, association_of
from hubtwin.portal.flows.values import Value
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.stages import Verdict
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class EditRecord(Single):
    """Writes *value* to *property* of the record, or of those that an *association* leads to."""

    property: str
    value: Value
    association: AssociationType | None
    target: ObjectType

    def run(self, run: Run) -> Result:
        """Write it; a stage that can't go back is an issue, and the value stays (F2.b5, F2.12)."""
        targets = self._targets(run)
        if not targets:
            return self.failed(f"{self.property} was not set: no {self.target.singular} is associated with the record")
        outcomes = [self._write(replace(run, target=target), target) for target in targets]
        entry = next((entry for entry, _ in reversed(outcomes) if entry is not None), None)
        problems = [problem for _, problem in outcomes if problem is not None]
        if problems:
            return self.failed("; ".join(dict.fromkeys(problems)), entry)
        value = targets[0].get(self.property)
        return self.done(f"{self.property} set to {value!r}" if value else f"{self.property} cleared", entry)

    def _write(self, run: Run, target: Record) -> tuple[int | None, str | None]:
        """Write to one record: the log's entry about its stage, and what went wrong."""
        value, present = self.value.of(run), target.get(self.property)
        try:
            outcome = run.portal.update(target, {self.property: value}, source=run.source, cause=run.cause)
        except CascadeError:
            raise
        except PortalError as error:
            return None, str(error)
        return outcome.entry, _refused(value, present) if outcome.verdict is Verdict.REFUSED else None

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The property that it writes, and the one that it copies."""
        yield Use(asset.name, asset.rule, self.target, self.property, True, self.value.constants())
        yield from self.value.uses(type, asset)

    def _targets(self, run: Run) -> list[Record]:
        if self.association is None:
            return [run.record]
        return associated(run, self.target, self.association)


def read(portal: "Portal", type: ObjectType, node: Node) -> EditRecord:
    """The action that a 0-5 describes. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    association, target = None, type
    if fields.data.get("association"):  # an empty one is none (F7.17.501)
        association = association_of(portal, type, fields.object("association"))
        target = portal.type(association.to_type)
    property = fields.text("property_name")
    value = values.read(fields.object("value"), property)
    return EditRecord(node.text("actionId"), connection(node), property, value, association, target)


def _refused(new: str, old: str | None) -> str:
    """HubSpot's own words for this are not known; these are ours (F2.12)."""
    return f'Lifecycle stage was not updated: "{new}" comes before the current stage "{old}".'

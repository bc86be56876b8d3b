"""*Edit record*: set, clear or copy a property of the enrolled record, or of an associated one (F7.17: 0-5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import InvalidAssociation
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.values import Static, Value
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
        value, entry, refused = self.value.of(run), None, []
        for target in targets:
            present = target.get(self.property)
            outcome = run.portal.update(target, {self.property: value}, source=run.source, cause=run.cause)
            entry = outcome.entry if outcome.entry is not None else entry
            if outcome.verdict is Verdict.REFUSED:
                refused.append(_refused(value, present))
        if refused:
            return self.failed(refused[0], entry)
        return self.done(f"{self.property} set to {value!r}" if value else f"{self.property} cleared", entry)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The property that it writes, and the one that it copies."""
        constant = (self.value.text,) if isinstance(self.value, Static) else ()
        yield Use(asset.name, asset.rule, self.target, self.property, True, constant)
        if (read := self.value.reads()) is not None:
            yield Use(asset.name, asset.rule, type, read, False)

    def _targets(self, run: Run) -> list[Record]:
        if self.association is None:
            return [run.record]
        linked = run.portal.associations.of(run.record, self.target)
        return sorted(
            (other for other, ids in linked.items() if self.association.id in ids), key=lambda other: other.id
        )


def read(portal: "Portal", type: ObjectType, node: Node) -> EditRecord:
    """The action that a 0-5 describes. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    association, target = None, type
    if "association" in fields:
        association = association_of(portal, type, fields.object("association"))
        target = portal.type(association.to_type)
    property = fields.text("property_name")
    value = values.read(fields.object("value"), property)
    return EditRecord(node.text("actionId"), connection(node), property, value, association, target)


def association_of(portal: "Portal", type: ObjectType, node: Node) -> AssociationType:
    """The association type that a JSON object names, from records of *type*. Raises InvalidFilterBranch."""
    id = node.whole("associationTypeId", low=0, high=10**12)
    try:
        return portal.associations.get(node.text("associationCategory", "HUBSPOT_DEFINED"), id, type)
    except InvalidAssociation as error:
        raise node.wrong("associationTypeId", f"can't be used: {error}") from None


def _refused(new: str, old: str | None) -> str:
    """HubSpot's own words for this are not known; these are ours (F2.12)."""
    return f'Lifecycle stage was not updated: "{new}" comes before the current stage "{old}".'

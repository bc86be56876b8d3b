"""Actions that associate the record, and label its associations (F7.17.63189541, F7.17.61139484)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import UnknownObjectType
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.actions import Action, Asset, NotExecuted, Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.links import associated, association_of
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Associate(Single):
    """Associates the record with those of *target* whose property *theirs* has the value of its own property *own*.

    Where there is none, it *creates* one with that value, or leaves it.
    """

    target: ObjectType
    own: str
    theirs: str
    creates: bool

    def run(self, run: Run) -> Result:
        """Find them by the value, and associate. Raises InvalidAssociation, InvalidValues, MissingProperties."""
        value = run.record.get(self.own)
        if not value:
            return self.failed(f"no association was created: {self.own} is empty")
        run.portal.properties[self.target].find(self.theirs)
        found = [one for one in run.portal.records[self.target].having(self.theirs, value) if one is not run.record]
        found.sort(key=lambda other: other.id)
        if not found and self.creates:
            source, cause, links = run.source, run.cause, [(run.record, ())]
            made = run.portal.create(self.target, {self.theirs: value}, links=links, source=source, cause=cause)
            return self.done(f"created {self.target.singular} {made.id}, and associated it", run.record.last_entry)
        if not found:
            return self.failed(f"no association was created: no {self.target.singular} has {self.theirs} {value!r}")
        run.portal.associations.limits.check(run.record.type, run.record, [(other, ()) for other in found])
        for other in found:
            run.portal.writes.associate(run.record, other, (), run.source, run.cause)
        ids = ", ".join(str(other.id) for other in found)
        return self.done(f"associated with {self.target.singular} {ids}", run.record.last_entry)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The two properties that it compares."""
        yield Use(asset.name, asset.rule, type, self.own, False)
        yield Use(asset.name, asset.rule, self.target, self.theirs, self.creates)


@dataclass(frozen=True, slots=True)
class Label(Single):
    """Sets a label on the record's associations with *target*, or *removes* it from them."""

    label: AssociationType
    target: ObjectType
    removes: bool

    def run(self, run: Run) -> Result:
        """Label them, or take the label off. Raises InvalidAssociation."""
        name = self.label.label or self.label.name
        if self.removes:
            having = associated(run, self.target, self.label)
            for other in having:
                run.portal.writes.dissociate(run.record, other, {self.label.id}, run.source, run.cause)
            return self._told(f"label {name!r} removed", len(having))
        linked = sorted(run.portal.associations.of(run.record, self.target), key=lambda other: other.id)
        run.portal.associations.limits.check(run.record.type, run.record, [(other, [self.label]) for other in linked])
        for other in linked:
            run.portal.writes.associate(run.record, other, [self.label], run.source, run.cause)
        return self._told(f"label {name!r} set", len(linked))

    def _told(self, what: str, count: int) -> Result:
        if not count:
            return self.failed(f"{what} on nothing: no {self.target.singular} is associated so")
        return self.done(f"{what} on {count} associations")


def read_associate(portal: "Portal", type: ObjectType, node: Node) -> Action:
    """A 0-63189541: by two properties to match, as `0-2/domain`. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    if "toObjectType" not in fields:
        return NotExecuted(node.text("actionId"), connection(node), "it doesn't say what to associate the record with")
    try:
        target = portal.type(fields.text("toObjectType"))
    except UnknownObjectType as error:
        raise fields.wrong("toObjectType", f"can't be used: {error}") from None
    own = fields.text("enrolledObjectPropertyNameToMatch").rpartition("/")[2]
    theirs = fields.text("associatedObjectPropertyNameToMatch").rpartition("/")[2]
    creates = not fields.flag("createAssociationOnly", True)
    return Associate(node.text("actionId"), connection(node), target, own, theirs, creates)


def read_labels(portal: "Portal", type: ObjectType, node: Node, *, removes: bool) -> Action:
    """A 0-61139484 or 0-61139476: the label by its category and id (F7.17.61139484). Raises InvalidFilterBranch."""
    fields = fields_of(node)
    if "associationTypeId" not in fields:
        return NotExecuted(node.text("actionId"), connection(node), "it names no label by its associationTypeId")
    label = association_of(portal, type, fields)
    return Label(node.text("actionId"), connection(node), label, portal.type(label.to_type), removes)

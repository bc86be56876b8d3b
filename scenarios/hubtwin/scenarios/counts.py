"""Expectations about many records at once: members of lists, records, stages, actions of workflows."""

from collections.abc import Iterator

from pydantic import Field

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, Record
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.flows.action_log import ActionEvent
from hubtwin.portal.log import CREATED, JOINED_LIST, LEFT_LIST
from hubtwin.portal.object_lists import ObjectList
from hubtwin.portal.objects import LIFECYCLE
from hubtwin.scenarios.comparing import listed, normal
from hubtwin.scenarios.failures import ExpectationFailed, Mismatch, story_of_workflow
from hubtwin.verbs.fields import Expected, Reference, References
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class ListMembers(Part):
    """A list has these members and no others."""

    list: Name
    members: References
    object: Name = "contacts"

    def check(self, names: Names, place: Place) -> None:
        """Check the list and the records."""
        with names.at((*place, "list")):
            found = _list(names.portal, self.object, self.list)
            for reference in self.members:
                names.record(reference, (*place, "members"), found.type.name)

    def do(self, world: World) -> None:
        """Compare. Raises ExpectationFailed."""
        found = _list(world.portal, self.object, self.list)
        expected = {world.record(reference) for reference in self.members}
        if set(found) != expected:
            line = f"list {self.list!r}: expected members = {_names(expected)}, is {_names(found)}"
            moved = (entry for entry in world.portal.log if entry.kind in (JOINED_LIST, LEFT_LIST))
            story = tuple(entry for entry in moved if str(entry.value) == found.label)
            raise ExpectationFailed([Mismatch(line, story)])


class RecordCount(Part):
    """There are so many records of a type, with these values, associated with these records."""

    records: Name
    count: int = Field(ge=0)
    where: dict[str, Expected] = Field(default_factory=dict)
    associated_with: References = ()

    def check(self, names: Names, place: Place) -> None:
        """Check the type, properties, values and records."""
        with names.at((*place, "records")):
            type = names.portal.type(self.records)
            for name, text in self.where.items():
                definition = names.property(type, name, (*place, "where", name))
                if text is not None:
                    names.value(definition, text, (*place, "where", name))
        for reference in self.associated_with:
            names.record(reference, (*place, "associated_with"))

    def do(self, world: World) -> None:
        """Count. Raises ExpectationFailed."""
        found = list(self._found(world))
        if len(found) != self.count:
            line = f"{self.records}: expected count = {self.count}, is {len(found)}"
            type = world.portal.type(self.records)
            made = (entry for entry in world.portal.log if entry.kind == CREATED)
            story = tuple(entry for entry in made if entry.record is not None and entry.record.type is type)
            raise ExpectationFailed([Mismatch(line, story)])

    def _found(self, world: World) -> Iterator[Record]:
        portal, type = world.portal, world.portal.type(self.records)
        wanted = {name: normal(portal, type, name, text) for name, text in self.where.items()}
        others = [world.record(reference) for reference in self.associated_with]
        for record in portal.records[type]:
            has_values = all((record.get(name) or None) == value for name, value in wanted.items())
            if has_values and all(record in portal.associations.of(other, type) for other in others):
                yield record


class StageCounts(Part):
    """The settings page shows these numbers of contacts or companies; 0 for the stages that are not named."""

    stage_counts: Name
    counts: dict[Name, int] = Field(alias="is")

    def check(self, names: Names, place: Place) -> None:
        """Check the type and the stages."""
        with names.at((*place, "stage_counts")):
            type = names.portal.type(self.stage_counts)
            for stage in self.counts:
                names.value(names.property(type, LIFECYCLE, place), stage, (*place, "is", stage))

    def do(self, world: World) -> None:
        """Compare. Raises ExpectationFailed."""
        present = {stage: count for stage, count in world.portal.stage_counts(self.stage_counts).items() if count}
        expected = {stage: count for stage, count in self.counts.items() if count}
        if present != expected:
            line = f"{self.stage_counts}: expected stages = {_counts(expected)}, is {_counts(present)}"
            raise ExpectationFailed([Mismatch(line)])


class InWorkflow(Part):
    """A workflow, and what it did: to all records, or to one."""

    workflow: Name
    record: Reference | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the workflow and the record."""
        with names.at((*place, "workflow")):
            names.portal.workflows.find(self.workflow)
        if self.record is not None:
            names.record(self.record, (*place, "record"))

    def events(self, world: World) -> list[ActionEvent]:
        """The lines of its action log."""
        record = world.record(self.record) if self.record else None
        flow = world.portal.workflows.find(self.workflow)
        return [event for event in world.portal.workflows.events(flow) if record in (None, event.record)]

    def expect(self, world: World, words: str, expected: int, present: int) -> None:
        """Compare a count. Raises ExpectationFailed, with what the workflow did."""
        if expected != present:
            record = world.record(self.record) if self.record else None
            line = f"workflow {self.workflow!r}: expected {words} = {expected}, is {present}"
            raise ExpectationFailed([Mismatch(line, story_of_workflow(world.portal, self.workflow, record))])


class IssueCount(Part):
    """A workflow has this many issues: actions that failed, which HubSpot lists under *Needs review*."""

    workflow_issues: InWorkflow
    count: int = Field(ge=0)

    def check(self, names: Names, place: Place) -> None:
        """Check the workflow and the record."""
        self.workflow_issues.check(names, (*place, "workflow_issues"))

    def do(self, world: World) -> None:
        """Count. Raises ExpectationFailed."""
        of = self.workflow_issues
        of.expect(world, "issues", self.count, sum(not event.succeeded for event in of.events(world)))


class ActionCount(Part):
    """A workflow's action log has this many lines: one for each action that was done, or failed."""

    workflow_log: InWorkflow
    count: int = Field(ge=0)

    def check(self, names: Names, place: Place) -> None:
        """Check the workflow and the record."""
        self.workflow_log.check(names, (*place, "workflow_log"))

    def do(self, world: World) -> None:
        """Count. Raises ExpectationFailed."""
        self.workflow_log.expect(world, "actions", self.count, len(self.workflow_log.events(world)))


def _list(portal: Portal, object: str, name: str) -> ObjectList:
    """The list of records of a type that has this name. Raises UnknownName, UnknownObjectType."""
    type = portal.type(object)
    found = portal.lists.named(type, name)
    if found is None:
        raise UnknownName("list", name, [list.name for list in portal.lists if list.type is type])
    return found


def _names(records: "set[Record] | ObjectList") -> str:
    return listed(record.name for record in sorted(records, key=lambda record: record.id))


def _counts(counts: dict[str, int]) -> str:
    return listed(f"{stage} {count}" for stage, count in counts.items())

"""The one write path: whoever changes a record comes through here.

Check every value against its definition → ask the stage rule for a verdict → commit the values, their history
and what is calculated from them → publish. A change is checked whole before any of it is committed, so a
refused change leaves nothing behind; several changes can be checked together and then be applied together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from hubtwin.portal import calculated
from hubtwin.portal.associations import Associations, AssociationType
from hubtwin.portal.calculated import Facts
from hubtwin.portal.clock import Clock
from hubtwin.portal.configuration import Configuration, Settings
from hubtwin.portal.errors import BackwardStage, DuplicateValue, InvalidValues, MissingProperties, Problem
from hubtwin.portal.first_stages import first_stage
from hubtwin.portal.log import ARCHIVED, ASSOCIATED, CREATED, DISSOCIATED, KEPT, SET, Activity, Log
from hubtwin.portal.objects import COMPANIES, LEADS, LIFECYCLE, ObjectType
from hubtwin.portal.pipeline_rules import PipelineRules
from hubtwin.portal.pipelines import Pipelines
from hubtwin.portal.properties import Properties, PropertyDefinition
from hubtwin.portal.property_validations import conform
from hubtwin.portal.reactions import Reactions
from hubtwin.portal.records import Record, Records
from hubtwin.portal.sources import CALCULATED, Source, default_stage
from hubtwin.portal.stages import HAVE_LOGS, Verdict, judge
from hubtwin.portal.values import InvalidValue, Scalar, normalise, problem, shared, text_of

#: Another record, and the association types that a new record is to have with it; none means the default.
Link = tuple[Record, Sequence[AssociationType]]

#: The unique values that the changes of one batch take: (object type, property, value).
Claims = set[tuple[str, str, str]]


@dataclass(slots=True)
class Change:
    """A change that was checked: *record* is None for a new one, an empty value clears a property.

    *activity* is what somebody did that brings the change along. It becomes the cause of the change.
    """

    type: ObjectType
    record: Record | None
    values: dict[str, str]
    source: Source
    cause: int | None
    links: Sequence[Link] = ()
    activity: Activity | None = None


@dataclass(slots=True)
class Outcome:
    """What a change did to its *record*.

    *written* names the properties that got a new value, *calculated* those that followed from them. *verdict*
    is the stage rule's, where the change touched the lifecycle stage; *entry* is the log's entry about that.
    """

    record: Record
    written: list[str] = field(default_factory=list)
    calculated: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    entry: int | None = None


@dataclass(slots=True)
class Writes:
    """The write path of one portal. Its parts are the portal's own."""

    clock: Clock
    log: Log
    reactions: Reactions
    records: Mapping[ObjectType, Records]
    properties: Mapping[ObjectType, Properties]
    pipelines: Mapping[ObjectType, Pipelines]
    rules: PipelineRules
    associations: Associations
    configuration: Configuration
    settings: Callable[[], Settings]
    owner_ids: Callable[[], Iterable[str]]
    ids: Iterator[int]
    backward: Mapping[str, Verdict]
    _facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self._facts = Facts(self.associations, self.pipelines, self.clock)

    # -- checking --------------------------------------------------------------------------------------

    def check_new(
        self,
        type: ObjectType,
        values: Mapping[str, Scalar],
        source: Source,
        cause: int | None = None,
        links: Sequence[Link] = (),
        claims: Claims | None = None,
    ) -> Change:
        """Check a new record.

        Raises InvalidValues, MissingProperties, DuplicateValue, PipelineRuleBroken.
        """
        checked = {name: value for name, value in self._checked(type, None, values).items() if value}
        missing = [" or ".join(names) for names in type.required if checked.keys().isdisjoint(names)]
        if type.belongs_to and not any(other.type.singular in type.belongs_to for other, _ in links):
            missing.append(f"an association with a {' or '.join(type.belongs_to)}")
        if missing and self.configuration.options.required_properties == "checked":
            raise MissingProperties(type.singular, missing)
        self.rules.check(type, None, checked, source)
        self.associations.limits.check(type, None, links)
        self._claim(type, None, checked, claims)
        return Change(type, None, checked, source, cause, links)

    def check(
        self,
        record: Record,
        values: Mapping[str, Scalar],
        source: Source,
        cause: int | None = None,
        claims: Claims | None = None,
    ) -> Change:
        """Check new values for a record. Null leaves a value alone, "" clears it (F2.5).

        Raises InvalidValues, DuplicateValue, PipelineRuleBroken, BackwardStage.
        """
        checked = self._checked(record.type, record, values)
        self.rules.check(record.type, record, checked, source)
        self._check_stage(record, checked.get(LIFECYCLE), source)
        self._claim(record.type, record, checked, claims)
        return Change(record.type, record, checked, source, cause)

    def _checked(self, type: ObjectType, record: Record | None, values: Mapping[str, Scalar]) -> dict[str, str]:
        """The values as they will be kept. All problems are reported at once, as HubSpot does (W2.7)."""
        definitions = self.properties[type]
        checked: dict[str, str] = {}
        problems: list[Problem] = []
        for name, value in values.items():
            if value is None:
                continue
            definition = definitions.get(name)
            if definition is None:
                message = f'Property "{name}" does not exist'
                problems.append(Problem(name, "PROPERTY_DOESNT_EXIST", message))
                continue
            try:
                kept = self._value(type, definition, text_of(value), record)
                checked[definition.name] = kept if definition.unique else shared(kept)
            except InvalidValue as error:
                problems.append(problem(definition, error))
        if (wrong := self._stage_problem(type, record, checked)) is not None:
            problems.append(wrong)
        if problems:
            raise InvalidValues(problems)
        return checked

    def _value(self, type: ObjectType, definition: PropertyDefinition, text: str, record: Record | None) -> str:
        if definition.read_only:
            message = f'"{definition.name}" is a calculated property; its value cannot be set.'
            raise InvalidValue("READ_ONLY_VALUE", message)
        if text == "":
            return ""
        if definition.referenced_object == "OWNER" and text not in self.owner_ids():
            raise InvalidValue("INVALID_OPTION", f"{text} was not one of the allowed options: []")
        if definition.name == type.stage and not type.has_lifecycle:
            return text  # `_stage_problem` knows which pipeline it has to be in
        kept = normalise(definition, text, record.get(definition.name) if record else None)
        return self._conforming(definition, kept) if definition.rules else kept

    def _conforming(self, definition: PropertyDefinition, text: str) -> str:
        """The value as the property's validation rules want it (W4.12)."""
        try:
            return conform(definition.rules, text, self.clock.now)
        except ValueError as error:
            raise InvalidValue("VALIDATION_RULE_BROKEN", str(error)) from None

    def _stage_problem(self, type: ObjectType, record: Record | None, checked: dict[str, str]) -> Problem | None:
        """A deal's or ticket's stage must be in its pipeline; a stage alone brings its pipeline along."""
        if type.stage is None or type.pipeline is None or type.has_lifecycle:
            return None
        stage = checked.get(type.stage)
        pipeline = checked.get(type.pipeline) or (record and record.get(type.pipeline))
        if not stage:
            return None
        home = self.pipelines[type].pipeline_of(stage)
        if home is not None and pipeline in (None, home.id):
            checked[type.pipeline] = home.id
            return None
        listed = ", ".join(
            f"pipelineId={one.id} : [{', '.join(stage.id for stage in one.stages)}]" for one in self.pipelines[type]
        )
        message = f"{stage} is not a valid pipeline stage ID. Valid options are: {listed}"
        return Problem(type.stage, "INVALID_OPTION", message)

    def _check_stage(self, record: Record, stage: str | None, source: Source) -> None:
        """Refuse a backward move to whom the stage rule says so; a workflow finds it in its own log instead."""
        if not record.type.has_lifecycle or not stage or source.type in HAVE_LOGS:
            return
        if judge(self.pipelines[record.type], record.stage, stage, source.type, self.backward) is Verdict.REFUSED:
            raise BackwardStage(record.stage or "", stage)

    def _claim(
        self, type: ObjectType, record: Record | None, checked: Mapping[str, str], claims: Claims | None
    ) -> None:
        unique = self.properties[type].unique
        for name, value in checked.items():
            if name not in unique or not value:
                continue
            others = [one for one in self.records[type].having(name, value) if one is not record]
            if others:
                raise DuplicateValue(type.singular, name, value, others[0].id)
            if claims is not None:
                if (type.name, name, value) in claims:
                    raise DuplicateValue(type.singular, name, value, None)
                claims.add((type.name, name, value))

    # -- committing ------------------------------------------------------------------------------------

    def apply(self, change: Change) -> Outcome:
        """Commit a checked change, publish it and let the portal react."""
        outcome = self._create(change) if change.record is None else self._update(change, change.record)
        self.reactions.settle()
        return outcome

    def _create(self, change: Change) -> Outcome:
        type, source, now = change.type, change.source, self.clock.now
        values = dict(change.values)
        stage = values.pop(type.stage, "") if type.stage else ""
        record = Record(type, next(self.ids), now, values, source)
        created = self.log.append(CREATED, now, record, source, self._cause(change, record))
        self.records[type].add(record)
        self.reactions.publish(created, CREATED, record)
        self._calculate(record, [*values, calculated.CREATION])
        outcome = Outcome(record, list(change.values))
        self._first_stage(outcome, stage, source, created)
        for other, types in change.links:
            self._associate(record, other, types, source, created)
        return outcome

    def _first_stage(self, outcome: Outcome, stage: str, source: Source, created: int) -> None:
        type = outcome.record.type
        if not stage and type.has_lifecycle:
            stage = first_stage(type, source, self.settings(), self.configuration.options.era) or ""
            source = default_stage(source, type.name)  # F6.8: written as by the creator
        elif not stage and type is LEADS:
            stage = self._start_of_pipeline(outcome.record)
        if stage and type.stage:
            self._set_stage(outcome, type.stage, stage, source, created)

    def _start_of_pipeline(self, record: Record) -> str:
        """Leads begin in the first stage of their pipeline, or of the account's first one (F5.6.3)."""
        pipelines = self.pipelines[record.type]
        pipeline = pipelines.get(record.get(record.type.pipeline or "") or "") or next(iter(pipelines), None)
        return pipeline.stages[0].id if pipeline is not None and pipeline.stages else ""

    def _update(self, change: Change, record: Record) -> Outcome:
        outcome, source, cause = Outcome(record), change.source, self._cause(change, record)
        for name, value in change.values.items():
            if name == LIFECYCLE and record.type.has_lifecycle:
                self._judge(outcome, value, source, cause)
            elif name == record.type.stage:
                if value != (record.get(name) or ""):
                    self._set_stage(outcome, name, value, source, cause)
            else:
                self._set(outcome, name, value, source, cause)
        # A write that changes nothing moves the modified date all the same (F6.3). Two writes never share one,
        # even when the clock stands still between them: clients take a changed date for a changed record.
        self.records[record.type].touch(record, max(self.clock.now, record.updated + 1))
        outcome.calculated += self._calculate(record, outcome.written)
        return outcome

    def _cause(self, change: Change, record: Record) -> int | None:
        if change.activity is None:
            return change.cause
        return self.note(record, change.activity, change.source, change.cause)

    def happened(
        self,
        record: Record,
        activity: Activity,
        source: Source,
        cause: int | None = None,
        *,
        moment: int | None = None,
    ) -> int:
        """Note what somebody did that changes no property; return the number of the log's entry.

        *moment* is when it happened, where that becomes known only now.
        """
        number = self.note(record, activity, source, cause, moment)
        self.reactions.settle()
        return number

    def note(
        self, record: Record, activity: Activity, source: Source, cause: int | None, moment: int | None = None
    ) -> int:
        """The same for whoever has more to do before the portal reacts."""
        now = self.clock.now if moment is None else moment
        number = self.log.append(activity.kind, now, record, source, cause, value=activity)
        self.reactions.publish(number, activity.kind, record)
        return number

    def _judge(self, outcome: Outcome, stage: str, source: Source, cause: int | None) -> None:
        record = outcome.record
        verdict = judge(self.pipelines[record.type], record.stage, stage, source.type, self.backward)
        outcome.verdict = verdict
        if verdict is Verdict.SET:
            self._set_stage(outcome, LIFECYCLE, stage, source, cause)
        elif verdict is not Verdict.SAME:
            outcome.entry = self._note(KEPT, record, LIFECYCLE, stage, record.stage, source, cause)

    def _set_stage(self, outcome: Outcome, name: str, stage: str, source: Source, cause: int | None) -> None:
        record, pipelines = outcome.record, self.pipelines[outcome.record.type]
        left, entered = pipelines.stage(record.get(name)), pipelines.stage(stage)
        outcome.entry = self._set(outcome, name, stage, source, cause)
        dates = calculated.stage_dates(record, left, entered, self.clock.now, self.configuration.options)
        outcome.calculated += self._store(record, dates)
        pipeline = pipelines.pipeline_of(stage)
        if record.type.pipeline and pipeline is not None:
            outcome.calculated += self._store(record, [(record.type.pipeline, pipeline.id)])
        if outcome.verdict is None and name == LIFECYCLE:
            outcome.verdict = Verdict.SET
        outcome.calculated += self._calculate(record, [name])

    def _set(self, outcome: Outcome, name: str, value: str, source: Source, cause: int | None) -> int | None:
        """Set one value and note its version; a value that is there already makes no new version."""
        record = outcome.record
        before = record.get(name)
        if value == (before or ""):
            return None
        number = self._note(SET, record, name, value, before, source, cause)
        self.records[record.type].put(record, name, value or None)
        outcome.written.append(name)
        return number

    def _note(
        self,
        kind: str,
        record: Record,
        property: str,
        value: str,
        before: str | None,
        source: Source,
        cause: int | None,
    ) -> int:
        number = self.log.append(kind, self.clock.now, record, source, cause, property, value, before)
        self.reactions.publish(number, kind, record, property)
        return number

    def _calculate(self, record: Record, changed: Iterable[str]) -> list[str]:
        due = calculated.due(record.type, changed)
        if not due:
            return []
        return self._store(record, chain.from_iterable(calculation(record, self._facts) for calculation in due))

    def recalculate(self, record: Record, changed: Iterable[str]) -> None:
        """Work out anew what follows from some properties of a record, because what they mean has changed."""
        self._calculate(record, changed)

    def follow(self, record: Record, values: Mapping[str, str | None]) -> None:
        """Keep what follows from something outside the record: whether its person unsubscribed, say."""
        if self._store(record, values.items()):
            self.records[record.type].touch(record, self.clock.now)

    def _store(self, record: Record, values: Iterable[tuple[str, str | None]]) -> list[str]:
        """Keep calculated values. Most have no versions of their own: they follow from what has."""
        stored = []
        records, present = self.records[record.type], record.values
        for name, value in values:
            if value != present.get(name):
                if name in calculated.VERSIONED:
                    self._note(SET, record, name, value or "", record.get(name), CALCULATED, None)
                records.put(record, name, value)
                stored.append(name)
        return stored

    # -- the other changes -----------------------------------------------------------------------------

    def archive(self, record: Record, source: Source, cause: int | None = None) -> None:
        """Move a record to the bin; archiving it again does nothing."""
        if record.archived is not None:
            return
        with self.reactions.held():  # nobody meets a record that is half on its way to the bin
            number = self.log.append(ARCHIVED, self.clock.now, record, source, cause)
            self.reactions.publish(number, ARCHIVED, record)
            for other in list(self.associations.neighbours(record)):
                self.dissociate(record, other, None, source, number)
            self.records[record.type].archive(record, self.clock.now)

    def associate(
        self,
        record: Record,
        other: Record,
        types: Sequence[AssociationType],
        source: Source,
        cause: int | None = None,
    ) -> None:
        """Link two records, by the default type and those in *types*.

        Raises InvalidAssociation where HubSpot has no association between the two types.
        """
        self._associate(record, other, types, source, cause)
        self.reactions.settle()

    def _associate(
        self,
        record: Record,
        other: Record,
        types: Sequence[AssociationType],
        source: Source,
        cause: int | None,
    ) -> None:
        wanted = [self.associations.default(record.type, other.type), *types]
        if (primary := self._primary_for(record, other, types, source, cause)) is not None:
            wanted.append(primary)
        new = self.associations.add(record, other, wanted)
        if not new:
            return
        self._note_link(ASSOCIATED, record, other, new, source, cause)
        for one, another in ((record, other), (other, record)):
            if self._calculate(one, [calculated.associations_with(another.type)]):
                self.records[one.type].touch(one, self.clock.now)

    def _primary_for(
        self,
        record: Record,
        other: Record,
        types: Sequence[AssociationType],
        source: Source,
        cause: int | None,
    ) -> AssociationType | None:
        """The Primary type that this link gets: a record's first company is its primary one (W3.16).

        Where Primary is asked for and another company has it, it moves.
        """
        primary = self.associations.primary(record.type, other.type)
        if primary is None:
            return None
        member, company = (other, record) if record.type is COMPANIES else (record, other)
        present = self.associations.primary_of(member, company.type)
        if present is None:
            return primary
        if present is not company and any(type.is_primary for type in types):
            held = self.associations.primary(member.type, company.type)
            self.dissociate(member, present, {held.id} if held else None, source, cause)
            return primary
        return None

    def dissociate(
        self, record: Record, other: Record, ids: set[int] | None, source: Source, cause: int | None = None
    ) -> None:
        """Unlink two records: of the types with these *ids*, or wholly. Unlinked ones stay unlinked (W3.9)."""
        gone = self.associations.remove(record, other, ids)
        if not gone:
            return
        self._note_link(DISSOCIATED, record, other, gone, source, cause)
        for one, another in ((record, other), (other, record)):
            self._calculate(one, [calculated.associations_with(another.type)])
        self.reactions.settle()

    def _note_link(
        self, kind: str, record: Record, other: Record, ids: set[int], source: Source, cause: int | None
    ) -> None:
        """Both ends' timelines show a link."""
        now = self.clock.now
        inverses = [
            self.associations.inverse(t) for t in self.associations.types(record.type, other.type) if t.id in ids
        ]
        there = sorted(type.id for type in inverses if type)
        for one, value in ((record, (other, sorted(ids))), (other, (record, there))):
            number = self.log.append(kind, now, one, source, cause, None, value)
            self.reactions.publish(number, kind, one)

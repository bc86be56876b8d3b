"""Lead scores: how they are drafted, published and turned off (F10.5)."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from hubtwin.portal import score_configurations, score_forms, uses
from hubtwin.portal.errors import InvalidDefinition, UnknownName
from hubtwin.portal.filter_branches.criteria import Interest
from hubtwin.portal.log import ARCHIVED, CREATED, MERGED, SCORE_PUBLISHED, Entry
from hubtwin.portal.lookouts import Lookouts
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.problems import Problems
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.property_changes import check_name
from hubtwin.portal.records import Record
from hubtwin.portal.score_definitions import ScoreDefinition
from hubtwin.portal.score_reading import SCORED, read, read_output
from hubtwin.portal.scoring import Scoring
from hubtwin.portal.sources import Source, lead_score
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

DRAFT, PUBLISHED, DEACTIVATED = "draft", "published", "deactivated"

#: A rule's number in a score at work; None stands for the whole score.
_Watch = tuple[Scoring, int | None]


@dataclass(eq=False)
class Score:
    """A score of records of *type*: its *draft* and the *live* configuration, None where it was never published.

    Configurations are in the words of the lead scoring API. *rule* is the score's path in the portal file, or its id
    where somebody made it later. *changed* is when the live configuration last changed.
    """

    id: int
    type: ObjectType
    rule: str
    created: int
    draft: dict[str, Any]
    status: str = DRAFT
    live: dict[str, Any] | None = None
    updated: int = 0
    published: int | None = None
    changed: int = 0
    numbers: Iterator[int] = field(default_factory=partial(count, 1))

    @property
    def name(self) -> str:
        """What people call it."""
        name: str = (self.live or self.draft)["name"]
        return name


class Scores:
    """The scores of one portal. Iterating goes over them, oldest first."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._scores: dict[int, Score] = {}
        self._ids = count(1)
        self._working: dict[int, Scoring] = {}
        self._lookouts: Lookouts[_Watch] = Lookouts(portal, self._look)
        self._watching = False
        self._promised: set[tuple[ObjectType, str]] = set()
        self._promise()

    def __iter__(self) -> Iterator[Score]:
        return iter(self._scores.values())

    def get(self, id: int) -> Score | None:
        """The score with this id, None where there is none."""
        return self._scores.get(id)

    def find(self, name: str) -> Score:
        """The score with this name. Raises UnknownName."""
        for score in self:
            if score.name == name:
                return score
        raise UnknownName("score", name, [score.name for score in self])

    def at_work(self, score: Score) -> Scoring | None:
        """A published score at work; None for a draft, and for one that was turned off."""
        return self._working.get(score.id)

    def start(self, problems: Problems) -> None:
        """Draft and publish the scores of the portal file, once the lists that they ask about are there."""
        for number, settings in enumerate(self._portal.configuration.scores):
            with problems.at("scores", number):
                type = self._portal.type(settings.object)
                configuration = score_forms.configuration(self._portal, type, settings)
                self.publish(self._keep(type, configuration, score_forms.outputs(settings), f"scores.{number}"))
        self._promised.clear()

    def _promise(self) -> None:
        """Make the properties of the portal file's scores: its lists and workflows may ask about them before."""
        for settings in self._portal.configuration.scores:
            type = self._portal.type(settings.object)
            for output in score_forms.outputs(settings):
                definition, properties = read_output(output).property(), self._portal.properties[type]
                if definition.name not in properties:
                    self._promised.add((type, definition.name))
                    properties.put(replace(definition, created=self._portal.clock.now))

    def uses(self) -> Iterator[Use]:
        """The properties that scores ask about, and those that they write."""
        for score in self:
            asset, configuration = f"score {score.name}", score.live or score.draft
            for name in dict.fromkeys(_asked(configuration["groupConfigs"])):
                yield Use(asset, score.rule, score.type, name, False)
            for output in configuration["outputConfiguration"]["outputs"]:
                yield Use(asset, score.rule, score.type, output["propertyName"], True)

    # -- drafting --------------------------------------------------------------------------------------

    def create(self, type: ObjectType, configuration: Mapping[str, Any]) -> Score:
        """Draft a score. Raises InvalidDefinition."""
        if type not in SCORED:
            raise InvalidDefinition(f"Records of {', '.join(one.name for one in SCORED)} are scored, not {type.name}")
        return self._keep(type, {**deepcopy(dict(configuration)), "objectTypeId": type.id})

    def clone(self, score: Score, name: str) -> Score:
        """Draft a score like another one, under another name. Raises InvalidDefinition."""
        copied = deepcopy(score.live or score.draft)
        del copied["outputConfiguration"]  # its properties are the other score's
        return self._keep(score.type, {**copied, "name": name})

    def update(self, score: Score, configuration: Mapping[str, Any]) -> None:
        """Replace the draft of a score; its outputs are merged by their ids. Raises InvalidDefinition."""
        given = deepcopy({**configuration, "objectTypeId": score.type.id})
        draft = score_configurations.completed(given, score.draft["outputConfiguration"]["outputs"], score.numbers)
        self._check(score, draft)
        score.draft, score.updated = draft, self._portal.clock.now

    def reset(self, score: Score) -> None:
        """Take the changes of a draft back. A score that was never published keeps its draft (our model)."""
        if score.live is not None:
            score.draft, score.updated = deepcopy(score.live), self._portal.clock.now

    def _keep(
        self,
        type: ObjectType,
        configuration: dict[str, Any],
        outputs: Sequence[dict[str, Any]] = (),
        rule: str | None = None,
    ) -> Score:
        numbers, now = count(1), self._portal.clock.now
        draft = score_configurations.completed(configuration, outputs, numbers)
        id = next(self._ids)
        score = Score(id, type, rule or f"score {id}", now, draft, updated=now, changed=now, numbers=numbers)
        self._check(score, draft)
        self._scores[score.id] = score
        return score

    def _check(self, score: Score, draft: Mapping[str, Any]) -> ScoreDefinition:
        """Read a configuration. Raises InvalidDefinition."""
        definition = read(self._portal, score.type, draft, score.rule)
        made = {one["propertyName"] for one in (score.live or {}).get("outputConfiguration", {}).get("outputs", ())}
        names = [output.name for output in definition.outputs]
        for name in names:
            check_name(name)
            known = name in made or (score.type, name) in self._promised
            taken = name in self._portal.properties[score.type] and not known
            if taken or names.count(name) > 1:
                raise InvalidDefinition(f"{score.type.name} have a property {name} already; give the score another one")
        if asked := sorted(set(names) & set(_asked(draft["groupConfigs"]))):
            raise InvalidDefinition(f"The score {draft['name']} asks about itself: {', '.join(asked)}")
        return definition

    # -- working ---------------------------------------------------------------------------------------

    def publish(self, score: Score, *, source: Source | None = None) -> None:
        """Turn the draft of a score on: all records are scored by it at once. Raises InvalidDefinition."""
        definition, now = self._check(score, score.draft), self._portal.clock.now
        self._stop(score)
        self._define(score, [output.property() for output in definition.outputs])
        score.live, score.status, score.published, score.changed = deepcopy(score.draft), PUBLISHED, now, now
        writer = lead_score(score.id, score.name, score.rule)
        scoring = self._working[score.id] = Scoring(self._portal, definition, writer)
        self._watch()
        self._lookouts.post((scoring, None), [Interest(CREATED, score.type)])
        for rule, interest in definition.interests():
            self._lookouts.post((scoring, rule), [interest])
        if len(self._portal.records[score.type]):
            publisher = source or self._portal.app
            scoring.refresh(self._portal.log.append(SCORE_PUBLISHED, now, None, publisher, None, value=score.name))

    def deactivate(self, score: Score) -> None:
        """Turn a score off: its properties stay as they are. Raises InvalidDefinition."""
        if score.status != PUBLISHED:
            raise InvalidDefinition(f"The score {score.name} is {score.status}; only a published one can be turned off")
        self._stop(score)
        score.status = DEACTIVATED

    def delete(self, score: Score) -> None:
        """Delete a score with its properties. Raises InvalidDefinition where something else uses one of them."""
        made = [name for name in self._made(score) if name in self._portal.properties[score.type]]
        for name in made:
            others = [use.asset for use in uses.of_property(self._portal, score.type, name) if use.rule != score.rule]
            if others:
                raise InvalidDefinition(f"The score {score.name} can't be deleted: {others[0]} uses {name}")
        self._stop(score)
        for name in made:
            self._portal.properties[score.type].archive(name, self._portal.clock.now)
        del self._scores[score.id]

    def _made(self, score: Score) -> list[str]:
        outputs = (score.live or {}).get("outputConfiguration", {}).get("outputs", ())
        return [output["propertyName"] for output in outputs]

    def _define(self, score: Score, definitions: list[PropertyDefinition]) -> None:
        """Make the score's properties; those that it has no more are archived."""
        properties, now = self._portal.properties[score.type], self._portal.clock.now
        for name in set(self._made(score)) - {definition.name for definition in definitions}:
            properties.archive(name, now)
        for definition in definitions:
            present = properties.get(definition.name)
            created = now if present is None else present.created
            properties.put(replace(definition, created=created, updated=now))

    def _stop(self, score: Score) -> None:
        scoring = self._working.pop(score.id, None)
        if scoring is None:
            return
        scoring.stop()
        for rule in (None, *range(len(scoring.definition.rules))):
            self._lookouts.withdraw((scoring, rule))

    # -- following -------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Begin to see the end of records; with the first score, so that portals without any are not slower."""
        if not self._watching:
            self._watching = True
            self._portal.reactions.add(ARCHIVED, self._archived)
            self._portal.reactions.add(MERGED, self._merged)

    def _look(self, watch: _Watch, record: Record, cause: int) -> None:
        scoring, rule = watch
        scoring.look(record, rule, cause)

    def _archived(self, entry: Entry) -> None:
        for scoring in self._working.values():
            if entry.record is not None and scoring.definition.type is entry.record.type:
                scoring.forget(entry.record)

    def _merged(self, entry: Entry) -> None:
        """What two records became has the points of both."""
        for scoring in list(self._working.values()):
            if entry.record is not None and scoring.definition.type is entry.record.type:
                scoring.look(entry.record, None, entry.number)


def _asked(part: Any) -> Iterator[str]:
    """The properties of the scored record itself that a part of a configuration asks about."""
    if isinstance(part, list):
        for one in part:
            yield from _asked(one)
    elif isinstance(part, Mapping) and part.get("type") not in ("MULTI_UE", "ASSOCIATIONS", "ASSOCIATION_UE"):
        if isinstance(part.get("property"), str):
            yield part["property"]
        for one in part.values():
            yield from _asked(one)

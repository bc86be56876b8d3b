"""What a score asks of records and makes of them, read and ready to work (F10.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hubtwin.portal.filter_branches.criteria import Criterion, Interest
from hubtwin.portal.filter_branches.spans import earliest
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.score_calculators import NOTHING, Calculator
from hubtwin.portal.score_outputs import Output


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most points that something may come to; None for no limit."""

    low: Decimal | None = None
    high: Decimal | None = None

    def hold(self, points: Decimal) -> Decimal:
        """The points, or the limit that they are beyond."""
        if self.high is not None and points > self.high:
            return self.high
        return self.low if self.low is not None and points < self.low else points


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, whose points stay within *limits*."""

    calculator: Calculator
    limits: Limits

    def points(self, record: Record) -> Decimal:
        """The points that a record has by it now."""
        return self.limits.hold(self.calculator.points(record))


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules of one *category*, FIT or INTENT, whose points together stay within *limits*."""

    category: str
    rules: tuple[Rule, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class ScoreDefinition:
    """A score of records of *type* that *covers* accepts; no category comes to more than *most* points."""

    type: ObjectType
    groups: tuple[RuleGroup, ...]
    outputs: tuple[Output, ...]
    most: Decimal | None
    covers: Criterion

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all groups, in their order."""
        return tuple(rule for group in self.groups for rule in group.rules)

    def interests(self) -> Iterator[tuple[int | None, Interest]]:
        """What may change the points of a rule, by its number; None for what may change them all."""
        for number, rule in enumerate(self.rules):
            for interest in rule.calculator.interests():
                yield number, interest
        for interest in self.covers.interests():
            yield None, interest

    def lists(self) -> Iterator[int]:
        """The ids of the lists that it asks about."""
        for rule in self.rules:
            yield from rule.calculator.lists()
        yield from self.covers.lists()

    def next_check(self, record: Record) -> int | None:
        """When a record's points may change though nothing happens; None for never."""
        return earliest(rule.calculator.next_check(record) for rule in self.rules)

    def values(self, points: Sequence[Decimal]) -> dict[str, str]:
        """The values of the score's properties for the points that a record has by each rule."""
        found = self._by_category(points)
        return {output.name: output.value(found) for output in self.outputs}

    def _by_category(self, points: Sequence[Decimal]) -> Mapping[str, Decimal]:
        """A group's limits hold its rules together, then the score's limit each category (F10.5.2)."""
        rest, totals = iter(points), dict[str, Decimal]()
        for group in self.groups:
            sum_of_rules = sum((next(rest) for _ in group.rules), NOTHING)
            totals[group.category] = totals.get(group.category, NOTHING) + group.limits.hold(sum_of_rules)
        return {category: Limits(None, self.most).hold(total) for category, total in totals.items()}

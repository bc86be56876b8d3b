"""Queries: which records match, in the order of one property, and a page of them at a time.

Indexes do the work where they can; the answer is the same without them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter, itemgetter

from hubtwin.portal.associations import Associations
from hubtwin.portal.filters import ORDERED, RANGES, Comparison, Predicate, predicate, sort_key, tokens
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record, Records


@dataclass(frozen=True, slots=True)
class Filter:
    """A comparison of a property, and what it *matches*.

    *only* are the texts that alone can match, where an index can help; *folded* says that case doesn't count.
    """

    definition: PropertyDefinition
    comparison: Comparison
    matches: Predicate
    only: Sequence[str] = ()
    folded: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it lets a stretch of the records through, as the property orders them."""
        return self.definition.type in ORDERED and self.comparison.operator in RANGES

    def lets_through(self, record: Record) -> bool:
        """Whether the record matches."""
        return self.matches(record.get(self.definition.name))

    def candidates(self, records: Records) -> Iterable[Record]:
        """The records that an index leaves. Only for filters that have *only* or are a range."""
        if not self.only:
            order = records.in_order(self.definition)
            return order.within(order.positions([self.comparison]))
        find = records.having_folded if self.folded else records.having
        return (record for text in self.only for record in find(self.definition.name, text))


def filter_on(definition: PropertyDefinition, comparison: Comparison) -> Filter:
    """The filter that a comparison of a property is. Raises InvalidComparison."""
    texts, folded = _only(definition, comparison)
    return Filter(definition, comparison, predicate(definition, comparison), texts, folded)


def _only(definition: PropertyDefinition, comparison: Comparison) -> tuple[Sequence[str], bool]:
    """The stored texts that alone can match, where there are few; and whether their case doesn't count."""
    if comparison.operator == "EQ" and comparison.value is not None:
        texts: Sequence[str] = [comparison.value]
    elif comparison.operator == "IN":
        texts = comparison.values
    else:
        return (), False
    if definition.name == "hs_object_id" or (definition.type in ("enumeration", "bool") and not definition.is_multiple):
        return texts, False
    if definition.type in ("string", "phone_number"):
        return (texts if comparison.operator == "IN" else [text.lower() for text in texts]), True
    return (), False


@dataclass(frozen=True, slots=True)
class AssociationFilter:
    """`associations.company EQ 12`: the records that are associated with one of *ids*."""

    associations: Associations
    type: ObjectType
    ids: frozenset[str]

    def lets_through(self, record: Record) -> bool:
        """Whether the record matches."""
        return any(str(other.id) in self.ids for other in self.associations.of(record, self.type))


Group = Sequence[Filter | AssociationFilter]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: records that all filters of one of the *groups* let through, in the order of *sort*.

    Without groups all pass, without *sort* the oldest come first. In what the type's search looks at, every one of
    *words* has to begin a word.
    """

    records: Records
    groups: Sequence[Group]
    words: frozenset[str] = frozenset()
    sort: PropertyDefinition | None = None
    descending: bool = False

    def page(self, offset: int, limit: int) -> tuple[int, list[Record]]:
        """How many records match, and *limit* of them from *offset* on."""
        if self.sort is None or not self._is_stretch():
            found = self.matching()
            return len(found), found[offset : offset + limit]
        comparisons = [one.comparison for group in self.groups for one in group if isinstance(one, Filter)]
        order = self.records.in_order(self.sort)
        positions = order.positions(comparisons)
        having = order.within(positions, descending=self.descending)
        if comparisons:
            return len(positions), list(islice(having, offset, offset + limit))
        return len(self.records), list(islice(chain(having, order.lacking()), offset, offset + limit))

    def matching(self) -> list[Record]:
        """All records that match. Those that lack the property of the sort come last."""
        found = sorted(filter(self._lets_through, self._candidates()), key=attrgetter("id"))
        return found if self.sort is None else _sorted(found, self.sort, descending=self.descending)

    def _is_stretch(self) -> bool:
        """Whether the records that match lie side by side in the order that is asked for.

        Most integrations look for what has changed since the last time: they pay for the page alone.
        """
        if self.sort is None or self.sort.type not in ORDERED or self.words or len(self.groups) > 1:
            return False
        return all(
            isinstance(one, Filter) and one.is_range and one.definition is self.sort
            for group in self.groups
            for one in group
        )

    def _candidates(self) -> Iterable[Record]:
        """Those records that can match at all: where every group has a filter that an index serves, only theirs."""
        served = [_served(group) for group in self.groups]
        if not served or None in served:
            return self.records
        return {record: None for one in served if one is not None for record in one.candidates(self.records)}

    def _lets_through(self, record: Record) -> bool:
        if self.groups and not any(all(one.lets_through(record) for one in group) for group in self.groups):
            return False
        return not self.words or self._mentions(record)

    def _mentions(self, record: Record) -> bool:
        searched = self.records.type.searched
        words = {word for name in searched for word in tokens(record.get(name) or "")}
        return all(any(word.startswith(part) for word in words) for part in self.words)


def _served(group: Group) -> Filter | None:
    """The filter of a group that an index serves best, None where it serves none."""
    filters = [one for one in group if isinstance(one, Filter)]
    return next((one for one in filters if one.only), None) or next((one for one in filters if one.is_range), None)


def _sorted(found: Iterable[Record], definition: PropertyDefinition, *, descending: bool) -> list[Record]:
    having, lacking = [], []
    for record in found:
        key = sort_key(definition, record.get(definition.name))
        if key is None:
            lacking.append(record)
        else:
            having.append((key, record))
    having.sort(key=itemgetter(0), reverse=descending)
    return [record for _, record in having] + lacking

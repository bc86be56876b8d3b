"""Limits tracking: how much an account may hold by its plan, and how much it holds (W7.8).

The limits are told, not enforced: what the portal itself refuses is said where it is defined.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.configuration import Limits
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.property_changes import MAX_OWN
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How many records one can be associated with, by object type, unless administrators set less (W7.8.6).
MAX_ASSOCIATED = 50_000

#: The part of a limit from which on a record is near it.
NEAR = 0.8

_RECORDS = 15_000_000

#: Types of which an account can have fewer records (W7.8.1).
_FEWER_RECORDS = MappingProxyType(dict.fromkeys(("appointments", "courses", "listings", "services"), 500_000))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan allows: *pipelines* for each object type, the rest for the whole account (W7.8)."""

    properties: int
    pipelines: int
    calculated_properties: int
    custom_types: int
    custom_records: int


_PLANS = MappingProxyType(
    {
        "free": Plan(10, 1, 0, 0, 0),
        "starter": Plan(10_000, 2, 0, 0, 0),
        "professional": Plan(10_000, 15, 25, 0, 0),
        "enterprise": Plan(10_000, 100, 200, 10, 1_500_000),
    }
)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of *limit* is used."""

    usage: int
    limit: int

    @property
    def percentage(self) -> float:
        """From 0 to 100, and above where nothing holds the account to its limit; with three decimals (W7.8.1)."""
        if not self.limit:
            return 100.0 if self.usage else 0.0
        return round(self.usage * 100 / self.limit, 3)

    @property
    def is_near(self) -> bool:
        """Whether the limit is near, but not reached."""
        return self.limit * NEAR <= self.usage < self.limit

    @property
    def is_reached(self) -> bool:
        """Whether there is no room left."""
        return self.usage >= self.limit


@dataclass(frozen=True, slots=True)
class LabelUsage:
    """The labels from one object type to another, and how many there can be (W7.8.5)."""

    from_type: ObjectType
    to_type: ObjectType
    labels: tuple[str, ...]
    usage: Usage


#: Usage by object type.
ByType = dict[ObjectType, Usage]


class LimitsTracking:
    """What one portal holds of what its plan allows."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal

    @property
    def plan(self) -> Plan:
        """What the account's plan allows."""
        return _PLANS[(self._portal.configuration.limits or Limits()).plan]

    # -- records and definitions -----------------------------------------------------------------------

    def records(self) -> ByType:
        """Records by object type; those of custom objects share one limit (W7.8.1)."""
        held = self._portal.records
        return {
            type: Usage(len(held[type]), self.plan.custom_records if type.is_custom else _most_records(type))
            for type in self._portal.types
        }

    def custom_types(self) -> Usage:
        """Custom object types (W7.8.2)."""
        return Usage(sum(not schema.is_archived for schema in self._portal.schemas), self.plan.custom_types)

    def properties(self) -> ByType:
        """The portal's own properties by object type (W7.8.3)."""
        limit = min(MAX_OWN, self.plan.properties)
        return {
            type: Usage(sum(not one.hubspot_defined for one in self._portal.properties[type]), limit)
            for type in self._portal.types
        }

    def calculated_properties(self) -> Mapping[ObjectType, int]:
        """The portal's own calculated properties by object type, which share one limit (W7.8.3)."""
        return {
            type: sum(
                not one.hubspot_defined and one.field_type.startswith("calculation")
                for one in self._portal.properties[type]
            )
            for type in self._portal.types
        }

    def pipelines(self) -> ByType:
        """Pipelines by object type; those of custom objects share one limit (W7.8.4)."""
        return {
            type: Usage(len(self._portal.pipelines[type]), self.plan.pipelines)
            for type in self._portal.types
            if type.is_custom or (type.pipeline is not None and not type.has_lifecycle)
        }

    # -- associations ----------------------------------------------------------------------------------

    def labels(self) -> Iterator[LabelUsage]:
        """Association labels by pair and direction, where there are any (W7.8.5)."""
        by_pair = defaultdict[tuple[str, str], list[str]](list)
        for one in self._portal.associations.own:
            if one.label is not None:
                by_pair[one.from_type, one.to_type].append(one.label)
        types = {type.singular: type for type in self._portal.types}
        most = self._portal.configuration.options.association_labels
        for (here, there), labels in by_pair.items():
            if here in types and there in types:
                count = len(labels) // 2 if here == there else len(labels)
                unique = tuple(dict.fromkeys(labels))
                yield LabelUsage(types[here], types[there], unique, Usage(count, most))

    def associated(self, from_type: ObjectType | None = None) -> Iterator[tuple[Record, ObjectType, Usage]]:
        """How many records of each type every record is associated with, beginning at one type or at any."""
        for record, to_type, count in self._portal.associations.counts():
            if from_type in (None, record.type):
                yield record, to_type, Usage(count, self.most_associated(record.type, to_type))

    def most_associated(self, from_type: ObjectType, to_type: ObjectType) -> int:
        """How many records of one type a record of another can have (W7.8.6).

        Raises InvalidAssociation where the two types can't be associated.
        """
        associations = self._portal.associations
        return associations.limits.of(associations.default(from_type, to_type)) or MAX_ASSOCIATED


def _most_records(type: ObjectType) -> int:
    return _FEWER_RECORDS.get(type.name, _RECORDS)

"""A list of records, as HubSpot's API has it; in its pages it is called a segment (W6.4)."""

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from hubtwin.portal.filter_branches.criteria import Criterion
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

MANUAL = "MANUAL"
DYNAMIC = "DYNAMIC"
SNAPSHOT = "SNAPSHOT"
PROCESSING_TYPES = (MANUAL, DYNAMIC, SNAPSHOT)

#: Under this name the log's entries about members tell the id of the list.
LIST = "hs_list_id"

#: When a member joined, and its id: the two orders that members are listed in.
Membership = tuple[int, int]


class ObjectList:
    """A list: what it is called, what it asks of its members, and who they are.

    *processing* is MANUAL, DYNAMIC or SNAPSHOT. *branch* is the filter definition as JSON, None where the list has
    none; *criterion* is what a dynamic list asks with. *deleted* is when it was deleted, None while it is there;
    *folder* is the id of the one that it lies in, *rule* its path in the portal file, or what it was made as later.
    """

    def __init__(
        self,
        id: int,
        name: str,
        type: ObjectType,
        processing: str,
        created: int,
        creator: int,
        rule: str | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.type = type
        self.processing = processing
        self.created = self.updated = self.filters_updated = created
        self.created_by = self.updated_by = creator
        self.version = 1
        self.deleted: int | None = None
        self.folder = 0
        self.rule = rule or f"list {id}"
        self.branch: Mapping[str, Any] | None = None
        self.criterion: Criterion | None = None
        self.last_joined: int | None = None
        self.last_left: int | None = None
        self._members: dict[Record, int] = {}
        self._firsts: dict[Record, int] = {}
        self._by_id: list[Record] | None = None
        self._by_joining: list[Record] | None = None

    def __repr__(self) -> str:
        return f"<ObjectList {self.id} {self.name!r}: {len(self)} {self.type.name}>"

    def __len__(self) -> int:
        return len(self._members)

    def __bool__(self) -> bool:
        return True  # an empty list is a list

    def __contains__(self, record: object) -> bool:
        return record in self._members

    def __iter__(self) -> Iterator[Record]:
        """The members, by ascending id."""
        return iter(self._in_order_of_id())

    @property
    def label(self) -> str:
        """What stories call the list."""
        return f"{self.name} (list {self.id})"

    @property
    def is_dynamic(self) -> bool:
        """Whether the filters alone decide who is a member."""
        return self.processing == DYNAMIC

    def joined(self, record: Record) -> int:
        """When a member joined, last."""
        return self._members[record]

    def first_joined(self, record: Record) -> int:
        """When a member joined for the first time."""
        return self._firsts.get(record, self._members[record])

    def add(self, record: Record, now: int) -> None:
        """Take a member in. Only the portal's memberships call this."""
        self._members[record] = now
        self.last_joined = now
        self._by_id = self._by_joining = None

    def remove(self, record: Record, now: int) -> None:
        """Let a member go. Only the portal's memberships call this."""
        self._firsts.setdefault(record, self._members.pop(record))
        self.last_left = now
        self._by_id = self._by_joining = None

    def page(self, after: int, limit: int) -> list[Record]:
        """Up to *limit* members with ids above *after*, ascending."""
        members = self._in_order_of_id()
        start = bisect_right(members, after, key=operator.attrgetter("id"))
        return members[start : start + limit]

    def page_before(self, before: int, limit: int) -> list[Record]:
        """Up to *limit* members with ids below *before*, descending."""
        members = self._in_order_of_id()
        end = bisect_left(members, before, key=operator.attrgetter("id"))
        return members[max(0, end - limit) : end][::-1]

    def page_joined(self, after: Membership, limit: int) -> list[Record]:
        """Up to *limit* members who joined after *after*, in the order in which they joined."""
        members = self._in_order_of_joining()
        start = bisect_right(members, after, key=self._membership)
        return members[start : start + limit]

    def page_joined_before(self, before: Membership, limit: int) -> list[Record]:
        """Up to *limit* members who joined before *before*, newest first."""
        members = self._in_order_of_joining()
        end = bisect_left(members, before, key=self._membership)
        return members[max(0, end - limit) : end][::-1]

    def _membership(self, record: Record) -> Membership:
        return self._members[record], record.id

    def _in_order_of_id(self) -> list[Record]:
        if self._by_id is None:
            self._by_id = sorted(self._members, key=operator.attrgetter("id"))
        return self._by_id

    def _in_order_of_joining(self) -> list[Record]:
        if self._by_joining is None:
            self._by_joining = sorted(self._members, key=self._membership)
        return self._by_joining

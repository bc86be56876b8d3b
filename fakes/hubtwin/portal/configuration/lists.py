"""Lists of records, which HubSpot's pages call segments (W6.4)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hubtwin.portal.configuration.conditions import Filters
from hubtwin.portal.configuration.parts import Defines, Name, ObjectName, Part, Reference


class RecordList(Part):
    """A list: dynamic, where its filters alone decide who is in it; snapshot, where they did so once; or static."""

    name: Annotated[Name, Defines("list")]
    id: Annotated[int | None, Defines("list id")] = Field(default=None, ge=1)
    """What the API and filters call it; by default the next free number."""
    object: ObjectName = "contacts"
    """The object whose records it holds."""
    kind: Literal["dynamic", "snapshot", "static"] = "dynamic"
    """Who decides: the filters, the filters once when the account starts, or people."""
    filters: Filters | None = None
    """Who belongs to it, in the short form, or as HubSpot's own filterBranch."""
    members: tuple[Reference, ...] = ()
    """The aliases of records that are in it from the start, where it is not dynamic."""

    @model_validator(mode="after")
    def _filters_fit_the_kind(self) -> "RecordList":
        if (self.kind == "static") != (self.filters is None):
            needed = "has no filters; a snapshot is filled by them once" if self.kind == "static" else "needs filters"
            raise ValueError(f"a {self.kind} list {needed}")
        if self.kind == "dynamic" and self.members:
            raise ValueError("the filters of a dynamic list alone decide who is in it; leave out members")
        return self

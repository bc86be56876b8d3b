"""Saved views of index pages."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from hubtwin.portal.configuration.parts import Defines, Name, ObjectName, Part, UserName


class SearchFilter(Part):
    """A comparison of a property, in the words of HubSpot's search."""

    model_config = ConfigDict(populate_by_name=True)

    property: Name = Field(alias="propertyName")
    """The property that is compared."""
    operator: Literal[
        "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY",
        "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN",
    ]  # fmt: skip
    """How it is compared."""
    value: str | None = None
    """What with; the lower end of BETWEEN."""
    high: str | None = Field(default=None, alias="highValue")
    """The upper end of BETWEEN."""
    values: tuple[str, ...] = ()
    """The values of IN and NOT_IN."""


class FilterGroup(Part):
    """Filters that a record must all pass."""

    filters: Annotated[tuple[SearchFilter, ...], Field(min_length=1)]


class View(Part):
    """A view of an index page: which records it shows, in which order, with which columns."""

    model_config = ConfigDict(populate_by_name=True)

    name: Annotated[Name, Defines("view")]
    object: ObjectName = "contacts"
    """The object whose records it shows."""
    groups: tuple[FilterGroup, ...] = Field(default=(), alias="filterGroups")
    """A record passes all filters of one of these groups; without any group, all records are shown."""
    columns: tuple[Name, ...] = ()
    """The properties that it shows; those that HubSpot shows of itself, where there are none."""
    sort: Name | None = None
    """The property that orders the records; with `-` before it, downwards. By default the oldest come first."""
    user: UserName | None = None
    """Whose view it is; the account's own, where it is left out."""
    shared: Literal["everyone", "team", "private"] = "everyone"
    """Who sees it besides that user: everyone, the user's team, or nobody."""

    @model_validator(mode="after")
    def _belongs_to_somebody(self) -> "View":
        if self.user is None and self.shared != "everyone":
            raise ValueError(f"a view that is shared with {self.shared!r} needs a user whose it is")
        return self

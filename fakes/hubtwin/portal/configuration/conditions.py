"""Conditions on records, in a short form: what lists and others ask for.

Each condition is a mapping, known by one of its keys: `property`, `form`, `list`, `associated`. A new kind is a class
with that key as its first field, a member of `Condition`, and an entry in `filter_branches.short_forms`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args

from pydantic import Discriminator, Field, Tag, WithJsonSchema, model_validator

from hubtwin.portal.configuration.parts import Name, Number, ObjectName, Part, Refers

Value = str | int | float | bool

#: One value, or several of which any will do.
Values = Value | tuple[Value, ...]

Days = Annotated[int, Field(ge=0, le=36_500)]

#: A day, as in `2026-03-02`.
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class PropertyCondition(Part):
    """A property of the record has such a value: one key besides `property` says which."""

    property: Name
    """Its internal name."""
    is_: Values | None = Field(default=None, alias="is")
    """The value, or one of several."""
    is_not: Values | None = None
    """None of these values."""
    was: Values | None = None
    """It has, or once had, this value."""
    was_never: Values | None = None
    """It never had this value."""
    contains: Values | None = None
    """A text with one of these in it; of a choice of several, all of them."""
    contains_not: Values | None = None
    """A text with none of these in it."""
    starts_with: Values | None = None
    """A text that begins so."""
    ends_with: Values | None = None
    """A text that ends so."""
    above: Number | None = None
    """A number greater than this."""
    at_least: Number | None = None
    """A number that is no smaller."""
    below: Number | None = None
    """A number smaller than this."""
    at_most: Number | None = None
    """A number that is no greater."""
    between: tuple[Number, Number] | None = None
    """A number from the one to the other."""
    before: Day | None = None
    """A date before this day."""
    after: Day | None = None
    """A date after this day."""
    within_last_days: Days | None = None
    """A date no more than this many days ago."""
    before_last_days: Days | None = None
    """A date more than this many days ago."""
    within_next_days: Days | None = None
    """A date in the coming days."""
    updated_in_last_days: Days | None = None
    """It was written to in these days."""
    not_updated_in_last_days: Days | None = None
    """It was not written to in these days."""
    known: bool | None = None
    """Whether there is any value."""
    or_unknown: bool = False
    """Whether records without a value are meant, too."""

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "PropertyCondition":
        if len(asked := self._asked()) != 1:
            found = " and ".join(asked) or "nothing"
            raise ValueError(f"a condition asks one thing about its property, as in `is: lead`; this asks {found}")
        return self

    def _asked(self) -> list[str]:
        own = ("property", "or_unknown")
        fields = type(self).model_fields
        return [fields[name].alias or name for name in fields if name not in own and getattr(self, name) is not None]

    def asked(self) -> tuple[str, Any]:
        """What it asks, by its key in the file, and the value that goes with that."""
        (key,) = self._asked()
        return key, getattr(self, "is_" if key == "is" else key)


class FormCondition(Part):
    """The contact submitted a form."""

    form: Annotated[Name, Refers("form")] | None
    """The form's name; null stands for any form."""
    submitted: bool = True
    """Whether it must have been, or must not."""
    at_least: Annotated[int, Field(ge=1)] | None = None
    """How many times, at least."""


#: What can happen to an e-mail, as HubSpot's filters call it.
EmailEvent = Literal[
    "sent",
    "received",
    "opened",
    "link_clicked",
    "replied",
    "bounced",
    "unsubscribed",
    "marked_spam",
    "sent_but_not_received",
    "sent_but_link_not_clicked",
    "received_but_not_opened",
    "opened_but_link_not_clicked",
    "opened_but_not_replied",
]


class EmailCondition(Part):
    """Something happened to a marketing e-mail that was sent to the contact (W6.11.11)."""

    email: Annotated[Name, Refers("marketing email")]
    """The e-mail's name."""
    was: EmailEvent
    """What happened to it."""
    link: Name | None = None
    """The link that was clicked; any, where it is left out."""


class ListCondition(Part):
    """The record is in another list."""

    list: Annotated[Name, Refers("list")]
    """The list's name."""
    member: bool = True
    """Whether it must be, or must not."""


class AssociatedCondition(Part):
    """A record that is associated with this one meets all of these conditions."""

    associated: ObjectName
    """The object of the other record, as in `companies`."""
    all: "Annotated[tuple[Condition, ...], Field(min_length=1)]"
    """What the other record must be like."""
    label: Name | None = None
    """The label of the association, as in `Primary`; any, where it is left out."""


class NoneCondition(Part):
    """None of these conditions is met."""

    none: "Annotated[tuple[Condition, ...], Field(min_length=1)]"


class NotAllCondition(Part):
    """One of these conditions at least is not met."""

    not_all: "Annotated[tuple[Condition, ...], Field(min_length=1)]"


class AllCondition(Part):
    """All of these conditions are met: one of the ways in which a record may meet `any`."""

    all: "Annotated[tuple[Condition, ...], Field(min_length=1)]"


def _kind(condition: Any) -> str | None:
    if isinstance(condition, Part):
        return type(condition).__name__
    return next((name for key, name in _KEYS.items() if isinstance(condition, Mapping) and key in condition), None)


Condition = Annotated[
    Union[  # noqa: UP007  a union of tagged members reads better in lines
        Annotated[PropertyCondition, Tag("PropertyCondition")],
        Annotated[FormCondition, Tag("FormCondition")],
        Annotated[EmailCondition, Tag("EmailCondition")],
        Annotated[ListCondition, Tag("ListCondition")],
        Annotated[AssociatedCondition, Tag("AssociatedCondition")],
        Annotated[NoneCondition, Tag("NoneCondition")],
        Annotated[NotAllCondition, Tag("NotAllCondition")],
        Annotated[AllCondition, Tag("AllCondition")],
    ],
    Discriminator(
        _kind,
        custom_error_type="condition",
        custom_error_message="a condition has one of the keys property, form, email, list, associated, none, not_all,"
        " all",
    ),
]

#: The classes of conditions, by the key that tells them apart.
_KEYS = {
    next(iter(model.model_fields)): model.__name__
    for model in (get_args(member)[0] for member in get_args(get_args(Condition)[0]))
}


class ShortFilters(Part):
    """Filters in their short form: conditions that must `all` be met, or `any` of them."""

    all: tuple[Condition, ...] | None = None
    """Conditions of which each one must be met."""
    any: tuple[Condition, ...] | None = None
    """Conditions of which one must be met; an item may be `all: […]` again."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "ShortFilters":
        if (self.all is None) == (self.any is None) or not (self.all or self.any):
            raise ValueError("filters have one of the keys all and any, with conditions")
        return self


def _form_of_filters(filters: Any) -> str:
    return "branch" if isinstance(filters, Mapping) and "filterBranchType" in filters else "ShortFilters"


_BRANCH = WithJsonSchema(
    {"type": "object", "properties": {"filterBranchType": {"const": "OR"}}, "required": ["filterBranchType"]}
)

#: Filters: the short form, or HubSpot's own JSON, which begins with `filterBranchType`.
Filters = Annotated[
    Annotated[ShortFilters, Tag("ShortFilters")] | Annotated[dict[str, Any], _BRANCH, Tag("branch")],
    Discriminator(_form_of_filters),
]

for _model in (AssociatedCondition, NoneCondition, NotAllCondition, AllCondition, ShortFilters):
    _model.model_rebuild()

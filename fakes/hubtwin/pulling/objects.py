"""Custom objects, and the labels of associations (W3.12, W6.3)."""

from collections.abc import Iterator
from itertools import combinations_with_replacement
from typing import NamedTuple

from hubtwin.api.bodies import Body
from hubtwin.portal.associations import USER_DEFINED
from hubtwin.portal.errors import UnknownObjectType
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, TICKETS, ObjectType
from hubtwin.portal.starting_pipelines import word_of
from hubtwin.pulling import properties
from hubtwin.pulling.copying import Copy
from hubtwin.pulling.source import Refusal

_MOST = 10**18

#: The objects between which labels are looked for, besides custom ones.
_LABELLED = (CONTACTS, COMPANIES, DEALS, TICKETS)


def copy_all(copy: Copy) -> None:
    """Copy the schemas of custom objects, in the order in which they were made."""
    schemas = [one for one in copy.source.rows("/crm-object-schemas/v3/schemas") if not one.flag("archived", False)]
    for schema in sorted(schemas, key=_number):
        with copy.notes.leaving_out(f"custom object {schema.text('name', '?')}"):
            _copy(copy, schema)


def _number(schema: Node) -> int:
    return Node({"objectTypeId": schema.text("objectTypeId").removeprefix("2-")}, schema.place).whole(
        "objectTypeId", low=1, high=_MOST
    )


def _copy(copy: Copy, schema: Node) -> None:
    body, name = Body(schema.data, b""), schema.text("name")
    labels = schema.object("labels")
    made = copy.portal.schemas.create(
        name,
        {form: labels.text(form) for form in ("singular", "plural") if form in labels},
        [],
        associated_objects=[*_associated(copy, schema)],
        description=schema.text("description", ""),
        id=_number(schema),
    )
    properties.define(copy, made.type, schema.objects("properties"))
    known = copy.portal.properties[made.type]
    copy.portal.schemas.update(
        made,
        labels=made.labels,
        description=made.description,
        required=[one for one in body.texts("requiredProperties") if one in known],
        searchable=[one for one in body.texts("searchableProperties") if one in known],
        primary_display=next((one for one in (body.text("primaryDisplayProperty"),) if one and one in known), None),
        secondary_display=[one for one in body.texts("secondaryDisplayProperties") if one in known],
    )


def _associated(copy: Copy, schema: Node) -> Iterator[str]:
    """The objects that a custom one is associated with, of those that are there already."""
    own = schema.text("objectTypeId")
    for association in schema.objects("associations"):
        ends = {association.text("fromObjectTypeId"), association.text("toObjectTypeId")} - {own}
        for other in ends:
            try:
                yield copy.portal.type(other).name
            except UnknownObjectType:
                continue


# -- labels --------------------------------------------------------------------------------------------------


def copy_labels(copy: Copy) -> None:
    """Copy the labels between all pairs of objects, as they were made; note which ids their types have now."""
    types = [*_LABELLED, *(schema.type for schema in copy.portal.schemas)]
    labels: list[_Label] = []
    for pair in combinations_with_replacement(types, 2):
        with copy.notes.leaving_out(f"association labels of {pair[0].name} and {pair[1].name}"):
            labels += _labels(copy, pair)
    for label in sorted(labels, key=lambda label: label.ids):
        with copy.notes.leaving_out(f"association label {label.words[0]!r}"):
            _copy_label(copy, label)


class _Label(NamedTuple):
    """A label, or an unlabelled type, between a pair of objects: its ids and words, there and back."""

    pair: tuple[ObjectType, ObjectType]
    ids: tuple[int, int]
    words: tuple[str, str]


def _labels(copy: Copy, pair: tuple[ObjectType, ObjectType]) -> Iterator[_Label]:
    """The labels of a pair, each with its inverse: no answer says so, but they were made together."""
    one, other = pair
    there = _own_types(copy, one, other)
    back = there[1::2] if one is other else _own_types(copy, other, one) if there else []
    there = there[::2] if one is other else there
    if len(there) != len(back):
        raise Refusal("the two directions have different numbers of labels")
    for both in zip(there, back, strict=True):
        first, second = (row.whole("typeId", low=1, high=_MOST) for row in both)
        yield _Label(pair, (first, second), (both[0].text("label", ""), both[1].text("label", "")))


def _own_types(copy: Copy, one: ObjectType, other: ObjectType) -> list[Node]:
    """The account's own association types from one object to another, as they were made."""
    rows = copy.source.rows(f"/crm/v4/associations/{_word(one)}/{_word(other)}/labels")
    own = [row for row in rows if row.text("category") == USER_DEFINED]
    return sorted(own, key=lambda row: row.whole("typeId", low=1, high=_MOST))


def _word(type: ObjectType) -> str:
    return type.id if type.is_custom else type.name


def _copy_label(copy: Copy, label: _Label) -> None:
    (one, other), (words, inverse) = label.pair, label.words
    if words:
        name = word_of(words) or f"label_{label.ids[0]}"
        made = copy.portal.association_labels.create(one, other, name, words, inverse if inverse != words else None)
    else:
        made = [copy.portal.associations.default(one, other), copy.portal.associations.default(other, one)]
    copy.associations |= {id: type.id for id, type in zip(label.ids, made, strict=False)}

"""Association labels: how administrators say what records are to each other (W3.12).

A label is a pair of association types, one for each direction. Where two object types have no unlabelled type
between them, their first label brings one along.
"""

from typing import TYPE_CHECKING

from hubtwin.portal.associations import USER_DEFINED, AssociationType
from hubtwin.portal.errors import InvalidDefinition, TooManyLabels
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class AssociationLabels:
    """The labels of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._associations = portal.associations

    def create(
        self, from_type: ObjectType, to_type: ObjectType, name: str, label: str, inverse_label: str | None = None
    ) -> list[AssociationType]:
        """Define a label, for both directions where no *inverse_label* is given.

        An empty one makes the unlabelled type. Returns all types that were made.

        Raises InvalidDefinition, TooManyLabels.
        """
        if any(type.label and type.name.lower() == name.lower() for type in self._associations.own):
            raise InvalidDefinition(f"Association definition named {name} already exists for portal")
        if not label:
            return self._create_unlabelled(from_type, to_type)
        self._check(from_type, to_type, label)
        made = list(self._associations.define(from_type, to_type, name, label, inverse_label))
        if not self._has_unlabelled(from_type, to_type):
            made += self._create_unlabelled(from_type, to_type)
        return made

    def rename(
        self, from_type: ObjectType, to_type: ObjectType, id: int, label: str, inverse_label: str | None = None
    ) -> None:
        """Change a label, in both directions where no *inverse_label* is given. Raises InvalidDefinition."""
        type = self._find(from_type, to_type, id)
        if type is None or type.label is None or not label:
            raise InvalidDefinition(f"Unable to find association type {id}")
        self._associations.relabel(type, label, inverse_label or label)

    def delete(self, from_type: ObjectType, to_type: ObjectType, id: int, source: Source) -> None:
        """Delete a label in both directions, and take it off all links (W3.12.3). Raises InvalidDefinition."""
        type = self._find(from_type, to_type, id)
        if type is None:
            raise InvalidDefinition("Unable to find objectTypeIds")
        if type.label is None and self._labels(from_type, to_type):
            raise InvalidDefinition(
                f"Definition with label still exists; Cannot delete unlabeled type with associationTypeId {id}"
            )
        inverse = self._associations.inverse(type)
        for record, other in self._associations.linked_as(type):
            self._portal.writes.dissociate(record, other, {id}, source)
        self._associations.undefine([id, *([inverse.id] if inverse else [])])

    def _find(self, from_type: ObjectType, to_type: ObjectType, id: int) -> AssociationType | None:
        type = self._associations.find(USER_DEFINED, id)
        if type is None or {type.from_type, type.to_type} != {from_type.singular, to_type.singular}:
            return None
        return type

    def _create_unlabelled(self, from_type: ObjectType, to_type: ObjectType) -> list[AssociationType]:
        if self._has_unlabelled(from_type, to_type):
            pair = f"{from_type.id}-{to_type.id}"
            raise InvalidDefinition(
                f'Association definition label "" already exists on ObjectType pair {pair}',
                "AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL",
            )
        name = f"{from_type.singular}_TO_{to_type.singular}".upper()
        return list(self._associations.define(from_type, to_type, name))

    def _check(self, from_type: ObjectType, to_type: ObjectType, label: str) -> None:
        most = self._portal.configuration.options.association_labels
        labels = self._labels(from_type, to_type)
        if len(labels) >= most:
            raise TooManyLabels(
                f"No more than {most} association types are allowed between {from_type.id} and {to_type.id}"
            )
        if any(type.label == label for type in self._associations.types(from_type, to_type)):
            raise InvalidDefinition(f"Association definition label {label} already exists on ObjectType pair")

    def _has_unlabelled(self, from_type: ObjectType, to_type: ObjectType) -> bool:
        return any(type.is_default for type in self._associations.types(from_type, to_type))

    def _labels(self, from_type: ObjectType, to_type: ObjectType) -> list[AssociationType]:
        """The labels between two object types, each once: as the direction shows it that was defined first."""
        pair = {from_type.singular, to_type.singular}
        own = [type for type in self._associations.own if {type.from_type, type.to_type} == pair and type.label]
        return own[::2]

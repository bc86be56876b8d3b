"""What verbs may name: checked before anything is done."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, PortalError
from hubtwin.portal.errors import choices
from hubtwin.portal.objects import CONTACTS, LIFECYCLE, ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.values import InvalidValue, normalise

#: How many options an error lists; of more, only the nearest is named.
_LISTED = 20


class Names(ABC):
    """The names that hold where a verb stands, and the *problems* found so far, each with its place.

    *portal* knows properties, stages, forms and the like.
    """

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.problems: list[tuple[Place, str]] = []
        self._refusing = False

    @abstractmethod
    def record(self, reference: str, place: Place, *types: str) -> ObjectType | None:
        """The type of the record that a reference names, which must be one of *types* where some are given."""

    @abstractmethod
    def bind(self, alias: str | None, type: str, place: Place) -> None:
        """Note that *alias*, where there is one, names a record of *type* from here on."""

    @abstractmethod
    def wait(self, duration: int, place: Place) -> None:
        """Note that time passes."""

    def is_placeholder(self, text: str, place: Place) -> bool:
        """Whether a value stands for another one that is not known yet, which is a problem."""
        return False

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Make what a portal refuses inside this block a problem at *place*."""
        try:
            yield
        except PortalError as error:
            self.problems.append((place, str(error)))

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Inside this block steps are expected to be refused: their values may be wrong, their names not."""
        self._refusing = True
        try:
            yield
        finally:
            self._refusing = False

    # -- the portal's own names ------------------------------------------------------------------------

    def user(self, email: str | None, place: Place) -> None:
        """Check that a user, where one is named, is one of the portal's."""
        if email is not None:
            with self.at(place):
                self.portal.users.find(email)

    def connected(self, system: str, place: Place) -> None:
        """Check that the portal is connected with a system, named by its key in the portal file."""
        with self.at(place):
            getattr(self.portal.connected, system)

    def fields(self, form: str, values: Mapping[str, str], place: Place) -> None:
        """Check a form, and that it has the fields that a submission fills in."""
        with self.at((*place, "form")):
            allowed = [*self.portal.forms.find(form).contact_fields, LIFECYCLE]
            for name in values:
                if name not in allowed and not self._refusing:
                    known = choices(name, allowed)
                    self.problems.append(((*place, "fields", name), f"form {form!r} has no field {name!r}; {known}"))
            self.written(CONTACTS, {n: v for n, v in values.items() if n in allowed}, (*place, "fields"))

    # -- properties ------------------------------------------------------------------------------------

    def written(
        self, type: ObjectType | None, values: Mapping[str, str], place: Place, *, keys: Sequence[str] = ()
    ) -> None:
        """Check values that a step writes. *keys* may stand where the properties' names stand."""
        for name, text in values.items():
            definition = self.property(type, name, (*place, name), keys=keys)
            if definition is not None and definition.read_only and not self._refusing:
                self.problems.append(((*place, name), "HubSpot calculates this property; it can't be written"))
            elif text:
                self.value(definition, text, (*place, name))

    def required(self, type: ObjectType, values: Mapping[str, str], place: Place) -> None:
        """Check that a new record has the properties that its type requires."""
        for group in type.required:
            if not any(values.get(name) for name in group) and not self._refusing:
                self.problems.append((place, f"a new {type.singular} needs {' or '.join(group)}"))

    def property(
        self, type: ObjectType | None, name: str, place: Place, *, keys: Sequence[str] = ()
    ) -> PropertyDefinition | None:
        """The definition of a property; a problem where there is none. None also where *type* is unknown."""
        if type is None:
            return None
        definition = self.portal.properties[type].get(name)
        if definition is None and not self._refusing:
            names = [*keys, *(one.name for one in self.portal.properties[type])]
            self.problems.append((place, f"{type.name} have no property {name!r}{_hint(name, names)}"))
        return definition

    def value(self, definition: PropertyDefinition | None, text: str, place: Place) -> None:
        """Check that a property can have a value."""
        if definition is None or self._refusing or self.is_placeholder(text, place):
            return
        allowed = self._allowed(definition)
        if allowed and not definition.is_multiple:
            if text not in allowed:
                self.problems.append((place, f"{definition.name} can't be {text!r}; {_choices(text, allowed)}"))
            return
        try:
            normalise(definition, text, None)
        except InvalidValue as error:
            self.problems.append((place, str(error)))

    def _allowed(self, definition: PropertyDefinition) -> list[str]:
        if definition.referenced_object == "OWNER":
            return sorted(self.portal.users.ids())
        return [option.value for option in definition.options]


def _hint(wanted: str, allowed: Sequence[str]) -> str:
    close = get_close_matches(wanted, allowed, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _choices(wanted: str, allowed: Sequence[str]) -> str:
    if len(allowed) <= _LISTED:
        return choices(wanted, allowed)
    return f"it has {len(allowed)} options{_hint(wanted, allowed)}"

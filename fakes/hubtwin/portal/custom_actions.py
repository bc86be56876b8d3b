"""Custom workflow actions: what apps define, and the answers that flows wait for (F7.20.1)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hubtwin.portal.errors import InvalidDefinition, UnknownName, choices

_FIRST_ID = 20_000_001

#: When a function of a definition runs.
FUNCTION_TYPES = ("PRE_ACTION_EXECUTION", "PRE_FETCH_OPTIONS", "POST_FETCH_OPTIONS", "POST_ACTION_EXECUTION")


@dataclass(frozen=True, slots=True)
class Function:
    """A piece of JavaScript that goes with a definition; *id* is the field that it is for, None for all."""

    type: str
    id: str | None
    source: str


@dataclass(slots=True, eq=False)
class CustomAction:
    """A definition of an app: its *data* as JSON, and what it was before, each with the moment it came to be.

    The last of the *revisions* is the present one. *archived* is the moment at which it was deleted.
    """

    id: int
    app: int
    revisions: list[tuple[dict[str, Any], int]]
    functions: dict[tuple[str, str | None], Function] = field(default_factory=dict)
    archived: int | None = None

    @property
    def data(self) -> Mapping[str, Any]:
        """The present definition."""
        return self.revisions[-1][0]


class CustomActions:
    """The custom actions of the apps of one portal, and the callbacks that flows wait for."""

    def __init__(self) -> None:
        self._definitions: dict[int, CustomAction] = {}
        self._ids = count(_FIRST_ID)
        self._waiting: dict[str, Callable[[Mapping[str, str]], None]] = {}

    def of(self, app: int, *, archived: bool = False) -> Iterator[CustomAction]:
        """The definitions of an app, oldest first: those that are in use, or those that were deleted."""
        return (one for one in self._definitions.values() if one.app == app and (one.archived is not None) == archived)

    def find(self, app: int, id: int) -> CustomAction:
        """A definition of an app, deleted ones too. Raises UnknownName."""
        found = self._definitions.get(id)
        if found is None or found.app != app:
            raise UnknownName("custom action", str(id), [str(one.id) for one in self.of(app)])
        return found

    def get(self, id: int) -> CustomAction | None:
        """The definition with this id, whichever app's; None where there is none, or it was deleted."""
        found = self._definitions.get(id)
        return None if found is None or found.archived is not None else found

    def define(self, app: int, data: Mapping[str, Any], functions: Iterator[Function], now: int) -> CustomAction:
        """Add a definition of an app. Raises InvalidDefinition."""
        checked = [_checked(function) for function in functions]
        action = CustomAction(next(self._ids), app, [(dict(data), now)])
        action.functions = {(one.type, one.id): one for one in checked}
        self._definitions[action.id] = action
        return action

    def change(self, action: CustomAction, changes: Mapping[str, Any], now: int) -> None:
        """Change some members of a definition, each as a whole; the one before is kept as a revision."""
        action.revisions.append(({**action.data, **changes}, now))

    def put(self, action: CustomAction, function: Function) -> None:
        """Add a function, or put it in the place of the one of the same type and id. Raises InvalidDefinition."""
        action.functions[function.type, function.id] = _checked(function)

    # -- callbacks -------------------------------------------------------------------------------------

    def expect(self, callback: str, then: Callable[[Mapping[str, str]], None]) -> None:
        """Call *then* with the output fields once the app completes this callback.

        As what is on the clock, it is a method of the portal's parts or a partial of one.
        """
        self._waiting[callback] = then

    def forget(self, callback: str) -> None:
        """Expect a callback no more."""
        self._waiting.pop(callback, None)

    def check(self, callback: str) -> None:
        """Raise UnknownName where nothing waits for a callback."""
        if callback not in self._waiting:
            raise UnknownName("callback", callback, list(self._waiting))

    def complete(self, callback: str, outputs: Mapping[str, str]) -> None:
        """Give what waits for a callback the app's answer. Raises UnknownName."""
        self.check(callback)
        self._waiting.pop(callback)(outputs)


def _checked(function: Function) -> Function:
    if function.type not in FUNCTION_TYPES:
        raise InvalidDefinition(f"functionType can't be {function.type!r}; {choices(function.type, FUNCTION_TYPES)}")
    return function

"""Custom code: what the code in workflows is stood in for by (F7.20).

The code of a flow is never run: nobody knows what it does. A function says what it would give out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hubtwin.portal.handlers import Handler

#: It gets HubSpot's event (`origin`, `object`, `inputFields`) and returns `{"outputFields": {…}}`, or None.
Code = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


class CustomCode:
    """The functions that stand for the code of one portal's workflows."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str, str], Handler] = {}

    def register(self, workflow: str, action: str, function: Code) -> None:
        """Let *function* stand for the code of an action of a workflow, known by its name or id."""
        self._handlers[workflow, action] = Handler(function)

    def find(self, id: str, name: str, action: str) -> Code | None:
        """What stands for the code of an action of the workflow with this id and name; None for nothing."""
        handler = self._handlers.get((id, action)) or self._handlers.get((name, action))
        function: Code | None = None if handler is None else handler.call
        return function

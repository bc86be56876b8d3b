"""Copying: from the portal that is read into a fresh one, with the ids that things have there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hubtwin.portal.associations import USER_DEFINED
from hubtwin.portal.portal import Portal
from hubtwin.pulling.notes import Notes
from hubtwin.pulling.source import Source

#: How long the names in a portal file may be.
LONGEST_NAME = 200


@dataclass(slots=True)
class Copy:
    """A *portal* that becomes like the *source*. *notes* tell what is left out.

    *associations* are the ids that the source's own association types have in the portal: these alone differ.
    """

    source: Source
    portal: Portal
    notes: Notes
    associations: dict[int, int] = field(default_factory=dict)
    _names: set[tuple[str, str]] = field(default_factory=set)

    def name(self, kind: str, wanted: str) -> str:
        """A name for a thing of this kind: the *wanted* one, unless another has it, or it is too long."""
        name, number = wanted[:LONGEST_NAME], 1
        while (kind, name) in self._names:
            number += 1
            name = f"{wanted[: LONGEST_NAME - 6]} ({number})"
        self._names.add((kind, name))
        if name != wanted:
            self.notes.add(f"{kind} {wanted[:80]!r}", f"is called {name[:80]!r} here: names are short, and differ")
        return name

    def translated(self, json: Any) -> Any:
        """JSON from the source, with the portal's ids of association types."""
        if isinstance(json, list):
            return [self.translated(one) for one in json]
        if not isinstance(json, Mapping):
            return json
        translated = {name: self.translated(value) for name, value in json.items()}
        id = translated.get("associationTypeId")
        if translated.get("associationCategory") == USER_DEFINED and isinstance(id, int):
            translated["associationTypeId"] = self.associations.get(id, id)
        return translated

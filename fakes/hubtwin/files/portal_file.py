"""Portal files that were read: a configuration, and where each rule of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubtwin.files.documents import Document, Place, read
from hubtwin.files.models import load
from hubtwin.portal.configuration import Configuration


@dataclass(frozen=True)
class PortalFile:
    """A *configuration*, and the *document* that it was read from; None where it was read from none."""

    configuration: Configuration
    document: Document | None = None

    @classmethod
    def read(cls, path: str) -> "PortalFile":
        """What is in a file. Raises FileError."""
        document = read(path)
        return cls(load(document, Configuration), document)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "PortalFile":
        """What a mapping with the keys of a portal file says. Raises FileError."""
        return cls(load(Document("configuration", dict(data), {}), Configuration))

    def find(self, rule: str) -> str | None:
        """Where a rule is written, as `file:line`, None where it isn't; *rule* is its path: `settings.deal_won`."""
        line = self.line(rule)
        return None if self.document is None or line is None else f"{self.document.name}:{line}"

    def line(self, rule: str) -> int | None:
        """The line on which a rule is written, None where it isn't."""
        place = _place(rule)
        return self.document.line(place) if self.document is not None and self.document.has(place) else None

    def where(self, rule: str) -> str:
        """Where a rule is written; the rule itself where it is a default."""
        return self.find(rule) or f"{rule} (default)"


def _place(rule: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in rule.split("."))

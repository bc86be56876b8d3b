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
        place = _place(rule)
        found = self.document is not None and self.document.has(place)
        return self.document.where(place) if self.document is not None and found else None

    def where(self, rule: str) -> str:
        """Where a rule is written; the rule itself where it is a default."""
        return self.find(rule) or f"{rule} (default)"


def _place(rule: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in rule.split("."))

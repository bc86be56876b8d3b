"""The portal of a scenario: its configuration, and where each rule of it is written."""

from dataclasses import dataclass
from pathlib import Path

from hubtwin.files import Document, FileError, load, read
from hubtwin.files.documents import Place
from hubtwin.portal import Configuration
from hubtwin.portal.errors import choices


@dataclass(frozen=True)
class PortalFile:
    """A *configuration*, and the *document* that it was read from; None where all of it is default."""

    configuration: Configuration
    document: Document | None = None

    def where(self, rule: str) -> str:
        """Where a rule is written, as `file:line`; *rule* is its path, as `settings.deal_won`."""
        place = _place(rule)
        if self.document is not None and self.document.has(place):
            return self.document.where(place)
        return f"{rule} (default)"


def portal_of(scenario: Document, folder: Path) -> PortalFile:
    """The portal that a scenario file names by a path from its *folder*, or holds inline, or leaves to defaults.

    Raises FileError.
    """
    portal = scenario.data.get("portal")
    if portal is None:
        return PortalFile(Configuration())
    if not isinstance(portal, str):
        document = scenario.part(("portal",), portal)
        return PortalFile(load(document, Configuration), document)
    path = folder / portal
    if not path.is_file():
        raise FileError([scenario.problem(("portal",), f"no such file: {portal!r}; {_beside(path)}")])
    document = read(short(path))
    return PortalFile(load(document, Configuration), document)


def _beside(path: Path) -> str:
    return choices(path.name, sorted(found.name for found in path.parent.glob("*.portal.yaml")))


def short(path: Path) -> Path:
    """The path without detours, as it is seen from where the program runs."""
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _place(rule: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in rule.split("."))

"""The portal of a scenario: its configuration, and where each rule of it is written."""

from pathlib import Path

from hubtwin.files import Document, FileError, load_portal, read
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal import Configuration
from hubtwin.portal.errors import choices


def portal_of(scenario: Document, folder: Path) -> PortalFile:
    """The portal that a scenario file names by a path from its *folder*, or holds inline, or leaves to defaults.

    Raises FileError.
    """
    portal = scenario.data.get("portal")
    if portal is None:
        return PortalFile(Configuration())
    if not isinstance(portal, str):
        document = scenario.part(("portal",), portal)
        return PortalFile(load_portal(document), document)
    path = folder / portal
    if not path.is_file():
        raise FileError([scenario.problem(("portal",), f"no such file: {portal!r}; {_beside(path)}")])
    document = read(short(path))
    return PortalFile(load_portal(document), document)


def _beside(path: Path) -> str:
    return choices(path.name, sorted(found.name for found in path.parent.glob("*.portal.yaml")))


def short(path: Path) -> Path:
    """The path without detours, as it is seen from where the program runs."""
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

"""Portal files: read, checked, and written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hubtwin.files.documents import Document, FileError
from hubtwin.files.models import load, located
from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.portal import Portal
from hubtwin.portal.present import present
from hubtwin.portal.seeding import end

if TYPE_CHECKING:
    from collections.abc import Mapping


@contextmanager
def blaming(document: Document | None) -> Iterator[None]:
    """Make what a portal says about its configuration inside this block a FileError about the document.

    Where it was read from none, the error speaks of `configuration`.
    """
    try:
        yield
    except ConfigurationError as error:
        raise FileError(located(document or Document("configuration", {}, {}), error)) from None


def load_portal(document: Document) -> Configuration:
    """The configuration that a portal file is, checked by making a portal of it. Raises FileError."""
    return trial(document).configuration


def trial(document: Document) -> Portal:
    """A portal as the file says, when the last of its records is there. Raises FileError."""
    configuration = load(document, Configuration)
    with blaming(document):
        return Portal(configuration, start=end(configuration, DEFAULT_START))


def export(portal: Portal) -> dict[str, Any]:
    """The present configuration of a portal, as the data of a portal file: what differs from a new account."""
    return plain(present(portal))


def plain(configuration: Configuration) -> "dict[str, Any]":
    """A configuration as the data of a portal file: what differs from a new account, in the order of the keys."""
    data: Mapping[str, Any] = configuration.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return dict(data)

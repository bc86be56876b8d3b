"""The shipped journeys, each with a portal that has all that it names."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from hubtwin.files import Document, parse
from hubtwin.files import load as load_model
from hubtwin.journeys.journey import Journey
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import UnknownName

_PORTAL = ".portal.yaml"


def names() -> list[str]:
    """The names of the shipped journeys."""
    return sorted(file.name.removesuffix(_PORTAL) for file in files(__name__).iterdir() if file.name.endswith(_PORTAL))


def load(name: str) -> tuple[Journey, Configuration]:
    """A shipped journey and its portal. Raises UnknownName."""
    if name not in names():
        raise UnknownName("shipped journey", name, names())
    folder = files(__name__)
    configuration = load_model(_document(folder / f"{name}{_PORTAL}"), Configuration)
    return Journey.parse(_document(folder / f"{name}.yaml")), configuration


def _document(file: Traversable) -> Document:
    return parse(file.read_text(encoding="utf-8"), str(file))

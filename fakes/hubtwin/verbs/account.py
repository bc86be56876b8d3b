"""The verbs of administrators."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, RootModel

from hubtwin.files.documents import Place
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


def _flat(value: Any) -> Any:
    return dict(_paths(value, "")) if isinstance(value, Mapping) else value


def _paths(value: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _paths(inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", inner


class ChangeSettings(RootModel[Annotated[dict[str, Any], BeforeValidator(_flat)]]):
    """An administrator changes settings, named as in a portal file or by paths: `company_sync.enabled: false`."""

    def check(self, names: Names, place: Place) -> None:
        """Check that there are such settings and that they can have these values."""
        with names.at(place):
            names.portal.settings_changes.checked(self.root)

    def do(self, world: World) -> None:
        """Change them."""
        world.portal.change_settings(self.root)

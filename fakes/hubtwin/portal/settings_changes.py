"""What administrators change in the lifecycle settings while the portal runs (F3.1 to F3.14).

No record moves because a setting was changed (F3.12): it decides about what happens from then on.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hubtwin.portal.configuration import Settings
from hubtwin.portal.configuration.references import Refers, names
from hubtwin.portal.errors import Refused, choices
from hubtwin.portal.log import SETTINGS_CHANGED
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.sources import Source, administrator

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class SettingsChanges:
    """The changes of one portal's settings."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal

    def apply(self, changes: Mapping[str, Any], source: Source | None = None) -> Settings:
        """Change settings by their paths, as in `{"company_sync.enabled": False, "deal_won": "evangelist"}`.

        Raises Refused; nothing is changed then.
        """
        settings = self.checked(changes)
        self._portal.settings = settings
        for path, value in changes.items():
            words = f"settings.{path}: {'off' if value in (None, False) else 'on' if value is True else value}"
            writer = source or administrator(None)
            self._portal.log.append(SETTINGS_CHANGED, self._portal.clock.now, None, writer, None, value=words)
        self._portal.automation.watch()
        self._portal.companies_by_domain.watch()
        return settings

    def checked(self, changes: Mapping[str, Any]) -> Settings:
        """The settings as they would be with some changes. Raises Refused."""
        settings = _changed(self._portal.settings, changes)
        self._check_stages(settings)
        return settings

    def _check_stages(self, settings: Settings) -> None:
        """The stages are those that the pipelines have now, not those that the portal began with."""
        (pipeline,) = self._portal.pipelines[CONTACTS]
        known = [stage.id for stage in pipeline.stages]
        for place, mark, name in names(settings):
            if isinstance(mark, Refers) and name not in known:
                path = ".".join(map(str, place))
                raise Refused(f"settings.{path}: no stage is called {name!r}; {choices(name, known)}")


def _changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    data = settings.model_dump()
    for path, value in changes.items():
        *parents, last = path.split(".")
        part: Any = data
        for step in parents:
            part = part.get(step) if isinstance(part, dict) else None
        if not isinstance(part, dict) or last not in part:
            raise Refused(f"no setting is called {path!r}; {choices(path, list(_paths(data)))}")
        part[last] = value
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Refused(f"settings.{place}: {first['msg'].removeprefix('Value error, ')}: {first['input']!r}") from None


def _paths(data: Mapping[str, Any], prefix: str = "") -> list[str]:
    return [
        path
        for name, value in data.items()
        for path in (_paths(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name])
    ]

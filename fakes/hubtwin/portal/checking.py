"""What can be said about a configuration once a portal was made of it: wrong names in its rules, contradictions.

A wrong name is an error: nothing could ever come of the rule. A contradiction is a warning: the portal can be made,
but a part of its file has no effect.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from hubtwin.portal.configuration import Configuration
from hubtwin.portal.configuration.references import Place
from hubtwin.portal.errors import ConfigurationError, choices
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something in a configuration that has no effect, or another one than it seems; *place* is where it stands."""

    place: Place
    message: str


# -- wrong names ---------------------------------------------------------------------------------------------


def wrong_names(portal: "Portal") -> list[ConfigurationError]:
    """Properties and options that rules of the portal's file name, and that there aren't.

    Whatever part of the portal tells its uses of properties is looked at.
    """
    found = {}
    for part in portal.assets:
        for use in part.uses():
            place = _place(use.rule)
            if place[0] in Configuration.model_fields and (wrong := _wrong(portal, use)) is not None:
                word, message = wrong
                error = ConfigurationError(_where(portal.configuration, place, word), message)
                found[error.place, message] = error
    return list(found.values())


def _wrong(portal: "Portal", use: Use) -> tuple[str, str] | None:
    """The word of a use that names nothing, and what to say about it."""
    properties = portal.properties[use.type]
    definition = properties.get(use.property)
    if definition is None:
        close = get_close_matches(use.property, [one.name for one in properties], n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return use.property, f"{use.type.name} have no property {use.property!r}{hint}"
    if use.writes and definition.read_only and definition.hubspot_defined:
        return use.property, f"{definition.name} is worked out by HubSpot; nobody can write it"
    offered = _offered(definition)
    for value in use.values if offered else ():
        if value and value not in offered:
            return value, f"{definition.name} has no option {value!r}; {choices(value, offered)}"
    return None


def _offered(definition: PropertyDefinition) -> list[str]:
    return [option.value for option in definition.options] if definition.type == "enumeration" else []


def _place(rule: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in rule.split("."))


def _where(configuration: Configuration, place: Place, word: str) -> Place:
    """Where below *place* a word stands; the place itself where it can't be found."""
    data: Any = configuration.model_dump(mode="json", by_alias=True)
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return place
    return (*place, *next(_steps(data, word), ()))


def _steps(data: Any, word: str) -> Iterator[Place]:
    """The ways through data to a word, which is a text or a key."""
    if data == word:
        yield ()
    items: Sequence[tuple[Any, Any]] = ()
    if isinstance(data, Mapping):
        items = list(data.items())
        yield from ((key,) for key, _ in items if key == word)
    elif isinstance(data, list):
        items = list(enumerate(data))
    for step, inner in items:
        yield from ((step, *rest) for rest in _steps(inner, word))


# -- contradictions ------------------------------------------------------------------------------------------


def contradictions(configuration: Configuration) -> Iterator[Contradiction]:
    """What a configuration says that has no effect, or another one than it seems."""
    for look in _LOOKS:
        yield from look(configuration)


def _order(configuration: Configuration) -> dict[str | None, int]:
    return {stage.id: number for number, stage in enumerate(configuration.stages)}


def _sync_that_is_off(configuration: Configuration) -> Iterator[Contradiction]:
    sync = configuration.settings.company_sync
    if not sync.enabled:
        for key in sorted(sync.model_fields_set - {"enabled"}):
            if getattr(sync, key) != getattr(type(sync)(enabled=False), key) or getattr(sync, key) is True:
                yield Contradiction(("settings", "company_sync", key), "has no effect: company_sync is not enabled")


def _stages_that_move_nobody(configuration: Configuration) -> Iterator[Contradiction]:
    """A stage that a setting sets, and that everybody is beyond already."""
    order, settings = _order(configuration), configuration.settings
    default = settings.default_stage.contacts
    for name in ("deal_created", "deal_won"):
        stage = getattr(settings, name)
        if stage is not None and default is not None and order[stage] <= order[default]:
            message = f"new contacts are in {default!r} already, so that {stage!r} moves none of them"
            yield Contradiction(("settings", name), message)
    created, won = settings.deal_created, settings.deal_won
    if created is not None and won is not None and order[won] <= order[created]:
        message = f"a deal's contacts are in {created!r} already when it is won, so that {won!r} moves none of them"
        yield Contradiction(("settings", "deal_won"), message)


def _forms_that_move_nobody(configuration: Configuration) -> Iterator[Contradiction]:
    order, defaults = _order(configuration), configuration.settings.default_stage
    for number, form in enumerate(configuration.forms):
        pairs = ((CONTACTS, form.contact_stage, defaults.contacts), (COMPANIES, form.company_stage, defaults.companies))
        for type, stage, default in pairs:
            if stage is not None and default is not None and order[stage] < order[default]:
                message = (
                    f"{stage!r} comes before the default stage {default!r}: only {type.name} that the form makes"
                    " get it, never those that are there already"
                )
                yield Contradiction(("forms", number, f"{type.singular}_stage"), message)


def _last_stage_by_default(configuration: Configuration) -> Iterator[Contradiction]:
    last = configuration.stages[-1].id
    for name in ("contacts", "companies"):
        if len(configuration.stages) > 1 and getattr(configuration.settings.default_stage, name) == last:
            yield Contradiction(
                ("settings", "default_stage", name), f"nothing comes after {last!r}: no {name} ever move"
            )


#: The contradictions that are looked for. A further one is a function here.
_LOOKS: tuple[Callable[[Configuration], Iterator[Contradiction]], ...] = (
    _sync_that_is_off,
    _stages_that_move_nobody,
    _last_stage_by_default,
    _forms_that_move_nobody,
)

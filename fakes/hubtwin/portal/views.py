"""Views: saved filters, columns and orders of index pages. HubSpot has no public API for them.

A view has no members of its own: it asks for its records whenever somebody looks, as a search does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.errors import InvalidDefinition, Refused, UnknownName
from hubtwin.portal.filters import Comparison, InvalidComparison
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.problems import Problems
from hubtwin.portal.queries import Filter, Query, filter_on
from hubtwin.portal.records import Record
from hubtwin.portal.users import Owner
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class View:
    """A view of the portal; *rule* is its path in the portal file, or its name where somebody made it later."""

    settings: configuration.View
    type: ObjectType
    rule: str

    @property
    def name(self) -> str:
        """What people call it."""
        return self.settings.name


class Views:
    """The views of one portal. Iterating goes over them, oldest first."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._views: dict[str, View] = {}

    def __iter__(self) -> Iterator[View]:
        return iter(self._views.values())

    def start(self, problems: Problems) -> None:
        """Make the views of the portal file."""
        for number, settings in enumerate(self._portal.configuration.views):
            with problems.at("views", number):
                self._keep(settings, f"views.{number}")

    def create(self, settings: configuration.View) -> View:
        """Save a view. Raises InvalidDefinition, UnknownProperty, UnknownObjectType, UnknownName."""
        if settings.name in self._views:
            raise InvalidDefinition(f"A view is called {settings.name!r} already; choose another name")
        if settings.user is not None:
            self._portal.users.find(settings.user)
        return self._keep(settings, f"view {settings.name}")

    def find(self, name: str) -> View:
        """The view with this name. Raises UnknownName."""
        try:
            return self._views[name]
        except KeyError:
            raise UnknownName("view", name, list(self._views)) from None

    def of(self, user: Owner) -> list[View]:
        """The views that a user sees: the account's, the user's own, and those that others share."""
        return [view for view in self if self._is_visible(view, user)]

    def records(self, view: View | str, *, user: Owner | None = None) -> list[Record]:
        """The records that a view shows now, in its order.

        Raises UnknownName, and Refused where *user* can't see the view.
        """
        found = self.find(view) if isinstance(view, str) else view
        if user is not None and not self._is_visible(found, user):
            raise Refused(f"The view {found.name!r} belongs to {found.settings.user}, who doesn't share it")
        return self._query(found).matching()

    def table(self, view: View | str, *, user: Owner | None = None) -> list[dict[str, str | None]]:
        """The rows that a view shows: a value for each of its columns. Raises as `records` does."""
        found = self.find(view) if isinstance(view, str) else view
        columns = found.settings.columns or found.type.shown
        return [{name: record.get(name) for name in columns} for record in self.records(found, user=user)]

    def uses(self) -> Iterator[Use]:
        """The properties that views ask about, show, or are ordered by."""
        for view in self:
            asset = f"view {view.name}"
            for one in (one for group in view.settings.groups for one in group.filters):
                values = one.values or ((one.value,) if one.value is not None else ())
                named = tuple(values) if one.operator in ("EQ", "NEQ", "IN", "NOT_IN") else ()
                yield Use(asset, view.rule, view.type, one.property, False, named)
            for name in _shown(view.settings):
                yield Use(asset, view.rule, view.type, name, False)

    def _keep(self, settings: configuration.View, rule: str) -> View:
        view = View(settings, self._portal.type(settings.object), rule)
        for name in _shown(settings):
            self._portal.properties[view.type].find(name)
        self._query(view)
        self._views[view.name] = view
        return view

    def _query(self, view: View) -> Query:
        """What a view asks for. Raises InvalidDefinition, UnknownProperty."""
        settings, properties = view.settings, self._portal.properties[view.type]
        groups = [[self._filter(view, one) for one in group.filters] for group in settings.groups]
        sort = None if settings.sort is None else properties.find(settings.sort.removeprefix("-"))
        descending = settings.sort is not None and settings.sort.startswith("-")
        return Query(self._portal.records[view.type], groups, sort=sort, descending=descending)

    def _filter(self, view: View, one: configuration.SearchFilter) -> Filter:
        definition = self._portal.properties[view.type].find(one.property)
        try:
            return filter_on(definition, Comparison(one.operator, one.value, one.high, one.values))
        except InvalidComparison as error:
            raise InvalidDefinition(f"The view {view.name!r} can't compare {one.property}: {error}") from None

    def _is_visible(self, view: View, user: Owner) -> bool:
        owner, shared = view.settings.user, view.settings.shared
        if owner is None or shared == "everyone" or owner.lower() == user.email.lower():
            return True
        team = self._portal.users.find(owner).team
        return shared == "team" and team is not None and team == user.team


def _shown(settings: configuration.View) -> list[str]:
    """The properties that a view shows or is ordered by."""
    sort = [] if settings.sort is None else [settings.sort.removeprefix("-")]
    return list(dict.fromkeys((*settings.columns, *sort)))

"""The short form of filters, and HubSpot's filterBranch: each out of the other.

A condition of the short form is one filter, or one branch. What the short form can't say stays a filterBranch:
`shortened` gives a short form only where `expanded` makes the same branch of it again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.configuration.conditions import (
    AllCondition,
    AssociatedCondition,
    Condition,
    EmailCondition,
    FormCondition,
    ListCondition,
    NoneCondition,
    NotAllCondition,
    PropertyCondition,
    ShortFilters,
)
from hubtwin.portal.errors import ConfigurationError, PortalError, choices
from hubtwin.portal.filter_branches import short_properties
from hubtwin.portal.filter_branches.reading import normalised
from hubtwin.portal.objects import ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = dict[str, Any]
Place = tuple[str | int, ...]


def expanded(portal: "Portal", type: ObjectType, filters: ShortFilters | Mapping[str, Any]) -> Json:
    """The filterBranch that filters of records of *type* stand for. Lists may be named in it instead of their ids.

    Raises ConfigurationError, whose place begins at the filters.
    """
    if not isinstance(filters, ShortFilters):
        named: Json = _with_lists(dict(filters), lambda word: _id_of_list(portal, type, word))
        return named
    writer = _Writer(portal, type)
    if filters.any is None:
        return _root([writer.branch("AND", filters.all or (), ("all",))])
    ways = []
    for number, condition in enumerate(filters.any):
        is_nested = isinstance(condition, AllCondition)
        members = condition.all if isinstance(condition, AllCondition) else (condition,)
        ways.append(writer.branch("AND", members, ("any", number, "all") if is_nested else ("any",), number, is_nested))
    return _root(ways)


def shortened(portal: "Portal", type: ObjectType, branch: Mapping[str, Any]) -> Json:
    """The filters of a list of *type* as a portal file has them: short, or the branch with the names of lists."""
    try:
        short = _read_root(portal, type, branch)
        if normalised(expanded(portal, type, ShortFilters.model_validate(short))) == normalised(branch):
            return short
    except (_NotShort, PortalError, ConfigurationError, ValidationError, KeyError, TypeError):
        pass  # the branch says more than the short form can
    named: Json = _with_lists(dict(branch), lambda word: _name_of_list(portal, word))
    return named


def _root(ways: Sequence[Json]) -> Json:
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": list(ways), "filters": []}


# -- the short form to HubSpot's -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes conditions on records of *type* as filters and branches."""

    portal: "Portal"
    type: ObjectType

    def branch(
        self, kind: str, conditions: Iterable[Condition], place: Place, first: int = 0, nested: bool = True
    ) -> Json:
        """The branch of *kind* that holds conditions; *place* is that of the list that they stand in."""
        filters: list[Json] = []
        branches: list[Json] = []
        for number, condition in enumerate(conditions, 0 if nested else first):
            written = self._condition(condition, (*place, number))
            (branches if "filterBranchType" in written else filters).append(written)
        return {
            "filterBranchType": kind,
            "filterBranchOperator": "OR" if kind == "NOT_ANY" else "AND",
            "filterBranches": branches,
            "filters": filters,
        }

    def _condition(self, condition: Condition, place: Place) -> Json:
        try:
            return _WAYS[type(condition)].write(self, condition, place)
        except PortalError as error:
            raise ConfigurationError(place, str(error)) from None

    def property(self, condition: PropertyCondition, place: Place) -> Json:
        return short_properties.written(self.portal.properties[self.type], condition, place)

    def form(self, condition: FormCondition, place: Place) -> Json:
        written: Json = {
            "filterType": "FORM_SUBMISSION",
            "operator": "FILLED_OUT" if condition.submitted else "NOT_FILLED_OUT",
        }
        if condition.form is not None:
            written["formId"] = self.portal.forms.find(condition.form).guid
        if condition.at_least is not None:
            written["coalescingRefineBy"] = {"type": "NUM_OCCURRENCES", "minOccurrences": condition.at_least}
        return written

    def email(self, condition: EmailCondition, place: Place) -> Json:
        email = self.portal.marketing_emails.find(condition.email)
        written: Json = {
            "filterType": "EMAIL_EVENT",
            "operator": condition.was.upper(),
            "emailId": str(email.id),
            "appId": str(email.kind.app),
            "level": "EMAIL_CAMPAIGN",
        }
        return written if condition.link is None else {**written, "clickUrl": condition.link}

    def list(self, condition: ListCondition, place: Place) -> Json:
        id = _id_of_list(self.portal, self.type, condition.list)
        if not isinstance(id, int):
            names = [one.name for one in self.portal.lists if one.type is self.type]
            message = f"no list of {self.type.name} is called {condition.list!r}; {choices(condition.list, names)}"
            raise ConfigurationError((*place, "list"), message)
        return {
            "filterType": "IN_LIST",
            "operator": "IN_LIST" if condition.member else "NOT_IN_LIST",
            "listId": str(id),
        }

    def associated(self, condition: AssociatedCondition, place: Place) -> Json:
        other = self.portal.type(condition.associated)
        association = association_named(self.portal, self.type, other, condition.label, place)
        inner = _Writer(self.portal, other).branch("ASSOCIATION", condition.all, (*place, "all"))
        return {
            **inner,
            "operator": "IN_LIST",
            "objectTypeId": other.id,
            "associationCategory": association.category,
            "associationTypeId": association.id,
        }

    def none(self, condition: NoneCondition, place: Place) -> Json:
        return self.branch("NOT_ANY", condition.none, (*place, "none"))

    def not_all(self, condition: NotAllCondition, place: Place) -> Json:
        return self.branch("NOT_ALL", condition.not_all, (*place, "not_all"))

    def all(self, condition: AllCondition, place: Place) -> Json:
        raise ConfigurationError(place, "`all` stands outermost, or directly in `any`: HubSpot nests no deeper")


def association_named(
    portal: "Portal", type: ObjectType, other: ObjectType, label: str | None, place: Place
) -> AssociationType:
    """The association of two types with this label; the default one, where there is none. Raises ConfigurationError."""
    if label is None:
        return portal.associations.default(type, other)
    labelled = {association.label: association for association in portal.associations.types(type, other)}
    if label not in labelled:
        known = [one for one in labelled if one]
        message = f"{type.name} and {other.name} have no association label {label!r}"
        raise ConfigurationError((*place, "label"), f"{message}; {choices(label, known)}")
    return labelled[label]


# -- HubSpot's to the short form -----------------------------------------------------------------------------


class _NotShort(Exception):
    """The short form can't say it."""


def _read_root(portal: "Portal", type: ObjectType, branch: Mapping[str, Any]) -> Json:
    ways = [_Reader(portal, type).conditions(way) for way in branch["filterBranches"]]
    if len(ways) == 1:
        return {"all": ways[0]}
    return {"any": [way[0] if len(way) == 1 else {"all": way} for way in ways]}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads filters and branches about records of *type* as conditions."""

    portal: "Portal"
    type: ObjectType

    def conditions(self, branch: Mapping[str, Any]) -> list[Json]:
        """The conditions that a branch holds."""
        found = [*branch.get("filters", ()), *branch.get("filterBranches", ())]
        return [self._condition(one) for one in found]

    def _condition(self, one: Mapping[str, Any]) -> Json:
        kind = one.get("filterType") or one["filterBranchType"]
        if kind not in _BY_KIND:
            raise _NotShort(kind)
        return _BY_KIND[kind].read(self, one)

    def property(self, one: Mapping[str, Any]) -> Json:
        return short_properties.read(one)

    def form(self, one: Mapping[str, Any]) -> Json:
        id = one.get("formId")
        read: Json = {"form": None if id is None else self.portal.forms.find(id).name}
        read |= {} if one["operator"] == "FILLED_OUT" else {"submitted": False}
        times = one.get("coalescingRefineBy")
        return read | ({} if times is None else {"at_least": times["minOccurrences"]})

    def email(self, one: Mapping[str, Any]) -> Json:
        email = self.portal.marketing_emails.find(one["emailId"])
        link = {} if one.get("clickUrl") is None else {"link": one["clickUrl"]}
        return {"email": email.name, "was": one["operator"].lower(), **link}

    def list(self, one: Mapping[str, Any]) -> Json:
        name = _name_of_list(self.portal, one["listId"])
        return {"list": name} | ({} if one["operator"] == "IN_LIST" else {"member": False})

    def associated(self, one: Mapping[str, Any]) -> Json:
        other = self.portal.type(one["objectTypeId"])
        association = self.portal.associations.get(one["associationCategory"], one["associationTypeId"], self.type)
        label = {} if association.label is None else {"label": association.label}
        return {"associated": other.name, "all": _Reader(self.portal, other).conditions(one), **label}

    def none(self, one: Mapping[str, Any]) -> Json:
        return {"none": self.conditions(one)}

    def not_all(self, one: Mapping[str, Any]) -> Json:
        return {"not_all": self.conditions(one)}

    def all(self, one: Mapping[str, Any]) -> Json:
        raise _NotShort("AND")


# -- the table -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind of condition is written as HubSpot's JSON of *kind*, and read from it."""

    kind: str
    write: Callable[[_Writer, Any, Place], Json]
    read: Callable[[_Reader, Mapping[str, Any]], Json]


#: The conditions, by their classes. A further one is a row here, and a class in configuration/conditions.py.
_WAYS: Mapping[type, _Way] = MappingProxyType(
    {
        PropertyCondition: _Way("PROPERTY", _Writer.property, _Reader.property),
        FormCondition: _Way("FORM_SUBMISSION", _Writer.form, _Reader.form),
        EmailCondition: _Way("EMAIL_EVENT", _Writer.email, _Reader.email),
        ListCondition: _Way("IN_LIST", _Writer.list, _Reader.list),
        AssociatedCondition: _Way("ASSOCIATION", _Writer.associated, _Reader.associated),
        NoneCondition: _Way("NOT_ANY", _Writer.none, _Reader.none),
        NotAllCondition: _Way("NOT_ALL", _Writer.not_all, _Reader.not_all),
        AllCondition: _Way("AND", _Writer.all, _Reader.all),
    }
)

_BY_KIND: Mapping[str, _Way] = MappingProxyType({way.kind: way for way in _WAYS.values()})


# -- the lists that filters name -----------------------------------------------------------------------------


def lists_in(filters: ShortFilters | Mapping[str, Any]) -> set[str]:
    """The names of the lists that filters ask about."""
    data = filters.model_dump(by_alias=True) if isinstance(filters, ShortFilters) else filters
    return set(_texts(data, ("list", "listId")))


def _texts(data: Any, keys: Sequence[str]) -> Iterable[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _texts(value, keys)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value, keys)


def _with_lists(data: Any, other: Callable[[Any], Any]) -> Any:
    """JSON with another word for each list in it."""
    if isinstance(data, Mapping):
        return {key: other(value) if key == "listId" else _with_lists(value, other) for key, value in data.items()}
    return [_with_lists(value, other) for value in data] if isinstance(data, list) else data


def _id_of_list(portal: "Portal", type: ObjectType, word: Any) -> Any:
    """The id of the list that a portal file calls *word*; the word itself where there is none."""
    found = portal.lists.named(type, word) or next((list for list in portal.lists if list.name == word), None)
    return word if found is None else found.id


def _name_of_list(portal: "Portal", word: Any) -> Any:
    found = portal.lists.get(int(word)) if str(word).isdecimal() else None
    return word if found is None else found.name

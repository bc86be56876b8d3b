"""The fields of a form, and whether what somebody filled in fits them (F8.5, F8.6, F8.12)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from hubtwin.portal.companies_by_domain import FREE_MAIL
from hubtwin.portal.errors import Problem
from hubtwin.portal.form_definitions import CHOICES, Asked, Condition, FieldDefinition, FormDefinition
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.values import moment

#: What was filled in: the values by their properties' names, by the ids of object types.
Filled = Mapping[str, Mapping[str, str]]


class FormFields:
    """The fields of one form, by what they are called.

    A stage is looked at by the write path alone: the form may be older than the stages of today.
    """

    def __init__(self, definition: FormDefinition) -> None:
        self._asked = {(one.field.object_type_id, one.field.name): one for one in definition.asked()}
        self._required = [one for one in self._asked.values() if one.field.required]
        self._checked = {key: one.field for key, one in self._asked.items() if _has_rules(one.field)}
        self._defaults = [one for one in self._asked.values() if one.field.hidden and one.field.default]
        self.contact_fields = tuple(name for type, name in self._asked if type == CONTACTS.id)

    def __iter__(self) -> Iterator[Asked]:
        return iter(self._asked.values())

    def completed(self, filled: Filled) -> Filled:
        """With the defaults of hidden fields, which the page fills in (F8.5.1)."""
        if not self._defaults:
            return filled
        whole = {type: dict(values) for type, values in filled.items()}
        for field, conditions in self._defaults:
            if _is_shown(conditions, whole):
                whole.setdefault(field.object_type_id, {}).setdefault(field.name, field.default)
        return whole

    def problems(self, filled: Filled, *, any_property: bool, is_checked: bool) -> Iterator[Problem]:
        """Why the form can't be submitted so.

        Where *any_property* may be sent, those that are no fields may, too; where it is not *is_checked*, the form's
        own rules don't count.
        """
        if is_checked:
            for field, conditions in self._required:
                if not filled.get(field.object_type_id, {}).get(field.name) and _is_shown(conditions, filled):
                    yield missing(field.object_type_id, field.name)
        for type, values in filled.items():
            for name, value in values.items():
                if (type, name) not in self._asked and not any_property and name != LIFECYCLE:  # F4.2
                    path = path_of(type, name)
                    yield Problem(path, "FIELD_NOT_IN_FORM_DEFINITION", f"the form has no field {path!r}")
                elif is_checked and (type, name) in self._checked:
                    yield from _wrong(self._checked[type, name], value)


def path_of(type: str, name: str) -> str:
    """What errors call a field: `email` of contacts, `0-2/name` of companies (F8.12.1)."""
    return name if type == CONTACTS.id else f"{type}/{name}"


def missing(type: str, name: str) -> Problem:
    """A field that has to be filled in, and is not."""
    path = path_of(type, name)
    return Problem(path, "REQUIRED_FIELD", f"Required field '{path}' is missing")


def _has_rules(field: FieldDefinition) -> bool:
    rules = field.validation
    digits = rules is not None and (rules.min_allowed_digits is not None or rules.max_allowed_digits is not None)
    blocks = rules is not None and (rules.blocked_email_domains or rules.use_default_block_list)
    return bool(digits or blocks or (field.options and field.field_type in CHOICES and field.name != LIFECYCLE))


def _wrong(field: FieldDefinition, value: str) -> Iterator[Problem]:
    """What a field's own rules have against a value; whether it fits the property is the write path's question."""
    path, rules = path_of(field.object_type_id, field.name), field.validation
    if rules is not None and field.field_type == "email":
        domain = value.strip().lower().rpartition("@")[2]
        blocked = {one.strip().lower().removeprefix("@") for one in rules.blocked_email_domains}
        if domain in blocked or (rules.use_default_block_list and domain in FREE_MAIL):
            yield Problem(path, "BLOCKED_EMAIL", f"E-mail addresses at {domain} are not accepted")
    elif rules is not None:
        digits, least, most = sum(map(str.isdigit, value)), rules.min_allowed_digits, rules.max_allowed_digits
        if digits < (least or 0) or (most is not None and digits > most):
            message = f"{value} has {digits} digits; it needs {least or 0} to {'any number' if most is None else most}"
            yield Problem(path, "NUMBER_OUT_OF_RANGE", message)
    if field.field_type in CHOICES and field.options:
        allowed = [option.value for option in field.options]
        chosen = value.split(";") if field.field_type == "multiple_checkboxes" else [value]
        for one in chosen:
            if one.strip() and one.strip() not in allowed:
                message = f"{one.strip()} is not one of the choices: {', '.join(allowed)}"
                yield Problem(path, "VALUE_NOT_IN_FIELD_DEFINITION", message)


# -- dependent fields ----------------------------------------------------------------------------------------


def _is_shown(conditions: Sequence[tuple[FieldDefinition, Condition]], filled: Filled) -> bool:
    return all(
        holds(condition, filled.get(field.object_type_id, {}).get(field.name, "")) for field, condition in conditions
    )


def holds(condition: Condition, text: str) -> bool:
    """Whether a field that is filled in so shows the one that depends on it.

    One that is not filled in shows none, nor does a condition of the two operators about time, whose meaning is not
    known (F8.6.1).
    """
    if not text:
        return False
    operator, values = condition.operator, set(condition.values or ())
    value, chosen = condition.value or "", set(text.split(";"))
    match operator:
        case "is_not_empty":
            return True
        case "eq" | "neq":
            return (_same(text, value)) is (operator == "eq")
        case "gt" | "gte" | "lt" | "lte":
            return _compares(text, value, _SIGNS[operator])
        case "between" | "not_between":
            inside = _compares(text, condition.range_start, (0, 1)) and _compares(text, condition.range_end, (-1, 0))
            return inside is (operator == "between")
        case "contains" | "doesnt_contain":
            return (value.lower() in text.lower()) is (operator == "contains")
        case "str_starts_with":
            return text.lower().startswith(value.lower())
        case "str_ends_with":
            return text.lower().endswith(value.lower())
        case "set_eq" | "set_neq":
            return (chosen == values) is (operator == "set_eq")
        case "set_any" | "set_not_any":
            return bool(chosen & values) is (operator == "set_any")
        case "set_all" | "set_not_all":
            return (values <= chosen) is (operator == "set_all")
    return False


#: Which outcomes of a comparison satisfy an operator: less, equal, more.
_SIGNS = MappingProxyType({"gt": (1,), "gte": (0, 1), "lt": (-1,), "lte": (-1, 0)})


def _same(text: str, other: str) -> bool:
    return text.lower() == other.lower() or _compares(text, other, (0,))


def _compares(text: str, other: str | None, signs: Sequence[int]) -> bool:
    """Whether two numbers, or two dates, are in such an order; False where they can't be compared."""
    left, right = _size(text), _size(other or "")
    return left is not None and right is not None and (left > right) - (left < right) in signs


def _size(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
        return number if number.is_finite() else None
    except InvalidOperation:
        pass
    try:
        return Decimal(moment(text.strip()))
    except ValueError:
        return None

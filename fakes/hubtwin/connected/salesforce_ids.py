"""Ids as Salesforce gives them: 15 characters of which case matters, and 3 that say which of them are capitals."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

#: What the ids of each table begin with.
_PREFIXES = {"Account": "001", "Contact": "003", "Lead": "00Q", "Opportunity": "006", "Task": "00T"}

#: Where the ids of an account begin: far enough that they look like ids.
_FIRST = 1_234_567


def salesforce_id(table: str, number: int) -> str:
    """The id of the row with this number in a table: the same in every run."""
    rest, digits = _FIRST + number, ""
    while rest:
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    id = f"{_PREFIXES[table]}5g{digits:0>10}"
    return id + "".join(_suffix(id[start : start + 5]) for start in (0, 5, 10))


def _suffix(part: str) -> str:
    """The letter for five characters: which of them are capitals, the first one counting least."""
    return _SUFFIXES[sum(1 << place for place, letter in enumerate(part) if letter.isupper())]

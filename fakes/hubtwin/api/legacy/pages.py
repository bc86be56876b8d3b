"""Pages of records in versions 1 and 2: after an id, or by number from a moment on (W12.9.3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from hubtwin.api.calls import Call
from hubtwin.api.errors import invalid
from hubtwin.portal.ids import as_number
from hubtwin.portal.records import Record


@dataclass(frozen=True, slots=True)
class Page:
    """Some of many records: *more* says whether others follow, *offset* where the next page starts."""

    records: list[Record]
    more: bool
    offset: int
    total: int = 0


def size(call: Call, name: str, default: int, most: int) -> int:
    """How many records a page is to have; more than *most* is taken for *most* (W12.9.3). Raises ApiError."""
    return min(_number(call, name, default, least=1), most)


def offset(call: Call, name: str = "offset") -> int:
    """Where a page starts. Raises ApiError."""
    return _number(call, name, 0, least=0)


def page_by_id(records: Iterable[Record], after: int, size: int) -> Page:
    """The first *size* records with a greater id than *after*; the last one's id is the next page's offset."""
    found = list(islice((record for record in records if record.id > after), size + 1))
    page = found[:size]
    return Page(page, len(found) > size, page[-1].id if page else 0)


def page_by_moment(
    records: Iterable[Record], moment: Callable[[Record], int], since: int, offset: int, size: int
) -> Page:
    """Records of *since* or later, newest first; the offset is a number of records."""
    found = sorted((one for one in records if moment(one) >= since), key=lambda r: (moment(r), r.id), reverse=True)
    page = found[offset : offset + size]
    following = offset + len(page)
    return Page(page, following < len(found), following, len(found))


def created(record: Record) -> int:
    """The moment at which a record was created."""
    return record.created


def modified(record: Record) -> int:
    """The moment at which a record was last modified."""
    return record.updated


def _number(call: Call, name: str, default: int, *, least: int) -> int:
    text = call.text(name)
    if text is None:
        return default
    number = as_number(text)
    if number is None or number < least:
        raise invalid(f"{name} must be a number of {least} or more, not {text}")
    return number

"""Pages: at most so many rows of an answer, and where the next ones are (W2.4)."""

import base64
import binascii
from collections.abc import Iterable
from itertools import islice
from typing import Any

from hubtwin.api.calls import Call
from hubtwin.api.errors import invalid
from hubtwin.portal.ids import as_number


def page(call: Call, rows: Iterable[tuple[str, dict[str, Any]]], limit: int) -> dict[str, Any]:
    """The body of a page with the first *limit* of *rows*, each with what `after` calls it.

    The last page has no `paging`.
    """
    taken = list(islice(rows, limit + 1))
    body: dict[str, Any] = {"results": [row for _, row in taken[:limit]]}
    if len(taken) > limit:
        following = taken[limit][0]
        body["paging"] = {"next": {"after": following, "link": call.link(after=following)}}
    return body


def cursor(place: int) -> str:
    """What `after` is for the row at a *place*, where it is in base 64."""
    return base64.b64encode(str(place).encode()).decode()


def place_after(call: Call) -> int:
    """The place that such an `after` names, 0 where there is none. Raises ApiError."""
    text = call.text("after")
    try:
        place = 0 if text is None else as_number(base64.b64decode(text, validate=True).decode("ascii"))
    except (binascii.Error, ValueError):
        place = None
    if place is None:
        raise invalid(f"after is not a value that a page gave out: {text}")
    return place

"""Pages: at most so many rows of an answer, and where the next ones are (W2.4)."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from hubtwin.api.calls import Call


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

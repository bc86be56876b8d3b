"""Tables as plain text."""

from collections.abc import Sequence

from hubtwin.portal.moments import spoken


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines whose columns stand below one another: the first to the left, the others to the right."""
    first, *others = (max(map(len, column)) for column in zip(head, *rows, strict=True))
    lines = []
    for name, *cells in (head, *rows):
        numbers = [f"{cell:>{width}}" for cell, width in zip(cells, others, strict=True)]
        lines.append("  ".join([f"{name:<{first}}", *numbers]).rstrip())
    return "\n".join(lines)


def percent(share: float | None) -> str:
    """A share as in `12.3 %`; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def time(milliseconds: float | None) -> str:
    """A time in its two largest units, as in `2d 4h`; a dash where there is none."""
    return "–" if milliseconds is None else spoken(round(milliseconds))

"""Allowing: comments in a portal file that let a finding pass.

`# lint: allow stage-back` at the end of a line, or alone above it, lets findings of that rule pass that stand there.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from hubtwin.files import FileError
from hubtwin.lint.rules import RULES
from hubtwin.portal.errors import choices

_COMMENT = re.compile(r"#\s*lint:\s*allow\s+([a-z-]+(?:\s*,\s*[a-z-]+)*)")


def allowed(file: Path) -> Mapping[int, frozenset[str]]:
    """The ids of the rules that each line of a portal file allows. Raises FileError for an id that is none."""
    found: dict[int, frozenset[str]] = {}
    for number, line, ids in _comments(file):
        for id in sorted(ids - set(RULES)):
            raise FileError([f"{file}:{number}  no rule is called {id!r}; {choices(id, list(RULES))}"])
        below = number + 1 if line.lstrip().startswith("#") else number
        found[below] = found.get(below, frozenset()) | ids
    return found


def _comments(file: Path) -> Iterator[tuple[int, str, frozenset[str]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if (match := _COMMENT.search(line)) is not None:
            yield number, line, frozenset(re.split(r"\s*,\s*", match.group(1)))

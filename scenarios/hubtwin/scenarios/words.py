"""Words: what tests and tags are called."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

_WORD = re.compile(r"[A-Za-z0-9][\w.+-]{0,99}")


def _word(text: Any) -> str:
    if not isinstance(text, str) or not _WORD.fullmatch(text):
        raise ValueError("expected a word of letters and digits, with . _ + - inside")
    return text


#: The id of a test or a tag: a word that a command line can hold.
Word = Annotated[str, BeforeValidator(_word)]

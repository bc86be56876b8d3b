"""Texts from a portal on a page: as they are, whatever signs of Markdown, HTML or Mermaid stand in them."""

#: What means something to Markdown, or to what GitHub adds to it.
_MARKDOWN = frozenset("\\`*_{}[]<>#|~$!")

#: What means something inside a quoted text of Mermaid: quotes, entities, directives, Markdown strings.
_MERMAID = frozenset('"#&%<>`\\')


def plain(text: str) -> str:
    """A text on one line of Markdown."""
    return "".join(f"\\{sign}" if sign in _MARKDOWN else sign for sign in _one_line(text)).replace("&", "&amp;")


def code(text: str) -> str:
    """A text in the letters of code, also in a table."""
    line = _one_line(text).replace("|", "\\|")
    fence = "`" * (1 + max(map(len, "".join(sign if sign == "`" else " " for sign in line).split()), default=0))
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"


def quoted(text: str) -> str:
    """A text in quotes, for a node of a Mermaid chart."""
    return f'"{"".join(f"#{ord(sign)};" if sign in _MERMAID else sign for sign in _one_line(text))}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""The addresses of pages, and how filters compare them (W6.4.29)."""

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

Fits = Callable[[str], bool]


def same_page(url: str) -> Fits:
    """Tells addresses of the page *url*: case, protocol, `www.` and a closing slash don't matter.

    Parameters count where *url* has some, so that a page is the same one wherever its visitors come from (our model).
    """
    wanted = _split(url)

    def fits(address: str) -> bool:
        parts = _split(address)
        return _page(parts) == _page(wanted) and (not wanted.query or parts.query == wanted.query)

    return fits


def _page(parts: SplitResult) -> tuple[str, str]:
    return parts.netloc.lower().removeprefix("www."), parts.path.lower().rstrip("/")


def _split(url: str) -> SplitResult:
    """The parts of an address that may lack its protocol; one that is none has nothing but a path."""
    text = url.strip()
    try:
        return urlsplit(text if "://" in text or text.startswith(("/", "//")) else f"//{text}")
    except ValueError:
        return SplitResult("", "", text, "", "")

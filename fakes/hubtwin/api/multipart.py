"""Bodies of several parts: `multipart/form-data`, as files are uploaded."""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from hubtwin.api.errors import invalid
from hubtwin.api.http import Request

CONTENT_TYPE = "multipart/form-data"

_HEADERS = BytesHeaderParser()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body: a field of a form, or a file, which has a *file_name*."""

    name: str
    file_name: str | None
    content: bytes


def read(request: Request) -> list[Part]:
    """The parts of a request's body, in order. Raises ApiError."""
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    boundary = kind.get_boundary()
    if kind.get_content_type() != CONTENT_TYPE or not boundary:
        raise invalid(f"The body has to be {CONTENT_TYPE}, with a boundary")
    _, *sections = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode("utf-8", "replace"))
    if not sections or not sections[-1].startswith(b"--"):
        raise invalid("The body ends before its last boundary")
    return [_part(section) for section in sections[:-1]]


def _part(section: bytes) -> Part:
    headers, blank_line, content = section.partition(b"\r\n\r\n")
    message = _HEADERS.parsebytes(headers.lstrip())
    name = message.get_param("name", header="content-disposition")
    if not blank_line or not isinstance(name, str):
        raise invalid("A part of the body has no name")
    return Part(name, message.get_filename(), content)

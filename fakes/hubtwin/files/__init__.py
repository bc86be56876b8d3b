"""The files that people write: YAML with line numbers, and errors that name file, line and choices."""

from hubtwin.files.documents import Document, FileError, parse, read
from hubtwin.files.models import load

__all__ = ["Document", "FileError", "load", "parse", "read"]

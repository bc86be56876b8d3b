"""The files that people write: YAML with line numbers, and errors that name file, line and choices."""

from hubtwin.files.documents import Document, FileError, parse, read
from hubtwin.files.models import load
from hubtwin.files.portals import blaming, export, load_portal
from hubtwin.files.writing import dump

__all__ = ["Document", "FileError", "blaming", "dump", "export", "load", "load_portal", "parse", "read"]

"""Files that a command can't use."""

from typing import IO, Any

import click

from hubtwin.files import FileError


class WrongFile(click.ClickException):
    """A file is wrong: its problems go to stderr as they are, each with file and line; exit code 2."""

    exit_code = 2

    def __init__(self, error: FileError) -> None:
        super().__init__(str(error))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the problems."""
        click.echo(self.message, file=file, err=file is None)

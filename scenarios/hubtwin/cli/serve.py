"""`hubtwin serve`."""

from pathlib import Path
from typing import Literal

import click

from hubtwin.cli.files import WrongFile
from hubtwin.doors.reception import Reception
from hubtwin.doors.server import serve
from hubtwin.files import FileError, load_portal, read
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.configuration import Limits


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free port.")
@click.option("--portal", "file", type=Path, metavar="FILE", help="The portal's configuration; without it, defaults.")
@click.option(
    "--clock",
    type=click.Choice(["follow", "still"]),
    default="follow",
    show_default=True,
    help="Whether the portal's time follows the wall clock.",
)
@click.option(
    "--limits",
    "plan",
    type=click.Choice(["free", "starter", "professional", "enterprise"]),
    help="Hold apps to the API limits of this plan.",
)
@click.option("--allow-remote", is_flag=True, help="Let other machines in. Any token opens the portal.")
def command(
    host: str, port: int, file: Path | None, clock: Literal["follow", "still"], plan: str | None, allow_remote: bool
) -> None:
    """Serve a portal that speaks HubSpot's API, until Ctrl-C.

    Its URL is printed as soon as it answers. It forgets everything when it stops.
    """
    portal_file = _read(file)
    portal = Reception(Portal(_limited(portal_file.configuration, plan)), portal_file)
    try:
        serve(portal, host=host, port=port, clock=clock, allow_remote=allow_remote, on_ready=click.echo)
    except ValueError as error:
        raise click.UsageError(f"{error}".replace("allow_remote=True", "--allow-remote")) from None
    except OSError as error:
        raise click.ClickException(f"can't listen on {host} port {port}: {error.strerror}") from None


def _limited(configuration: Configuration, plan: str | None) -> Configuration:
    if plan is None:
        return configuration
    limits = (configuration.limits or Limits()).model_copy(update={"plan": plan})
    return configuration.model_copy(update={"limits": limits})


def _read(file: Path | None) -> PortalFile:
    if file is None:
        return PortalFile(Configuration())
    try:
        document = read(file)
        return PortalFile(load_portal(document), document)
    except FileError as error:
        raise WrongFile(error) from None

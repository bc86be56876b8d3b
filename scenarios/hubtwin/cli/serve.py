"""`hubtwin serve`."""

from pathlib import Path
from typing import Literal

import click

from hubtwin.cli.files import WrongFile
from hubtwin.doors.server import serve
from hubtwin.files import FileError, load, read
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
    portal = Portal(_limited(_configuration(file), plan))
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


def _configuration(file: Path | None) -> Configuration:
    if file is None:
        return Configuration()
    try:
        return load(read(file), Configuration)
    except FileError as error:
        raise WrongFile(error) from None

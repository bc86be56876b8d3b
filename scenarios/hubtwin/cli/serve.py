"""`hubtwin serve`."""

import os
import re
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


def _routes(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Targets by the addresses in workflows; an address alone is its own. A `=` is part of it where no URL follows."""
    pairs = [re.split(r"=(?=https?://)", value, maxsplit=1) for value in values]
    return {address: rest[0] if rest else address for address, *rest in pairs}


def _secrets(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The values of secrets; those that are given without one are looked up in the environment."""
    secrets = {}
    for name, is_given, text in (value.partition("=") for value in values):
        if not is_given and name not in os.environ:
            raise click.BadParameter(f"no environment variable is called {name!r}; set it, or write {name}=…")
        secrets[name] = text if is_given else os.environ[name]
    return secrets


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
@click.option(
    "--deliver",
    "routes",
    callback=_routes,
    multiple=True,
    metavar="ADDRESS[=TARGET]",
    help="Send what workflows send to an address to a target on this machine. Repeatable.",
)
@click.option(
    "--deliver-to-host", "hosts", multiple=True, metavar="HOST", help="Let targets be on this machine, too. Repeatable."
)
@click.option(
    "--secret",
    "secrets",
    callback=_secrets,
    multiple=True,
    metavar="NAME[=VALUE]",
    help="The value of a secret that workflows send; without a value, that of the environment variable. Repeatable.",
)
def command(
    host: str,
    port: int,
    file: Path | None,
    clock: Literal["follow", "still"],
    plan: str | None,
    allow_remote: bool,
    routes: dict[str, str],
    hosts: tuple[str, ...],
    secrets: dict[str, str],
) -> None:
    """Serve a portal that speaks HubSpot's API, until Ctrl-C.

    Its URL is printed as soon as it answers. It forgets everything when it stops.
    """
    portal_file = _read(file)
    portal = Reception(Portal(_limited(portal_file.configuration, plan)), portal_file)
    try:
        if routes:
            portal.deliver_webhooks(routes, secrets=secrets, allow_hosts=hosts)
        serve(portal, host=host, port=port, clock=clock, allow_remote=allow_remote, on_ready=click.echo)
    except ValueError as error:
        raise click.UsageError(_in_options(str(error))) from None
    except OSError as error:
        raise click.ClickException(f"can't listen on {host} port {port}: {error.strerror}") from None


def _in_options(message: str) -> str:
    """What a door says of its parameters, said of the options."""
    return re.sub(
        r"allow_hosts=\['(.*)'\]", r"--deliver-to-host \1", message.replace("allow_remote=True", "--allow-remote")
    )


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

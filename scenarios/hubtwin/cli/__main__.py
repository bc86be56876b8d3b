"""`hubtwin`: the commands by name. Each is a module, which is imported when it is called and not before."""

import os
from difflib import get_close_matches
from importlib import import_module

import click

#: What each command does. Here and not in the modules, so that `hubtwin --help` imports none of them.
COMMANDS = {
    "calls": "Show which calls a served portal answered.",
    "clear": "Empty a served portal: no records, no history.",
    "clock": "Show a served portal's time, or let it pass.",
    "coverage": "Add up reports of what of a configuration was exercised.",
    "demo": "Play five questions about lifecycle stages, then a simulated quarter.",
    "do": "Do something on a served portal: submit a form, move a deal, import a file.",
    "lint": "Say what is wrong with a configuration before anything runs.",
    "portal": "Check, begin, export and describe portal files.",
    "pull": "Write a portal file out of HubSpot, or whatever speaks its API.",
    "reset": "Let a served portal be as it was when it started.",
    "restore": "Let a served portal be as it was when a snapshot was taken.",
    "serve": "Serve a portal that speaks HubSpot's API.",
    "snapshot": "Take a snapshot of a served portal.",
    "test": "Run scenario files.",
    "used-in": "Show what uses a lifecycle stage or a property of a served portal.",
    "why": "Tell how a property of a record got its value.",
    "workflows": "Show a served portal's workflows: what they did, where records are, what needs review.",
}


class Commands(click.Group):
    """The commands of `hubtwin`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command with this name; its module is imported now. A usage error where there is none."""
        if cmd_name not in COMMANDS:
            close = get_close_matches(cmd_name, COMMANDS, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"no command is called {cmd_name!r}; choose from: {', '.join(COMMANDS)}{hint}")
        command: click.Command = import_module(f"hubtwin.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help text."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hubtwin", message="%(prog)s %(version)s")
@click.pass_context
def hubtwin(context: click.Context) -> None:
    """A HubSpot portal on this machine: serve it, test it, watch a simulated market use it."""
    if os.environ.get("NO_COLOR"):
        context.color = False


def main() -> None:
    """Run the command line of this process."""
    hubtwin(prog_name="hubtwin")


if __name__ == "__main__":
    main()

"""`hubtwin demo`."""

import sys
from collections.abc import Iterator
from textwrap import indent

import click

from hubtwin.cli.questions import QUESTIONS, Surprise
from hubtwin.doors.wall import Stopwatch
from hubtwin.journeys import library
from hubtwin.measures.funnel import funnel
from hubtwin.measures.throughput import throughput
from hubtwin.portal import Portal
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.runs.run import Progress, Run, simulate

JOURNEY = "saas-mid"

#: People come for a quarter; what becomes of them is watched for another one.
QUARTER = 91

#: The funnel starts with the stage of whoever is new; subscribers are watched, but most people never are one.
STAGES = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")


@click.command
@click.option("--seed", type=int, default=42, show_default=True, help="Another seed, another quarter.")
def command(seed: int) -> None:
    """Play five questions about lifecycle stages on real portals, the last of them over a simulated quarter."""
    try:
        for number, (question, play) in enumerate(QUESTIONS, 1):
            _say(number, question, play())
    except Surprise as surprise:
        raise click.ClickException(str(surprise)) from None
    _say(5, "How many come to each stage, and how fast? A simulated quarter:", _quarter(seed))


def quarter(seed: int, progress: Progress | None = None) -> Run:
    """The simulated quarter, and the one after it in which nobody new comes."""
    journey, configuration = library.load(JOURNEY)
    return simulate(journey, configuration, seed=seed, days=QUARTER, extra_days=QUARTER, progress=progress)


def report(run: Run) -> list[str]:
    """What a run shows: its funnel, what sales got done, and why its first customer is one."""
    contacts = len(run.portal.records[CONTACTS])
    return [
        f"{run.journey.title}: {run.walk.entered:,} buyers, {contacts:,} contacts, {len(run.sales.reps)} reps;",
        f"people came for {QUARTER} days and were watched for {QUARTER} more",
        "",
        *funnel(run.portal, STAGES).table().splitlines(),
        "",
        *throughput(run).table().splitlines(),
        "",
        *_first_customer(run.portal),
    ]


def _quarter(seed: int) -> list[str]:
    stopwatch = Stopwatch()
    if sys.stderr.isatty():
        with click.progressbar(length=100, label="simulating", file=sys.stderr) as bar:
            run = quarter(seed, lambda fraction: bar.update(round(100 * fraction) - bar.pos))
    else:
        run = quarter(seed)
    # How fast this machine is differs from run to run: it is no part of the results on stdout.
    milliseconds = max(1, stopwatch.lap())
    entries = len(run.portal.log)
    rate = 1_000 * entries // milliseconds
    click.echo(f"{entries:,} log entries in {milliseconds / 1_000:.1f} s: {rate:,} a second", err=True)
    return report(run)


def _first_customer(portal: Portal) -> Iterator[str]:
    customers = portal.records[CONTACTS].having(LIFECYCLE, "customer")
    yield f"customers now: {len(customers)}"
    if customers:
        yield f"why {customers[0].name} is one:"
        yield from portal.story(portal.why(customers[0], LIFECYCLE))


def _say(number: int, question: str, lines: list[str]) -> None:
    click.echo(click.style(f"{number}  {question}", bold=True))
    click.echo(indent("\n".join(lines), "   ") + "\n")

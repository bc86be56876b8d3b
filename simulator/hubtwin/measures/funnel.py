"""The funnel: how many contacts came to which lifecycle stage, and how fast."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from hubtwin.measures.tables import percent, table, time
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.log import SET
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One stage of a funnel, in the two readings that HubSpot's funnel reports have (F10.1).

    *any_stages* counts all contacts that ever came to the stage, *all_stages* those that came to this stage and
    all before it in order: whoever skipped one is gone from there on. The two conversions are the shares that
    came to the next stage too. *median_time*, in milliseconds, is from the stage before, for those in order.
    """

    stage: str
    label: str
    any_stages: int
    all_stages: int
    any_conversion: float | None
    all_conversion: float | None
    median_time: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel from its first stage to its last."""

    steps: tuple[FunnelStep, ...]

    def table(self) -> str:
        """The funnel as text."""
        head = ("stage", "any stages", "to next", "all stages", "to next", "median time")
        rows = [
            (
                step.label,
                str(step.any_stages),
                percent(step.any_conversion),
                str(step.all_stages),
                percent(step.all_conversion),
                time(step.median_time),
            )
            for step in self.steps
        ]
        return table(head, rows)


def funnel(portal: Portal, stages: Sequence[str] | None = None) -> Funnel:
    """The funnel of a portal's contacts through *stages*, or through all stages that some contact was ever in.

    Raises UnknownName for a stage that contacts do not have.
    """
    labels = {stage.id: stage.label for pipeline in portal.pipelines[CONTACTS] for stage in pipeline.stages}
    histories = list(_visits(portal).values())
    visitors = Counter(stage for history in histories for stage in dict(history))
    chosen = list(stages or (stage for stage in labels if stage in visitors))
    for stage in chosen:
        if stage not in labels:
            raise UnknownName("lifecycle stage", stage, list(labels))
    passages = [_passage(history, chosen) for history in histories]
    ever = [visitors[stage] for stage in chosen]
    in_order = [sum(len(passage) > place for passage in passages) for place in range(len(chosen))]
    return Funnel(
        tuple(
            FunnelStep(
                stage=stage,
                label=labels[stage],
                any_stages=ever[place],
                all_stages=in_order[place],
                any_conversion=_conversion(ever, place),
                all_conversion=_conversion(in_order, place),
                median_time=_median_time(passages, place),
            )
            for place, stage in enumerate(chosen)
        )
    )


def _visits(portal: Portal) -> dict[Record, list[tuple[str, int]]]:
    """The stages that each contact came to, and when, in order of time."""
    visits: dict[Record, list[tuple[str, int]]] = {}
    for entry in portal.log:
        contact = entry.record
        if entry.property == LIFECYCLE and entry.kind == SET and contact is not None and contact.type is CONTACTS:
            visits.setdefault(contact, []).append((entry.value, entry.moment))
    return visits


def _passage(history: list[tuple[str, int]], chosen: Sequence[str]) -> list[int]:
    """When a contact came to each of the chosen stages in order, as far as it came."""
    moments: list[int] = []
    for stage, moment in history:
        if len(moments) < len(chosen) and stage == chosen[len(moments)]:
            moments.append(moment)
    return moments


def _conversion(counts: Sequence[int], place: int) -> float | None:
    if place + 1 == len(counts) or not counts[place]:
        return None
    return counts[place + 1] / counts[place]


def _median_time(passages: list[list[int]], place: int) -> float | None:
    times = [passage[place] - passage[place - 1] for passage in passages if len(passage) > place > 0]
    return median(times) if times else None

"""The chart of a portal's lifecycle stages: what brings records into each, and what goes out from it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hubtwin.portal.markup import quoted
from hubtwin.portal.pipelines import Stage
from hubtwin.portal.uses import Use


def chart(stages: Sequence[Stage], uses: Sequence[Use]) -> Iterator[str]:
    """A Mermaid flowchart: stages one after the other, dotted what writes each, dashed out what asks for one."""
    nodes = {stage.id: f"stage{number}" for number, stage in enumerate(stages)}
    arrows = {arrow: None for use in uses for arrow in _arrows(use, nodes)}
    assets = {asset: f"asset{number}" for number, asset in enumerate(dict.fromkeys(asset for asset, _, _ in arrows))}
    yield "flowchart LR"
    yield from (f"  {nodes[stage.id]}[{quoted(stage.label)}]" for stage in stages)
    yield from (f"  {nodes[one.id]} --> {nodes[following.id]}" for one, following in pairwise(stages))
    yield from (f"  {node}([{quoted(asset)}])" for asset, node in assets.items())
    for asset, node, writes in arrows:
        yield f"  {assets[asset]} -.-> {node}" if writes else f"  {node} -. asked for .-> {assets[asset]}"


def _arrows(use: Use, nodes: dict[str, str]) -> Iterator[tuple[str, str, bool]]:
    """An asset, the node of a stage that it names, and whether it writes that."""
    yield from ((use.asset, nodes[value], use.writes) for value in use.values if value in nodes)

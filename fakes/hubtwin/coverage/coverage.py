"""Coverage: how much of one configuration was exercised, by any number of portals that were made of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from hubtwin.coverage.evidence import Transition
from hubtwin.coverage.features import Feature, features
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.portal import Portal
from hubtwin.portal.seeding import end


class Share(NamedTuple):
    """How many of some features were *exercised*, and of how many."""

    exercised: int
    of: int

    @property
    def percent(self) -> float:
        """With one digit, cut and not rounded: 100 means all of them. Of nothing, nothing was exercised."""
        return self.exercised * 1000 // self.of / 10 if self.of else 0.0

    def is_below(self, percent: float) -> bool:
        """Whether it is less than so many per cent."""
        return self.of == 0 or self.exercised * 100 < percent * self.of


@dataclass
class Coverage:
    """What was exercised of one configuration.

    *name* is the path of its portal file, or what stands for that. *lines* says where in the file the features stand
    that are written there; *hits* how often each rule was at work, *transitions* which stages records went through.
    """

    name: str
    features: Mapping[str, Feature]
    lines: Mapping[str, int]
    hits: Counter[str] = field(default_factory=Counter)
    transitions: Counter[Transition] = field(default_factory=Counter)

    @classmethod
    def of(cls, file: PortalFile, portal: Portal) -> Self:
        """That of a configuration, before anything was exercised; *portal* was just made of it."""
        found = {feature.rule: feature for feature in features(portal)}
        lines = {rule: line for rule in found if (line := line_of(file, rule)) is not None}
        return cls(name_of(file), found, lines)

    @property
    def share(self) -> Share:
        """How much of all was exercised."""
        return self._share(self.features)

    @property
    def parts(self) -> dict[str, Share]:
        """How much of each part of the portal file was exercised."""
        parts: dict[str, list[str]] = {}
        for rule, feature in self.features.items():
            parts.setdefault(feature.part, []).append(rule)
        return {part: self._share(rules) for part, rules in parts.items()}

    @property
    def missing(self) -> list[Feature]:
        """What was not exercised, in the order of the file; what stands in none comes last."""
        missed = [feature for rule, feature in self.features.items() if not self.hits[rule]]
        return sorted(missed, key=lambda feature: self.lines.get(feature.rule, float("inf")))

    def where(self, feature: Feature) -> str:
        """Where a feature is written: `file:line`; the rule itself where it is a default, or stands in no file."""
        line = self.lines.get(feature.rule)
        if line is not None:
            return f"{self.name}:{line}"
        return f"{feature.rule} (default)" if feature.part in _DEFAULTS else feature.rule

    def merge(self, other: Self) -> None:
        """Add what was exercised of the same configuration elsewhere."""
        self.features = {**self.features, **other.features}
        self.lines = {**self.lines, **other.lines}
        self.hits.update(other.hits)
        self.transitions.update(other.transitions)

    def _share(self, rules: Iterable[str]) -> Share:
        counts = [bool(self.hits[rule]) for rule in rules]
        return Share(sum(counts), len(counts))

    # -- as JSON ---------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """All of it, as plain data."""
        return {
            "portal": self.name,
            **share_as_json(self.share),
            "parts": {part: share_as_json(share) for part, share in self.parts.items()},
            "features": [
                {**feature._asdict(), "line": self.lines.get(rule), "hits": self.hits[rule]}
                for rule, feature in self.features.items()
            ],
            "transitions": [
                {"object": type, "from": before, "to": after, "times": times}
                for (type, before, after), times in sorted(self.transitions.items())
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` made. Raises KeyError, TypeError or ValueError for anything else."""
        told: Sequence[Mapping[str, Any]] = data["features"]
        return cls(
            str(data["portal"]),
            {one["rule"]: Feature(one["rule"], one["title"], one["of"]) for one in told},
            {one["rule"]: int(one["line"]) for one in told if one["line"] is not None},
            Counter({one["rule"]: int(one["hits"]) for one in told}),
            Counter({(one["object"], one["from"], one["to"]): int(one["times"]) for one in data["transitions"]}),
        )


#: The parts of a portal file that every account has, whether or not they are written.
_DEFAULTS = ("settings", "stages")


def share_as_json(share: Share) -> dict[str, Any]:
    """A share as plain data."""
    return {**share._asdict(), "percent": share.percent}


def fresh(configuration: Configuration) -> Portal:
    """A portal in which nothing but its own beginning has happened."""
    return Portal(configuration, start=end(configuration, DEFAULT_START))


def name_of(file: PortalFile) -> str:
    """What a configuration is called: by the path of its file, seen from here; without one, by what it says."""
    if file.document is not None:
        path = Path(file.document.name).resolve()
        return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    if file.configuration == Configuration():
        return "HubSpot's defaults"
    return f"configuration {hashlib.sha256(file.configuration.model_dump_json().encode()).hexdigest()[:8]}"


def line_of(file: PortalFile, rule: str) -> int | None:
    """The line of a rule, or of the thing that it is a part of; None where neither is written."""
    steps = rule.split(".")
    least = len(steps) if steps[0] in _DEFAULTS else 2
    while len(steps) >= least:
        if (line := file.line(".".join(steps))) is not None:
            return line
        steps.pop()
    return None

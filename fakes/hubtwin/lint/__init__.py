"""Lint: what is wrong with a configuration, found before anything runs."""

from hubtwin.lint.findings import Finding, Step
from hubtwin.lint.linting import lint
from hubtwin.lint.rules import RULES, Rule, Severity

__all__ = ["RULES", "Finding", "Rule", "Severity", "Step", "lint"]

"""Linting: all rules, applied to one portal."""

from collections.abc import Callable, Iterator

from hubtwin.lint import (
    branch_rules,
    leftovers,
    loops,
    quiet_writers,
    recipients,
    setting_rules,
    stage_gaps,
    stage_moves,
    trigger_rules,
    two_writers,
)
from hubtwin.lint.account import Account
from hubtwin.lint.findings import Finding
from hubtwin.portal.portal import Portal

#: What looks at an account. A further group of rules is a module with such a function, and a place in this table.
LOOKS: tuple[Callable[[Account], Iterator[Finding]], ...] = (
    stage_moves.look,
    stage_gaps.look,
    quiet_writers.look,
    setting_rules.look,
    trigger_rules.look,
    branch_rules.look,
    loops.look,
    two_writers.look,
    recipients.look,
    leftovers.look,
)


def lint(portal: Portal) -> list[Finding]:
    """What is wrong with a portal's configuration, each finding once. Nothing happens in the portal."""
    account = Account(portal)
    found = {(one.rule, one.place, one.message): one for look in LOOKS for one in look(account)}
    return list(found.values())

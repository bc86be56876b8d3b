"""Rules about people: notifications, tasks and forms that go to users who aren't there."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from hubtwin.lint import rules
from hubtwin.lint.definitions import actions_of, fields_of
from hubtwin.lint.findings import Finding

if TYPE_CHECKING:
    from hubtwin.lint.account import Account


def look(account: "Account") -> Iterator[Finding]:
    """The findings about users."""
    for flow in account.flows:
        for id, action in actions_of(flow).items():
            asset = f"workflow {flow.name!r}, action {id}"
            yield from _unknown(account, asset, flow.rule_of(id), _ids(fields_of(action).get("user_ids")))
    for form in account.portal.forms:
        told = (form.json.get("configuration") or {}).get("notifyRecipients")
        rule = f"{form.rule}.notify" if form.rule.startswith("forms.") else form.rule
        yield from _unknown(account, f"form {form.name!r}", rule, _ids(told))


def _unknown(account: "Account", asset: str, rule: str, ids: Iterable[str]) -> Iterator[Finding]:
    users = account.portal.users
    for id in ids:
        if id.isdecimal() and users.get(int(id)) is None:
            left = next((user for user in users.removed if str(user.user_id) == id), None)
            who = f"{left.email}, who left the account" if left else f"user {id}, whom there isn't"
            fix = f"choose from: {', '.join(f'{user.user_id} ({user.email})' for user in users) or 'nobody is there'}"
            yield Finding(rules.UNKNOWN_RECIPIENT, rule, f"{asset} goes to {who}", fix)


def _ids(given: Any) -> list[str]:
    """User ids, as a list or as a text with commas or semicolons."""
    if isinstance(given, str):
        given = given.replace(";", ",").split(",")
    return [str(one).strip() for one in given] if isinstance(given, list | tuple) else []

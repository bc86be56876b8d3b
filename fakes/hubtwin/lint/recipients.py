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
            fields, rule = fields_of(action), flow.rule_of(id)
            yield from _unknown(account, asset, rule, _ids(fields.get("user_ids")))
            yield from _unknown_teams(account, asset, rule, _ids(fields.get("team_ids")))
    for form in account.portal.forms:
        told = (form.json.get("configuration") or {}).get("notifyRecipients")
        rule = f"{form.rule}.notify" if form.rule.startswith("forms.") else form.rule
        yield from _unknown(account, f"form {form.name!r}", rule, _ids(told))
    yield from _chatflows(account)


def _chatflows(account: "Account") -> Iterator[Finding]:
    """Chatflows name users by their addresses; the file's were right when the account started."""
    present = {user.email for user in account.portal.users}
    for chatflow in account.portal.chatflows:
        named = chatflow.settings.assign.users if chatflow.settings.assign else ()
        for email in named:
            if email.lower() not in present:
                message = f"chatflow {chatflow.settings.name!r} goes to {email}, who left the account"
                fix = f"choose from: {', '.join(sorted(present))}"
                yield Finding(rules.UNKNOWN_RECIPIENT, f"{chatflow.rule}.assign", message, fix)


def _unknown(account: "Account", asset: str, rule: str, ids: Iterable[str]) -> Iterator[Finding]:
    users = account.portal.users
    for id in ids:
        if id.isdecimal() and users.get(int(id)) is None:
            left = next((user for user in users.removed if str(user.user_id) == id), None)
            who = f"{left.email}, who left the account" if left else f"user {id}, whom there isn't"
            fix = f"choose from: {', '.join(f'{user.user_id} ({user.email})' for user in users) or 'nobody is there'}"
            yield Finding(rules.UNKNOWN_RECIPIENT, rule, f"{asset} goes to {who}", fix)


def _unknown_teams(account: "Account", asset: str, rule: str, ids: Iterable[str]) -> Iterator[Finding]:
    teams = {str(team.id): team.name for team in account.portal.users.teams}
    for id in ids:
        if id and id not in teams:
            fix = f"choose from: {', '.join(f'{id} ({name})' for id, name in teams.items()) or 'there is no team'}"
            yield Finding(rules.UNKNOWN_RECIPIENT, rule, f"{asset} goes to team {id}, which there isn't", fix)


def _ids(given: Any) -> list[str]:
    """User ids, as a list or as a text with commas or semicolons."""
    if isinstance(given, str):
        given = given.replace(";", ",").split(",")
    return [str(one).strip() for one in given] if isinstance(given, list | tuple) else []

"""Rules about leftovers: lists and properties that nothing in the configuration uses."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hubtwin.lint import rules
from hubtwin.lint.definitions import text_of, walk_json
from hubtwin.lint.findings import Finding
from hubtwin.portal.configuration.references import Refers, names

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

_LIST_KEYS = ("listId", "list_id", "suppressionListIds", "segmentIds", "segmentId")


def look(account: "Account") -> Iterator[Finding]:
    """The findings about lists and properties."""
    yield from _lists(account)
    yield from _properties(account)


def _lists(account: "Account") -> Iterator[Finding]:
    portal = account.portal
    named = {name for _, mark, name in names(portal.configuration) if isinstance(mark, Refers) and mark.kind == "list"}
    asked = {id for list in portal.lists for id in _ids(list.branch)}
    asked |= {id for flow in portal.workflows for id in _ids(flow.data)}
    asked |= {id for score in portal.scores for id in _ids(score.live or score.draft)}
    for list in portal.lists:
        if list.name not in named and str(list.id) not in asked:
            message = f"list {list.name!r} is used by no workflow, list, score, chat, e-mail or sync"
            yield Finding(rules.UNUSED_LIST, list.rule, message, "use it, or take it out; people may still look at it")


def _ids(data: Any) -> Iterator[str]:
    """The ids of lists that JSON names."""
    for node in walk_json(data):
        for key in _LIST_KEYS:
            found = node.get(key)
            yield from map(str, found if isinstance(found, list | tuple) else () if found is None else (found,))


def _properties(account: "Account") -> Iterator[Finding]:
    portal = account.portal
    used = {(use.type, use.property) for part in portal.assets for use in part.uses()}
    records = portal.configuration.model_dump_json(include={"records"})
    texts = "\n".join([records, *(text_of(flow) for flow in portal.workflows)])
    for type in portal.types:
        configured = [one.name for one in portal.configuration.properties.get(type.name, ())]
        for definition in portal.properties[type] if not type.is_custom else ():
            name = definition.name
            if definition.hubspot_defined or (type, name) in used or f".{name}" in texts or f'"{name}"' in texts:
                continue
            rule = f"{type.name} {name}"
            if name in configured:
                rule = f"properties.{type.name}.{configured.index(name)}"
            message = f"property {name} of {type.name}: no form, workflow, list, view, score or sync reads or writes it"
            yield Finding(rules.UNUSED_PROPERTY, rule, message, "use it, or take it out; apps may still write it")

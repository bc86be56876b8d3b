"""Lists and workflows, with their ids: they ask about each other, and about all that was copied before (W6.4, F7.2)."""

from itertools import islice
from typing import Any

from hubtwin.portal.errors import PortalError
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.object_lists import MANUAL, SNAPSHOT
from hubtwin.pulling.copying import Copy

Json = dict[str, Any]

#: How many lists are asked for at once.
_AT_ONCE = 50

#: What HubSpot adds to a flow.
_ADDED = ("id", "revisionId", "createdAt", "updatedAt", "crmObjectCreationStatus", "nextAvailableActionId")

_MOST = 10**18


def copy_lists(copy: Copy) -> None:
    """Copy the lists; those that ask about others come after these. Members that no filter chose are not copied."""
    waiting = [one for one in _lists(copy) if "deletedAt" not in one]
    copied = True
    while waiting and copied:
        before, refused = len(waiting), []
        for one in waiting:
            try:
                _copy_list(copy, one)
            except PortalError:
                refused.append(one)
        waiting, copied = refused, len(refused) < before
    for one in waiting:
        with copy.notes.leaving_out(f"list {one.text('name', '?')!r}"):
            _copy_list(copy, one)


def _lists(copy: Copy) -> list[Node]:
    """The lists with their filters, by ascending id."""
    found = iter([one.text("listId") for one in copy.source.found("/crm/v3/lists/search", "lists", 100)])
    lists: list[Node] = []
    while ids := list(islice(found, _AT_ONCE)):
        lists += copy.source.rows("/crm/v3/lists/", "lists", listIds=ids, includeFilters="true")
    return sorted(lists, key=_id)


def _id(one: Node) -> int:
    return one.whole("listId", low=1, high=_MOST)


def _copy_list(copy: Copy, one: Node) -> None:
    """Copy one list. Raises PortalError."""
    branch, processing = copy.translated(one.data.get("filterBranch")), one.text("processingType")
    if processing == SNAPSHOT and branch is None:
        processing = MANUAL
    type = copy.portal.type(one.text("objectTypeId"))
    made = copy.portal.lists.create(one.text("name"), type, processing, branch, id=_id(one))
    name = copy.name("list", made.name)
    if name != made.name:
        copy.portal.lists.rename(made, name)


def copy_workflows(copy: Copy) -> None:
    """Copy the workflows."""
    for one in list(copy.source.pages("/automation/v4/flows", limit=100)):
        id = one.text("id")
        with copy.notes.leaving_out(f"workflow {one.text('name', id)!r}"):
            flow = copy.source.get(f"/automation/v4/flows/{id}")
            json: Json = copy.translated({name: value for name, value in flow.data.items() if name not in _ADDED})
            name = copy.name("workflow", flow.text("name", f"Flow {id}"))
            copy.portal.workflows.create({**json, "name": name}, id=one.whole("id", low=1, high=_MOST))

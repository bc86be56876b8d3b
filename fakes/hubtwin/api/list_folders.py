"""Folders that lists are kept in (W6.4.27)."""

from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.lists import number
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.list_folders import ListFolder
from hubtwin.portal.moments import iso


def create(call: Call) -> Response:
    """POST /folders: 200 with the folder."""
    call.body.require("name")
    parent = _folder(call, call.body.text("parentFolderId") or "0")
    return _answer(call, call.portal.lists.folders.create(call.body.text("name") or "", parent))


def read(call: Call) -> Response:
    """GET /folders?folderId=: 200 with the folder and all below it; the root where none is named."""
    return _answer(call, _folder(call, call.text("folderId") or "0"))


def rename(call: Call) -> Response:
    """PUT /folders/{folderId}/rename?newFolderName=: 200 with the folder."""
    folder, name = _folder(call, call.path["folderId"]), call.text("newFolderName")
    if name is None:
        raise invalid("newFolderName is missing")
    call.portal.lists.folders.rename(folder, name)
    return _answer(call, folder)


def move(call: Call) -> Response:
    """PUT /folders/{folderId}/move/{newParentFolderId}: 200 with the folder."""
    folder = _folder(call, call.path["folderId"])
    call.portal.lists.folders.move(folder, _folder(call, call.path["newParentFolderId"]))
    return _answer(call, folder)


def move_list(call: Call) -> Response:
    """PUT /folders/move-list: 204; the list lies in the other folder."""
    call.body.require("listId", "newFolderId")
    id = number(call.body.text("listId") or "")
    list = call.portal.lists.get(id)
    if list is None:
        raise ApiError(404, f"List {id} does not exist", OBJECT_NOT_FOUND, context={"listId": [str(id)]})
    call.portal.lists.folders.put(list, _folder(call, call.body.text("newFolderId") or ""))
    return nothing()


def delete(call: Call) -> Response:
    """DELETE /folders/{folderId}: 204; a folder that is not empty is refused."""
    call.portal.lists.folders.delete(_folder(call, call.path["folderId"]))
    return nothing()


def _folder(call: Call, id: str) -> ListFolder:
    try:
        return call.portal.lists.folders.find(number(id))
    except UnknownName:
        raise ApiError(404, f"Folder {id} does not exist", OBJECT_NOT_FOUND, context={"folderId": [id]}) from None


def _answer(call: Call, folder: ListFolder) -> Response:
    lists = [list.id for list in call.portal.lists.folders.lists(folder)]
    return answer({"folder": {**_json(call, folder), "childLists": lists}})


def _json(call: Call, folder: ListFolder) -> dict[str, Any]:
    """A folder; those below it don't show their lists."""
    return {
        "id": folder.id,
        "parentFolderId": folder.parent or 0,
        "name": folder.name,
        "createdAt": iso(folder.created),
        "updatedAt": iso(folder.updated),
        "updatedContentsAt": iso(folder.contents_updated),
        "childNodes": [{**_json(call, one), "childLists": []} for one in call.portal.lists.folders.children(folder)],
    }


_READ, _WRITE = "crm.lists.read", "crm.lists.write"

ENDPOINTS = family(
    "/crm/v3/lists/folders",
    "/crm/lists/{version}/folders",
    ("POST", "", create, _WRITE),
    ("GET", "", read, _READ),
    ("PUT", "/move-list", move_list, _WRITE),
    ("PUT", "/{folderId}/rename", rename, _WRITE),
    ("PUT", "/{folderId}/move/{newParentFolderId}", move, _WRITE),
    ("DELETE", "/{folderId}", delete, _WRITE),
)

"""Lead scores: their drafts, their publication, and how the scores of a record changed (F10.5.11 to F10.5.14).

HubSpot has this API as a beta of one version only. The words of `scoreStatus` (but draft and published) and of
`scoreType` are our model.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from hubtwin.api.calls import JSON, Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.filter_branches.event_types import EVENT_TYPES
from hubtwin.portal.ids import as_id
from hubtwin.portal.log import JOINED_LIST, LEFT_LIST, SET, Activity, Entry
from hubtwin.portal.moments import DAY, iso
from hubtwin.portal.object_lists import LIST
from hubtwin.portal.scores import Score

PAGE, HISTORY_PAGE, MAX_PAGE = 10, 100, 500

#: How far back the history of a score goes.
HISTORY = 90 * DAY

_MEMBERS = ("name", "allowedGroupTypes", "groupConfigs", "maxScorePerCategory", "filterConfiguration")
_NEEDED = ("name", "objectTypeId", "allowedGroupTypes", "groupConfigs")

_TYPES = {("FIT",): "FIT", ("INTENT",): "INTENT"}


def list_(call: Call) -> Response:
    """GET /scores: 200 with a page of scores, oldest first, without their rules (F10.5.12)."""
    start = call.after()
    rows = ((str(score.id), _fragment_json(score)) for score in call.portal.scores if score.id >= start)
    return answer(page(call, rows, call.number("limit", PAGE, most=MAX_PAGE)))


def create(call: Call) -> Response:
    """POST /scores: 201 with the draft and its Location (F10.5.11)."""
    body = call.body
    body.require(*_NEEDED, "maxScorePerCategory")
    type = call.portal.type(body.text("objectTypeId") or "")
    return _created(call, call.portal.scores.create(type, _given(body.data, _MEMBERS)))


def read(call: Call) -> Response:
    """GET /scores/{scoreId}: 200 with the live configuration, or with the draft of one never published (F10.5.12)."""
    score = _found(call)
    return answer(_json(score, score.live or score.draft))


def delete(call: Call) -> Response:
    """DELETE /scores/{scoreId}: 204; its properties are archived (F10.5.14)."""
    call.portal.scores.delete(_found(call))
    return nothing()


def clone(call: Call) -> Response:
    """POST /scores/{scoreId}/clone: 201 with a draft of another name (F10.5.14)."""
    score, body = _found(call), call.body
    body.require("scoreName")
    return _created(call, call.portal.scores.clone(score, body.text("scoreName") or ""))


def deactivate(call: Call) -> Response:
    """POST /scores/{scoreId}/deactivate: 200 with the score, which works no more (F10.5.14)."""
    score = _found(call)
    call.portal.scores.deactivate(score)
    return answer(_json(score, score.live or score.draft))


def read_draft(call: Call) -> Response:
    """GET /scores/{scoreId}/draft: 200 with what would be published (F10.5.12)."""
    score = _found(call)
    return answer(_json(score, score.draft))


def update_draft(call: Call) -> Response:
    """PUT /scores/{scoreId}/draft: 200 with the new draft; outputs are merged by their ids (F10.5.11)."""
    score, body = _found(call), call.body
    body.require(*_NEEDED)
    if body.text("objectTypeId") != score.type.id:
        raise invalid(f"A score stays with its object: objectTypeId of score {score.id} is {score.type.id}")
    call.portal.scores.update(score, _given(body.data, (*_MEMBERS, "outputConfiguration")))
    return answer(_json(score, score.draft))


def publish(call: Call) -> Response:
    """POST /scores/{scoreId}/draft/publish: 200 with the score; all records are scored at once (F10.5.11)."""
    score = _found(call)
    call.portal.scores.publish(score, source=call.source)
    return answer(_json(score, score.live or score.draft))


def reset_draft(call: Call) -> Response:
    """POST /scores/{scoreId}/draft/reset: 204; the draft is as it was published (F10.5.14)."""
    call.portal.scores.reset(_found(call))
    return nothing()


def history(call: Call) -> Response:
    """GET /score-values/object-history: 200; a record's score changes of the last 90 days, newest first (F10.5.13)."""
    id, word = call.text("objectId"), call.text("objectTypeId")
    if id is None or word is None:
        raise invalid("objectId and objectTypeId are needed")
    record = call.portal.find(word, id)
    wanted, start = call.text("outputProperty"), call.after()
    names = {name for score in call.portal.scores if score.type is record.type for name in _outputs(score)}
    if wanted is not None and wanted not in names:
        raise invalid(f"No score of {record.type.name} has the output property {wanted}")
    since = call.portal.clock.now - HISTORY
    entries = (
        entry
        for entry in call.portal.log.timeline(record)
        if entry.kind == SET and entry.property in names and wanted in (None, entry.property) and entry.moment >= since
    )
    rows = ((str(n), _entry_json(call, entry)) for n, entry in enumerate(entries) if n >= start)
    return answer(page(call, rows, call.number("limit", HISTORY_PAGE, most=MAX_PAGE)))


# -- finding -------------------------------------------------------------------------------------------------


def _found(call: Call) -> Score:
    text = call.path["scoreId"]
    score = call.portal.scores.get(as_id(text))
    if score is None:
        raise ApiError(404, f"Score {text[:80]} does not exist", OBJECT_NOT_FOUND, context={"scoreId": [text[:80]]})
    return score


def _given(data: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
    return {name: data[name] for name in members if data.get(name) is not None}


def _outputs(score: Score) -> Iterator[str]:
    for output in (score.live or score.draft)["outputConfiguration"]["outputs"]:
        yield output["propertyName"]


# -- answering -----------------------------------------------------------------------------------------------


def _created(call: Call, score: Score) -> Response:
    made = answer(_json(score, score.draft), 201)
    location = call.url(f"{PREFIX}/scores/{score.id}", {}).removesuffix("?")
    return Response(made.status, (JSON, ("location", location)), made.body)


def _common_json(score: Score) -> dict[str, Any]:
    allowed = tuple((score.live or score.draft)["allowedGroupTypes"])
    body: dict[str, Any] = {
        "id": str(score.id),
        "scoreStatus": score.status,
        "scoreType": _TYPES.get(allowed, "COMBINED"),
        "createdAt": iso(score.created),
        "lastConfigurationChangeTimestamp": iso(score.changed),
    }
    if score.published is not None:
        body["publishedAt"] = iso(score.published)
    return body


def _fragment_json(score: Score) -> dict[str, Any]:
    return {**_common_json(score), "name": score.name, "scoredObjectTypeId": score.type.id}


def _json(score: Score, configuration: Mapping[str, Any]) -> dict[str, Any]:
    body = {**_common_json(score), "updatedAt": iso(score.updated), "objectTypeId": score.type.id, **configuration}
    if (most := configuration.get("maxScorePerCategory")) is not None:
        body["maxScore"] = most * len(set(configuration["allowedGroupTypes"]))
    return body


def _entry_json(call: Call, entry: Entry) -> dict[str, Any]:
    """One change, and what it came from: an event, another property, or a list."""
    body: dict[str, Any] = {
        "timestamp": iso(entry.moment),
        "propertyValue": entry.value,
        "renderedEvents": [],
        "resolvedListIds": [],
        "resolvedProperties": {},
    }
    if (delta := _delta(entry)) is not None:
        body["delta"] = delta
    if entry.cause is not None:
        _resolve(call, body, call.portal.log[entry.cause])
    return body


def _resolve(call: Call, body: dict[str, Any], cause: Entry) -> None:
    if cause.kind in (JOINED_LIST, LEFT_LIST) and cause.value is not None:
        body["resolvedListIds"] = [int(cause.value.facts[LIST])]
    elif isinstance(cause.value, Activity):
        body["renderedEvents"] = [_event_json(cause)]
    elif cause.kind == SET and cause.property is not None:
        change = {"pastValue": cause.before, "presentValue": cause.value or None, "timestamp": iso(cause.moment)}
        body["resolvedProperties"] = {cause.property: change}


def _event_json(cause: Entry) -> dict[str, Any]:
    ids = [id for id, kind in EVENT_TYPES.items() if kind.kind == cause.kind]
    body = {"heading": f"{cause.kind}: {cause.value}", "renderedComponents": [], "timestamp": cause.moment}
    return {"eventTypeId": ids[0], **body} if ids else body


def _delta(entry: Entry) -> float | None:
    """By how much a number changed; None for a label."""
    try:
        return float(Decimal(entry.value or 0) - Decimal(entry.before or 0))
    except InvalidOperation:
        return None


PREFIX = "/marketing/lead-scoring/2026-09-beta"

ENDPOINTS = family(
    PREFIX,
    None,
    ("GET", "/scores", list_, ""),
    ("POST", "/scores", create, ""),
    ("GET", "/scores/{scoreId}", read, ""),
    ("DELETE", "/scores/{scoreId}", delete, ""),
    ("POST", "/scores/{scoreId}/clone", clone, ""),
    ("POST", "/scores/{scoreId}/deactivate", deactivate, ""),
    ("GET", "/scores/{scoreId}/draft", read_draft, ""),
    ("PUT", "/scores/{scoreId}/draft", update_draft, ""),
    ("POST", "/scores/{scoreId}/draft/publish", publish, ""),
    ("POST", "/scores/{scoreId}/draft/reset", reset_draft, ""),
    ("GET", "/score-values/object-history", history, ""),
)

"""Association labels, and how many records each of them may link one with (W3.12, W3.15)."""

from collections.abc import Iterable
from typing import Any

from hubtwin.api.associations import batch
from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.pairs import from_type, inputs_of, to_type
from hubtwin.portal.associations import AssociationType, defaults
from hubtwin.portal.ids import as_id

MAX_CONFIGURATIONS = 100


def list_(call: Call) -> Response:
    """GET …/labels: the types of a pair; the unlabelled one has the label null (W3.12)."""
    return answer({"results": _specs_json(call.portal.associations.types(from_type(call), to_type(call)))})


def create(call: Call) -> Response:
    """POST …/labels: 200, the new types of both directions (W3.12.1)."""
    body, labels = call.body, call.portal.association_labels
    body.require("name", "label")
    name, label, inverse_label = (body.text(key) or "" for key in ("name", "label", "inverseLabel"))
    made = labels.create(from_type(call), to_type(call), name, label, inverse_label or None)
    return answer({"results": _specs_json(made)})


def update(call: Call) -> Response:
    """PUT …/labels: 204; other words for the same label (W3.12.2)."""
    body = call.body
    body.require("associationTypeId", "label")
    id, pair = body.number("associationTypeId", 0), (from_type(call), to_type(call))
    call.portal.association_labels.rename(*pair, id, body.text("label") or "", body.text("inverseLabel"))
    return nothing()


def delete(call: Call) -> Response:
    """DELETE …/labels/{associationTypeId}: 204; both directions go, and every link loses the label (W3.12.3)."""
    id = as_id(call.path["associationTypeId"])
    if not id:
        raise invalid("Unable to parse value for path parameter: associationTypeId")
    call.portal.association_labels.delete(from_type(call), to_type(call), id, call.source)
    return nothing()


# -- limits --------------------------------------------------------------------------------------------------


def list_all_limits(call: Call) -> Response:
    """GET …/configurations/all: the types that have a limit (W3.15)."""
    types = [*defaults(), *call.portal.associations.own]
    return answer({"results": _limits_json(call, types)})


def list_limits(call: Call) -> Response:
    """GET …/configurations/{fromObjectType}/{toObjectType}: the types of a pair that have a limit (W3.15)."""
    types = call.portal.associations.types(from_type(call), to_type(call))
    return answer({"results": _limits_json(call, types)})


def create_limits(call: Call) -> Response:
    """POST …/batch/create: 201, the limits that were set (W3.15)."""
    types = _set_limits(call)
    return batch(call, _limits_json(call, types), [], 201)


def update_limits(call: Call) -> Response:
    """POST …/batch/update: 200, the limits that were changed, without labels (W3.15)."""
    results = _limits_json(call, _set_limits(call))
    for result in results:
        del result["label"]
    return batch(call, results, [], 200)


def delete_limits(call: Call) -> Response:
    """POST …/batch/purge: 204, no limit is left on these types (W3.15)."""
    for type in [_type(call, input) for input in inputs_of(call, MAX_CONFIGURATIONS)]:
        call.portal.associations.limits.remove(type.id)
    return nothing()


def _set_limits(call: Call) -> list[AssociationType]:
    wanted = [(_type(call, input), _most(input)) for input in inputs_of(call, MAX_CONFIGURATIONS)]
    for type, most in wanted:
        call.portal.associations.limits.set(type, most)
    return [type for type, _ in wanted]


def _type(call: Call, input: Body) -> AssociationType:
    input.require("category", "typeId")
    category, id = input.text("category") or "", input.number("typeId", 0)
    type = call.portal.associations.get(category, id, from_type(call))
    if type.to_type != to_type(call).singular:
        raise invalid(f"{category}={id} is invalid to object type {to_type(call).id}. expected: {type.to_type}")
    return type


def _most(input: Body) -> int:
    input.require("maxToObjectIds")
    most = input.number("maxToObjectIds", 1)
    if most < 1:
        raise invalid(f"maxToObjectIds must be 1 or more, not {most}")
    return most


def _limits_json(call: Call, types: Iterable[AssociationType]) -> list[dict[str, Any]]:
    """The types among *types* that have a limit."""
    limits = call.portal.associations.limits
    return [
        {"category": type.category, "typeId": type.id, "userEnforcedMaxToObjectIds": most, "label": type.label}
        for type in types
        if (most := limits.of(type)) is not None
    ]


def _specs_json(types: list[AssociationType]) -> list[dict[str, Any]]:
    return [{"category": type.category, "typeId": type.id, "label": type.label} for type in types]


_READ, _WRITE = "crm.objects.{fromObjectType}.read", "crm.objects.{fromObjectType}.write"
_PAIR = "/{fromObjectType}/{toObjectType}"

ENDPOINTS = family(
    "/crm/v4/associations",
    "/crm/associations/{version}",
    ("GET", f"{_PAIR}/labels", list_, _READ),
    ("POST", f"{_PAIR}/labels", create, _WRITE),
    ("PUT", f"{_PAIR}/labels", update, _WRITE),
    ("DELETE", f"{_PAIR}/labels/{{associationTypeId}}", delete, _WRITE),
    ("GET", "/definitions/configurations/all", list_all_limits, ""),
    ("GET", f"/definitions/configurations{_PAIR}", list_limits, _READ),
    ("POST", f"/definitions/configurations{_PAIR}/batch/create", create_limits, _WRITE),
    ("POST", f"/definitions/configurations{_PAIR}/batch/update", update_limits, _WRITE),
    ("POST", f"/definitions/configurations{_PAIR}/batch/purge", delete_limits, _WRITE),
)

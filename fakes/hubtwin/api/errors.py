"""HubSpot's error answers (W2.7, W6.9): their words in one place, each with the row that it follows."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hubtwin.portal.errors import (
    BackwardStage,
    DuplicateValue,
    InvalidAssociation,
    InvalidDefinition,
    InvalidMerge,
    InvalidValues,
    MissingProperties,
    PortalError,
    Problem,
    TooManyLabels,
    UnknownObjectType,
    UnknownProperty,
    UnknownRecord,
)
from hubtwin.portal.ids import as_id
from hubtwin.portal.objects import LIFECYCLE, ObjectType
from hubtwin.portal.portal import Portal

VALIDATION_ERROR = "VALIDATION_ERROR"
OBJECT_NOT_FOUND = "OBJECT_NOT_FOUND"
CONFLICT = "CONFLICT"
ALREADY_EXISTS = "OBJECT_ALREADY_EXISTS"

RESOURCE_NOT_FOUND = "resource not found"
NOT_NUMERIC = "Object not found.  objectId are usually numeric."
NOT_POSITIVE = "Object not found. objectId is usually positive."
NO_CREDENTIALS = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details"
    " at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)
NOTHING_TO_UPDATE = "No properties found to update, please provide at least one."
BAD_SEARCH = "There was a problem with the request."
BAD_ASSOCIATIONS = "One or more associations are invalid"


class ApiError(Exception):
    """An error answer: its HTTP status, and the members of its body beside `status` and `correlationId`."""

    def __init__(
        self,
        status: int,
        message: str,
        category: str | None = None,
        *,
        errors: Sequence[Mapping[str, Any]] | None = None,
        context: Mapping[str, Sequence[str]] | None = None,
        links: Mapping[str, str] | None = None,
        sub_category: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.category = category
        self.errors = errors
        self.context = context
        self.links = links
        self.sub_category = sub_category

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The answer's body, its members in HubSpot's order (W2.7)."""
        members = {
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            "errors": self.errors,
            "context": self.context,
            "links": self.links,
            "subCategory": self.sub_category,
            "category": self.category,
        }
        return {name: value for name, value in members.items() if value is not None}

    def item(self, context: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The error as one of the `errors` of a 207 answer (W2.7)."""
        item = {
            "status": "error",
            "category": self.category,
            "subCategory": self.sub_category,
            "message": self.message,
            "context": {**context, **(self.context or {})},
        }
        return {name: value for name, value in item.items() if value is not None}


def invalid(message: str) -> ApiError:
    """A request that HubSpot finds invalid."""
    return ApiError(400, message, VALIDATION_ERROR)


def not_found(id: str) -> ApiError:
    """No record has this id: three wordings, by what the id looks like (W2.7)."""
    if id == "0" or (as_id(id.removeprefix("-")) and id.startswith("-")):
        return ApiError(404, NOT_POSITIVE, OBJECT_NOT_FOUND, context={"id": [id]})
    if not as_id(id):
        return ApiError(404, NOT_NUMERIC, OBJECT_NOT_FOUND, context={"id": [id]})
    return ApiError(404, RESOURCE_NOT_FOUND)


def some_not_found(type: ObjectType, ids: Sequence[str]) -> dict[str, Any]:
    """The error of a batch of which some records don't exist (W2.7)."""
    return {
        "status": "error",
        "category": OBJECT_NOT_FOUND,
        "message": f"Could not get some {type.singular.upper()} objects, they may be deleted or not exist."
        " Check that ids are valid.",
        "context": {"ids": list(ids)},
    }


def of_portal(error: PortalError, portal: Portal, *, in_batch: bool = False) -> ApiError:
    """What HubSpot answers where the portal refuses something."""
    match error:
        case InvalidValues():
            return _invalid_values(error.problems, portal.configuration.account.id, in_batch)
        case MissingProperties():
            message = f"Error creating {error.singular.upper()}. Some required properties were not set."
            return ApiError(400, message, VALIDATION_ERROR, context={"properties": list(error.missing)})
        case DuplicateValue():
            return _duplicate(error)
        case InvalidAssociation():
            return ApiError(400, str(error), VALIDATION_ERROR, context=error.context)
        case InvalidDefinition():
            return _invalid_definition(error)
        case InvalidMerge():
            return ApiError(414 if error.too_many else 400, str(error), VALIDATION_ERROR)
        case BackwardStage():  # no words of HubSpot's are known: these are ours (F2.b3.1)
            problems = [Problem(LIFECYCLE, "INVALID_STAGE_MOVE", str(error))]
            return _invalid_values(problems, portal.configuration.account.id, in_batch)
        case UnknownObjectType():
            return ApiError(400, f"Unable to infer object type from: {error.word}")
        case UnknownProperty():
            return ApiError(404, RESOURCE_NOT_FOUND)  # W4.8
        case UnknownRecord():
            return not_found(str(error.id))
    return invalid(str(error))


def _invalid_definition(error: InvalidDefinition) -> ApiError:
    status = 437 if isinstance(error, TooManyLabels) else 409 if error.category == ALREADY_EXISTS else 400
    return ApiError(status, str(error), error.category, context=error.context, sub_category=error.sub_category)


def _duplicate(error: DuplicateValue) -> ApiError:
    existing = "" if error.existing is None else f". Existing ID: {error.existing}"
    if (error.singular, error.property) == ("contact", "email"):
        return ApiError(409, f"Contact already exists{existing}", CONFLICT)
    # The words for other unique properties are not known; these are ours.
    message = f"A {error.singular} with {error.property} {error.value} already exists{existing}"
    return ApiError(409, message, CONFLICT)


def _invalid_values(problems: Sequence[Problem], account: int, in_batch: bool) -> ApiError:
    """Clients parse the JSON inside the message, so it stays valid JSON (W2.7)."""
    listed = [_listed(problem, account, in_batch) for problem in problems]
    return ApiError(
        400,
        f"Property values were not valid: {orjson.dumps(listed).decode()}",
        VALIDATION_ERROR,
        errors=[
            {"message": problem.message, "code": problem.code, "context": {"propertyName": [problem.property]}}
            for problem in problems
        ],
    )


def _listed(problem: Problem, account: int, in_batch: bool) -> dict[str, Any]:
    listed = {"isValid": False, "message": problem.message, "error": problem.code, "name": problem.property}
    return listed if in_batch else {**listed, "localizedErrorMessage": problem.message, "portalId": account}

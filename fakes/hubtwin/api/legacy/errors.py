"""Errors as versions 1 and 2 answer them: no category, a request id, and values' problems as JSON (W12.9.2)."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from hubtwin.api.calls import Call
from hubtwin.api.endpoint import Endpoint, Handler, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, of_portal
from hubtwin.api.http import Response
from hubtwin.api.legacy.profiles import identities
from hubtwin.portal.errors import (
    CascadeError,
    DuplicateValue,
    InvalidAssociation,
    InvalidValues,
    PortalError,
    Problem,
    UnknownName,
    UnknownProperty,
    UnknownRecord,
)
from hubtwin.portal.objects import CONTACTS

CONTACT_EXISTS = "Contact already exists"
NO_SUCH_CONTACT = "contact does not exist"
NO_SUCH_DEAL = "Deal does not exist"
INVALID_PROPERTIES = "Property values were not valid"


class LegacyError(ApiError):
    """An error answer of version 1 or 2; *members* are those that only this kind of error has."""

    def __init__(self, status: int, message: str, **members: Any) -> None:
        super().__init__(status, message)
        self.members: Mapping[str, Any] = members

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The answer's body."""
        return {
            **self.members,
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            "requestId": correlation_id.replace("-", ""),
        }


def validation_json(problem: Problem) -> dict[str, Any]:
    """Why a value can't be written."""
    return {"isValid": False, "message": problem.message, "error": problem.code, "name": problem.property}


def invalid_associations(*words: str) -> LegacyError:
    """Records that don't exist, or association types that don't fit them."""
    return LegacyError(400, "One or more associations are invalid", errors=list(words))


def operations(path: str, *rows: tuple[str, str, Handler, str]) -> tuple[Endpoint, ...]:
    """Endpoints whose paths begin alike, in old versions only, and which answer errors in the old words."""
    return family(path, None, *((method, tail, _in_old_words(handler), scope) for method, tail, handler, scope in rows))


def _in_old_words(handler: Handler) -> Callable[[Call], Response]:
    @wraps(handler)
    def answered(call: Call) -> Response:
        try:
            return handler(call)
        except (LegacyError, CascadeError):
            raise
        except ApiError as error:
            raise LegacyError(error.status, error.message) from error
        except PortalError as error:
            raise _of_portal(error, call) from error

    return answered


def _of_portal(error: PortalError, call: Call) -> LegacyError:
    match error:
        case InvalidValues():
            results = [validation_json(problem) for problem in error.problems]
            return LegacyError(400, INVALID_PROPERTIES, validationResults=results)
        case InvalidAssociation():
            return invalid_associations(*sorted(word for words in error.context.values() for word in words))
        case UnknownProperty():
            return LegacyError(404, f"Couldn't find a Property with the given name '{error.name}'")
        case UnknownRecord() | UnknownName():
            return LegacyError(404, RESOURCE_NOT_FOUND)
        case DuplicateValue(singular="contact", property="email"):
            return _contact_exists(error, call)
    worded = of_portal(error, call.portal)
    return LegacyError(worded.status, worded.message)


def _contact_exists(error: DuplicateValue, call: Call) -> LegacyError:
    """The answer names the contact by its identities (W12.9.2)."""
    contact = None if error.existing is None else call.portal.records[CONTACTS].get(error.existing)
    if contact is None:
        return LegacyError(409, CONTACT_EXISTS, error="CONTACT_EXISTS")
    profile = {
        "vid": contact.id,
        "identity": identities(call.portal, contact),
        "linkedVid": [],
        "isContact": True,
        "savedAtTimestamp": contact.updated,
    }
    return LegacyError(409, CONTACT_EXISTS, identityProfile=profile, error="CONTACT_EXISTS")

"""Limits: how often apps may call, in windows on the portal's clock (W7)."""

from collections import defaultdict
from typing import Any

from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import ApiError
from hubtwin.portal.apps import App
from hubtwin.portal.moments import SECOND
from hubtwin.portal.portal import Portal
from hubtwin.portal.usage import BURST, Window

_ASSOCIATIONS = ("/crm/v3/associations/", "/crm/v4/associations/")
_OBJECTS = ("/crm/v3/objects/", "/crm/v4/objects/")

Headers = tuple[tuple[str, str], ...]


class LimitReached(ApiError):
    """The answer 429. It doesn't say when to come back: there is no `retry-after` (W7.4)."""

    def __init__(self, policy: str) -> None:
        super().__init__(429, f"You have reached your {policy.lower()} limit.", "RATE_LIMITS")
        self.policy = policy

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The answer's body, which is not shaped as those of other errors are (W7.4)."""
        return {
            "status": "error",
            "message": self.message,
            "errorType": "RATE_LIMIT",
            "correlationId": correlation_id,
            "policyName": self.policy,
            "requestId": correlation_id,
            "category": self.category,
        }


class Limits:
    """What one portal's apps may still call. A call that was refused doesn't count (our model, W7.7)."""

    def __init__(self, portal: Portal) -> None:
        self._clock = portal.clock
        self._usage = portal.usage
        self._bursts: defaultdict[App, Window] = defaultdict(lambda: Window(BURST))
        self._searches = Window(SECOND)

    def admit(self, app: App, endpoint: Endpoint) -> None:
        """Count a call, or raise LimitReached."""
        usage, of_associations = self._usage, False
        if usage.is_limited:
            of_associations = _is_association(endpoint)
            window, most, policy = self._window(app, endpoint)
            if window.left(most, self._clock.now) <= 0:
                raise LimitReached(policy)
            if app.is_private and usage.today >= usage.allowance.daily:
                raise LimitReached("DAILY")
            if app.is_private and of_associations and usage.associations_today >= usage.allowance.associations:
                raise LimitReached("DAILY")
            window.add(self._clock.now)
        usage.count(app, of_associations=of_associations)

    def headers(self, app: App, endpoint: Endpoint) -> Headers:
        """What an answer says about the limits; those of searches say nothing (W7.2)."""
        if not self._usage.is_limited or _is_search(endpoint):
            return ()
        now = self._clock.now
        window, most, _ = self._window(app, endpoint)
        second = most // (BURST // SECOND)
        found = {
            "interval-milliseconds": BURST,
            "max": most,
            "remaining": max(window.left(most, now), 0),
            "secondly": second,
            "secondly-remaining": max(second - window.since(now - SECOND), 0),
        }
        if app.is_private:
            daily = self._usage.allowance.daily
            found |= {"daily": daily, "daily-remaining": max(daily - self._usage.today, 0)}
        return tuple((f"x-hubspot-ratelimit-{name}", str(value)) for name, value in found.items())

    def _window(self, app: App, endpoint: Endpoint) -> tuple[Window, int, str]:
        """The window that a call falls into, how many fit into it, and what HubSpot calls it."""
        allowance = self._usage.allowance
        if _is_search(endpoint):
            return self._searches, allowance.search, "SECONDLY"
        most = allowance.burst if app.is_private else allowance.public_burst
        return self._bursts[app], most, "TEN_SECONDLY_ROLLING"


def admit_submission(portal: Portal) -> None:
    """Count the submission of a form without a token, or raise LimitReached (W7.9)."""
    if not portal.usage.admits_submission():
        raise LimitReached("TEN_SECONDLY_ROLLING")


def _is_association(endpoint: Endpoint) -> bool:
    """Whether an endpoint is of the associations API, which has a day's limit of its own (W7.10)."""
    path = endpoint.path
    return path.startswith(_ASSOCIATIONS) or (path.startswith(_OBJECTS) and "/associations/" in path)


def _is_search(endpoint: Endpoint) -> bool:
    return endpoint.path.startswith("/crm/v3/objects/") and endpoint.path.endswith("/search")

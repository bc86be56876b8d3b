"""Visitor identification: tokens that tell a chat who its visitor is (F9.8)."""

import hashlib
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal.errors import Refused
from hubtwin.portal.moments import HOUR

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How long a token can be used (F9.8.1).
LIFETIME = 12 * HOUR


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a visitor is, as the account's own website knows; *expires* is the moment from which nobody believes it."""

    email: str
    first_name: str
    last_name: str
    expires: int


class VisitorIdentification:
    """The tokens of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._identities: dict[str, Identity] = {}
        self._numbers = count(1)

    def create(self, email: str, first_name: str = "", last_name: str = "") -> str:
        """A token for the visitor with this address; the same in every run. Raises InvalidValues."""
        address, now = self._portal.preferences.address(email), self._portal.clock.now
        text = f"{self._portal.configuration.account.id}/{next(self._numbers)}/{address}"
        token = hashlib.sha256(text.encode()).hexdigest()
        self._identities = {known: one for known, one in self._identities.items() if now < one.expires}
        self._identities[token] = Identity(address, first_name, last_name, now + LIFETIME)
        return token

    def find(self, token: str) -> Identity:
        """Who has a token. Raises Refused for one that the portal never gave out, or that has expired."""
        identity = self._identities.get(token)
        if identity is None or self._portal.clock.now >= identity.expires:
            raise Refused("the visitor identification token is unknown or older than 12 hours; create a new one")
        return identity

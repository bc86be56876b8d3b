"""Consent: what visitors agree to as they submit a form (W6.7.5)."""

from collections.abc import Iterator
from dataclasses import dataclass

from hubtwin.api.bodies import Body
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.preferences import SUBSCRIBED, Preferences, Subscription
from hubtwin.portal.sources import Source

_LEGITIMATE = {"CUSTOMER": "LEGITIMATE_INTEREST_CLIENT", "LEAD": "LEGITIMATE_INTEREST_PQL"}


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription that somebody wants, on what grounds, and in which words."""

    subscription: Subscription
    legal_basis: str
    text: str


class InvalidConsent(ValueError):
    """Consent that is not as it has to be; *error_type* is HubSpot's word for why."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def wishes(body: Body, preferences: Preferences) -> list[Wish]:
    """The subscriptions that a submission asks for. Raises InvalidConsent, and ApiError for wrong types."""
    if body.data.get("legalConsentOptions") is None:
        return []
    given = body.object("legalConsentOptions")
    found: list[Wish] = []
    if given.data.get("consent") is not None:
        found += _consented(given.object("consent"), preferences)
    if given.data.get("legitimateInterest") is not None:
        found += _interested(given.object("legitimateInterest"), preferences)
    ids = [wish.subscription.id for wish in found]
    if len(set(ids)) < len(ids):
        raise InvalidConsent("DUPLICATE_SUBSCRIPTION_TYPE_ID", "A subscription type is there twice")
    return found


def grant(wish: Wish, email: str, preferences: Preferences, source: Source) -> None:
    """Note a wish of somebody whose submission was taken."""
    preferences.change(
        email, wish.subscription, SUBSCRIBED, source=source, legal_basis=wish.legal_basis, explanation=wish.text
    )


def _consented(consent: Body, preferences: Preferences) -> Iterator[Wish]:
    if consent.data.get("consentToProcess") is True and not consent.text("text"):
        raise InvalidConsent("MISSING_PROCESSING_CONSENT_TEXT", "The text of the consent to process is missing")
    for communication in consent.objects("communications"):
        text = communication.text("text")
        if not text:
            raise InvalidConsent("MISSING_COMMUNICATION_CONSENT_TEXT", "The text of a communication is missing")
        subscription = _subscription(communication, preferences)
        if communication.data.get("value") is True:
            yield Wish(subscription, "CONSENT_WITH_NOTICE", text)


def _interested(interest: Body, preferences: Preferences) -> Iterator[Wish]:
    text = interest.text("text")
    if not text:
        raise InvalidConsent("MISSING_LEGITIMATE_INTEREST_TEXT", "The text of the legitimate interest is missing")
    subscription = _subscription(interest, preferences)
    if interest.data.get("value") is True:
        basis = _LEGITIMATE.get(interest.text("legalBasis") or "", "LEGITIMATE_INTEREST_OTHER")
        yield Wish(subscription, basis, text)


def _subscription(body: Body, preferences: Preferences) -> Subscription:
    id = body.text("subscriptionTypeId") or ""
    try:
        return preferences.find(as_id(id))
    except UnknownName as error:
        raise InvalidConsent("INVALID_LEGAL_OPTION_FORMAT", str(error)) from None

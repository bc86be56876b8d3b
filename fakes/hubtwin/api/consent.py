"""Consent: what visitors agree to as they submit a form, as programs send it (W6.7.5)."""

from collections.abc import Iterator

from hubtwin.api.bodies import Body
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.form_consent import Consent, Wish
from hubtwin.portal.ids import as_id
from hubtwin.portal.preferences import Preferences, Subscription

_LEGITIMATE = {"CUSTOMER": "LEGITIMATE_INTEREST_CLIENT", "LEAD": "LEGITIMATE_INTEREST_PQL"}


class InvalidConsent(ValueError):
    """Consent that is not as it has to be; *error_type* is HubSpot's word for why."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def read(body: Body, preferences: Preferences) -> Consent:
    """What a submission says is agreed to. Raises InvalidConsent, and ApiError for wrong types."""
    if body.data.get("legalConsentOptions") is None:
        return Consent()
    given = body.object("legalConsentOptions")
    found: list[Wish] = []
    to_process = False
    if given.data.get("consent") is not None:
        consent = given.object("consent")
        to_process = consent.data.get("consentToProcess") is True
        found += _consented(consent, preferences)
    if given.data.get("legitimateInterest") is not None:
        interest = _interest(given.object("legitimateInterest"), preferences)
        to_process, found = True, [*found, interest]
    ids = [wish.subscription.id for wish in found]
    if len(set(ids)) < len(ids):
        raise InvalidConsent("DUPLICATE_SUBSCRIPTION_TYPE_ID", "A subscription type is there twice")
    return Consent(to_process, tuple(found))


def _consented(consent: Body, preferences: Preferences) -> Iterator[Wish]:
    if consent.data.get("consentToProcess") is False:
        raise InvalidConsent("MISSING_PROCESSING_CONSENT", "The consent to process personal data is missing")
    if consent.data.get("consentToProcess") is True and not consent.text("text"):
        raise InvalidConsent("MISSING_PROCESSING_CONSENT_TEXT", "The text of the consent to process is missing")
    for communication in consent.objects("communications"):
        text = communication.text("text")
        if not text:
            raise InvalidConsent("MISSING_COMMUNICATION_CONSENT_TEXT", "The text of a communication is missing")
        subscription = _subscription(communication, preferences)
        if communication.data.get("value") is True:
            yield Wish(subscription, "CONSENT_WITH_NOTICE", text)


def _interest(interest: Body, preferences: Preferences) -> Wish:
    text = interest.text("text")
    if not text:
        raise InvalidConsent("MISSING_LEGITIMATE_INTEREST_TEXT", "The text of the legitimate interest is missing")
    if interest.data.get("value") is not True:
        raise InvalidConsent("MISSING_PROCESSING_CONSENT", "A legitimate interest has the value true")
    basis = _LEGITIMATE.get(interest.text("legalBasis") or "", "LEGITIMATE_INTEREST_OTHER")
    return Wish(_subscription(interest, preferences), basis, text)


def _subscription(body: Body, preferences: Preferences) -> Subscription:
    id = body.text("subscriptionTypeId") or ""
    try:
        return preferences.find(as_id(id))
    except UnknownName as error:
        raise InvalidConsent("INVALID_LEGAL_OPTION_FORMAT", str(error)) from None

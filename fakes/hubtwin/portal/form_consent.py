"""Consent: what visitors agree to as they submit a form (F8.7, W6.7.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.errors import Problem
from hubtwin.portal.form_definitions import LegalConsentOptions
from hubtwin.portal.preferences import SUBSCRIBED, Preferences, Subscription

if TYPE_CHECKING:
    from hubtwin.portal.sources import Source

#: What preferences call the legitimate interests of forms.
_BASES = MappingProxyType(
    {"lead": "LEGITIMATE_INTEREST_PQL", "client": "LEGITIMATE_INTEREST_CLIENT", "other": "LEGITIMATE_INTEREST_OTHER"}
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription that somebody wants, on what grounds, and in which words."""

    subscription: Subscription
    legal_basis: str
    text: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to: that their data is processed, and to which subscriptions."""

    to_process: bool = False
    wishes: tuple[Wish, ...] = ()


def by_page(options: LegalConsentOptions, preferences: Preferences) -> Consent:
    """What whoever submits the page agrees to: to all that it requires, and to nothing else."""
    if options.type == "none":
        return Consent()
    text = options.privacy_text or ""
    if options.type == "legitimate_interest":
        basis = _BASES[options.lawful_basis or "other"]
        interests = (Wish(preferences.find(id), basis, text) for id in options.subscription_type_ids)
        return Consent(to_process=True, wishes=tuple(interests))
    ticked = (box for box in options.communications_checkboxes if box.required)
    wishes = (Wish(preferences.find(box.subscription_type_id), "CONSENT_WITH_NOTICE", box.label) for box in ticked)
    return Consent(to_process=True, wishes=tuple(wishes))


def problems(options: LegalConsentOptions, consent: Consent) -> Iterator[Problem]:
    """What is not agreed to that the form requires (F8.7.1)."""
    if options.type == "explicit_consent_to_process" and not consent.to_process:
        message = "The form needs the consent to process personal data"
        yield Problem("legalConsentOptions", "MISSING_PROCESSING_CONSENT", message)
    wanted = {wish.subscription.id for wish in consent.wishes}
    for box in options.communications_checkboxes:
        if box.required and box.subscription_type_id not in wanted:
            message = f"Required subscription {box.subscription_type_id} is missing"
            yield Problem("legalConsentOptions", "REQUIRED_FIELD", message)


def grant(consent: Consent, email: str, preferences: Preferences, source: "Source") -> None:
    """Note the subscriptions that somebody agreed to."""
    for wish in consent.wishes:
        preferences.change(
            email, wish.subscription, SUBSCRIBED, source=source, legal_basis=wish.legal_basis, explanation=wish.text
        )

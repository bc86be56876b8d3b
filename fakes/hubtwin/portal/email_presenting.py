"""Marketing e-mails as a portal file has them: what they say as plain text, not what they look like."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hubtwin.portal import configuration
from hubtwin.portal.email_versions import MarketingEmail
from hubtwin.portal.ids import unsaid
from hubtwin.portal.marketing_emails import FIRST_ID

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


def emails(portal: "Portal") -> tuple[configuration.MarketingEmail, ...]:
    """The e-mails that are not archived, as they are live."""
    live = list(portal.marketing_emails)
    ids = unsaid([email.id for email in live], FIRST_ID, 2)
    return tuple(_email(portal, email, id) for email, id in zip(live, ids, strict=True))


def _email(portal: "Portal", email: MarketingEmail, id: int | None) -> configuration.MarketingEmail:
    says = email.live
    said = {
        "name": email.name,
        "id": id,
        "kind": email.kind.name,
        "subject": "" if says.subject == email.name else says.subject,
        "from_name": says.from_name,
        "reply_to": says.reply_to,
        "subscription": _subscription(portal, says.subscription),
        "body": _text(says.others.get("content")),
        "to": _lists(portal, says.audience.lists),
        "suppressed": _lists(portal, says.audience.excluded_lists),
    }
    return configuration.MarketingEmail.model_validate(said)


def _text(content: Any) -> str:
    """The plain text of an e-mail, in whose place people may have put anything."""
    text = content.get("plainTextVersion") if isinstance(content, Mapping) else None
    return text if isinstance(text, str) else ""


def _subscription(portal: "Portal", word: str | None) -> str | None:
    """The name of a subscription type that an e-mail calls by its name or id; None where there is none such."""
    names = {known: one.settings.name for one in portal.preferences for known in (one.settings.name, str(one.id))}
    return names.get(word or "")


def _lists(portal: "Portal", words: Iterable[str]) -> list[str]:
    """The names of the lists that an e-mail calls by name or id; those that are gone are left out."""
    names = {known: list.name for list in portal.lists for known in (str(list.id), list.name)}
    return [names[word] for word in words if word in names]

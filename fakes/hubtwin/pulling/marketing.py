"""Forms and marketing e-mails, with the ids that pages, filters and workflows know them by (F8.2, W6.11)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.portal.email_versions import KINDS, Audience, Kind, Version
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.pulling.copying import Copy
from hubtwin.pulling.source import Refusal

#: What the portal itself says about a form.
_OWN = ("id", "createdAt", "updatedAt", "archived", "archivedAt")

_NO_CONSENT: Mapping[str, Any] = MappingProxyType({"type": "none"})

_MOST = 10**18


def copy_forms(copy: Copy) -> None:
    """Copy the forms that can be submitted, with their guids."""
    for form in copy.source.pages("/marketing/v3/forms", limit=100):
        if form.flag("archived", default=False):
            continue
        with copy.notes.leaving_out(f"form {form.text('name', '?')!r}"):
            name, guid = copy.name("form", form.text("name")), form.text("id").lower()
            json = {member: value for member, value in form.data.items() if member not in _OWN}
            json |= {"name": name, "legalConsentOptions": _consent(copy, form)}
            copy.portal.forms.create(json, guid=guid)


def _consent(copy: Copy, form: Node) -> Mapping[str, Any]:
    """What a form asks people to agree to; nothing, where that is a subscription type that could not be read."""
    if "legalConsentOptions" not in form:
        return _NO_CONSENT
    consent = Body(form.object("legalConsentOptions").data, b"")
    boxes = [box.text("subscriptionTypeId") for box in consent.objects("communicationsCheckboxes")]
    known = {str(subscription.id) for subscription in copy.portal.preferences}
    if {*consent.texts("subscriptionTypeIds"), *boxes} <= known:
        return consent.data
    copy.notes.add(f"form {form.text('name')!r}", "asks for no consent here: a subscription type of it is missing")
    return _NO_CONSENT


def copy_emails(copy: Copy) -> None:
    """Copy what marketing e-mails say and whom they go to, not what they look like."""
    for email in copy.source.pages("/marketing/v3/emails", limit=100):
        if email.flag("archived", default=False):
            continue
        with copy.notes.leaving_out(f"marketing e-mail {email.text('name', '?')!r}"):
            version, kind = _version(copy, email), _kind(email)
            copy.portal.marketing_emails.editor.create(version, kind, id=email.whole("id", low=1, high=_MOST))


def _kind(email: Node) -> Kind:
    words = (email.text("subcategory", ""), email.text("type", ""))
    for kind in KINDS.values():
        if kind.subcategory == words[0] or kind.type == words[1]:
            return kind
    raise Refusal(f"HubTwin has no e-mails of the kind {' '.join(words)}")


def _version(copy: Copy, email: Node) -> Version:
    body = Body(email.data, b"")
    content = body.data.get("content")
    text = content.get("plainTextVersion") if isinstance(content, dict) else None
    sender = body.object("from") if "from" in email else Body({}, b"")
    subscription = body.object("subscriptionDetails") if "subscriptionDetails" in email else Body({}, b"")
    return Version(
        name=copy.name("marketing e-mail", email.text("name")),
        subject=email.text("subject", ""),
        from_name=sender.text("fromName") or "",
        reply_to=sender.text("replyTo") or "",
        subscription=subscription.text("subscriptionId"),
        audience=_audience(body),
        others={"content": {"plainTextVersion": text or ""}},
    )


def _audience(body: Body) -> Audience:
    """The lists that an e-mail goes to, by their ids; contacts are not copied."""
    to = body.object("to") if body.data.get("to") is not None else Body({}, b"")
    lists = to.object("contactIlsLists") if to.data.get("contactIlsLists") is not None else Body({}, b"")
    return Audience(tuple(lists.texts("include")), tuple(lists.texts("exclude")))

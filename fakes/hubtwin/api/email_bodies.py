"""Marketing e-mails in JSON: as clients write them, and as they read them (W6.11.1)."""

from dataclasses import replace
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call
from hubtwin.api.email_statistics import statistics_json
from hubtwin.api.errors import invalid
from hubtwin.portal.email_versions import AUTOMATED, KINDS, REGULAR, Audience, Kind, MarketingEmail, Revision, Version
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import guid
from hubtwin.portal.moments import iso
from hubtwin.portal.values import moment

#: The members that the portal keeps as they were sent.
_KEPT_OBJECTS = ("content", "webversion", "testing", "rssData")
_KEPT_TEXTS = ("language", "campaign", "activeDomain", "businessUnitId", "feedbackSurveyId")
_KEPT_FLAGS = ("jitterSendTime", "sendOnPublish")
_STATES = {state for kind in KINDS.values() for state in (kind.draft, kind.published, "SCHEDULED")}


def kind_of(body: Body) -> Kind:
    """The kind that `subcategory`, or else `state`, asks for. Raises ApiError."""
    subcategory, state = body.text("subcategory"), body.text("state")
    if state is not None and state not in _STATES:
        raise invalid(f"state can't be {state!r}; the portal has {', '.join(sorted(_STATES))}")
    if subcategory is None:
        return AUTOMATED if (state or "").startswith("AUTOMATED") else REGULAR
    for kind in KINDS.values():
        if kind.subcategory == subcategory:
            return kind
    known = ", ".join(kind.subcategory for kind in KINDS.values())
    raise invalid(f"subcategory can't be {subcategory!r}; the portal has {known}")


def version_of(call: Call, body: Body, before: Version) -> Version:
    """The version that a body makes of the one *before*: what it doesn't name stays. Raises ApiError."""
    changed = replace(
        before,
        name=body.text("name", before.name) or "",
        subject=body.text("subject", before.subject) or "",
        publish_date=_publish_date(body, before),
        others={**before.others, **_kept(body)},
    )
    if body.data.get("from") is not None:
        sender = body.object("from")
        changed = replace(
            changed,
            from_name=sender.text("fromName", before.from_name) or "",
            reply_to=sender.text("customReplyTo") or sender.text("replyTo", before.reply_to) or "",
        )
    if body.data.get("to") is not None:
        changed = replace(changed, audience=_audience(body.object("to"), before.audience))
    if body.data.get("subscriptionDetails") is not None:
        wanted = body.object("subscriptionDetails").text("subscriptionId")
        if wanted not in (None, *(str(subscription.id) for subscription in call.portal.preferences)):
            raise invalid(f"subscriptionDetails.subscriptionId names no subscription type: {wanted}")
        changed = replace(changed, subscription=wanted)
    return changed


def _publish_date(body: Body, before: Version) -> int | None:
    if (text := body.text("publishDate")) is None:
        return before.publish_date
    try:
        return moment(text)
    except ValueError:
        raise invalid(f"publishDate is not a moment: {text}") from None


def _kept(body: Body) -> dict[str, Any]:
    kept: dict[str, Any] = {name: body.object(name).data for name in _KEPT_OBJECTS if body.data.get(name) is not None}
    kept |= {name: body.text(name) for name in _KEPT_TEXTS if body.data.get(name) is not None}
    return kept | {name: body.flag(name, False) for name in _KEPT_FLAGS if body.data.get(name) is not None}


def _audience(to: Body, before: Audience) -> Audience:
    """The newer lists go before the older ones, whose ids are the same here (W6.4.6)."""
    lists = "contactIlsLists" if to.data.get("contactIlsLists") is not None else "contactLists"
    included, excluded = _recipients(to, lists, (before.lists, before.excluded_lists))
    contacts, kept_out = _recipients(to, "contactIds", (before.contacts, before.excluded_contacts))
    return Audience(included, excluded, contacts, kept_out)


def _recipients(
    to: Body, name: str, before: tuple[tuple[str, ...], tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if to.data.get(name) is None:
        return before
    sides = to.object(name)
    return tuple(sides.texts("include")), tuple(sides.texts("exclude"))


# -- answering -----------------------------------------------------------------------------------------------


def email_json(call: Call, email: MarketingEmail, version: Version | None = None) -> dict[str, Any]:
    """An e-mail as it is live, or as a *version* of it says."""
    version = version or email.live
    campaign = str(email.campaign)
    body: dict[str, Any] = {
        "id": str(email.id),
        "name": version.name,
        "subject": version.subject,
        "type": email.kind.type,
        "subcategory": email.kind.subcategory,
        "state": email.state,
        "isPublished": email.published is not None,
        "isTransactional": not email.kind.is_marketing,
        "isAb": False,
        "archived": email.archived is not None,
        "businessUnitId": "0",
        "language": "en",
        "content": {},
        "webversion": {},
        "emailTemplateMode": "DRAG_AND_DROP",
        "jitterSendTime": False,
        "sendOnPublish": True,
        "previewKey": guid(campaign)[:8],
        "primaryEmailCampaignId": campaign,
        "emailCampaignGroupId": campaign,
        "allEmailCampaignIds": [campaign],
        **version.others,
        "from": {"fromName": sender_name(call, version), "replyTo": reply_to(call, version)},
        "to": _to_json(call, version.audience),
        "subscriptionDetails": _subscription_json(call, email),
        "createdAt": iso(email.created),
        "createdById": str(email.created_by),
        "updatedAt": iso(email.updated),
        "updatedById": str(email.updated_by),
    }
    return body | _dates_json(email, version)


def _dates_json(email: MarketingEmail, version: Version) -> dict[str, Any]:
    """The moments that are not there before something happened."""
    publish = email.scheduled or email.published or version.publish_date
    found = {"publishDate": publish, "publishedAt": email.published, "deletedAt": email.archived}
    dates = {name: iso(when) for name, when in found.items() if when is not None}
    return dates if email.published is None else {**dates, "publishedById": str(email.updated_by)}


def with_statistics(call: Call, email: MarketingEmail) -> dict[str, Any]:
    """The `stats` of an e-mail, where they are asked for."""
    if not call.flag("includeStats"):
        return {}
    return {"stats": statistics_json(call.portal.marketing_emails.events.of(email))}


def revision_json(call: Call, email: MarketingEmail, revision: Revision) -> dict[str, Any]:
    """An earlier version, and who made it."""
    user = call.portal.users.get(revision.user)
    return {
        "id": str(revision.id),
        "updatedAt": iso(revision.moment),
        "user": {
            "id": str(revision.user),
            "email": "" if user is None else user.email,
            "fullName": "" if user is None else user.name,
        },
        "object": email_json(call, email, revision.version),
    }


def sender_name(call: Call, version: Version) -> str:
    """Whom an e-mail comes from: by default the account."""
    return version.from_name or call.portal.configuration.account.name


def reply_to(call: Call, version: Version) -> str:
    """The address that answers go to: by default the first user's."""
    return version.reply_to or next((user.email for user in call.portal.users), "")


def _to_json(call: Call, audience: Audience) -> dict[str, Any]:
    lists = {"include": _list_ids(call, audience.lists), "exclude": _list_ids(call, audience.excluded_lists)}
    return {
        "contactIlsLists": lists,
        "contactLists": lists,
        "contactIds": {"include": list(audience.contacts), "exclude": list(audience.excluded_contacts)},
        "limitSendFrequency": False,
        "suppressGraymail": False,
    }


def _list_ids(call: Call, words: tuple[str, ...]) -> list[str]:
    """The ids of lists; what names none stays as it is."""
    ids = []
    for word in words:
        try:
            ids.append(str(call.portal.marketing_emails.recipients.find_list(word).id))
        except UnknownName:
            ids.append(word)
    return ids


def _subscription_json(call: Call, email: MarketingEmail) -> dict[str, Any]:
    subscription = call.portal.marketing_emails.recipients.subscription(email)
    return {} if subscription is None else {"subscriptionId": str(subscription.id)}

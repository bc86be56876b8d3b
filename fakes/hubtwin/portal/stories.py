"""Stories: entries of the log in words that a person reads."""

import re

from hubtwin.portal import log
from hubtwin.portal.log import Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.records import Record
from hubtwin.portal.sources import CALCULATED, Source

#: How many characters of what happened a line tells: values may have thousands.
LONGEST = 1_000

#: What would end the line, or tell a terminal something: control characters, and those that turn the text around.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

#: How a story names the writers whose HubSpot names say little.
_WRITERS = {
    "CRM_UI": "by hand",
    "CRM_UI_BULK_ACTION": "bulk edit",
    "INTEGRATION": "app",
    "FORM": "form",
    "EMAIL": "e-mail",
    "MEETINGS": "meetings link",
    "CONVERSATIONS": "chat",
    "BOT": "bot",
    "AUTOMATION_PLATFORM": "workflow",
    "IMPORT": "import",
    "SALESFORCE": "Salesforce",
    "INTEGRATIONS_SYNC": "data sync",
    "ADS": "ad",
    "EMAIL_INTEGRATION": "mailbox",
    "GMAIL_INTEGRATION": "Gmail",
    "EXTENSION": "sales extension",
    "SALES": "sales extension",
    "ANALYTICS": "analytics",
}


def who(source: Source) -> str:
    """The writer: a setting, a workflow or form by its name, a person, an app by its number."""
    if source.rule is not None and source.rule.startswith("settings."):
        return f"setting {source.rule.removeprefix('settings.')}"
    if source.rule is not None and source.rule.startswith("score"):
        return f"score {source.label}"
    writer = _WRITERS.get(source.type, source.type)
    name = source.id if source.type in ("INTEGRATION", "MEETINGS") else source.label
    return f"{writer} {name}" if name else writer


def what(record: Record | None) -> str:
    """The record: `contact 1001 (Ada Lovelace)`."""
    if record is None:
        return "the portal"
    return f"{record.type.singular} {record.id} ({record.name})"


def tell(entry: Entry) -> str:
    """One entry as one line, with its time first. Control characters are escaped, and what is very long is cut."""
    happening = _happening(entry)
    if len(happening) > LONGEST:
        happening = f"{happening[: LONGEST - 1]}…"
    words = _CONTROLS.sub(lambda found: repr(found[0])[1:-1], happening)
    return f"{iso(entry.moment)[:19].replace('T', ' ')}  {words}"


def _happening(entry: Entry) -> str:
    record, value = what(entry.record), entry.value
    match entry.kind:
        case log.CREATED:
            return f"{record} created, {who(entry.source)}"
        case log.SET:
            change = f"{entry.before or '(empty)'} -> {value or '(empty)'}"
            return f"{who(entry.source)}: {record} {entry.property} {change}"
        case log.KEPT:
            return f"{who(entry.source)}: {record} {entry.property} stays {entry.before}, {value} comes before it"
        case log.ASSOCIATED:
            return f"{record} associated with {what(value[0])}, {who(entry.source)}"
        case log.DISSOCIATED:
            return f"{record} no longer associated with {what(value[0])}, {who(entry.source)}"
        case log.ARCHIVED:
            return f"{record} archived, {who(entry.source)}"
        case log.MERGED:
            return f"{record} made of {' and '.join(map(what, value or ()))}, {who(entry.source)}"
        case log.SCORE_PUBLISHED:
            return f"score {value} published, {who(entry.source)}"
        case log.IMPORT_STARTED:
            return f"import {value} started"
        case log.FORM_SUBMITTED:
            return f"form {value} submitted by {record}"
        case log.FORM_VIEWED:
            return f"form {value} seen by {record}"
        case log.FORM_INTERACTED:
            return f"form {value} begun by {record}"
        case log.JOINED_LIST | log.LEFT_LIST:
            by = "" if entry.source is CALCULATED else f", {who(entry.source)}"
            return f"{record} {entry.kind} {value}{by}"
        case log.PAGE_VIEWED:
            return f"{record} viewed {value}"
        case log.IDENTIFIED:
            return f"{record} identified {value}"
        case log.ENROLLED:
            return f"{record} enrolled in workflow {value}"
        case log.UNENROLLED:
            return f"{record} left workflow {value}"
        case log.KEPT_OUT:
            return f"{record} kept out of workflow {value}, which suppresses it"
        case log.MEETING_BOOKED:
            return f"meeting booked on {value} by {record}"
        case log.CHAT_STARTED:
            return f"chat {value} started by {record}"
        case log.CONVERSATION_STARTED:
            return f"conversation with {value} started by {record}"
        case log.BOT_STEP:
            return f"bot {value}"
    return f"{entry.kind}: {record} {value}"

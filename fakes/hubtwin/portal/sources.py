"""Who writes: HubSpot's change sources, by the names that histories and webhooks show (F6.5)."""

from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Source:
    """The writer of a change.

    *type* is HubSpot's `sourceType`, *id* and *label* its `sourceId` and `sourceLabel`, *user* the id of the
    person behind it. *rule* names the piece of configuration that decided the write, as its path in the
    portal file (`settings.deal_won`, `workflows.3.actions.1`); None where a person or a program decided.
    """

    type: str
    id: str | None = None
    label: str | None = None
    user: int | None = None
    rule: str | None = None


def integration(app: int) -> Source:
    """A private or public app that calls the API (F6.12)."""
    return Source("INTEGRATION", str(app), "INTEGRATION")


def person(user: int, label: str | None = None) -> Source:
    """A person who edits the record page (F6.5, F6.12)."""
    return Source("CRM_UI", f"userId:{user}", label, user)


def bulk_edit(user: int, label: str | None = None) -> Source:
    """A person who edits many records on the index page."""
    return Source("CRM_UI_BULK_ACTION", f"userId:{user}", label, user)


def form(guid: str, name: str, rule: str | None = None) -> Source:
    """A submission of a form (F6.12)."""
    return Source("FORM", guid, name, rule=rule)


def marketing_email(id: int, name: str, rule: str | None = None) -> Source:
    """A marketing e-mail, and what its reader did with it (F6.5)."""
    return Source("EMAIL", str(id), name, rule=rule)


def meeting(slug: str, rule: str | None = None) -> Source:
    """A booking through a meetings link (F4.16)."""
    return Source("MEETINGS", slug, rule=rule)


def conversation(id: int, name: str, rule: str | None = None, *, by_bot: bool = False) -> Source:
    """A live chat, a bot, or mail to an inbox, by the id and name of the chatflow or channel account (F6.5)."""
    return Source("BOT" if by_bot else "CONVERSATIONS", str(id), name, rule=rule)


def imported(id: int, name: str) -> Source:
    """A row of an imported file, by the import's id (F6.5, F6.12)."""
    return Source("IMPORT", str(id), name)


def seed(rule: str) -> Source:
    """A record that is there when the portal starts, written as an import of the portal file (our model)."""
    return Source("IMPORT", "0", "portal file", rule=rule)


def workflow(enrollment: int, execution: int, name: str, rule: str) -> Source:
    """An action of a workflow, by the two numbers that histories show (F6.5, F6.6)."""
    coordinates = f"enrollmentId:{enrollment};actionExecutionIndex:{execution}"
    return Source("AUTOMATION_PLATFORM", coordinates, name, rule=rule)


@lru_cache(maxsize=256)  # one for all the records that somebody creates: the log keeps it for each of them
def default_stage(creator: Source, object_type: str) -> Source:
    """The account's default stage, written as by whoever creates the record (F6.8, our model)."""
    return replace(creator, rule=f"settings.default_stage.{object_type}")


def deal_automation(deal: int, rule: str) -> Source:
    """The settings that move records along with their deals (F6.8, our model)."""
    return Source("DEALS", f"deal sync triggered by deal id={deal}", rule=rule)


def company_sync(company: int, rule: str) -> Source:
    """The setting that moves contacts along with their company (F6.8, our model)."""
    return Source("COMPANIES", str(company), rule=rule)


def lead_automation(lead: int, rule: str) -> Source:
    """The setting that moves records along with the leads about them (F6.8, our model)."""
    return Source("DEALS", f"lead sync triggered by lead id={lead}", rule=rule)


def contact_sync(contact: int, rule: str) -> Source:
    """The setting that moves companies along with their contacts (F3.5.1, our model)."""
    return Source("CONTACTS", str(contact), rule=rule)


def company_by_domain(rule: str) -> Source:
    """The setting that finds a contact's company, or makes it (W3.17)."""
    return Source("COMPANIES", "FetchAssociatedCompanyIdStep", "CRM_SETTING", rule=rule)


def administrator(user: int | None, label: str | None = None) -> Source:
    """A person who changes the account's settings (F6.5); None where a program does."""
    return Source("SETTINGS", None if user is None else f"userId:{user}", label, user)


def lead_score(id: int, name: str, rule: str) -> Source:
    """A lead score, which works its properties out (F10.5.10, our model)."""
    return Source("CALCULATED", f"scoreId:{id}", name, rule=rule)


def lead_activity(activity: int, rule: str) -> Source:
    """The setting that moves leads along with what is logged about them (F5.6, our model)."""
    return Source("LEADS", f"activity id={activity}", rule=rule)


def lead_owner(member: int, rule: str) -> Source:
    """The setting that gives leads the owner of their contact or company (F5.6.4, our model)."""
    return Source("LEADS", f"owner of record id={member}", rule=rule)


def merge(object_type: str) -> Source:
    """A merge of two records (F6.5)."""
    return Source("MERGE_CONTACTS" if object_type == "contacts" else "MERGE_OBJECTS")


CALCULATED = Source("CALCULATED")

#: What follows from the visits of a website; its `identify` writes as the tracking code (F6.5, F6.11).
ANALYTICS = Source("ANALYTICS", "WebAnalyticsPropertyCalculation")
TRACKING_CODE = Source("ANALYTICS")

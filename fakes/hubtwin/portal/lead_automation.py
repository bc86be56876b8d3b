"""What moves lead records by itself: outreach, answers, and the owners of their contacts (F5.6).

Which activity counts as which is our model: a call, an e-mail or a message is outreach, and so is a meeting that was
booked; an e-mail from the lead, an inbound or connected call and a meeting that took place are answers. No lead goes
back, and none that is qualified or disqualified moves. The lifecycle stage of contacts doesn't follow (F5.8).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.portal.calculated import associations_with
from hubtwin.portal.configuration import LeadSettings
from hubtwin.portal.log import ASSOCIATED, SET, Entry
from hubtwin.portal.objects import CALLS, COMMUNICATIONS, COMPANIES, CONTACTS, EMAILS, LEADS, MEETINGS
from hubtwin.portal.pipelines import DISQUALIFIED, QUALIFIED
from hubtwin.portal.records import Record
from hubtwin.portal.sources import lead_activity, lead_owner
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

ATTEMPTING, CONNECTED = "attempting", "connected"

#: HubSpot's id of the call outcome *Connected*.
CALL_CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"

_FAILED = ("BOUNCED", "FAILED", "SCHEDULED", "SENDING")

_OWNER = "hubspot_owner_id"


class LeadAutomation:
    """The lead settings of one portal, at work."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        for type in (CALLS, COMMUNICATIONS, EMAILS, MEETINGS):
            portal.reactions.add(ASSOCIATED, self._logged, type=type)
        portal.reactions.add(SET, self._turned_out, "hs_call_disposition", CALLS)
        portal.reactions.add(SET, self._turned_out, "hs_meeting_outcome", MEETINGS)
        portal.reactions.add(SET, self._moved, "hs_pipeline_stage", LEADS)
        portal.reactions.add(ASSOCIATED, self._joined, type=LEADS)
        for type in (CONTACTS, COMPANIES):
            portal.reactions.add(SET, self._owner_changed, _OWNER, type)

    @property
    def _settings(self) -> LeadSettings:
        return self._portal.settings.leads

    def uses(self) -> Iterator[Use]:
        """The stages of leads that the settings set, where the leads have them."""
        stages = [stage.id for pipeline in self._portal.pipelines[LEADS] for stage in pipeline.stages]
        for name in (ATTEMPTING, CONNECTED):
            stage = getattr(self._settings, name)
            if stage is not None and (stage in stages or name in self._settings.model_fields_set):
                yield Use(f"setting leads.{name}", f"settings.leads.{name}", LEADS, "hs_pipeline_stage", True, (stage,))

    # -- outreach and answers --------------------------------------------------------------------------

    def _logged(self, entry: Entry) -> None:
        """An activity was associated with a lead, or with its contact."""
        if entry.record is not None:
            self._advance(entry.record, entry.value[0], entry)

    def _turned_out(self, entry: Entry) -> None:
        """Somebody noted how a call or a meeting went."""
        if (activity := entry.record) is not None:
            for type in (LEADS, CONTACTS):
                for other in _by_id(self._portal.associations.of(activity, type)):
                    self._advance(activity, other, entry)

    def _advance(self, activity: Record, other: Record, cause: Entry) -> None:
        step = _step(activity)
        stage = None if step is None else getattr(self._settings, step)
        if stage is None:
            return
        for lead in self._leads(other):
            if self._comes_later(lead, stage):
                source = lead_activity(activity.id, f"settings.leads.{step}")
                self._portal.update(lead, {"hs_pipeline_stage": stage}, source=source, cause=cause.number)

    def _leads(self, other: Record) -> list[Record]:
        if other.type is LEADS:
            return [other]
        return _by_id(self._portal.associations.of(other, LEADS)) if other.type is CONTACTS else []

    def _comes_later(self, lead: Record, stage: str) -> bool:
        """Whether the stage lies ahead of the lead in its own pipeline."""
        home = self._portal.pipelines[LEADS].pipeline_of(stage)
        return home is not None and lead.get("hs_pipeline") == home.id and self._portal.is_later(lead, stage)

    # -- contacts --------------------------------------------------------------------------------------

    def _moved(self, entry: Entry) -> None:
        """The roll-ups of a lead's contacts follow it (F5.7)."""
        if (lead := entry.record) is not None:
            for contact in _by_id(self._portal.associations.of(lead, CONTACTS)):
                self._portal.writes.recalculate(contact, [associations_with(LEADS)])

    # -- owners ----------------------------------------------------------------------------------------

    def _owner_changed(self, entry: Entry) -> None:
        if (member := entry.record) is not None and self._settings.sync_owner:
            for lead in _by_id(self._portal.associations.of(member, LEADS)):
                self._hand_over(lead, member, entry)

    def _joined(self, entry: Entry) -> None:
        """A lead without an owner gets that of its contact or company."""
        lead, (member, _) = entry.record, entry.value
        if not self._settings.sync_owner or member.type not in (CONTACTS, COMPANIES):
            return
        if lead is not None and lead.get(_OWNER) is None:
            self._hand_over(lead, member, entry)

    def _hand_over(self, lead: Record, member: Record, cause: Entry) -> None:
        owner = member.get(_OWNER)
        if owner is not None and owner != lead.get(_OWNER) and lead.stage not in (QUALIFIED, DISQUALIFIED):
            source = lead_owner(member.id, "settings.leads.sync_owner")
            self._portal.update(lead, {_OWNER: owner}, source=source, cause=cause.number)


def _step(activity: Record) -> str | None:
    """What an activity makes of a lead; None for one that reached nobody."""
    if activity.type is EMAILS:
        if activity.get("hs_email_direction") == "INCOMING_EMAIL":
            return CONNECTED
        return None if activity.get("hs_email_status") in _FAILED else ATTEMPTING
    if activity.type is CALLS:
        answered = activity.get("hs_call_disposition") == CALL_CONNECTED
        return CONNECTED if answered or activity.get("hs_call_direction") == "INBOUND" else ATTEMPTING
    return CONNECTED if activity.get("hs_meeting_outcome") == "COMPLETED" else ATTEMPTING


def _by_id(records: dict[Record, set[int]]) -> list[Record]:
    return sorted(records, key=lambda record: record.id)

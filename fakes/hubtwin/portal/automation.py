"""What the lifecycle settings do by themselves (F3.1 to F3.14): deal created, deal won, lead associated, company sync.

All of them only move forward and leave no trace where they can't (F2.b7, F2.b8): the stage rule sees to that.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.portal.configuration import Settings
from hubtwin.portal.log import ASSOCIATED, SET, Entry
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, LEADS, LIFECYCLE
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source, company_sync, contact_sync, deal_automation, lead_automation
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Automation:
    """The settings of one portal, at work."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        portal.reactions.add(ASSOCIATED, self._deal_associated, type=DEALS)
        portal.reactions.add(SET, self._deal_moved, "dealstage", DEALS)
        portal.reactions.add(SET, self._company_moved, LIFECYCLE, COMPANIES)
        portal.reactions.add(ASSOCIATED, self._contact_joined, type=CONTACTS)
        portal.reactions.add(ASSOCIATED, self._lead_associated, type=LEADS)
        self._is_watching_contacts = False
        self.watch()

    def watch(self) -> None:
        """Begin to see contacts move, once companies follow them: portals without that are not slower."""
        if self._settings.company_sync.direction == "both" and not self._is_watching_contacts:
            self._is_watching_contacts = True
            self._portal.reactions.add(SET, self._contact_moved, LIFECYCLE, CONTACTS)

    @property
    def _settings(self) -> Settings:
        return self._portal.settings

    def uses(self) -> Iterator[Use]:
        """The stages that the settings set."""
        settings = self._settings
        defaults = settings.default_stage
        for type, stage in ((CONTACTS, defaults.contacts), (COMPANIES, defaults.companies)):
            if stage is not None:
                rule = f"settings.default_stage.{type.name}"
                yield Use(f"setting default_stage.{type.name}", rule, type, LIFECYCLE, True, (stage,))
        for name in ("deal_created", "deal_won", "lead_associated"):
            stage = getattr(settings, name)
            for type in (CONTACTS, COMPANIES) if stage is not None else ():
                yield Use(f"setting {name}", f"settings.{name}", type, LIFECYCLE, True, (stage,))
        if settings.company_sync.enabled:
            yield Use("setting company_sync", "settings.company_sync", CONTACTS, LIFECYCLE, True)

    def _deal_associated(self, entry: Entry) -> None:
        """Contacts and companies move when they are associated with an open deal, or with a won one (F3.6)."""
        deal, (member, _) = entry.record, entry.value
        if deal is None or not member.type.has_lifecycle:
            return
        stage = self._portal.pipelines[DEALS].stage(deal.stage)
        if stage is None or not stage.is_closed:
            self._move(member, "deal_created", deal, entry)
        elif stage.is_won:
            self._move(member, "deal_won", deal, entry)

    def _deal_moved(self, entry: Entry) -> None:
        """All contacts and companies of a deal move when it is won (F3.7, F3.13); losing it moves none (F3.8)."""
        deal = entry.record
        stage = self._portal.pipelines[DEALS].stage(entry.value)
        if deal is None or stage is None or not stage.is_won:
            return
        for type in (CONTACTS, COMPANIES):
            for member in _by_id(self._portal.associations.of(deal, type)):
                self._move(member, "deal_won", deal, entry)

    def _lead_associated(self, entry: Entry) -> None:
        """Contacts and companies move when a lead record about them is made, or associated later (F3.4)."""
        lead, (member, _), stage = entry.record, entry.value, self._settings.lead_associated
        if lead is not None and member.type.has_lifecycle and stage is not None:
            self._write(member, stage, lead_automation(lead.id, "settings.lead_associated"), entry)

    def _contact_moved(self, entry: Entry) -> None:
        """A contact's company follows it where the sync goes both ways (F3.5.1)."""
        contact, sync = entry.record, self._settings.company_sync
        if contact is None or not entry.value or not sync.enabled or sync.direction != "both":
            return
        associations = self._portal.associations
        primary = associations.primary_of(contact, COMPANIES)
        companies = _by_id(associations.of(contact, COMPANIES)) if sync.contacts == "all" else [primary]
        for company in companies:
            if company is not None:
                self._write(company, entry.value, contact_sync(contact.id, "settings.company_sync"), entry)

    def _company_moved(self, entry: Entry) -> None:
        """A company's contacts follow it, whoever moved it (F3.5, F3.9)."""
        company = entry.record
        if company is None or not entry.value or not self._settings.company_sync.enabled:
            return
        associations = self._portal.associations
        if self._settings.company_sync.contacts == "primary":
            contacts = associations.having_primary(company, CONTACTS)
        else:
            contacts = _by_id(associations.of(company, CONTACTS))
        for contact in contacts:
            self._follow(contact, company, entry)

    def _contact_joined(self, entry: Entry) -> None:
        """A contact that gets a company further on than itself follows at once (F3.10, our model)."""
        sync, contact, (company, types) = self._settings.company_sync, entry.record, entry.value
        if not (sync.enabled and sync.on_association):
            return
        if contact is None or company.type is not COMPANIES or not company.stage:
            return
        primary = self._portal.associations.primary(CONTACTS, COMPANIES)
        if sync.contacts == "all" or (primary and primary.id in types):
            self._follow(contact, company, entry)

    def _move(self, member: Record, setting: str, deal: Record, cause: Entry) -> None:
        stage = getattr(self._settings, setting)
        if stage is not None:
            self._write(member, stage, deal_automation(deal.id, f"settings.{setting}"), cause)

    def _follow(self, contact: Record, company: Record, cause: Entry) -> None:
        assert company.stage is not None  # noqa: S101  both callers looked
        self._write(contact, company.stage, company_sync(company.id, "settings.company_sync"), cause)

    def _write(self, member: Record, stage: str, source: Source, cause: Entry) -> None:
        if self._portal.is_later(member, stage):
            self._portal.update(member, {LIFECYCLE: stage}, source=source, cause=cause.number)


def _by_id(records: dict[Record, set[int]]) -> list[Record]:
    return sorted(records, key=lambda record: record.id)

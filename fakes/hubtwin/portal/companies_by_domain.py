"""*Create and associate companies with contacts*: a contact's company found, or made, by its e-mail address (W3.17)."""

from typing import TYPE_CHECKING

from hubtwin.portal.log import CREATED, SET, Entry
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.records import Record
from hubtwin.portal.sources import company_by_domain

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: Who has an address there works anywhere (W3.17). HubSpot's own list is longer and not public.
FREE_MAIL = frozenset((
    "126.com", "163.com", "aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.at", "gmx.de", "gmx.net",
    "googlemail.com", "hotmail.com", "icloud.com", "libero.it", "live.com", "mac.com", "mail.com", "mail.ru",
    "me.com", "msn.com", "orange.fr", "outlook.com", "proton.me", "protonmail.com", "qq.com", "rambler.ru",
    "t-online.de", "web.de", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yandex.com", "yandex.ru", "zoho.com",
))  # fmt: skip


def domain_of(email: str) -> str | None:
    """The domain of a business address, None where anybody may have an address there."""
    domain = email.strip().lower().rpartition("@")[2]
    return domain if domain and domain not in FREE_MAIL else None


class CompaniesByDomain:
    """The setting of one portal, at work."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._is_watching = False
        self.watch()

    def watch(self) -> None:
        """Begin to see contacts come, once the setting is on: portals without it are not slower."""
        if self._portal.settings.company_by_domain and not self._is_watching:
            self._is_watching = True
            self._portal.reactions.add(CREATED, self._contact_came, type=CONTACTS)
            self._portal.reactions.add(SET, self._contact_came, "email", CONTACTS)

    def find(self, domain: str) -> Record | None:
        """The oldest company with this domain, None where there is none."""
        found = self._portal.records[COMPANIES].having("domain", domain.strip().lower())
        return found[0] if found else None

    def _contact_came(self, entry: Entry) -> None:
        """A contact without a company gets the one that its address belongs to."""
        contact = entry.record
        if contact is None or not self._portal.settings.company_by_domain:
            return
        domain = domain_of(contact.get("email") or "")
        if domain is None or self._portal.associations.of(contact, COMPANIES):
            return
        company, source = self.find(domain), company_by_domain("settings.company_by_domain")
        if company is None:  # F4.19: it gets the default stage of companies, whatever the contact's is
            values = {"domain": domain}
            self._portal.create(COMPANIES, values, links=[(contact, ())], source=source, cause=entry.number)
        else:
            self._portal.writes.associate(contact, company, (), source, entry.number)

"""The systems that a portal is connected with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from hubtwin.connected.billing import Billing
from hubtwin.connected.connector import Connector
from hubtwin.connected.marketing_automation import MarketingAutomation
from hubtwin.connected.product import Product
from hubtwin.connected.salesforce import Salesforce
from hubtwin.connected.stage_transitions import RULE as TRANSITIONS
from hubtwin.portal import configuration
from hubtwin.portal.errors import Refused
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

System = TypeVar("System")


class Connected:
    """The connected systems of one portal. Asking for one that the portal file doesn't have raises Refused."""

    def __init__(self, portal: "Portal") -> None:
        self._settings = settings = portal.configuration.connected
        crm, billing, product = settings.salesforce, settings.billing, settings.product
        automation = settings.marketing_automation
        self._salesforce = None if crm is None else Salesforce(portal, crm)
        self._billing = None if billing is None else Billing(portal, billing)
        self._product = None if product is None else Product(portal, product)
        self._marketing_automation = None if automation is None else MarketingAutomation(portal, automation)

    def __iter__(self) -> Iterator[Salesforce | Billing | Product | MarketingAutomation]:
        """Those that there are."""
        systems = (self._salesforce, self._billing, self._product, self._marketing_automation)
        return (system for system in systems if system is not None)

    @property
    def salesforce(self) -> Salesforce:
        """The Salesforce account. Raises Refused where there is none."""
        return _there(self._salesforce, "salesforce")

    @property
    def billing(self) -> Billing:
        """The billing system. Raises Refused where there is none."""
        return _there(self._billing, "billing")

    @property
    def product(self) -> Product:
        """The product. Raises Refused where there is none."""
        return _there(self._product, "product")

    @property
    def marketing_automation(self) -> MarketingAutomation:
        """The marketing automation system. Raises Refused where there is none."""
        return _there(self._marketing_automation, "marketing_automation")

    def sync(self) -> None:
        """Let all connectors run now."""
        for system in self:
            if isinstance(system, Connector):
                system.sync()

    def uses(self) -> Iterator[Use]:
        """The properties and stages that connected systems read and write."""
        for system in self:
            if isinstance(system, Connector):
                for sync in system.syncs:
                    yield from sync.uses()
            else:
                yield from system.uses()
        if self._settings.salesforce is not None:
            yield from _uses_of_salesforce(self._settings.salesforce)


def _uses_of_salesforce(settings: configuration.Salesforce) -> Iterator[Use]:
    stages = (settings.opportunity_stage, settings.customer_stage) if settings.automatic_stage_transitions else ()
    for stage in stages:
        if stage is not None:
            yield Use("Salesforce", TRANSITIONS, CONTACTS, LIFECYCLE, True, (stage,))
    if settings.hand_over is not None:
        rule = "connected.salesforce.hand_over.stage"
        yield Use("Salesforce", rule, CONTACTS, LIFECYCLE, False, (settings.hand_over.stage,))


def _there(system: System | None, key: str) -> System:
    if system is None:
        raise Refused(f"the portal is not connected with any {key}; describe it under connected.{key} in its file")
    return system

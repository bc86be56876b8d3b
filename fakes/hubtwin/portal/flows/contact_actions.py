"""What flows do with contacts alone: their marketing status, their subscriptions, and to delete them (F7.17.31)."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import tokens
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.preferences import LEGAL_BASES, SUBSCRIBED, UNSUBSCRIBED
from hubtwin.portal.records import Record
from hubtwin.portal.uses import Use

MARKETING_STATUS = "hs_marketable_status"

#: What the two actions call a contact's status, and what a contact's property or preference says then.
_STATUSES = MappingProxyType({"MARKETABLE": "true", "NON_MARKETABLE": "false"})
_STATES = MappingProxyType({"OPT_IN": SUBSCRIBED, "OPT_OUT": UNSUBSCRIBED})

_ENROLLED = "{{ enrolled_object }}"


def _contact(token: str, run: Run) -> Record | None:
    found = tokens.record_of(token, run)
    return found if found is not None and found.type is CONTACTS else None


@dataclass(frozen=True, slots=True)
class SetMarketingStatus(Single):
    """Lets a contact get marketing e-mail, or not (0-31)."""

    target: str
    status: str

    def run(self, run: Run) -> Result:
        """Set it."""
        contact = _contact(self.target, run)
        if contact is None:
            return self.failed(f"{self.target} is no contact")
        run.portal.update(contact, {MARKETING_STATUS: self.status}, source=run.source, cause=run.cause)
        return self.done("is a marketing contact" if self.status == "true" else "is a non-marketing contact")

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The property that it writes."""
        yield Use(asset.name, asset.rule, CONTACTS, MARKETING_STATUS, True, (self.status,))


@dataclass(frozen=True, slots=True)
class ChangeSubscription(Single):
    """Subscribes a contact's address to a subscription type, or unsubscribes it (0-43347357)."""

    target: str
    subscription: int
    state: str
    legal_basis: str | None
    explanation: str

    def run(self, run: Run) -> Result:
        """Note it as what the person wants. Raises UnknownName, Refused."""
        contact, preferences = _contact(self.target, run), run.portal.preferences
        if contact is None:
            return self.failed(f"{self.target} is no contact")
        email = contact.get("email")
        if not email:
            return self.failed("the contact has no e-mail address")
        subscription = preferences.find(self.subscription)
        explanation = tokens.filled(self.explanation, run) or None
        preferences.change(
            preferences.address(email),
            subscription,
            self.state,
            source=run.source,
            legal_basis=self.legal_basis,
            explanation=explanation,
            cause=run.cause,
        )
        return self.done(f"{subscription.settings.name}: {self.state}", contact.last_entry)


@dataclass(frozen=True, slots=True)
class Delete(Single):
    """Moves the record to the bin (0-18224765): it leaves all flows."""

    def run(self, run: Run) -> Result:
        """Delete it."""
        number = len(run.portal.log)
        run.portal.writes.archive(run.record, run.source, run.cause)
        return self.done(f"deleted {run.record.type.singular} {run.record.id}", number)


def read_marketing_status(node: Node) -> SetMarketingStatus:
    """A 0-31. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    status = _STATUSES[fields.choice("marketableType", _STATUSES)]
    return SetMarketingStatus(node.text("actionId"), connection(node), fields.text("targetContact", _ENROLLED), status)


def read_subscription(node: Node) -> ChangeSubscription:
    """A 0-43347357. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    fields.choice("channel", ("EMAIL",), "EMAIL")
    return ChangeSubscription(
        node.text("actionId"),
        connection(node),
        fields.text("targetContact", _ENROLLED),
        fields.whole("subscriptionId", low=0, high=10**18),
        _STATES[fields.choice("optState", _STATES)],
        fields.choice("legalBasis", LEGAL_BASES) if "legalBasis" in fields else None,
        fields.text("legalBasisExplanation", ""),
    )


def read_delete(node: Node) -> Delete:
    """A 0-18224765. Raises InvalidFilterBranch."""
    return Delete(node.text("actionId"), connection(node))

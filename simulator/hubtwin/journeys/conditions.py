"""Conditions: what a buyer's way depends on."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.journeys.buyers import Buyer
from hubtwin.journeys.fields import several
from hubtwin.journeys.names import Names
from hubtwin.market.traits import Trait
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.portal import Portal

#: Whether a condition holds for a buyer now.
Test = Callable[[Buyer], bool]


class Condition(Part):
    """Something about the buyer: what the *crm* says in a property of their contact, or a *trait*.

    A property is compared by `is`, with one value or several, or by `at_least`, with a lifecycle stage; a trait
    by `above` or `below`, with a rank. A buyer whom the CRM does not know meets no condition on it.
    """

    crm: Name | None = None
    trait: Trait | None = None
    values: Annotated[tuple[str, ...], BeforeValidator(several)] | None = Field(default=None, alias="is")
    at_least: str | None = None
    above: float | None = Field(default=None, ge=0, le=1)
    below: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _one_comparison(self) -> "Condition":
        found = {type(self).model_fields[name].alias or name for name in self.model_fields_set}
        allowed = [{"crm", "is"}, {"crm", "at_least"}, {"trait", "above"}, {"trait", "below"}]
        if found not in allowed:
            pairs = ", ".join(" with ".join(sorted(pair, reverse=True)) for pair in allowed)
            raise ValueError(f"a condition is one of: {pairs}")
        if self.at_least is not None and self.crm != LIFECYCLE:
            raise ValueError(f"only {LIFECYCLE} has an order that 'at_least' could follow; write 'is'")
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check that the portal has what the condition names."""
        if self.crm is not None:
            names.contact_property(self.crm, (*place, "crm"))
        if self.at_least is not None:
            names.stage(self.at_least, (*place, "at_least"))

    def compile(self, portal: Portal) -> Test:
        """The condition as a function of the buyer."""
        if self.trait is not None:
            return _compare_trait(self.trait, self.above, self.below)
        assert self.crm is not None  # noqa: S101  checked when the condition was read
        accepted = frozenset(self.values or _from(portal, self.at_least))
        return _compare_property(self.crm, accepted)


def any_of(conditions: Sequence[Condition], portal: Portal) -> Test:
    """Whether one of several conditions holds."""
    tests = [condition.compile(portal) for condition in conditions]
    return lambda buyer: any(test(buyer) for test in tests)


def _compare_trait(trait: Trait, above: float | None, below: float | None) -> Test:
    if above is not None:
        return lambda buyer: getattr(buyer.person, trait) > above
    return lambda buyer: getattr(buyer.person, trait) < (below or 0)


def _compare_property(name: str, accepted: frozenset[str]) -> Test:
    return lambda buyer: buyer.contact is not None and buyer.contact.get(name) in accepted


def _from(portal: Portal, stage: str | None) -> list[str]:
    """The lifecycle stages from *stage* on."""
    stages = [one.id for pipeline in portal.pipelines[CONTACTS] for one in pipeline.stages]
    return stages[stages.index(stage) :] if stage in stages else []

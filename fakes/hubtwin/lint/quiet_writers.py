"""Rules about forms, bots and syncs that set stages: they never move records back, and nobody is told (F2.b)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.lint import rules
from hubtwin.lint.findings import Finding
from hubtwin.portal.checking import contradictions
from hubtwin.portal.configuration import Branch, SetContactProperty
from hubtwin.portal.objects import CONTACTS, LIFECYCLE, ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

_FIX = "if submissions have to change known contacts, too, let them set another property than the stage"


def look(account: "Account") -> Iterator[Finding]:
    """The findings about forms, bots and syncs."""
    yield from _forms(account)
    yield from _bots(account)
    yield from _syncs(account)


# -- forms -------------------------------------------------------------------------------------------------------


def _forms(account: "Account") -> Iterator[Finding]:
    """Forms that set an earlier stage than the default, or than other forms; one finding for each."""
    told: set[str] = set()
    for contradiction in contradictions(account.portal.configuration):
        if contradiction.place[0] == "forms":
            place = ".".join(map(str, contradiction.place))
            if (form := place.rpartition(".")[0]) not in told:
                told.add(form)
                yield Finding(rules.FORM_BELOW, place, contradiction.message, _FIX)
    forms = [use for use in _stages_of_forms(account) if use.type is CONTACTS]
    for use in forms:
        higher = [other for other in forms if account.order(CONTACTS).is_later(other.values[0], use.values[0])]
        if higher and use.rule.rpartition(".")[0] not in told:
            other = higher[0]
            message = (
                f"{use.asset} sets {use.values[0]}, {other.asset} sets {other.values[0]}: "
                "who submits both keeps the later stage, in whichever order"
            )
            yield Finding(rules.FORM_BELOW, use.rule, message, _FIX)


def _stages_of_forms(account: "Account") -> list[Use]:
    uses = [*account.portal.forms.uses(), *account.portal.ads.uses()]
    return [use for use in uses if use.property == LIFECYCLE and use.rule.endswith("_stage")]


# -- bots --------------------------------------------------------------------------------------------------------


def _bots(account: "Account") -> Iterator[Finding]:
    for chatflow in account.portal.chatflows:
        steps = chatflow.settings.steps
        if any(isinstance(step, Branch) and step.when.property == LIFECYCLE for step in steps):
            continue  # it asks before
        for place, step in enumerate(steps):
            if isinstance(step, SetContactProperty) and step.set == LIFECYCLE and step.to:
                rule, asset = f"{chatflow.rule}.steps.{place}", f"chatflow {chatflow.settings.name}"
                yield from _kept(account, CONTACTS, rule, asset, step.to)


def _kept(account: "Account", type: ObjectType, rule: str, asset: str, stage: str) -> Iterator[Finding]:
    graph, order = account.graph(type), account.order(type)
    later = [one for one in order.sorted(graph.reached) if order.is_later(one, stage)]
    if later:
        message = f"{asset} sets {stage}; {type.name} in {order.words(later)} keep their stage, and nobody is told"
        fix = f"ask for the stage before, or set another property than {LIFECYCLE}"
        yield Finding(rules.STAGE_KEPT, rule, message, fix, graph.path(later[0]) or ())


# -- syncs -------------------------------------------------------------------------------------------------------


def _syncs(account: "Account") -> Iterator[Finding]:
    """Mappings that bring stages back from other systems."""
    for use in account.portal.connected.uses():
        if use.writes and use.property == LIFECYCLE and ".mappings." in use.rule:
            order = account.order(use.type)
            stages = order.sorted(use.values or order.stages)
            yield from _kept(account, use.type, use.rule, use.asset, str(stages[0]))

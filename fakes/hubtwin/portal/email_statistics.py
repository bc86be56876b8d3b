"""Statistics of marketing e-mails: how often what happened, counted from the log (W6.11.13)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hubtwin.portal import log
from hubtwin.portal.log import Entry

#: How HubSpot calls the number of each kind of event. People who open, click or answer twice count once.
_COUNTED: Mapping[str, str] = MappingProxyType(
    {
        log.EMAIL_SENT: "sent",
        log.EMAIL_DROPPED: "dropped",
        log.EMAIL_SUPPRESSED: "suppressed",
        log.EMAIL_DELIVERED: "delivered",
        log.EMAIL_BOUNCED: "bounce",
        log.EMAIL_OPENED: "open",
        log.EMAIL_CLICKED: "click",
        log.EMAIL_REPLIED: "reply",
        log.EMAIL_REPORTED: "spamreport",
        log.EMAIL_UNSUBSCRIBED: "unsubscribed",
    }
)

#: How HubSpot calls each ratio, in per cent: of which counter to which other one.
_RATIOS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "deliveredratio": ("delivered", "sent"),
        "openratio": ("open", "delivered"),
        "clickratio": ("click", "delivered"),
        "clickthroughratio": ("click", "open"),
        "replyratio": ("reply", "delivered"),
        "unsubscribedratio": ("unsubscribed", "delivered"),
        "spamreportratio": ("spamreport", "delivered"),
        "bounceratio": ("bounce", "sent"),
        "hardbounceratio": ("hardbounced", "sent"),
        "softbounceratio": ("softbounced", "sent"),
        "contactslostratio": ("contactslost", "delivered"),
        "pendingratio": ("pending", "sent"),
        "notsentratio": ("notsent", "selected"),
    }
)


def counters(entries: Iterable[Entry]) -> dict[str, int]:
    """How many copies of an e-mail each thing happened to, by HubSpot's names."""
    copies = {(entry.kind, entry.cause if entry.cause is not None else entry.number, entry.record) for entry in entries}
    found = Counter(_COUNTED[kind] for kind, _, _ in copies)
    counted = {name: found[name] for name in _COUNTED.values()}
    counted["hardbounced"], counted["softbounced"] = counted["bounce"], 0
    counted["pending"] = counted["sent"] - counted["delivered"] - counted["bounce"]
    counted["notsent"] = counted["dropped"] + counted["suppressed"]
    counted["selected"] = counted["sent"] + counted["notsent"]
    counted["contactslost"] = counted["unsubscribed"] + counted["hardbounced"] + counted["spamreport"]
    return counted


def ratios(counted: Mapping[str, int]) -> dict[str, float]:
    """What part of the e-mails each thing happened to, in per cent, by HubSpot's names; 0 of none is 0."""
    return {
        name: round(100 * counted[part] / counted[whole], 3) if counted[whole] else 0.0
        for name, (part, whole) in _RATIOS.items()
    }

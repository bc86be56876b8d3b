"""Where visits come from: HubSpot's traffic sources, told from the address of the first page and the referrer (F6.9).

The rules are tried in HubSpot's order, and the first that fits decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from hubtwin.portal.errors import Refused


class TrafficSource(NamedTuple):
    """A source, and the two details that HubSpot calls drill-downs (F6.10); None for a detail that nobody knows."""

    name: str
    detail: str | None = None
    more: str | None = None


#: What HubSpot says of a search whose words the engine keeps to itself, and of an advertisement that only Google knows.
HIDDEN_KEYWORDS = "Unknown keywords (SSL)"
AUTO_TAGGED = "Auto-tagged PPC"

#: Sites by the word that their domains have in common, before a country's or any other ending.
_SOCIAL = MappingProxyType(
    {
        "facebook": "Facebook",
        "instagram": "Instagram",
        "linkedin": "LinkedIn",
        "pinterest": "Pinterest",
        "quora": "Quora",
        "reddit": "Reddit",
        "tiktok": "TikTok",
        "twitter": "Twitter",
        "vk": "VK",
        "weibo": "Weibo",
        "xing": "Xing",
        "youtube": "YouTube",
    }
)
#: Those whose names are too common for that: the whole domain counts.
_SOCIAL_DOMAINS = MappingProxyType(
    {"x.com": "Twitter", "t.co": "Twitter", "lnkd.in": "LinkedIn", "youtu.be": "YouTube", "threads.net": "Threads"}
)
_ENGINES = (
    *("google", "bing", "yahoo", "duckduckgo", "baidu", "yandex", "ecosia", "qwant", "naver", "startpage"),
    *("aol", "ask", "seznam", "sogou"),
)
_SEARCH = MappingProxyType({word: word.upper() for word in _ENGINES})
_ASSISTANTS = (
    *("chatgpt.com", "chat.openai.com", "claude.ai", "perplexity.ai", "gemini.google.com", "copilot.microsoft.com"),
    *("chat.deepseek.com", "chat.mistral.ai", "grok.com", "meta.ai", "poe.com", "you.com"),
)
_MAIL = ("mail.google.com", "outlook.live.com", "outlook.office.com", "mail.yahoo.com", "feedly.com")

_UTM = ("utm_source", "utm_medium", "utm_campaign")


@dataclass(frozen=True, slots=True)
class Arrival:
    """How somebody came to a page: its address with the parameters, in lower case, and where the link was."""

    page: SplitResult
    parameters: Mapping[str, str]
    referrer: SplitResult
    email: str

    @property
    def host(self) -> str:
        """The referring domain, without `www.`; "" where there is none."""
        return host_of(self.referrer)

    @property
    def network(self) -> str | None:
        """The social network that the parameters or the referrer name."""
        return _SOCIAL.get(self.low("utm_source")) or self.referring_network

    @property
    def referring_network(self) -> str | None:
        """The social network that the referrer is."""
        return _SOCIAL_DOMAINS.get(self.host) or _by_word(self.host, _SOCIAL)

    def low(self, name: str) -> str:
        """A parameter in lower case, "" where there is none."""
        return self.parameters.get(name, "").lower()

    def mentions(self, *words: str, of: tuple[str, ...] = _UTM) -> bool:
        """Whether one of the parameters holds one of the words."""
        return any(word in self.low(name) for name in of for word in words)


def address(url: str) -> SplitResult:
    """The parts of a page's address. Raises Refused for what is no address of a web page."""
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not host_of(parts):
        raise Refused(f"{url[:200]!r} is not the address of a web page; one begins with https:// and a domain")
    return parts


def host_of(parts: SplitResult) -> str:
    """The domain, in lower case and without `www.`."""
    return (parts.hostname or "").removeprefix("www.")


def parameters_of(parts: SplitResult) -> dict[str, str]:
    """The parameters of an address; the first of a name counts."""
    return dict(reversed(parse_qsl(parts.query)))


def traffic_source(url: str, referrer: str = "", email: str = "") -> TrafficSource:
    """The source of a visit that begins on the page *url*; *email* names the e-mail whose link led there.

    Raises Refused for what is no address of a web page.
    """
    page = address(url)
    arrival = Arrival(page, parameters_of(page), _split(referrer), email)
    return next(source for rule in _RULES if (source := rule(arrival)) is not None)


def _split(url: str) -> SplitResult:
    """The parts of an address; those of nothing where it is none."""
    try:
        parts = urlsplit(url.strip())
        parts.hostname, parts.port  # noqa: B018  both are read late, and only then refused
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def _by_word(host: str, names: Mapping[str, str]) -> str | None:
    """The name of the site whose word is a part of a domain, its ending aside: `uk.linkedin.com`, `google.co.uk`."""
    return next((names[part] for part in host.split(".")[:-1] if part in names), None)


def _campaign(arrival: Arrival) -> str | None:
    return arrival.parameters.get("utm_campaign") or None


# -- the rules, in HubSpot's order ---------------------------------------------------------------------------


def _organic_social(arrival: Arrival) -> TrafficSource | None:
    if arrival.low("utm_medium") != "social" or arrival.network is None:
        return None
    return TrafficSource("SOCIAL_MEDIA", arrival.network, _campaign(arrival))


def _paid_search(arrival: Arrival) -> TrafficSource | None:
    if not (arrival.parameters.get("gclid") or arrival.mentions("adword", "ppc", "cpc", of=("source",))):
        return None
    return _advertisement(arrival)


def _paid_social(arrival: Arrival) -> TrafficSource | None:
    paid = arrival.mentions("paid", "ppc", "cpc", of=("utm_medium",)) and arrival.network is not None
    if not paid and not arrival.mentions("paidsocial", of=("utm_source", "utm_medium")):
        return None
    return TrafficSource("PAID_SOCIAL", arrival.network, _campaign(arrival))


def _paid_search_by_campaign(arrival: Arrival) -> TrafficSource | None:
    from_google = arrival.host == "google.com" and any(arrival.low(name) for name in _UTM)
    return _advertisement(arrival) if from_google or arrival.mentions("adword", "ppc", "cpc") else None


def _advertisement(arrival: Arrival) -> TrafficSource:
    keywords = arrival.parameters.get("utm_term") or HIDDEN_KEYWORDS
    return TrafficSource("PAID_SEARCH", _campaign(arrival) or AUTO_TAGGED, keywords)


def _email(arrival: Arrival) -> TrafficSource | None:
    if not arrival.email and not arrival.mentions("email", of=(*_UTM, "source")):
        return None
    return TrafficSource("EMAIL_MARKETING", _campaign(arrival), arrival.email or None)


def _assistant(arrival: Arrival) -> TrafficSource | None:
    """Assistants name themselves in utm_source, too: that is no campaign of anybody's (our model)."""
    named = next((site for site in _ASSISTANTS if site in (arrival.host, arrival.low("utm_source"))), None)
    return None if named is None else TrafficSource("AI_REFERRALS", named, arrival.referrer.geturl() or None)


def _other_campaign(arrival: Arrival) -> TrafficSource | None:
    named = [arrival.low(name) for name in ("utm_source", "utm_medium", "source") if arrival.low(name)]
    if not named and _campaign(arrival) is None:
        return None
    return TrafficSource("OTHER_CAMPAIGNS", _campaign(arrival), " / ".join(named) or None)


def _social_site(arrival: Arrival) -> TrafficSource | None:
    network = arrival.referring_network
    return None if network is None else TrafficSource("SOCIAL_MEDIA", network, _campaign(arrival))


def _mail_site(arrival: Arrival) -> TrafficSource | None:
    return _direct(arrival) if arrival.host in _MAIL else None


def _search_engine(arrival: Arrival) -> TrafficSource | None:
    engine = _by_word(arrival.host, _SEARCH)
    if engine is None:
        return None
    return TrafficSource("ORGANIC_SEARCH", parameters_of(arrival.referrer).get("q") or HIDDEN_KEYWORDS, engine)


def _referral(arrival: Arrival) -> TrafficSource | None:
    if not arrival.host or arrival.host == host_of(arrival.page):
        return None
    return TrafficSource("REFERRALS", arrival.host, arrival.referrer.geturl())


def _direct(arrival: Arrival) -> TrafficSource:
    return TrafficSource("DIRECT_TRAFFIC", host_of(arrival.page) + arrival.page.path)


_RULES: tuple[Callable[[Arrival], TrafficSource | None], ...] = (
    _organic_social,
    _paid_search,
    _paid_social,
    _paid_search_by_campaign,
    _email,
    _assistant,
    _other_campaign,
    _social_site,
    _mail_site,
    _search_engine,
    _referral,
    _direct,
)

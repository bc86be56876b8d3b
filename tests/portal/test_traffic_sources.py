"""Which source a visit is counted for."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal.errors import Refused
from hubtwin.portal.traffic_sources import traffic_source

PAGE = "https://www.acme.example/pricing"


@pytest.mark.parametrize(
    ("query", "referrer", "source"),
    [
        ("", "", ("DIRECT_TRAFFIC", "acme.example/pricing", None)),
        ("", "https://mail.google.com/mail/u/0", ("DIRECT_TRAFFIC", "acme.example/pricing", None)),
        ("", "https://acme.example/blog", ("DIRECT_TRAFFIC", "acme.example/pricing", None)),
        ("", "not a referrer", ("DIRECT_TRAFFIC", "acme.example/pricing", None)),
        ("", "https://www.google.co.uk/", ("ORGANIC_SEARCH", "Unknown keywords (SSL)", "GOOGLE")),
        ("", "https://www.bing.com/search?q=chairs", ("ORGANIC_SEARCH", "chairs", "BING")),
        ("", "https://uk.linkedin.com/feed", ("SOCIAL_MEDIA", "LinkedIn", None)),
        ("", "https://t.co/abc", ("SOCIAL_MEDIA", "Twitter", None)),
        ("utm_source=facebook&utm_medium=social&utm_campaign=may", "", ("SOCIAL_MEDIA", "Facebook", "may")),
        ("utm_medium=social&utm_campaign=may", "https://www.xing.com/", ("SOCIAL_MEDIA", "Xing", "may")),
        ("utm_source=linkedin&utm_medium=paid&utm_campaign=may", "", ("PAID_SOCIAL", "LinkedIn", "may")),
        ("utm_medium=cpc", "https://www.facebook.com/", ("PAID_SOCIAL", "Facebook", None)),
        ("utm_medium=PaidSocial", "", ("PAID_SOCIAL", None, None)),
        ("gclid=Cj0K", "", ("PAID_SEARCH", "Auto-tagged PPC", "Unknown keywords (SSL)")),
        ("source=adwords", "", ("PAID_SEARCH", "Auto-tagged PPC", "Unknown keywords (SSL)")),
        ("utm_source=bing&utm_medium=cpc&utm_campaign=may&utm_term=chairs", "", ("PAID_SEARCH", "may", "chairs")),
        ("utm_campaign=may", "https://www.google.com/", ("PAID_SEARCH", "may", "Unknown keywords (SSL)")),
        ("utm_medium=email&utm_campaign=may", "", ("EMAIL_MARKETING", "may", None)),
        ("utm_source=partner&utm_medium=banner&utm_campaign=may", "", ("OTHER_CAMPAIGNS", "may", "partner / banner")),
        ("", "https://news.example/a", ("REFERRALS", "news.example", "https://news.example/a")),
        ("", "https://www.perplexity.ai/search", ("AI_REFERRALS", "perplexity.ai", "https://www.perplexity.ai/search")),
        ("utm_source=chatgpt.com", "", ("AI_REFERRALS", "chatgpt.com", None)),
    ],
)
def test_sources(query: str, referrer: str, source: tuple[str, str | None, str | None]) -> None:
    """The first of HubSpot's rules that fits decides; the details say more (F6.9, F6.9.1, F6.10)."""
    assert traffic_source(f"{PAGE}?{query}", referrer) == source


def test_a_link_in_an_email() -> None:
    """An e-mail that is named is a source though the address says nothing (F6.10)."""
    assert traffic_source(PAGE, "", "May news") == ("EMAIL_MARKETING", None, "May news")


def test_a_social_network_by_name_is_no_campaign_of_another() -> None:
    """`social` without a known network is a campaign like others (F6.9)."""
    assert traffic_source(f"{PAGE}?utm_source=ours&utm_medium=social")[0] == "OTHER_CAMPAIGNS"


@given(st.text(), st.text())
def test_any_text(url: str, referrer: str) -> None:
    """Whatever stands in an address bar has a source or is refused; any referrer will do (F6.9)."""
    assert traffic_source(f"{PAGE}?{url.replace('#', '')}", referrer).name
    with suppress(Refused):
        assert traffic_source(url, referrer).name

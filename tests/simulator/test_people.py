import re

import pytest
from faker.config import AVAILABLE_LOCALES

from hubtwin.market.people import Colleagues, People, Person
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Configuration, Form
from hubtwin.portal.errors import UnknownName
from hubtwin.runs.streams import Streams

NOBODY = Colleagues()
MANY = Colleagues(share=0.5)
OURS = ("sv_SE", "fi_FI", "da_DK", "ru_RU", "zh_TW", "en_US", "de_DE")

CYRILLIC = re.compile(r"[\u0400-\u04ff -]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def people(*locales: str, colleagues: Colleagues = NOBODY, seed: int = 1) -> People:
    return People(Streams(seed), locales, colleagues)


def some(count: int, market: People) -> list[Person]:
    return [market.person(number) for number in range(count)]


def test_a_person_is_the_same_whoever_came_before() -> None:
    """Forwards, backwards, or alone: each number is the same person."""
    forwards, backwards = people(*OURS, colleagues=MANY), people(*OURS, colleagues=MANY)
    there = some(80, forwards)
    back = [backwards.person(number) for number in reversed(range(80))]
    alone = [people(*OURS, colleagues=MANY).person(number) for number in (7, 79)]
    assert there == back[::-1]
    assert alone == [there[7], there[79]]


def test_another_seed_has_other_people() -> None:
    """Names, companies and traits all depend on the seed."""
    one, other = (people("en_US", seed=seed).person(0) for seed in (1, 2))
    assert one.email != other.email
    assert (one.fit, one.intent) != (other.fit, other.intent)


@pytest.mark.parametrize(("locale", "script"), [("ru_RU", CYRILLIC), ("zh_TW", CHINESE)])
def test_names_are_written_as_in_their_country(locale: str, script: re.Pattern[str]) -> None:
    """People of a portal's locale have names in its script."""
    for person in some(50, people(locale)):
        assert script.fullmatch(person.first_name), person
        assert script.fullmatch(person.last_name), person


def test_every_locale_has_its_share() -> None:
    """People come from all locales of the portal."""
    found = {person.company.locale for person in some(200, people(*OURS))}
    assert found == set(OURS)


@pytest.mark.parametrize("locale", sorted({*AVAILABLE_LOCALES} - {"fr_QC"}))  # which Faker warns of: it is fr_CA now
def test_a_portal_takes_every_address(locale: str) -> None:
    """Addresses are plain ASCII that a form accepts, whatever script a name has."""
    portal = Portal(Configuration(forms=(Form(name="f"),)))
    for person in some(20, people(locale, colleagues=MANY)):
        assert portal.forms.submit("f", person.fields(("email", "firstname"))).get("email") == person.email
        assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)+@[a-z0-9-]+\.example", person.email)


def test_addresses_are_unique() -> None:
    """No two of 3,000 people share an address, though many share a company."""
    market = some(3_000, people(*OURS, colleagues=MANY))
    assert len({person.email for person in market}) == 3_000
    assert len({person.company.domain for person in market}) < 2_000


def test_colleagues_share_company_and_domain() -> None:
    """About the given share of all people work where somebody worked who came before."""
    market = some(4_000, people("en_US", colleagues=Colleagues(share=0.3)))
    later = sum(person.company.number != person.number for person in market)
    assert later / 4_000 == pytest.approx(0.3, abs=0.024)  # 99.9 % of a binomial
    colleague = next(person for person in market if person.company.number != person.number)
    assert colleague.company == market[colleague.company.number].company


def test_traits_are_ranks() -> None:
    """Fit and intent are spread evenly between 0 and 1, and independent of each other."""
    market = some(4_000, people("en_US"))
    for trait in ("fit", "intent"):
        ranks = sorted(getattr(person, trait) for person in market)
        assert max(abs(rank - place / 4_000) for place, rank in enumerate(ranks)) < 1.95 / 4_000**0.5
    products = [(person.fit - 0.5) * (person.intent - 0.5) for person in market]
    assert abs(sum(products) / 4_000) < 3.3 / 12 / 4_000**0.5


def test_a_locale_that_faker_lacks_is_named() -> None:
    """The error lists the locales that there are."""
    with pytest.raises(UnknownName, match=r"'fi_FU'.*did you mean 'fi_FI'"):
        people("fi_FU")

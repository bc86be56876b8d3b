"""People and their companies. Whoever is number 17 is the same in every run with the same seed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from faker import Faker
from faker.config import AVAILABLE_LOCALES
from faker.decode import unidecode

from hubtwin.journeys.fields import Remarks
from hubtwin.market.traits import Probability
from hubtwin.portal.configuration import Part
from hubtwin.portal.errors import UnknownName
from hubtwin.runs.streams import Streams

#: Colleagues come soon after one another: a person's colleague is one of so many who came before.
_LATELY = 200

#: Faker's names are quicker to draw unweighted, but the companies of these locales can't be drawn so.
_WEIGHTED = ("es_CL",)

_NO_LETTERS = re.compile(r"[^a-z0-9]+")


class Colleagues(Part):
    """Which *share* of the people works where somebody works who came before."""

    share: Probability = 0.0
    remarks: Remarks = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company, numbered as the first of its people. No two have the same *domain*."""

    number: int
    name: str
    domain: str
    locale: str


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer. *fit* and *intent* are ranks between 0 and 1 that no CRM shows."""

    number: int
    first_name: str
    last_name: str
    email: str
    company: Company
    fit: float
    intent: float

    @property
    def entity(self) -> str:
        """The person as the owner of random streams."""
        return f"person:{self.number}"

    def fields(self, wanted: Sequence[str]) -> dict[str, str]:
        """What the person fills in of the *wanted* fields of a form."""
        known = {
            "email": self.email,
            "firstname": self.first_name,
            "lastname": self.last_name,
            "company": self.company.name,
            "website": self.company.domain,
        }
        return {field: known[field] for field in wanted if field in known}


class People:
    """The people of a market, made when asked for. Faker gives them their names, and decides nothing else.

    Raises UnknownName where Faker does not have one of the *locales*.
    """

    def __init__(self, streams: Streams, locales: Sequence[str], colleagues: Colleagues) -> None:
        self._streams = streams
        self._share = colleagues.share
        self._locales = tuple(locales)
        self._names = {locale: _names(locale) for locale in locales}
        self._companies: dict[int, Company] = {}
        self._employers: dict[int, int] = {}

    def person(self, number: int) -> Person:
        """The person with this number, whoever came before."""
        company = self._company(self._employer(number))
        names = self._names[company.locale]
        names.seed_instance(self._streams.seed_of(f"person:{number}", "name"))
        first_name, last_name = names.first_name().strip(), names.last_name().strip()
        traits = self._streams.stream(f"person:{number}", "traits")
        return Person(
            number=number,
            first_name=first_name,
            last_name=last_name,
            email=_email(first_name, last_name, number, company),
            company=company,
            fit=traits.random(),
            intent=traits.random(),
        )

    def _employer(self, number: int) -> int:
        """The number of a person's company, which is that of the first of its people."""
        path = []
        while number not in self._employers:
            path.append(number)
            random = self._streams.stream(f"person:{number}", "employer")
            if number == 0 or random.random() >= self._share:
                self._employers[number] = number
            else:
                number -= 1 + random.randrange(min(number, _LATELY))
        employer = self._employers[number]
        self._employers.update(dict.fromkeys(path, employer))
        return employer

    def _company(self, number: int) -> Company:
        if number not in self._companies:
            entity = f"company:{number}"
            locale = self._streams.stream(entity, "locale").choice(self._locales)
            names = self._names[locale]
            names.seed_instance(self._streams.seed_of(entity, "name"))
            name = names.company()
            self._companies[number] = Company(number, name, f"{_ascii(name, '-')}-{number}.example", locale)
        return self._companies[number]


def _names(locale: str) -> Faker:
    if locale not in AVAILABLE_LOCALES:
        raise UnknownName("locale of Faker", locale, sorted(AVAILABLE_LOCALES))
    return Faker(locale, use_weighting=locale in _WEIGHTED)


def _email(first_name: str, last_name: str, number: int, company: Company) -> str:
    """The first person of a company has a plain address; those who follow are told apart by their number."""
    name = f"{_ascii(first_name)}.{_ascii(last_name)}"
    return f"{name if number == company.number else f'{name}.{number}'}@{company.domain}"


def _ascii(name: str, between: str = "") -> str:
    """A name as it stands in an address: small Latin letters and digits, with *between* in place of the rest."""
    words = _NO_LETTERS.split(unidecode(name).lower())
    return between.join(filter(None, words))[:30].strip("-") or "x"

"""Points in time as filters name them: a date, one counted from now, another property's (W6.4.18, F7.14)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from hubtwin.portal.calendars import DAYS_OF_WEEK, moment_of
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.spans import Anniversary, Fixed, Indexed, MomentOf, Point, Referenced
from hubtwin.portal.moments import HOUR, MINUTE, SECOND

#: Farther than this no filter looks, in years, days, months and milliseconds.
MAX_YEARS = 500
MAX_DAYS, _MAX_MONTHS = 366 * MAX_YEARS, 12 * MAX_YEARS
_MAX_MILLISECONDS = MAX_DAYS * 24 * HOUR

#: The last moment that a timestamp can name.
MAX_TIMESTAMP = 253_402_300_799_999

_IN_MONTHS = {"years": 12, "quarters": 3, "months": 1}
_IN_DAYS = {"weeks": 7, "days": 1}
_IN_MILLISECONDS = {"hours": HOUR, "minutes": MINUTE, "seconds": SECOND, "milliseconds": 1}

#: The units that an index may refer to; the fiscal ones begin in January, as an account's do by default.
_REFERENCES = {
    "NOW": None,
    "TODAY": "DAY",
    "WEEK": "WEEK",
    "MONTH": "MONTH",
    "QUARTER": "QUARTER",
    "YEAR": "YEAR",
    "FISCAL_QUARTER": "QUARTER",
    "FISCAL_YEAR": "YEAR",
}

#: Finds the reader of a property of the record, by property and by VALUE or UPDATED_AT.
Reader = Callable[[str, str], MomentOf]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an operation is read in: the account's time zone, and how other properties are read.

    *reader* is None where there is no record whose properties could be meant.
    """

    zone: tzinfo
    reader: Reader | None = None

    @property
    def now(self) -> Indexed:
        """The present moment."""
        return Indexed(self.zone)

    def today(self, days: int = 0) -> Indexed:
        """The beginning of the present day, or of one some days later."""
        return Indexed(self.zone, "DAY", days=days)

    def read(self, node: Node, member: str, what: str) -> MomentOf:
        """The reader of the property that a member names. Raises InvalidFilterBranch."""
        if self.reader is None:
            raise node.wrong(member, "names a property, but nothing here has properties")
        return self.reader(node.text(member), what)


def time_point(node: Node, around: Surroundings) -> Point:
    """A point of TIME_POINT and TIME_RANGED. Raises InvalidFilterBranch."""
    kind = node.choice("timeType", ("DATE", "INDEXED", "PROPERTY_REFERENCED"))
    zone = _zone(node, around)
    if kind == "DATE":
        day = date_of(node, zone, node.whole("month", low=1, high=12))
        return Fixed(moment_of(day + timedelta(milliseconds=_time_of_day(node))))
    if kind == "INDEXED":
        return _indexed(node, zone)
    reference = node.choice("referenceType", ("VALUE", "UPDATED_AT", "ANNIVERSARY"))
    if reference == "ANNIVERSARY":
        return Anniversary(around.read(node, "property", "VALUE"), zone)
    return Referenced(around.read(node, "property", reference))


def _zone(node: Node, around: Surroundings) -> tzinfo:
    if "zoneId" not in node or node.text("timezoneSource", "CUSTOM") == "PORTAL":
        return around.zone
    text = node.text("zoneId")
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise node.wrong("zoneId", f"is no time zone: {text!r}; zones have names such as Europe/Helsinki") from None


def _indexed(node: Node, zone: tzinfo) -> Indexed:
    reference = node.object("indexReference")
    kind = reference.choice("referenceType", _REFERENCES)
    unit, hours = _REFERENCES[kind], _time_of_day(reference)
    if unit is None and any(name in reference for name in ("hour", "minute", "second", "millisecond")):
        unit = "DAY"  # now, at a certain time of the day
    months, days, milliseconds = _offset(node.object("offset")) if "offset" in node else (0, 0, 0)
    return Indexed(zone, unit, months, days, milliseconds, _within(reference, kind), hours)


def _within(reference: Node, kind: str) -> tuple[int, int]:
    """The month and the day inside the unit, counted from 0."""
    if kind == "WEEK":
        return 0, DAYS_OF_WEEK.index(reference.choice("dayOfWeek", DAYS_OF_WEEK, "MONDAY"))
    if kind in ("NOW", "TODAY"):
        return 0, 0
    day = reference.whole("day", 1, low=1, high=31) - 1
    months = {"MONTH": 1, "QUARTER": 3, "FISCAL_QUARTER": 3}.get(kind, 12)
    return reference.whole("month", 1, low=1, high=months) - 1 if months > 1 else 0, day


def _offset(node: Node) -> tuple[int, int, int]:
    return (
        _sum(node, _IN_MONTHS, _MAX_MONTHS),
        _sum(node, _IN_DAYS, MAX_DAYS),
        _sum(node, _IN_MILLISECONDS, _MAX_MILLISECONDS),
    )


def _sum(node: Node, sizes: Mapping[str, int], most: int) -> int:
    total = sum(node.whole(name, 0, low=-most, high=most) * size for name, size in sizes.items())
    if abs(total) > most:
        raise node.wrong(next(name for name in sizes if name in node), f"reaches farther than {MAX_YEARS} years")
    return total


def _time_of_day(node: Node) -> int:
    return (
        node.whole("hour", 0, low=0, high=23) * HOUR
        + node.whole("minute", 0, low=0, high=59) * MINUTE
        + node.whole("second", 0, low=0, high=59) * SECOND
        + node.whole("millisecond", 0, low=0, high=999)
    )


def date_of(node: Node, zone: tzinfo, month: int) -> datetime:
    """The day that `year` and `day` name with a month, at its beginning. Raises InvalidFilterBranch."""
    year, day = node.whole("year", low=5, high=9995), node.whole("day", low=1, high=31)
    try:
        return datetime(year, month, day, tzinfo=zone)
    except ValueError:
        raise node.wrong("day", f"is not in the calendar: {year}-{month}-{day}") from None

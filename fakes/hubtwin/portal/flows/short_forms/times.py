"""Times of workflows: hours, blocked days, schedules (F7.5, F7.10)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from hubtwin.portal.calendars import MONTHS
from hubtwin.portal.configuration import EnrollmentSchedule, Hours

Json = dict[str, Any]

_RELATIVE = {"first monday": "FIRST_MONDAY_OF_MONTH", "last day": "LAST_DAY_OF_MONTH"}
_WORDS = {name: word for word, name in _RELATIVE.items()}


def time_of_day(text: str) -> Json:
    """`09:30` as HubSpot has it."""
    hour, minute = map(int, text.split(":"))
    return {"hour": hour, "minute": minute}


def read_time(time: Mapping[str, int]) -> str:
    """The same back."""
    return f"{time['hour']:02}:{time.get('minute', 0):02}"


# -- hours and days ------------------------------------------------------------------------------------------


def windows(hours: Iterable[Hours]) -> list[Json]:
    """The `timeWindows`."""
    return [
        {"day": day, "startTime": time_of_day(span.start), "endTime": time_of_day(span.end)}
        for span in hours
        for day in span.days
    ]


def read_windows(windows: Sequence[Mapping[str, Any]]) -> list[Json]:
    """The hours, where days that follow each other and have the same ones stand together."""
    spans = groupby(windows, key=lambda window: (read_time(window["startTime"]), read_time(window["endTime"])))
    return [{"days": [window["day"] for window in group], "start": start, "end": end} for (start, end), group in spans]


def blocked(day: str) -> Json:
    """A blocked date: `12-24`, `2026-12-31`."""
    *year, month, date = day.split("-")
    known = {"year": int(year[0])} if year else {}
    return {"dayOfMonth": int(date), "month": MONTHS[int(month) - 1], **known}


def read_blocked(date: Mapping[str, Any]) -> str:
    """The same back."""
    day = f"{MONTHS.index(date['month']) + 1:02}-{date['dayOfMonth']:02}"
    return day if date.get("year") is None else f"{date['year']:04}-{day}"


# -- schedules -----------------------------------------------------------------------------------------------


def schedule(wanted: EnrollmentSchedule) -> Json:
    """The `enrollmentSchedule`."""
    return {"type": _type(wanted), **_days(wanted), "timeOfDay": time_of_day(wanted.at)}


def _type(wanted: EnrollmentSchedule) -> str:
    kinds = {"weekly": "WEEKLY", "yearly": "YEARLY", "date": "PROPERTY_BASED"}
    if wanted.monthly is not None:
        return "MONTHLY_RELATIVE_DAYS" if isinstance(wanted.monthly, str) else "MONTHLY_SPECIFIC_DAYS"
    return next((kind for key, kind in kinds.items() if getattr(wanted, key) is not None), "DAILY")


def _days(wanted: EnrollmentSchedule) -> Json:
    if wanted.weekly is not None:
        return {"daysOfWeek": list(wanted.weekly)}
    if wanted.monthly is not None:
        words = isinstance(wanted.monthly, str)
        return {"monthlyRelativeDays": _RELATIVE[str(wanted.monthly)]} if words else {"daysOfMonth": [*wanted.monthly]}
    if wanted.yearly is not None:
        return blocked(wanted.yearly)
    if wanted.date is not None:
        return {"dateProperty": wanted.date, "daysDelta": wanted.days, "yearly": wanted.every_year}
    return {}


def read_schedule(data: Mapping[str, Any]) -> Json:
    """A schedule as a portal file has it. Raises KeyError for one that isn't known."""
    at = {"at": read_time(data["timeOfDay"])}
    match data["type"]:
        case "WEEKLY":
            return {**at, "weekly": data["daysOfWeek"]}
        case "MONTHLY_SPECIFIC_DAYS":
            return {**at, "monthly": data["daysOfMonth"]}
        case "MONTHLY_RELATIVE_DAYS":
            return {**at, "monthly": _WORDS[data["monthlyRelativeDays"]]}
        case "YEARLY":
            return {**at, "yearly": read_blocked(data)}
        case "PROPERTY_BASED":
            return {**at, "date": data["dateProperty"], "days": data["daysDelta"], "every_year": data["yearly"]}
    return at

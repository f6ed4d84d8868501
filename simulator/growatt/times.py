"""The ways in which a moment travels (Growatt notes 1.2)."""

from datetime import datetime, timedelta, timezone

from ..jsontypes import Json, JsonObject

_CHINA = timezone(timedelta(hours=8))
_JAVA_EPOCH_YEAR = 1900


def millis(moment: datetime) -> int:
    """Return milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def china(moment: datetime) -> str:
    """Return a wall clock in UTC+8, whatever the plant's zone."""
    return moment.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


def java_date(moment: datetime) -> JsonObject:
    """Return a Java Date of a server in UTC+8: months from 0, years from 1900, Sunday is 0."""
    local = moment.astimezone(_CHINA)
    return {
        "date": local.day,
        "day": local.isoweekday() % 7,
        "hours": local.hour,
        "minutes": local.minute,
        "month": local.month - 1,
        "seconds": local.second,
        "time": millis(moment),
        "timezoneOffset": -480,
        "year": local.year - _JAVA_EPOCH_YEAR,
    }


_GREGORIAN = java_date(datetime(1582, 10, 15, tzinfo=_CHINA))


def java_calendar(moment: datetime) -> JsonObject:
    """Return a Java Calendar, which holds the date and much else."""
    return {
        "firstDayOfWeek": 1,
        "gregorianChange": _GREGORIAN,
        "lenient": True,
        "minimalDaysInFirstWeek": 1,
        "time": java_date(moment),
        "timeInMillis": millis(moment),
        "timeZone": {
            "DSTSavings": 0,
            "ID": "Asia/Shanghai",
            "dirty": False,
            "displayName": "China Standard Time",
            "lastRuleInstance": None,
            "rawOffset": 28800000,
        },
        "weekDateSupported": True,
        "weekYear": moment.year,
        "weeksInWeekYear": 52,
    }


def offset_name(moment: datetime) -> str:
    """Return a zone as the cloud names it: hours from GMT in winter, without its daylight saving."""
    hours = standard_hours(moment)
    return f"GMT{hours:+g}"


def standard_hours(moment: datetime) -> float:
    """Return the hours by which a zone is ahead of GMT, without daylight saving."""
    offset = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    return offset / timedelta(hours=1)


def marks(moment: datetime, *, v4: bool) -> dict[str, Json]:
    """Return the fields in which the time of a record is repeated for machines."""
    calendar = millis(moment) if v4 else java_calendar(moment)
    return {
        "calendar": calendar,
        "timeCalendar": calendar,
        "lastUpdateTime": millis(moment) if v4 else java_date(moment),
    }

"""The unit's three ways to say when: seconds, milliseconds, and HHMM as a number."""

from datetime import datetime


def seconds(moment: datetime) -> int:
    """Return seconds since 1970, as identity, settings and diagnostics have them."""
    return int(moment.timestamp())


def millis(moment: datetime) -> int:
    """Return whole seconds since 1970 in milliseconds, as modes, alerts and metrics have them."""
    return seconds(moment) * 1000


def hhmm(local: datetime) -> int:
    """Return a time of day as a number: 05 past midnight is 5."""
    return local.hour * 100 + local.minute


def minutes(time: int) -> int:
    """Return the minute of the day of such a number."""
    return time // 100 * 60 + time % 100

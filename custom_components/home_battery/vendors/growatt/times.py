"""The ways in which Growatt writes a moment (Growatt notes, sections 1.2, 1.5 and 1.7)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
import re
from typing import Final

from ...battery.fields import number

# Texts of NOAH and NEXA are written by the server's clock, wherever they stand.
SERVER_ZONE: Final = timezone(timedelta(hours=8))

_FORMATS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
# A plus becomes a blank on its way through an address, and UTC has neither.
_OFFSET: Final = re.compile(
    r"(?:GMT|UTC)(?:\s*([+-]?)\s*(\d{1,2})(?::?(\d{2})|(\.\d+))?)?", re.ASCII
)
_MILLISECONDS: Final = 1000.0
# The mark of a time that was never set is the beginning of an epoch.
_FIRST_YEAR: Final = 2000


def moment_of(value: object, zone: tzinfo) -> datetime | None:
    """Return the moment that a value stands for, in UTC; `None` if it is none.

    Args:
        value: A text by the clock on the wall (`2024-05-25 14:35:31`), milliseconds
            since 1970, or a Java date or calendar, of which only the milliseconds
            are unambiguous: its fields follow the server's zone.
        zone: The zone whose clock a text was written by.
    """
    if isinstance(value, Mapping):
        parts = (value.get("timeInMillis"), value.get("time"))
        return next(filter(None, (moment_of(part, zone) for part in parts)), None)
    if isinstance(value, str) and (moment := _written(value.strip(), zone)):
        return moment
    return _counted(number(value))


def offset_of(text: object) -> timezone | None:
    """Return a plant's zone such as `GMT+1`, which knows no daylight saving."""
    match = _OFFSET.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return None
    sign, hours, minutes, fraction = match.groups()
    offset = timedelta(
        hours=int(hours or 0) + float(fraction or 0), minutes=int(minutes or 0)
    )
    if offset >= timedelta(days=1):
        return None
    return timezone(-offset if sign == "-" else offset)


def _written(text: str, zone: tzinfo) -> datetime | None:
    """Return a moment that is written out."""
    for form in _FORMATS:
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return _sound(moment)
    return None


def _counted(milliseconds: float | None) -> datetime | None:
    """Return a moment that is counted from 1970."""
    if milliseconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(milliseconds / _MILLISECONDS, UTC)
    except ValueError, OverflowError, OSError:
        return None
    return _sound(moment)


def _sound(moment: datetime) -> datetime | None:
    """Return a moment in UTC, unless it lies before there were such devices."""
    try:
        moment = moment.astimezone(UTC)
    except ValueError, OverflowError:
        return None
    return moment if moment.year >= _FIRST_YEAR else None

"""The stretch of time that a history call asks for."""

from datetime import UTC, datetime, timedelta

from .errors import BAD_BODY, ApiError
from .schema import Fields

_LONGEST = timedelta(hours=24)
_LATEST_MS = 4_102_444_800_000


def read_span(
    fields: Fields,
    now: datetime,
    *,
    default: timedelta = timedelta(days=3),
    as_text: bool = False,
) -> tuple[datetime, datetime]:
    """Return begin and end: at most 24 hours, or what was lately when no time is given.

    With `as_text` the milliseconds may also come as strings.
    """
    if fields.has("begin") != fields.has("end"):
        raise ApiError(BAD_BODY)
    if not fields.has("begin"):
        return now - default, now
    begin, end = (_moment(fields, key, as_text=as_text) for key in ("begin", "end"))
    if not begin <= end <= begin + _LONGEST:
        raise ApiError(BAD_BODY)
    return begin, end


def _moment(fields: Fields, key: str, *, as_text: bool) -> datetime:
    """Return a time stamp as a moment."""
    milliseconds = (
        fields.digits(key, 0, _LATEST_MS)
        if as_text and isinstance(fields.raw(key), str)
        else fields.whole(key, 0, _LATEST_MS)
    )
    return datetime.fromtimestamp(milliseconds / 1000, UTC)

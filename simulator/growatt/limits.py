"""How often a token may call (Growatt notes 1.10), in protocol time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

from .endpoint import SECONDS_5, Endpoint, Style
from .errors import (
    V1_MESSAGES,
    V1_TOO_FREQUENT,
    V4_FREQUENCY,
    V4_INTERVAL,
    V4_MESSAGES,
    ApiError,
)

# The reset is undocumented; the vendor's own midnight is the likeliest.
_DAY_ZONE: Final = timezone(timedelta(hours=8))


class Limits:
    """When each request was let through, and how many of a kind there were in a day.

    Both prefixes of a v1 path share their windows.
    """

    def __init__(self) -> None:
        """Start with nothing used."""
        self._admitted: dict[tuple[str, str, frozenset[tuple[str, str]]], datetime] = {}
        self._counts: dict[tuple[str, str, date], int] = {}

    def admit(
        self, token: str, endpoint: Endpoint, params: Mapping[str, str], now: datetime
    ) -> None:
        """Count a request, or refuse one that is too soon or one too many."""
        key = token, endpoint.path, frozenset(params.items())
        window = timedelta(seconds=endpoint.window(params))
        last = self._admitted.get(key)
        if last is not None and now - last < window:
            raise too_frequent(endpoint, window.total_seconds())
        if endpoint.per_day:
            day = token, endpoint.path, now.astimezone(_DAY_ZONE).date()
            if self._counts.get(day, 0) >= endpoint.per_day:
                raise too_frequent(endpoint, window.total_seconds())
            self._counts[day] = self._counts.get(day, 0) + 1
        self._admitted[key] = now

    def used(self, token: str, path: str, now: datetime) -> int:
        """Return how many requests of a kind counted today."""
        return self._counts.get((token, path, now.astimezone(_DAY_ZONE).date()), 0)


def too_frequent(endpoint: Endpoint, window: float) -> ApiError:
    """Return the refusal of a request that comes too soon."""
    if endpoint.style is not Style.V4:
        return ApiError(V1_TOO_FREQUENT, V1_MESSAGES[V1_TOO_FREQUENT])
    code = V4_INTERVAL if window <= SECONDS_5 else V4_FREQUENCY
    return ApiError(code, V4_MESSAGES[code])

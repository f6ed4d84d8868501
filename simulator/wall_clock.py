"""What firmware knows about the time of day."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

MINUTES_PER_DAY: Final = 1440

# Wall clocks only jump at such marks, so orders are never older than a jump.
_LONGEST: Final = timedelta(minutes=30)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def minute_of_day(local: datetime) -> int:
    """Return the minute of the day on a wall clock."""
    return local.hour * 60 + local.minute


def next_edge(minute: int, edges: Iterable[int]) -> int:
    """Return the next of some minutes of the day, which end with midnight."""
    return min(
        (edge for edge in edges if edge > minute and edge < MINUTES_PER_DAY),
        default=MINUTES_PER_DAY,
    )


def stands_until(moment: datetime, local: datetime, edge: int) -> datetime:
    """Return until when orders stand (UTC) that change at a minute of the day, half an hour at most."""
    begun = timedelta(seconds=local.second, microseconds=local.microsecond)
    change = moment - begun + timedelta(minutes=edge - minute_of_day(local))
    return min(change, _EPOCH + ((moment - _EPOCH) // _LONGEST + 1) * _LONGEST)

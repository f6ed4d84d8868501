"""Values as they come in a settings record, and the writes that change them.

The same key arrives as a number, as text, as `true`, empty, or as `"null"`, by
firmware and endpoint (Growatt notes, 1.2 and 1.6).
"""

from collections.abc import Mapping
import re
from typing import NamedTuple

from ....battery.fields import number

type Bean = Mapping[str, object]

_LAST_MINUTE = 1439
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})(?::\d{1,2})?")


class Write(NamedTuple):
    """One call that changes something.

    Attributes:
        endpoint: Its name among the vendor's endpoints.
        parameters: As the vendor documents them, all of them, unused ones empty.
    """

    endpoint: str
    parameters: Mapping[str, str]


def whole(bean: Bean, *names: str, least: int = 0) -> int | None:
    """Return the first whole number among some keys, `None` if there is none.

    Args:
        bean: The record.
        names: The keys, the first with a sound value wins.
        least: What lies below is how the device says that it lacks it.
    """
    for name in names:
        value = number(bean.get(name))
        if value is not None and value >= least:
            return round(value)
    return None


def flag(bean: Bean, *names: str) -> bool | None:
    """Return the first switch among some keys, `None` if there is none."""
    for name in names:
        value = bean.get(name)
        if isinstance(value, bool):
            return value
        if (position := {"true": 1, "false": 0}.get(str(value))) is None:
            position = round(number(value) or 0) if number(value) in {0, 1} else None
        if position is not None:
            return bool(position)
    return None


def clock(value: object) -> int | None:
    """Return the minute of the day of a text such as `7:5`, `None` if it is none.

    24:00 is the last minute of the day, as ends are told inclusive.
    """
    found = _CLOCK.fullmatch(str(value).strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    if (hour, minute) == (24, 0):
        return _LAST_MINUTE
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def numbered(prefix: str, values: tuple[str, ...], count: int) -> dict[str, str]:
    """Return all numbered parameters of a call, the unused ones empty."""
    filled = (*values, *("" for _ in range(count - len(values))))
    return {f"{prefix}{index}": value for index, value in enumerate(filled, 1)}

"""Remote control by a virtual power plant (Growatt notes 1.4 and 1.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import json
from typing import Final

from ..jsontypes import Json
from ..wall_clock import MINUTES_PER_DAY, minute_of_day
from .errors import MistakeError, Problem
from .settings import Moment, number

CONTROL: Final = 1
SWITCHED_ON: Final = 2
SYSTEM_TIME: Final = 3
DERATING: Final = 5
STATIC_POWER: Final = 6
EXPORT_LIMITED: Final = 13
EXPORT_LIMIT: Final = 14
CHARGE_STOP: Final = 22
DISCHARGE_STOP: Final = 23
REMOTE: Final = 25
REMOTE_MINUTES: Final = 26
REMOTE_POWER: Final = 27
SCHEDULE: Final = 34
_MOST_PERIODS: Final = 20
# Lowest, highest and first value of set_param_N.
_RANGES: Final[Mapping[int, tuple[int, int, int]]] = {
    CONTROL: (0, 1, 0),
    SWITCHED_ON: (0, 1, 1),
    4: (0, 1, 0),
    DERATING: (0, 100, 100),
    STATIC_POWER: (0, 100, 100),
    7: (0, 1, 1),
    8: (0, 1, 0),
    9: (0, 6, 0),
    10: (0, 60, 0),
    11: (0, 5, 0),
    12: (0, 20000, 10000),
    EXPORT_LIMITED: (0, 1, 0),
    EXPORT_LIMIT: (-100, 100, 0),
    15: (0, 100, 0),
    16: (0, 300, 30),
    17: (0, 1, 0),
    18: (0, 1, 0),
    19: (0, 20000, 27),
    20: (0, 1, 0),
    21: (0, 3, 0),
    CHARGE_STOP: (70, 100, 100),
    DISCHARGE_STOP: (10, 30, 10),
    24: (10, 20, 10),
    REMOTE: (0, 1, 0),
    REMOTE_MINUTES: (0, MINUTES_PER_DAY, 0),
    REMOTE_POWER: (-100, 100, 0),
    28: (0, 1, 0),
    29: (10, 30, 10),
    30: (0, 15000, 0),
    31: (0, 15000, 0),
    32: (0, 2000, 0),
    33: (0, 2000, 0),
}


@dataclass(frozen=True, kw_only=True)
class Period:
    """A period of the day in minutes, its end included; percent of rated power, + charges."""

    start: int
    end: int
    percent: int


@dataclass(kw_only=True)
class Vpp:
    """What was set by remote control."""

    values: dict[int, int] = field(
        default_factory=lambda: {key: row[2] for key, row in _RANGES.items()}
    )
    system_time: str = ""
    periods: tuple[Period, ...] = ()
    until: datetime | None = None

    def percent(self, local: datetime, moment: datetime) -> int | None:
        """Return the power that is asked of the battery now, or None where the device is free."""
        if not self.values[CONTROL]:
            return None
        if self.values[REMOTE] and (self.until is None or moment < self.until):
            return self.values[REMOTE_POWER]
        minute = minute_of_day(local)
        return next(
            (
                period.percent
                for period in self.periods
                if period.start <= minute <= period.end
            ),
            None,
        )

    def command(self, minutes: int, percent: int, now: datetime) -> None:
        """Ask for power for some minutes, 0 of which are without an end."""
        self.values |= {
            CONTROL: 1,
            REMOTE: 1,
            REMOTE_MINUTES: minutes,
            REMOTE_POWER: percent,
        }
        self._begin(now)

    def plan(self, periods: tuple[Period, ...]) -> None:
        """Replace the periods of the day."""
        self.values[CONTROL] = 1
        self.periods = periods

    def set(
        self, index: int, value: int | str | tuple[Period, ...], now: datetime
    ) -> None:
        """Set a parameter by its number."""
        if isinstance(value, tuple):
            self.periods = value
        elif isinstance(value, str):
            self.system_time = value
        else:
            self.values[index] = value
            if index in {REMOTE, REMOTE_MINUTES}:
                self._begin(now)

    def show(self, index: int) -> Json:
        """Return a parameter by its number."""
        if index == SYSTEM_TIME:
            return self.system_time
        if index == SCHEDULE:
            return json.dumps(
                [
                    {
                        "percentage": period.percent,
                        "startTime": period.start,
                        "endTime": period.end,
                    }
                    for period in self.periods
                ]
            )
        return self.values[index]

    def _begin(self, now: datetime) -> None:
        """Count the minutes from now on."""
        minutes = self.values[REMOTE_MINUTES]
        self.until = now + timedelta(minutes=minutes) if minutes else None


def read_index(name: str) -> int:
    """Return N of set_param_N."""
    digits = name.removeprefix("set_param_")
    if digits == name or not digits.isdigit() or not 1 <= int(digits) <= SCHEDULE:
        raise MistakeError(Problem.TYPE)
    return int(digits)


def read_value(index: int, text: str) -> int | str | tuple[Period, ...]:
    """Return the value of a parameter from its text."""
    if index == SYSTEM_TIME:
        try:
            Moment("time").read((text,))
        except MistakeError:
            raise MistakeError(Problem.VALUE) from None
        return text
    if index == SCHEDULE:
        return read_periods(text)
    low, high, _ = _RANGES[index]
    return int(number(text, low, high))


def read_periods(text: str) -> tuple[Period, ...]:
    """Return periods from JSON, none of which ends before it begins."""
    if not text:
        raise MistakeError(Problem.EMPTY)
    try:
        rows: Json = json.loads(text)
    except ValueError:
        raise MistakeError(Problem.VALUE) from None
    if not isinstance(rows, list) or len(rows) > _MOST_PERIODS:
        raise MistakeError(Problem.VALUE)
    return tuple(_period(row) for row in rows)


def _period(row: Json) -> Period:
    """Return one period."""
    names = {"percentage", "startTime", "endTime"}
    if not isinstance(row, Mapping) or set(row) != names:
        raise MistakeError(Problem.VALUE)
    percent, start, end = (
        int(number(str(row[name]), low, high))
        for name, low, high in (
            ("percentage", -100, 100),
            ("startTime", 0, MINUTES_PER_DAY),
            ("endTime", 0, MINUTES_PER_DAY),
        )
    )
    if end < start:
        raise MistakeError(Problem.VALUE)
    return Period(start=start, end=end, percent=percent)

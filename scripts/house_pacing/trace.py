"""When devices upload: jitter, nights offline, missed uploads, and clocks that are wrong."""

from bisect import bisect_right
from dataclasses import dataclass, field
from random import Random
from typing import Final, Self

DAY: Final = 86400.0
_HOUR: Final = 3600.0
# Devices sleep from about 21:00 to 06:00.
_DUSK: Final = 21 * _HOUR
_DAWN: Final = 6 * _HOUR
_TWILIGHT: Final = 1200.0


@dataclass(frozen=True, kw_only=True)
class Weather:
    """What makes uploads irregular, in seconds.

    Attributes:
        period: Between two uploads.
        jitter: So much sooner or later they come, evenly spread.
        latency: The least and the most until the cloud shows a record.
        missed: The share of uploads that never arrive.
        offset: How wrong the devices' clocks are, as a standard deviation.
        drift: How much more wrong they are each day.
        sleeping: The share of devices that are offline each night.
    """

    period: float = 300.0
    jitter: float = 12.0
    latency: tuple[float, float] = (2.0, 15.0)
    missed: float = 0.01
    offset: float = 45.0
    drift: float = 0.5
    sleeping: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Trace:
    """All uploads of one device, in the order in which the cloud shows them.

    Attributes:
        shown: When the cloud shows each record.
        measured: When it was measured, in truth.
        stamps: The time that it bears, by the device's clock.
    """

    serial: str
    shown: list[float] = field(default_factory=list)
    measured: list[float] = field(default_factory=list)
    stamps: list[float] = field(default_factory=list)

    @classmethod
    def of(
        cls, serial: str, weather: Weather, start: float, days: int, seed: str
    ) -> Self:
        """Let a device upload for some days; the same seed gives the same days."""
        random = Random(f"{seed} {serial}")
        trace = cls(serial=serial)
        wrong = random.gauss(0, weather.offset)
        # No two oscillators agree.
        period = weather.period + random.uniform(-0.3, 0.3)
        sleeps = random.random() < weather.sleeping
        for awake, asleep in _spans(start, days, random, sleeps=sleeps):
            at = awake + random.uniform(0, period)
            while at < asleep:
                moment = at + random.uniform(-weather.jitter, weather.jitter)
                shown = moment + random.uniform(*weather.latency)
                in_order = not trace.shown or shown > trace.shown[-1]
                if random.random() >= weather.missed and in_order:
                    off = wrong + weather.drift * (moment - start) / DAY
                    trace.shown.append(shown)
                    trace.measured.append(moment)
                    trace.stamps.append(float(int(moment + off)))
                at += period
        return trace

    def latest(self, moment: float) -> int | None:
        """Return the number of the record that the cloud shows at a moment."""
        number = bisect_right(self.shown, moment) - 1
        return None if number < 0 else number


def _spans(
    start: float, days: int, random: Random, *, sleeps: bool
) -> list[tuple[float, float]]:
    """Return from when until when a device uploads."""
    if not sleeps:
        return [(start - _HOUR, start + days * DAY)]
    return [
        (
            start + day * DAY + _DAWN + random.uniform(-_TWILIGHT, _TWILIGHT),
            start + day * DAY + _DUSK + random.uniform(-_TWILIGHT, _TWILIGHT),
        )
        for day in range(-1, days)
    ]

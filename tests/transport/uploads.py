"""Devices that upload, and a rhythm that follows them through simulated time."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import json
from random import Random
from typing import Self

from custom_components.home_battery.transport.beat import Pace
from custom_components.home_battery.transport.rhythm import Rhythm

START = 1_780_000_000.0
# As of Fox ESS and of Growatt.
TOGETHER = Pace(interval=300, least=20, join=10)
APART = Pace(interval=300, least=300, join=20, alone=True)


@dataclass(frozen=True, kw_only=True)
class Uploads:
    """The records of one device.

    Attributes:
        shown: When each can be had.
        stamps: The time that each bears.
    """

    shown: Sequence[float]
    stamps: Sequence[float]

    @classmethod
    def regular(
        cls,
        *,
        begin: float = START - 1000.0,
        count: int = 300,
        period: float = 300.0,
        jitter: float = 0.0,
        lag: float = 5.0,
        seed: int = 0,
    ) -> Self:
        """Upload at a pace, by a clock that makes records appear so much after their stamps."""
        random = Random(seed)
        shown = sorted(
            begin + number * period + random.uniform(-jitter, jitter)
            for number in range(count)
        )
        return cls(shown=shown, stamps=[float(int(moment - lag)) for moment in shown])

    def __add__(self, other: Uploads) -> Uploads:
        """Return what comes of one pace after another."""
        return Uploads(
            shown=[*self.shown, *other.shown], stamps=[*self.stamps, *other.stamps]
        )

    def latest(self, now: float) -> Sequence[float]:
        """Return the stamp of the record that can be had, if there is one."""
        there = bisect_right(self.shown, now)
        return self.stamps[max(there - 1, 0) : there]


@dataclass(kw_only=True)
class Life:
    """A rhythm that is followed.

    Attributes:
        rounds: When there was one.
        asked: When each device was asked for.
        came: When each record was first seen, by device and stamp.
    """

    devices: Mapping[str, Uploads]
    pace: Pace = TOGETHER
    now: float = START
    rhythm: Rhythm = field(default_factory=Rhythm)
    rounds: list[float] = field(default_factory=list)
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    came: dict[str, dict[float, float]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    @property
    def paces(self) -> dict[str, Pace]:
        """Return how each device may be asked for."""
        return dict.fromkeys(self.devices, self.pace)

    def ask(self, seconds_per_call: float | None = None) -> float:
        """Ask whose turn it is, and return when the next round is to be."""
        asked = self.rhythm.turns(self.now, self.paces)
        self.rounds.append(self.now)
        stamps = {}
        for key in sorted(asked):
            self.asked[key].append(self.now)
            for stamp in self.devices[key].latest(self.now):
                stamps[key] = stamp
                self.came[key].setdefault(stamp, self.now)
        self.rhythm.heard(self.now, dict.fromkeys(asked, self.pace), stamps, 1)
        return self.rhythm.plan(self.now, self.paces, seconds_per_call)

    def live(self, hours: float) -> Self:
        """Let time pass."""
        until = self.now + hours * 3600
        at = self.now
        while at <= until:
            self.now = at
            at = self.ask()
        self.now = until
        return self

    def restart(self) -> None:
        """Begin anew with what was stored."""
        self.rhythm = Rhythm.from_dict(json.loads(json.dumps(self.rhythm.as_dict())))

    def waits(self, key: str, since: float) -> list[float]:
        """Return how long each record since a moment could be had before it was seen."""
        uploads = self.devices[key]
        came = self.came[key]
        return [
            came[stamp] - shown
            for shown, stamp in zip(uploads.shown, uploads.stamps, strict=True)
            if shown >= since and stamp in came
        ]

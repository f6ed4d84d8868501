"""When to ask for the records of several devices, so that few calls bring them fresh."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

from .beat import Beat, Pace

# What following one device's uploads takes, second looks included.
_LOOKS: Final = 1.4
_COST_GAIN: Final = 0.2
# However short of calls, it is worth to see whether there are new ones.
_MOST: Final = 3600.0


class Rhythm:
    """Follows the uploads of the devices of one feed.

    Attributes:
        beats: What is known of each device whose records tell their time.
        cost: How many calls a round takes.
        stretch: How many times further apart the rounds are than they should be,
            because the day's calls are short.
        next_at: When the next round is, in seconds since the epoch.
    """

    def __init__(self) -> None:
        """Begin with nothing learned."""
        self.beats: dict[str, Beat] = {}
        self.cost = 1.0
        self.stretch = 1.0
        self.next_at: float | None = None
        self._asked: dict[str, float] = {}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read it back from its stored form."""
        rhythm = cls()
        rhythm.cost = data["cost"]
        rhythm.beats = {
            key: Beat.from_dict(beat) for key, beat in data["beats"].items()
        }
        return rhythm

    def as_dict(self) -> dict[str, Any]:
        """Return what must outlive a restart."""
        return {
            "cost": self.cost,
            "beats": {key: beat.as_dict() for key, beat in self.beats.items()},
        }

    def turns(self, now: float, paces: Mapping[str, Pace]) -> set[str]:
        """Return which devices are to be asked for now.

        Whoever asks out of turn gets all that may be asked for.
        """
        if not any(pace.alone for pace in paces.values()):
            return set(paces)
        ready = {
            key for key, pace in paces.items() if now >= self._last(key) + pace.least
        }
        return {key for key in ready if self._look(key, paces[key]) <= now} or ready

    def heard(
        self,
        now: float,
        paces: Mapping[str, Pace],
        stamps: Mapping[str, float],
        calls: int,
    ) -> None:
        """Learn from a round.

        Args:
            now: When the answer came.
            paces: How those devices may be asked for that were.
            stamps: The time that each one's record bears; some send none.
            calls: How many calls it took.
        """
        self.cost += _COST_GAIN * (max(calls, 1) - self.cost)
        for key, pace in paces.items():
            self._asked[key] = now
            beat, stamp = self.beats.get(key), stamps.get(key)
            if beat is not None:
                beat.hear(now, beat.stamp if stamp is None else stamp, pace)
            elif stamp is not None:
                self.beats[key] = Beat.begin(now, stamp, pace)

    def plan(
        self, now: float, paces: Mapping[str, Pace], seconds_per_call: float | None
    ) -> float:
        """Return when the next round is to be.

        Args:
            now: The time.
            paces: How each device may be asked for.
            seconds_per_call: How far apart the calls for records must be so that
                the day's are enough, if that is known.
        """
        looks = {key: self._look(key, pace) for key, pace in paces.items()}
        first = min(looks, key=looks.__getitem__)
        joined = looks[first] + paces[first].join
        at = max(look for look in looks.values() if look <= joined)
        self.stretch = 1.0
        if seconds_per_call is not None:
            spacing = min(seconds_per_call * self.cost, _MOST)
            self.stretch = max(spacing / _wanted(paces.values()), 1.0)
            if self.stretch > 1:
                at = max(at, self._from(now + spacing, paces))
        self.next_at = max(at, now)
        return self.next_at

    def _last(self, key: str) -> float:
        """Return when a device was last asked for."""
        beat = self.beats.get(key)
        return max(self._asked.get(key, 0.0), beat.looked if beat else 0.0)

    def _look(self, key: str, pace: Pace) -> float:
        """Return when a device's next turn is."""
        if (beat := self.beats.get(key)) is not None:
            return beat.next_look(pace)
        return self._asked.get(key, 0.0) + max(pace.interval, pace.least)

    def _from(self, moment: float, paces: Mapping[str, Pace]) -> float:
        """Return when the first round is worth it, from a moment on."""
        return min(
            beat.look_from(moment, pace) if (beat := self.beats.get(key)) else moment
            for key, pace in paces.items()
        )


def _wanted(paces: Iterable[Pace]) -> float:
    """Return how many seconds apart rounds are at most where nothing is short."""
    rate = sum(_LOOKS / pace.interval for pace in paces)
    return max(1 / rate, min(pace.least for pace in paces))

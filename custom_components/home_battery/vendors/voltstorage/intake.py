"""What one product tells, from the export and from what is live, in the order of time."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...battery.model import Value
from .ledger import LONGEST_GAP
from .models import Sample
from .readings import Decoder, Moment

# A clock may be a bit ahead of ours; what is further ahead is of a wrong one.
_AHEAD: Final = timedelta(minutes=2)
# So long the export may lag behind what is live before it is not waited for.
_LAG: Final = timedelta(minutes=10)
# Up to this gap nothing is missing between what was counted and what is live.
_CONTIGUOUS: Final = timedelta(minutes=2)
# A gap is left open for the export to fill until what is live has gone on for so long.
_PATIENCE: Final = timedelta(hours=1)
_LATER: Final = timedelta(microseconds=1)
_NOISE: Final = 0.01
_MOST_LIVE: Final = 4096


class Intake:
    """Reads rows and live samples, and keeps the live ones until they must count.

    The export has everything, and what it has counts. What is live is shown at
    once; it counts only where the export does not answer.
    """

    def __init__(self, memory: dict[str, Any]) -> None:
        """Go on where it was left; the memory is changed in place."""
        self._decoder = Decoder(memory)
        self._row: dict[str, Value] = memory.setdefault("row", {})
        self._merged: dict[str, Value] = {}
        self._streamed: set[str] = set()
        self._streamed_since: datetime | None = None
        self._missing: set[str] = set()
        self._live: deque[Moment] = deque(maxlen=_MOST_LIVE)
        self._live_until: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether the stream tells everything, as far as that was seen."""
        return not self._missing

    def rows(self, samples: Iterable[Sample], now: datetime) -> Iterator[Moment]:
        """Yield rows as moments: what a row leaves out is as it was."""
        for sample in samples:
            if sample.time <= now + _AHEAD:
                values = self._decoder.read(sample.values)
                self._row.update(values)
                self._note_missing(sample.time, values)
                yield Moment(sample.time, dict(self._row))

    def begin_stream(self, now: datetime) -> None:
        """Begin with what is known: a stream tells only what changes."""
        self._streamed.clear()
        self._missing.clear()
        self._streamed_since = now
        self._merged = {**self._row, **self._merged}

    def live(self, sample: Sample, now: datetime, *, streamed: bool) -> Moment | None:
        """Return a live sample with all that was told before it.

        It is `None` if it comes too late, is from the future, or tells nothing.
        """
        values = self._decoder.read(sample.values)
        if not values or sample.time > now + _AHEAD:
            return None
        at, before = sample.time, self._live_until
        if before is not None and at <= before:
            if at < before.replace(microsecond=0):
                return None
            # The vendor tells whole seconds, and several things in one of them.
            at = before + _LATER
            if self._live:
                self._live.pop()
        self._live_until = at
        self._merged.update(values)
        if streamed:
            self._streamed.update(values)
            self._missing.difference_update(values)
        moment = Moment(at, dict(self._merged))
        self._live.append(moment)
        return moment

    def due(
        self, now: datetime, until: datetime | None, *, answered: bool
    ) -> Iterator[Moment]:
        """Yield, once, the live moments that must count now.

        What counts closes the gap before it for good. So a gap is left open for
        as long as it is itself, and moments that stand alone, of which no energy
        can be made, never close one.

        Args:
            now: The present.
            until: The last moment that was counted.
            answered: The export has just answered.
        """
        while self._live and until is not None and self._live[0].time <= until:
            self._live.popleft()
        if not self._live:
            return
        gap = timedelta(0) if until is None else self._live[0].time - until
        if gap > _CONTIGUOUS and len(self._live) < _MOST_LIVE:
            lasted = self._live[-1].time - self._run_begin()
            if lasted <= (_PATIENCE if answered else max(_PATIENCE, gap)):
                return
        latest = now - _LAG if answered else now + _AHEAD
        while self._live and self._live[0].time <= latest:
            yield self._live.popleft()

    def _run_begin(self) -> datetime:
        """Return since when what is live has come without a gap."""
        begin = self._live[-1].time
        for moment in reversed(self._live):
            if begin - moment.time > LONGEST_GAP:
                break
            begin = moment.time
        return begin

    def _note_missing(self, time: datetime, values: Mapping[str, Value]) -> None:
        """Take over what the stream has not told, and note if it should have."""
        for key in values.keys() - self._streamed:
            if (
                self._streamed_since is not None
                and time > self._streamed_since
                and _differ(values[key], self._merged.get(key))
            ):
                self._missing.add(key)
            self._merged[key] = values[key]


def _differ(one: Value, other: Value | None) -> bool:
    """Tell whether two values differ by more than they are rounded."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) > max(_NOISE * abs(one), _NOISE)
    return one != other

"""The numbered time slots of a device: what each holds, and the way to another set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from ....battery.capabilities import ScheduleCapabilities
from ....battery.schedule import ALL_DAYS, Period, Piece, time_of_day
from .values import clock


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One slot.

    A slot that begins and ends in the same minute is how the device shows an
    unused one, whatever its switch says.

    Attributes:
        start: The first minute of the day in it.
        end: The last minute of the day in it.
        mode: The vendor's number of the mode.
        power: W, or % of the rated power, where slots have one.
        days: The days on which it counts.
        enabled: Whether the device follows it.
        readable: Whether its times and its mode make sense.
    """

    start: int = 0
    end: int = 0
    mode: int = 0
    power: int = 0
    days: frozenset[int] = ALL_DAYS
    enabled: bool = False
    readable: bool = True

    @property
    def used(self) -> bool:
        """Tell whether there is any time in it, as far as that can be read."""
        return self.readable and self.start < self.end

    @property
    def in_force(self) -> bool:
        """Tell whether the device follows it."""
        return self.enabled and self.used

    def meets(self, other: Slot) -> bool:
        """Tell whether both are in force at some minute."""
        return (
            self.in_force
            and other.in_force
            and self.start <= other.end
            and other.start <= self.end
            and not self.days.isdisjoint(other.days)
        )

    def period(
        self, mode: str, *, power: float | None = None, target: float | None = None
    ) -> Period:
        """Return the slot in common words."""
        return Period(
            start=time_of_day(self.start),
            end=time_of_day(self.end + 1),
            mode=mode,
            days=self.days,
            power=power,
            target_soc=target,
            enabled=self.enabled,
        )

    @classmethod
    def read(
        cls,
        start: object,
        end: object,
        *,
        mode: int | None = 0,
        power: int = 0,
        days: frozenset[int] = ALL_DAYS,
        enabled: bool | None,
    ) -> Slot:
        """Return a slot from its times as text; the cloud takes none over midnight."""
        first, last = clock(start), clock(end)
        if first is None or last is None or mode is None or last < first:
            # Without any times it is unused, otherwise nobody knows what it says.
            told = {str(start), str(end)} - _NO_TIMES
            return cls(enabled=bool(enabled), readable=not told)
        return cls(
            start=first,
            end=last,
            mode=mode,
            power=power,
            days=days,
            enabled=bool(enabled),
        )


EMPTY = Slot()
_NO_TIMES: Final = {"", "null", "None"}

type Slots = tuple[Slot, ...]


def slot_of(piece: Piece, *, mode: int = 0, power: int = 0) -> Slot:
    """Return the slot for a piece of a period, whose end is exclusive."""
    return Slot(
        start=piece.start,
        end=piece.end - 1,
        mode=mode,
        power=power,
        days=piece.days,
        enabled=piece.period.enabled,
    )


def with_shared(period: Period, capabilities: ScheduleCapabilities) -> Period:
    """Return the period with what the device holds once for all of its mode."""
    if (mode := capabilities.modes.get(period.mode)) is None:
        return period
    held = {name: mode.defaults[name] for name in mode.shared}
    return replace(period, power=held.get("power"), target_soc=held.get("target_soc"))


def arranged(wanted: Sequence[Slot], held: Slots) -> Slots:
    """Put slots where the fewest writes are needed.

    What a slot holds already stays there. What is new takes the place of what
    goes, then an unused one. There must be room.
    """
    left = list(wanted)
    result: list[Slot | None] = []
    for slot in held:
        if slot.used and slot in left:
            left.remove(slot)
            result.append(slot)
        else:
            result.append(None)
    free = sorted(
        (index for index, slot in enumerate(result) if slot is None),
        key=lambda index: not (held[index].used or _is_lost(held[index])),
    )
    for index, slot in zip(free, left, strict=False):
        result[index] = slot
    return tuple(
        slot or (EMPTY if before.used or _is_lost(before) else before)
        for slot, before in zip(result, held, strict=True)
    )


def _is_lost(slot: Slot) -> bool:
    """Tell whether a device follows a slot of which nobody knows what it says."""
    return slot.enabled and not slot.readable


def steps[K](
    held: Mapping[K, Slots], wanted: Mapping[K, Slots]
) -> Iterator[tuple[K, Slots]]:
    """Yield what to write one after the other, never with two slots in each other's way.

    Args:
        held: What is written together, by what names it.
        wanted: The same as it shall be.
    """
    now = dict(held)
    open_ = [key for key in wanted if wanted[key] != held[key]]
    while open_:
        ready = next((key for key in open_ if _fits(key, wanted[key], now)), None)
        if ready is not None:
            open_.remove(ready)
            now[ready] = wanted[ready]
            yield ready, wanted[ready]
            continue
        # They stand in each other's places: one of them has to step aside.
        aside = next((key for key in open_ if any(s.in_force for s in now[key])), None)
        if aside is None:
            raise ValueError("Two of the slots that are wanted share a minute")
        now[aside] = tuple(replace(slot, enabled=False) for slot in now[aside])
        yield aside, now[aside]


def _fits[K](key: K, slots: Slots, now: Mapping[K, Slots]) -> bool:
    """Tell whether slots can be written while the others are as they are."""
    return not any(
        mine.meets(other)
        for name, others in now.items()
        if name != key
        for mine, other in product(slots, others)
    )

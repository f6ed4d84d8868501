"""The schedule of a virtual power plant: up to 20 times of charging or discharging.

Percentages are of the rated power, charging is positive, minutes are those of
the day, and the last minute is included (Growatt notes, 1.7, `set_param_34`).
"""

from dataclasses import dataclass
import json
from typing import Final, Self

from ....battery.capabilities import (
    ModeCapabilities,
    PowerMeaning,
    Range,
    ScheduleCapabilities,
)
from ....battery.fields import number
from ....battery.model import Mode
from ....battery.schedule import Period, Schedule, normalize, split_at_midnight
from .shared import RatedPower
from .slots import Slot, slot_of

TIMES: Final = 20
AUTHORITY: Final = "set_param_1"
SCHEDULE: Final = "set_param_34"
REMOTE: Final = "set_param_25"
REMOVE_TIMES: Final = "vpp_periods_remove_v4"
SET_TIMES: Final = "vpp_parameter_set_new_v4"
_LAST_MINUTE: Final = 1439


@dataclass(frozen=True, kw_only=True)
class VppSchedule:
    """The times, and whether the device follows them.

    Attributes:
        enabled: The device lets itself be steered.
        slots: The times, each with its percentage.
    """

    enabled: bool
    slots: tuple[Slot, ...]

    @classmethod
    def parse(cls, authority: bool | None, told: object) -> Self:
        """Read the two parameters; what makes no sense is left out."""
        if isinstance(told, str):
            try:
                told = json.loads(told)
            except ValueError:
                told = None
        items = told if isinstance(told, list) else []
        slots = (_slot(item) for item in items if isinstance(item, dict))
        return cls(
            enabled=authority is True, slots=tuple(slot for slot in slots if slot.used)
        )

    def as_wire(self) -> str:
        """Return the times as the calls want them."""
        return json.dumps(
            [
                {
                    "percentage": slot.power,
                    "startTime": slot.start,
                    "endTime": slot.end,
                }
                for slot in self.slots
            ],
            separators=(",", ":"),
        )


def _slot(item: dict[str, object]) -> Slot:
    """Return one time."""
    start, end, percent = (
        number(item.get(key)) for key in ("startTime", "endTime", "percentage")
    )
    if start is None or end is None or percent is None or not 0 <= start <= end:
        return Slot()
    return Slot(
        start=round(start),
        end=min(round(end), _LAST_MINUTE),
        power=round(percent),
        enabled=True,
    )


def powers(rated: RatedPower) -> Range:
    """Return the powers in W that a time can have; without one the battery rests."""
    return Range(rated.range.step, rated.watts, rated.range.step)


def capabilities_of(rated: RatedPower) -> ScheduleCapabilities:
    """Return what the times can hold."""
    limits = powers(rated)
    forced = ModeCapabilities(
        power=True,
        power_meaning=PowerMeaning.UNKNOWN,
        defaults={"power": limits.maximum},
    )
    return ScheduleCapabilities(
        modes={
            Mode.FORCE_CHARGE: forced,
            Mode.FORCE_DISCHARGE: ModeCapabilities(
                power=True,
                exports=True,
                power_meaning=PowerMeaning.UNKNOWN,
                defaults={"power": limits.maximum},
            ),
            Mode.HOLD: ModeCapabilities(),
        },
        max_periods=TIMES,
        min_minutes=2,
        power=limits,
    )


def decode(held: VppSchedule, rated: RatedPower) -> Schedule:
    """Return the times in common words, normalised."""
    return normalize(
        Schedule(
            enabled=held.enabled,
            periods=tuple(_period(slot, rated) for slot in held.slots),
        )
    )


def _period(slot: Slot, rated: RatedPower) -> Period:
    """Return one time in common words."""
    if not slot.power:
        return slot.period(Mode.HOLD)
    watts = powers(rated).nearest(abs(slot.power) * rated.range.step)
    mode = Mode.FORCE_CHARGE if slot.power > 0 else Mode.FORCE_DISCHARGE
    return slot.period(mode, power=watts)


def encode(schedule: Schedule, rated: RatedPower) -> VppSchedule:
    """Return the times that mean a schedule, validated and complete."""
    signs = {Mode.FORCE_CHARGE: 1, Mode.FORCE_DISCHARGE: -1}
    return VppSchedule(
        enabled=schedule.enabled,
        slots=tuple(
            slot_of(
                piece,
                power=signs.get(Mode(piece.period.mode), 0)
                * rated.percent(piece.period.power or 0),
            )
            for piece in split_at_midnight(normalize(schedule).periods)
        ),
    )

"""What a device's schedule can hold, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import math
from typing import Final

# What binary fractions make of a decimal step.
_STEP_NOISE: Final = 1e-6


@dataclass(frozen=True)
class Range:
    """Numbers from `minimum` to `maximum`, both included, every `step`."""

    minimum: float
    maximum: float
    step: float = 1.0

    def __contains__(self, value: object) -> bool:
        """Tell whether a number lies within the range, on one of its steps."""
        if not isinstance(value, int | float):
            return False
        if not self.minimum <= value <= self.maximum:
            return False
        return abs(value - self.nearest(value)) < _STEP_NOISE * self.step

    def nearest(self, value: float) -> float:
        """Return the nearest number on one of the steps; beyond all limits, itself."""
        if not self.minimum <= value <= self.maximum:
            return value
        return self.minimum + round((value - self.minimum) / self.step) * self.step

    def at_most(self, value: float) -> float:
        """Return the largest number of the range that is not over a value.

        Under the whole range it is the smallest: there is none that fits.
        """
        steps = math.floor((value - self.minimum) / self.step)
        return min(max(self.minimum + steps * self.step, self.minimum), self.maximum)


class PvEffect(StrEnum):
    """What becomes of PV power while a mode runs."""

    CONTINUES = "continues"
    STOPS = "stops"
    UNKNOWN = "unknown"


class PowerMeaning(StrEnum):
    """How a device reads a period's power."""

    LIMIT = "limit"
    TARGET = "target"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ModeCapabilities:
    """What a period of one mode can say on this device, and what it really does.

    Attributes:
        power: The period has a power of its own.
        target_soc: The period stops at an SOC of its own.
        min_soc: The period has a discharge floor.
        max_soc: The period has a charge ceiling.
        exports: It drives the battery's power into the grid.
        pv: What becomes of PV meanwhile.
        power_meaning: Whether the power is a limit or a target.
        max_soc_binds_pv: Whether the ceiling stops PV too; `None` if unknown.
        defaults: What a field is taken to be where a period does not say it.
        shared: The fields that the device holds once for all periods of the mode.
        required: The fields that a period has to say.
        ranges: The ranges of fields that differ from those of other modes.
    """

    power: bool = False
    target_soc: bool = False
    min_soc: bool = False
    max_soc: bool = False
    exports: bool = False
    pv: PvEffect = PvEffect.UNKNOWN
    power_meaning: PowerMeaning = PowerMeaning.IGNORED
    max_soc_binds_pv: bool | None = None
    defaults: Mapping[str, float] = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    ranges: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ScheduleCapabilities:
    """The limits of one device's schedule.

    Attributes:
        modes: The modes that a period can have, by word.
        max_periods: How many periods the device holds, a period that crosses
            midnight counting twice where `crosses_midnight` is false.
        crosses_midnight: The device itself takes a period over midnight.
        days: Periods can be for some days of the week only.
        day_groups: The days that the device does not tell apart, Monday being 0.
        disabled_periods: A period can be kept without being in force.
        minute_step: Start and end must be multiples of it.
        overrides: The mode that serves an override where none of its name does;
            a hold only keeps the battery from discharging then.
        min_minutes: The shortest piece within a day that the device can express.
        power: Power range in W, `None` where no period has one.
        target_soc: Range of the SOC at which a period stops, in %.
        min_soc: Range of the discharge floor, in %.
        max_soc: Range of the charge ceiling, in %.
        target_not_below_min: The device refuses a target under the floor.
        master_switch: The schedule as a whole can be off. Where it cannot, all
            periods of one that is off are kept out of force.
        exclusive: Modes of which only one at a time can be in a schedule.
        periods_of_mode: How many periods there are for a mode, where each mode
            has its own.
    """

    modes: Mapping[str, ModeCapabilities]
    max_periods: int
    crosses_midnight: bool = False
    days: bool = False
    day_groups: tuple[tuple[int, ...], ...] = ()
    disabled_periods: bool = False
    minute_step: int = 1
    min_minutes: int = 1
    power: Range | None = None
    target_soc: Range | None = None
    min_soc: Range | None = None
    max_soc: Range | None = None
    target_not_below_min: bool = False
    master_switch: bool = True
    exclusive: tuple[tuple[str, ...], ...] = ()
    periods_of_mode: Mapping[str, int] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)

    def range_of(self, mode: str, name: str) -> Range | None:
        """Return the range of a field in periods of a mode, `None` if there is none."""
        limits: Range | None = getattr(self, name)
        return self.modes[mode].ranges.get(name, limits)

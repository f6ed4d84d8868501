"""A Fox ESS system's settings as controls, and back."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ...battery.control import ChoiceControl, Control, NumberControl
from ...battery.errors import Problem
from ...battery.export import EXPORT_LIMIT
from ...battery.fields import number
from ...battery.model import Device, Record
from ...battery.schedule import ScheduleState
from .ems_settings import Generator, PowerLimits
from .models import Scheduler, Setting, SocLimits
from .named import number_controls
from .parameters import (
    CHARGE_WINDOWS,
    HEATING,
    HEATING_END,
    HEATING_START,
    HEATING_WINDOWS,
    PEAK_IMPORT,
    PEAK_SOC,
    ChargeWindows,
    Heating,
    Parameters,
    PeakShaving,
)
from .schedule import capabilities_of, decode, soc_limit, word_of

MIN_SOC: Final = "min_soc"
MIN_SOC_ON_GRID: Final = "min_soc_on_grid"
MAX_SOC: Final = "max_soc"
OPERATING_MODE: Final = "operating_mode"
MAX_CHARGE_CURRENT: Final = "max_charge_current"
MAX_DISCHARGE_CURRENT: Final = "max_discharge_current"

SCHEDULER: Final = "scheduler"
# The controls that each part of the settings holds, by the part's name.
PARTS: Final[Mapping[str, AbstractSet[str]]] = {
    "soc_limits": {MIN_SOC, MIN_SOC_ON_GRID},
    "max_soc": {MAX_SOC},
    "work_mode": {OPERATING_MODE},
    "export_limit": {EXPORT_LIMIT},
    "max_charge_current": {MAX_CHARGE_CURRENT},
    "max_discharge_current": {MAX_DISCHARGE_CURRENT},
    "peak_shaving": {PEAK_IMPORT, PEAK_SOC},
    "charge_windows": {key for window in CHARGE_WINDOWS for key in window.keys},
    "heating": {HEATING, HEATING_START, HEATING_END}
    | {key for window in HEATING_WINDOWS for key in window.keys},
    "power_limits": {*PowerLimits.switches, *PowerLimits.numbers},
    "generator": {*Generator.switches, *Generator.numbers},
}
# What the mode scheduler takes over or blocks while it is on.
SCHEDULED: Final = frozenset().union(
    *(PARTS[name] for name in ("soc_limits", "max_soc", "work_mode", "charge_windows"))
)

_SOC_RANGE = (10.0, 100.0)


@dataclass(frozen=True, kw_only=True)
class SystemSettings:
    """What was read of a system; `None` is what was not read or does not exist.

    Attributes:
        read_at: When each part was last read, by its name.
    """

    soc_limits: SocLimits | None = None
    max_soc: Setting | None = None
    work_mode: Setting | None = None
    scheduler: Scheduler | None = None
    export_limit: Setting | None = None
    max_charge_current: Setting | None = None
    max_discharge_current: Setting | None = None
    peak_shaving: PeakShaving | None = None
    charge_windows: ChargeWindows | None = None
    heating: Heating | None = None
    power_limits: PowerLimits | None = None
    generator: Generator | None = None
    read_at: Mapping[str, datetime] = field(default_factory=dict, compare=False)

    @property
    def scheduled(self) -> bool:
        """Return whether the mode scheduler is in charge."""
        return self.scheduler is not None and self.scheduler.enabled

    @property
    def wholes(self) -> dict[str, Parameters]:
        """Return what is written as a whole, by the part's name."""
        parts: dict[str, Parameters | None] = {
            "peak_shaving": self.peak_shaving,
            "charge_windows": self.charge_windows,
            "heating": self.heating,
            "power_limits": self.power_limits,
            "generator": self.generator,
        }
        return {name: part for name, part in parts.items() if part is not None}

    def record(self, device: Device) -> Record:
        """Return the settings in common words."""
        return Record(
            controls=self._controls(),
            schedule=self._schedule(device),
            read={
                key: at
                for name, at in self.read_at.items()
                for key in PARTS.get(name, ())
            },
            wire=self,
        )

    def _schedule(self, device: Device) -> ScheduleState | None:
        """Return the schedule and what it can hold."""
        if self.scheduler is None:
            return None
        return ScheduleState(
            schedule=decode(self.scheduler),
            capabilities=capabilities_of(
                self.scheduler,
                max_power=device.rated_power,
                min_soc=(
                    None if self.soc_limits is None else self.soc_limits.minimum_on_grid
                ),
                max_soc=None if self.max_soc is None else number(self.max_soc.value),
            ),
        )

    def _controls(self) -> dict[str, Control]:
        """Return the controls; the scheduler takes over some while it is on."""
        controls: dict[str, Control] = {}
        blocked = Problem.BLOCKED_BY_SCHEDULE if self.scheduled else None
        if self.soc_limits is not None:
            controls[MIN_SOC] = _soc_control(
                self.soc_limits.minimum, _SOC_RANGE, blocked
            )
            controls[MIN_SOC_ON_GRID] = self._scheduled_soc(
                "minSocOnGrid", self.soc_limits.minimum_on_grid, _SOC_RANGE
            )
        if self.max_soc is not None:
            lowest, highest = self.max_soc.minimum, self.max_soc.maximum
            limits = (
                _SOC_RANGE[0] if lowest is None else lowest,
                _SOC_RANGE[1] if highest is None else highest,
            )
            controls[MAX_SOC] = self._scheduled_soc(
                "maxSoc", number(self.max_soc.value), limits
            )
        if self.work_mode is not None and self.work_mode.options:
            value = word_of(self.work_mode.value)
            options = tuple(map(word_of, self.work_mode.options))
            controls[OPERATING_MODE] = ChoiceControl(
                value=value if value in options else None,
                options=options,
                blocked=blocked,
            )
        for part in self.wholes.values():
            controls |= part.controls(blocked)
        return controls | number_controls(
            {
                EXPORT_LIMIT: self.export_limit,
                MAX_CHARGE_CURRENT: self.max_charge_current,
                MAX_DISCHARGE_CURRENT: self.max_discharge_current,
            }
        )

    def _scheduled_soc(
        self, param: str, value: float | None, limits: tuple[float, float]
    ) -> NumberControl:
        """Return an SOC limit, which lives in the groups while they are in force."""
        if self.scheduler is None or not self.scheduler.enabled:
            return _soc_control(value, limits, None)
        if param.lower() not in self.scheduler.ranges or not self.scheduler.groups:
            return _soc_control(value, limits, Problem.BLOCKED_BY_SCHEDULE)
        return _soc_control(
            soc_limit(self.scheduler, param), self.scheduler.ranges[param.lower()], None
        )


def _soc_control(
    value: float | None, limits: tuple[float, float], blocked: Problem | None
) -> NumberControl:
    """Return an SOC limit in %."""
    return NumberControl(
        value=value, minimum=limits[0], maximum=limits[1], step=1, blocked=blocked
    )

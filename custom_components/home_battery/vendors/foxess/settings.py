"""A Fox ESS system's settings as controls, and back."""

from dataclasses import dataclass
from typing import Final

from ...battery.control import ChoiceControl, Control, NumberControl
from ...battery.errors import Problem
from ...battery.fields import number
from ...battery.model import Device, Record
from ...battery.schedule import ScheduleState
from .models import Scheduler, Setting, SocLimits
from .schedule import capabilities_of, decode, soc_limit, word_of

MIN_SOC: Final = "min_soc"
MIN_SOC_ON_GRID: Final = "min_soc_on_grid"
MAX_SOC: Final = "max_soc"
OPERATING_MODE: Final = "operating_mode"

_SOC_RANGE = (10.0, 100.0)


@dataclass(frozen=True, kw_only=True)
class SystemSettings:
    """What was read of a system; `None` is what was not read or does not exist."""

    soc_limits: SocLimits | None = None
    max_soc: Setting | None = None
    work_mode: Setting | None = None
    scheduler: Scheduler | None = None

    @property
    def scheduled(self) -> bool:
        """Return whether the mode scheduler is in charge."""
        return self.scheduler is not None and self.scheduler.enabled

    def record(self, device: Device) -> Record:
        """Return the settings in common words."""
        return Record(
            controls=self._controls(),
            schedule=self._schedule(device),
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
        return controls

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

"""Changes that a person or an automation asks for, and when they are done."""

from dataclasses import dataclass

from .control import NumberControl, Settings
from .errors import ChangeError, Problem
from .model import Record
from .schedule import Schedule, normalize, validate, with_defaults
from .window import check_windows

_ORDERED = (
    ("min_soc", "max_soc"),
    ("min_soc_on_grid", "max_soc"),
    ("heating_start_temperature", "heating_end_temperature"),
    ("generator_start_soc", "generator_stop_soc"),
)


@dataclass(frozen=True)
class ControlChange:
    """Some controls are to hold other values."""

    values: Settings

    def completed(self, record: Record) -> ControlChange:
        """Return the change with its numbers on the device's steps."""
        return ControlChange(
            {
                key: record.controls[key].nearest(value)
                if key in record.controls
                else value
                for key, value in self.values.items()
            }
        )

    def check(self, record: Record) -> None:
        """Check the values against what the device says it takes.

        Raises:
            ChangeError: The device lacks a control, or would not take a value,
                or the values make no sense together.
        """
        for key, value in self.values.items():
            if (control := record.controls.get(key)) is None:
                raise ChangeError(Problem.UNKNOWN_CONTROL, control=key)
            if control.blocked is not None:
                raise ChangeError(Problem(control.blocked), control=key)
            if control.accepts(value):
                continue
            if isinstance(control, NumberControl):
                raise ChangeError(
                    Problem.OUT_OF_RANGE,
                    control=key,
                    value=value,
                    minimum=f"{control.minimum:g}",
                    maximum=f"{control.maximum:g}",
                )
            raise ChangeError(
                Problem.UNKNOWN_OPTION,
                control=key,
                value=value,
                options=", ".join(control.options),
            )
        for floor, ceiling in _ORDERED:
            if not {floor, ceiling} & self.values.keys():
                continue
            minimum, maximum = (
                self._number(floor, record),
                self._number(ceiling, record),
            )
            if minimum is not None and maximum is not None and minimum > maximum:
                raise ChangeError(
                    Problem.CONTRADICTORY_LIMITS,
                    minimum=f"{minimum:g}",
                    maximum=f"{maximum:g}",
                )
        check_windows(self.values, record.controls)

    def _number(self, key: str, record: Record) -> float | None:
        """Return what a number would be then, `None` if that is not known."""
        value = self.values.get(key)
        if isinstance(value, int | float):
            return value
        control = record.controls.get(key)
        return control.value if isinstance(control, NumberControl) else None

    def held_by(self, record: Record) -> bool:
        """Tell whether the device holds all of it."""
        return all(
            key in record.controls and record.controls[key].holds(value)
            for key, value in self.values.items()
        )


@dataclass(frozen=True)
class ScheduleChange:
    """The device is to follow another schedule."""

    schedule: Schedule

    def completed(self, record: Record) -> ScheduleChange:
        """Return the change with the device's defaults where it leaves things open."""
        if record.schedule is None:
            return self
        return ScheduleChange(
            with_defaults(self.schedule, record.schedule.capabilities)
        )

    def check(self, record: Record) -> None:
        """Check the schedule against what the device can hold.

        Raises:
            ChangeError: The device has no schedule.
            ScheduleError: The device could not hold this one.
        """
        if record.schedule is None:
            raise ChangeError(Problem.NO_SCHEDULE)
        validate(self.schedule, record.schedule.capabilities)

    def held_by(self, record: Record) -> bool:
        """Tell whether the device's schedule means the same."""
        return record.schedule is not None and normalize(
            record.schedule.schedule
        ) == normalize(self.schedule)


type Change = ControlChange | ScheduleChange

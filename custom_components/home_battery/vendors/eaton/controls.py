"""What can be set on a unit, as controls (Eaton notes, 1.6 and 1.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ...battery.control import (
    ButtonControl,
    ChoiceControl,
    Control,
    NumberControl,
    SwitchControl,
)
from .models import ModeRecord, Unit, UnitSettings
from .modes import (
    ALLOCATION,
    HOURS,
    INJECTION,
    OPTIMAL_SOC,
    PEAK,
    POWER,
    SOC,
    UnitMode,
    commands_of,
    defaults_of,
    mode_of,
    ranges_of,
)

MIN_SOC: Final = "min_soc"
OPERATING_MODE: Final = "operating_mode"
ENERGY_SAVING: Final = "energy_saving"
THRESHOLD: Final = "house_consumption_threshold"
UNIT_POWER: Final = "unit_power"
COMMAND: Final = "unit_command"
DURATION: Final = "unit_command_duration"
READ_ALERTS: Final = "read_alerts"
REBOOT: Final = "reboot_communication"

NO_COMMAND: Final = "none"
# The parameters of modes, as controls of the default mode and of a command.
DEFAULTS: Final[Mapping[str, str]] = {
    INJECTION: "default_injection_limit",
    PEAK: "default_peak_limit",
    ALLOCATION: "default_regulation_power",
    OPTIMAL_SOC: "default_regulation_soc",
}
PARAMETERS: Final[Mapping[str, str]] = {
    POWER: "unit_command_power",
    SOC: "unit_command_soc",
    INJECTION: "unit_command_injection_limit",
    PEAK: "unit_command_peak_limit",
    ALLOCATION: "unit_command_regulation_power",
    OPTIMAL_SOC: "unit_command_regulation_soc",
}
SETTINGS: Final = frozenset(
    {MIN_SOC, OPERATING_MODE, ENERGY_SAVING, THRESHOLD, *DEFAULTS.values()}
)
COMMANDS: Final = frozenset({COMMAND, DURATION, *PARAMETERS.values()})
# What of a command a person sees in W, and the unit as a share of its rating.
_IN_WATTS: Final = {POWER}

_THRESHOLD_W: Final = (300, 1000)
_SHORTEST: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Running:
    """A command that runs.

    Attributes:
        record: What the unit says of it.
        mode: Which mode it is.
    """

    record: ModeRecord
    mode: UnitMode


def running(record: ModeRecord | None, resumed: str | None) -> Running | None:
    """Return the command that runs, `None` if there is none.

    Args:
        record: The mode that runs.
        resumed: Id of a command that only stands for what would run without one.
    """
    if record is None or record.type != "MANUAL" or record.id == resumed:
        return None
    mode = mode_of(record)
    return None if mode is None else Running(record=record, mode=mode)


def settings_controls(
    settings: UnitSettings, unit: Unit, planned: Mapping[str, float]
) -> Iterator[tuple[str, Control]]:
    """Yield what the settings hold.

    Args:
        settings: The settings.
        unit: The unit.
        planned: Numbers that wait until their mode becomes the default.
    """
    level = settings.backup_level
    yield MIN_SOC, NumberControl(value=level, minimum=0, maximum=100, step=1)
    record = settings.default_mode
    mode = None if record is None else mode_of(record)
    options = defaults_of(unit)
    if record is not None and options:
        yield (
            OPERATING_MODE,
            ChoiceControl(value=None if mode is None else mode.word, options=options),
        )
        held = {} if mode is None else mode.numbers(record)
        for name, key in DEFAULTS.items():
            limits = ranges_of(unit)[name]
            yield (
                key,
                NumberControl(
                    value=held.get(name, planned.get(key)),
                    minimum=limits.minimum,
                    maximum=limits.maximum,
                    step=limits.step,
                ),
            )
    if (saving := settings.energy_saving) is not None:
        least, most = _THRESHOLD_W
        yield ENERGY_SAVING, SwitchControl(value=saving.enabled)
        yield (
            THRESHOLD,
            NumberControl(value=saving.threshold, minimum=least, maximum=most, step=1),
        )


def command_controls(
    command: Running | None, unit: Unit, planned: Mapping[str, float]
) -> Iterator[tuple[str, Control]]:
    """Yield the command that runs, and what the next one would say.

    Args:
        command: The command that runs.
        unit: The unit.
        planned: Numbers that wait for a command.
    """
    yield (
        COMMAND,
        ChoiceControl(
            value=NO_COMMAND if command is None else command.mode.word,
            options=(NO_COMMAND, *commands_of(unit)),
        ),
    )
    hours = None if command is None else command.record.duration
    yield (
        DURATION,
        NumberControl(
            value=planned.get(DURATION, _SHORTEST) if hours is None else hours,
            minimum=HOURS.minimum,
            maximum=HOURS.maximum,
            step=HOURS.step,
        ),
    )
    held = {} if command is None else command.mode.numbers(command.record)
    for name, key in PARAMETERS.items():
        limits, factor = ranges_of(unit)[name], watts(name, unit)
        value = held.get(name)
        yield (
            key,
            NumberControl(
                value=planned.get(key) if value is None else value * factor,
                minimum=limits.minimum * factor,
                maximum=limits.maximum * factor,
                step=limits.step * factor,
            ),
        )


def buttons(*, technician: bool) -> Iterator[tuple[str, Control]]:
    """Yield what can be done."""
    yield READ_ALERTS, ButtonControl()
    if technician:
        yield REBOOT, ButtonControl()


def watts(name: str, unit: Unit) -> float:
    """Return the W that one step of a parameter stands for; 1 if it is none of power."""
    return (unit.rating or 100.0) / 100 if name in _IN_WATTS else 1.0

"""Settings that are written one by one, as data.

A family is a few tables of these; what is written together has code of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from ....battery.capabilities import ScheduleCapabilities
from ....battery.control import (
    ChoiceControl,
    Control,
    ControlValue,
    NumberControl,
    Settings,
    SwitchControl,
)
from ....battery.schedule import Schedule, ScheduleState
from .values import Bean, Write, flag, whole

MIN_SOC: Final = "min_soc"
MIN_SOC_ON_GRID: Final = "min_soc_on_grid"
MAX_SOC: Final = "max_soc"
CHARGE_POWER_RATE: Final = "charge_power_rate"
DISCHARGE_POWER_RATE: Final = "discharge_power_rate"
CHARGE_STOP_SOC: Final = "charge_stop_soc"
DISCHARGE_STOP_SOC: Final = "discharge_stop_soc"
AC_CHARGE: Final = "ac_charge"
AC_CHARGE_STOP_SOC: Final = "ac_charge_stop_soc"
EPS: Final = "eps"
OFF_GRID: Final = "off_grid"
ON_OFF: Final = "on_off"
ACTIVE_POWER_RATE: Final = "active_power_rate"
FORCED_DISCHARGE: Final = "forced_discharge"
STORAGE_MODE: Final = "storage_mode"

LOAD_FIRST: Final = "growatt_load_first"
BATTERY_FIRST: Final = "growatt_battery_first"

# Four digits, of which the last says it.
ON_OFF_WORDS: Final = ("0000", "0001")


class Setting(Protocol):
    """One setting of a device: how it is read, shown and written."""

    @property
    def key(self) -> str:
        """Return the key of its control."""

    @property
    def name(self) -> str:
        """Return what the vendor calls it when it is written."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Return where it is found in a record, the first sound one wins."""

    def control(self, bean: Bean) -> Control | None:
        """Return it as a control, `None` if the device lacks it."""

    def words(self, value: ControlValue) -> tuple[str, ...]:
        """Return the values to send."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number.

    Attributes:
        reads: Where it is found in a record, the first sound one wins.
        least: What lies below is how the device says that it lacks it.
        more: What is sent behind the value.
    """

    key: str
    name: str
    reads: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 100
    least: int = 0
    more: tuple[str, ...] = ()

    def control(self, bean: Bean) -> NumberControl | None:
        """Return it as a control, `None` if the device lacks it."""
        value = whole(bean, *self.reads, self.name, least=self.least)
        if value is None:
            return None
        return NumberControl(
            value=value, minimum=self.minimum, maximum=self.maximum, step=1
        )

    def words(self, value: ControlValue) -> tuple[str, ...]:
        """Return the values to send."""
        return (f"{value:.0f}", *self.more)


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Something that is on or off.

    Attributes:
        reads: Where it is found in a record, the first sound one wins.
        sent: What is sent for off and on.
        inverted: The device says 0 for on.
    """

    key: str
    name: str
    reads: tuple[str, ...] = ()
    sent: tuple[str, str] = ("0", "1")
    inverted: bool = False

    def control(self, bean: Bean) -> SwitchControl | None:
        """Return it as a control, `None` if the device lacks it."""
        value = flag(bean, *self.reads, self.name)
        return (
            None if value is None else SwitchControl(value=value is not self.inverted)
        )

    def words(self, value: ControlValue) -> tuple[str, ...]:
        """Return the values to send."""
        return (self.sent[bool(value) is not self.inverted],)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One word out of several, by the device's number for it."""

    key: str
    name: str
    options: tuple[str, ...]
    reads: tuple[str, ...] = ()

    def control(self, bean: Bean) -> ChoiceControl | None:
        """Return it as a control, `None` if the device lacks it."""
        value = whole(bean, *self.reads, self.name)
        if value is None:
            return None
        return ChoiceControl(
            value=self.options[value] if value < len(self.options) else None,
            options=self.options,
        )

    def words(self, value: ControlValue) -> tuple[str, ...]:
        """Return the values to send."""
        return (str(self.options.index(str(value))),)


class Steering(Protocol):
    """One device's settings, typed, and the writes that change them."""

    def controls(self) -> dict[str, Control]:
        """Return what a person can set."""

    def schedule(self) -> ScheduleState | None:
        """Return the schedule and what it can hold, `None` if there is none."""

    def writes_of_controls(self, values: Settings) -> list[Write]:
        """Return what to send for other values of some controls.

        Raises:
            ChangeError: What would be written with it is not known.
        """

    def writes_of_schedule(
        self, schedule: Schedule, capabilities: ScheduleCapabilities
    ) -> list[Write]:
        """Return what to send for another schedule, validated and complete.

        Raises:
            ChangeError: What would be written with it is not known.
        """


def controls_of(settings: tuple[Setting, ...], bean: Bean) -> dict[str, Control]:
    """Return the controls of those settings that a device has."""
    return {
        setting.key: control
        for setting in settings
        if (control := setting.control(bean)) is not None
    }


def by_key(settings: tuple[Setting, ...]) -> Mapping[str, Setting]:
    """Return settings by the keys of their controls."""
    return {setting.key: setting for setting in settings}


def number_of(control: Control | None) -> float | None:
    """Return the number that a control holds, if it holds one."""
    return control.value if isinstance(control, NumberControl) else None

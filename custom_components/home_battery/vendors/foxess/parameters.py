"""What a Fox ESS device takes only as a whole (Fox ESS notes, 1.8 and 1.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from types import MappingProxyType
from typing import Any, Final, Protocol, Self, override

from ...battery.control import Control, Settings, SwitchControl, TimeControl, Window
from ...battery.fields import number
from ...transport.errors import TransientError
from .models import Setting, mapping, truth
from .named import SWITCH, NamedSettings, number_controls

PEAK_IMPORT: Final = "peak_shaving_import_limit"
PEAK_SOC: Final = "peak_shaving_soc"
HEATING: Final = "heating"
HEATING_START: Final = "heating_start_temperature"
HEATING_END: Final = "heating_end_temperature"
CHARGE_WINDOWS: Final = tuple(Window("force_charge_window", n) for n in (1, 2))
HEATING_WINDOWS: Final = tuple(Window("heating_window", n) for n in (1, 2, 3))


class Parameters(Protocol):
    """Controls that are read and written together."""

    def controls(self, blocked: str | None) -> dict[str, Control]:
        """Return the controls."""

    def changed(self, values: Settings) -> Self:
        """Return all of it with some controls at other values."""


@dataclass(frozen=True, kw_only=True)
class PeakShaving(NamedSettings):
    """From which import in kW the battery helps, and down to which SOC in %."""

    names = ("importLimit", "soc")
    numbers = MappingProxyType({PEAK_IMPORT: "importLimit", PEAK_SOC: "soc"})
    scales = MappingProxyType({PEAK_IMPORT: 1000})

    @override
    def as_wire(self) -> dict[str, float]:
        """Return the body of `peakShaving/set`, which wants numbers."""
        limit, soc = (number(self.settings[name].value) for name in self.names)
        if limit is None or soc is None:
            raise TransientError("The other half of peak shaving is not known")
        return {"importLimit": limit, "soc": int(soc)}


@dataclass(frozen=True, kw_only=True)
class ChargeWindows:
    """The two daily windows in which the battery is charged from the grid.

    Attributes:
        windows: On, start and end of each.
    """

    windows: tuple[tuple[bool, time, time], ...]

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `forceChargeTime/get`."""
        data = mapping(data)
        return cls(
            windows=tuple(
                (
                    truth(data.get(f"enable{window.number}")),
                    _clock(data.get(f"startTime{window.number}")),
                    _clock(data.get(f"endTime{window.number}")),
                )
                for window in CHARGE_WINDOWS
            )
        )

    def as_wire(self) -> dict[str, Any]:
        """Return the body of `forceChargeTime/set`, which wants both windows."""
        body: dict[str, Any] = {}
        for number_, (on, start, end) in enumerate(self.windows, 1):
            body[f"enable{number_}"] = on
            for edge, moment in (("start", start), ("end", end)):
                body[f"{edge}Time{number_}"] = {
                    "hour": moment.hour,
                    "minute": moment.minute,
                }
        return body

    def controls(self, blocked: str | None) -> dict[str, Control]:
        """Return the windows' controls, which the mode scheduler may block."""
        controls: dict[str, Control] = {}
        for window, held in zip(CHARGE_WINDOWS, self.windows, strict=True):
            controls |= _window_controls(window, *held, blocked)
        return controls

    def changed(self, values: Settings) -> Self:
        """Return both windows with some of their parts replaced."""
        return replace(
            self,
            windows=tuple(
                _window_with(window, *held, values)
                for window, held in zip(CHARGE_WINDOWS, self.windows, strict=True)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Heating:
    """When and from which temperature in °C the battery is heated.

    Attributes:
        values: Everything that the device told, by the vendor's names.
    """

    values: Mapping[str, str]

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `batteryHeating/get`; what is missing could not be written back."""
        items = mapping(data).get("dataList")
        values = {
            str(item["name"]): str(item["value"])
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict) and item.keys() >= {"name", "value"}
        }
        if not values.keys() >= set(_HEATING_WIRE):
            raise TransientError("The answer lacks some of the battery's heating")
        for window in HEATING_WINDOWS:
            _heating_window(values, window)
        return cls(values=values)

    def as_wire(self) -> dict[str, str]:
        """Return the body of `batteryHeating/set`, which wants all of it as text."""
        return {name: self.values[name] for name in _HEATING_WIRE}

    def controls(self, blocked: str | None) -> dict[str, Control]:
        """Return the switch, both temperatures and the windows."""
        controls: dict[str, Control] = {
            HEATING: SwitchControl(value=truth(self.values["batteryWarmUpEnable"]))
        }
        for key, edge in ((HEATING_START, "Start"), (HEATING_END, "End")):
            controls |= number_controls(
                {
                    key: Setting(
                        value=self.values[f"{edge.lower()}Temperature"],
                        minimum=number(self.values.get(f"min{edge}TemperatureRange")),
                        maximum=number(self.values.get(f"max{edge}TemperatureRange")),
                        precision=1,
                        options=(),
                    )
                }
            )
        for window in HEATING_WINDOWS:
            controls |= _window_controls(
                window, *_heating_window(self.values, window), None
            )
        return controls

    def changed(self, values: Settings) -> Self:
        """Return all of it with some controls at other values."""
        changed = dict(self.values)
        if isinstance(on := values.get(HEATING), bool):
            changed["batteryWarmUpEnable"] = SWITCH[on]
        for key, name in (
            (HEATING_START, "startTemperature"),
            (HEATING_END, "endTemperature"),
        ):
            if isinstance(degrees := values.get(key), int | float):
                changed[name] = f"{degrees:.0f}"
        for window in HEATING_WINDOWS:
            held = _heating_window(self.values, window)
            on, start, end = _window_with(window, *held, values)
            name = f"time{window.number}"
            changed[f"{name}Enable"] = SWITCH[on]
            for edge, moment in (("Start", start), ("End", end)):
                changed[f"{name}{edge}Hour"] = str(moment.hour)
                changed[f"{name}{edge}Minute"] = str(moment.minute)
        return replace(self, values=changed)


_HEATING_WIRE: Final = (
    "batteryWarmUpEnable",
    "startTemperature",
    "endTemperature",
    *(
        f"time{window.number}{part}"
        for window in HEATING_WINDOWS
        for part in ("Enable", "StartHour", "StartMinute", "EndHour", "EndMinute")
    ),
)


def _window_controls(
    window: Window, on: bool, start: time, end: time, blocked: str | None
) -> dict[str, Control]:
    """Return the three controls of a window."""
    return {
        window.switch: SwitchControl(value=on, window=window, blocked=blocked),
        window.start: TimeControl(value=start, window=window, blocked=blocked),
        window.end: TimeControl(value=end, window=window, blocked=blocked),
    }


def _window_with(
    window: Window, on: bool, start: time, end: time, values: Settings
) -> tuple[bool, time, time]:
    """Return a window with some of its parts replaced."""
    switch, first, last = (
        values.get(key, held)
        for key, held in zip(window.keys, (on, start, end), strict=True)
    )
    return (
        switch is True,
        first if isinstance(first, time) else start,
        last if isinstance(last, time) else end,
    )


def _heating_window(
    values: Mapping[str, str], window: Window
) -> tuple[bool, time, time]:
    """Return one of the windows in which the battery may be heated."""
    name = f"time{window.number}"
    start, end = (
        _time(values[f"{name}{edge}Hour"], values[f"{name}{edge}Minute"])
        for edge in ("Start", "End")
    )
    return truth(values[f"{name}Enable"]), start, end


def _clock(data: object) -> time:
    """Return a time of day that comes as hour and minute."""
    data = mapping(data)
    return _time(data.get("hour"), data.get("minute"))


def _time(hour: object, minute: object) -> time:
    """Return a time of day; without one there is nothing to write back."""
    hours, minutes = number(hour), number(minute)
    if (
        hours is None
        or minutes is None
        or not 0 <= hours <= 24
        or not 0 <= minutes < 60
    ):
        raise TransientError("The answer has no time of day")
    return time(int(hours) % 24, int(minutes))

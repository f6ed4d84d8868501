"""Signs that an override does not come to what it was meant for."""

from datetime import datetime, timedelta
from typing import Final

from .battery.control import NumberControl
from .battery.model import Device, Mode
from .battery.override import Direction
from .battery.running import Running
from .coordinator import HomeBatteryConfigEntry

IGNORED: Final = "ignored_by_device"
UNREACHABLE: Final = "target_unreachable"

# So long after a device was told something its records can still be older.
_SETTLED_AFTER: Final = timedelta(minutes=10)
# Less than this is what a battery does at rest.
_AT_REST_W: Final = 100.0
_WATTS: Final = 1000.0
_FULL: Final = 100.0
# The SOC limits at which a battery stops, and by how many % it may be beside them.
_LIMITS: Final = {
    Mode.FORCE_CHARGE: ("max_soc", "charge_stop_soc"),
    Mode.FORCE_DISCHARGE: ("min_soc", "min_soc_on_grid", "discharge_stop_soc"),
}
_ROUNDING: Final = 1.5
_HOUR: Final = timedelta(hours=1)


class Doubts:
    """What is to be said of overrides, each once."""

    def __init__(self, entry: HomeBatteryConfigEntry) -> None:
        """Keep where the readings are."""
        self._entry = entry

    def about(self, device: Device, running: Running, now: datetime) -> list[str]:
        """Return what has become doubtful of an override since it was asked last."""
        found = [
            event
            for event, is_so in (
                (IGNORED, self._is_ignored(device, running)),
                (UNREACHABLE, self._is_unreachable(device, running, now)),
            )
            if is_so and event not in running.said
        ]
        running.said.update(found)
        return found

    def _number(self, device: Device, key: str) -> float | None:
        """Return a reading that is a number."""
        data = self._entry.runtime_data.readings.data.get(device.key)
        value = None if data is None else data.value(key)
        return value if isinstance(value, int | float) else None

    def _is_ignored(self, device: Device, running: Running) -> bool:
        """Tell whether a device does something else, long after it was told."""
        data = self._entry.runtime_data.readings.data.get(device.key)
        power = self._number(device, "battery_power")
        if (
            data is None
            or data.received is None
            or running.begins is None
            or data.received < running.begins + _SETTLED_AFTER
            or power is None
        ):
            return False
        if running.wanted.mode in _LIMITS:
            charging = running.wanted.mode is Mode.FORCE_CHARGE
            least = min(_AT_REST_W, (running.power or _WATTS) / 2)
            return (-power if charging else power) < least and not self._is_at_limit(
                device, running.wanted.mode
            )
        return (
            running.wanted.direction is not Direction.CHARGE and power > _AT_REST_W
        ) or (
            running.wanted.direction is not Direction.DISCHARGE and power < -_AT_REST_W
        )

    def _is_at_limit(self, device: Device, mode: Mode) -> bool:
        """Tell whether a battery has come to where it rests whatever it is told."""
        soc = self._number(device, "battery_soc")
        settings = self._entry.runtime_data.settings.record(device.key)
        if soc is None or settings is None:
            return False
        controls = (settings.controls.get(key) for key in _LIMITS[mode])
        limits = [
            control.value
            for control in controls
            if isinstance(control, NumberControl) and control.value is not None
        ]
        if mode is Mode.FORCE_CHARGE:
            return soc >= min(limits, default=_FULL) - _ROUNDING
        return soc <= max(limits, default=0.0) + _ROUNDING

    def _is_unreachable(self, device: Device, running: Running, now: datetime) -> bool:
        """Tell whether the target cannot be reached in the time that is left."""
        wanted = running.wanted
        limit = {
            Mode.FORCE_CHARGE: "battery_max_charge_power",
            Mode.FORCE_DISCHARGE: "battery_max_discharge_power",
        }.get(wanted.mode)
        soc, capacity = (
            self._number(device, key) for key in ("battery_soc", "battery_capacity")
        )
        known = limit and self._number(device, limit)
        power = running.power or known or device.rated_power
        if (
            wanted.target_soc is None
            or wanted.end is None
            or soc is None
            or capacity is None
            or not power
        ):
            return False
        needed = abs(wanted.target_soc - soc) / 100 * capacity
        return needed > power / _WATTS * ((wanted.end - now) / _HOUR)

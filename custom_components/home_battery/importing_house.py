"""Makes the past of a house of several systems from that of its systems, without a call."""

from datetime import datetime, timedelta
from typing import override

from .battery.history import Point
from .battery.hours import HOUR, Window
from .devices import async_sensor
from .importing import DeviceImport
from .long_term import async_added
from .readings import ENERGY_KEYS


class HouseImport(DeviceImport):
    """Makes the past of a house of several systems from what is there of theirs."""

    @override
    def _scale(self, key: str) -> float:
        """Return 1, for its systems are corrected already."""
        return 1.0

    @override
    def _reach(self) -> timedelta | None:
        """Return nothing, for all that is there can be read."""
        return None

    @override
    async def _async_window(self, window: Window, *, days: bool) -> bool | None:
        """Make one window; tell whether there was anything but zeros."""
        series = [one for one in self._series or () if one.known.first > window.start]
        added = await self._async_added(window)
        readings = self._entry.runtime_data.readings
        points: dict[str, list[Point]] = {}
        for hour in sorted({hour for told in added.values() for hour in told}):
            summed = readings.summed(
                {key: told.get(hour, {}) for key, told in added.items()}
            )
            for key, value in summed.items():
                points.setdefault(key, []).append(
                    Point(start=hour, end=hour + HOUR, value=value)
                )
        for one in series:
            told = tuple(points.get(one.source.key, ()))
            one.take(told, window, days=False, oldest=True)
            one.async_put(self._hass)
        return any(point.value for told in points.values() for point in told)

    async def _async_added(
        self, window: Window
    ) -> dict[str, dict[datetime, dict[str, float]]]:
        """Return what each hour has added to each energy of each system."""
        members = self._entry.runtime_data.readings.devices(self._device.key)
        sensors = {
            sensor.entity_id: (member.key, key)
            for member in members
            for key in ENERGY_KEYS
            if (sensor := async_sensor(self._hass, self._entry, member, key))
        }
        told: dict[str, dict[datetime, dict[str, float]]] = {
            member.key: {} for member in members
        }
        for entity_id, hours in (
            await async_added(self._hass, sensors, window)
        ).items():
            member, key = sensors[entity_id]
            for hour, energy in hours.items():
                told[member].setdefault(hour, {})[key] = energy
        return told

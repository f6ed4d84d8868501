"""Just in time: what is known of a system now, and what its window should be."""

from datetime import datetime
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.sun import get_astral_event_next, is_up

from .battery.control import NumberControl
from .battery.model import Device, Mode
from .battery.override import Override
from .battery.pace import Step, Worth, plan, weigh
from .battery.running import Running
from .battery.taper import Taper
from .battery.way import Situation
from .coordinator import HomeBatteryConfigEntry

_CHARGE: Final = "battery_max_charge_power"
_DISCHARGE: Final = "battery_max_discharge_power"
# At its target a battery stops by order, which says nothing of what it can do.
_NEAR_TARGET: Final = 1.0


class Pacing:
    """Paces the overrides of one entry's systems."""

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Keep where readings and settings are."""
        self._hass = hass
        self._entry = entry

    def step(self, device: Device, wanted: Override, now: datetime) -> Step:
        """Return the window that would be best now."""
        return plan(self._situation(device, wanted, now))

    def weigh(
        self, device: Device, running: Running, planned: Step, now: datetime
    ) -> Worth:
        """Return whether a window is worth telling a device that holds another."""
        held = None
        if running.begins is not None and running.ends is not None:
            held = Step(running.begins, running.ends, running.power, planned.reason)
        return weigh(
            held,
            planned,
            self._situation(device, running.wanted, now),
            writes=running.writes,
            last_write=running.told_at,
        )

    def learn(self, device: Device, running: Running) -> None:
        """Learn what the battery takes and gives from a record while it is forced."""
        wanted = running.wanted
        charging = wanted.mode is Mode.FORCE_CHARGE
        data = self._entry.runtime_data.readings.data.get(device.key)
        limit = self._most(device, _CHARGE if charging else _DISCHARGE)
        soc, power = (
            self._number(device, key) for key in ("battery_soc", "battery_power")
        )
        if (
            wanted.mode is Mode.HOLD
            or data is None
            or data.received is None
            or running.begins is None
            or running.told_at is None
            or data.received <= max(running.begins, running.told_at)
            or limit is None
            or soc is None
            or power is None
            or wanted.is_reached(soc, _NEAR_TARGET)
        ):
            return
        self._taper(device).learn(
            soc,
            -power if charging else power,
            limit if running.power is None else running.power,
            limit,
            charging=charging,
        )

    def _situation(self, device: Device, wanted: Override, now: datetime) -> Situation:
        """Return what is known of an override that has a target and an end."""
        assert wanted.end is not None
        assert wanted.target_soc is not None
        charging = wanted.mode is Mode.FORCE_CHARGE
        limits = [self._most(device, key) for key in (_CHARGE, _DISCHARGE)]
        limit, back = limits if charging else reversed(limits)
        house = device.parent or ""
        return Situation(
            charging=charging,
            now=now,
            end=wanted.end,
            target_soc=wanted.target_soc,
            soc=self._number(device, "battery_soc"),
            capacity=self._number(device, "battery_capacity"),
            limit=limit,
            asked=wanted.power,
            back_limit=back,
            back_soc=self._limit(device, "min_soc_on_grid" if charging else "max_soc"),
            load=self._recent(house, "load_power", device),
            pv=self._recent(house, "pv_power", device),
            dark=self._is_dark(now, wanted.end),
            taper=self._taper(device),
        )

    def _taper(self, device: Device) -> Taper:
        """Return what a system's battery is known to take and give."""
        return self._entry.runtime_data.store.tapers.setdefault(device.key, Taper())

    def _most(self, device: Device, key: str) -> float | None:
        """Return the W that a system can charge or discharge with, as far as is known."""
        limit = self._number(device, key)
        return device.rated_power if limit is None else limit

    def _number(self, device: Device, key: str) -> float | None:
        """Return a reading of a system that is a number and recent."""
        return self._recent(device.key, key, device)

    def _recent(self, first: str, key: str, device: Device) -> float | None:
        """Return a reading of a house, or else of its system."""
        readings = self._entry.runtime_data.readings
        for source in (first, device.key):
            value = readings.recent(source, [key]).get(key)
            if isinstance(value, int | float):
                return value
        return None

    def _limit(self, device: Device, key: str) -> float | None:
        """Return an SOC limit in %."""
        settings = self._entry.runtime_data.settings.record(device.key)
        control = None if settings is None else settings.controls.get(key)
        return control.value if isinstance(control, NumberControl) else None

    def _is_dark(self, now: datetime, end: datetime) -> bool:
        """Tell whether the sun neither is up nor rises before an end."""
        rises = get_astral_event_next(self._hass, "sunrise", now)
        return not is_up(self._hass, now) and rises >= end

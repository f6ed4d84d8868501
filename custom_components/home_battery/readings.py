"""What is worked out from a device's readings, over time and from several feeds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from homeassistant.util import dt as dt_util

from .battery.control import ChoiceControl, NumberControl
from .battery.energy import EnergyCounter
from .battery.export import EXPORT_LIMIT
from .battery.fields import LARGEST
from .battery.integral import POWERS, EnergyIntegrator
from .battery.model import Device, Inventory, Record, Role, Value
from .battery.schedule import Schedule, period_at
from .descriptions import Tables
from .store import EntryStore
from .transport.told import harmless

ENERGY_KEYS: Final = (
    "battery_energy_charged",
    "battery_energy_discharged",
    "pv_energy",
    "grid_energy_imported",
    "grid_energy_exported",
    "load_energy",
)

# Some units are asked every few seconds, and memory cards wear out.
_SAVE_DELAY: Final = 300.0
_CHARGING_BELOW_W: Final = -20.0
_FULL_SOC: Final = 99.5
# Loads are not bound by the inverter's rating, so a house gets its fuses' worth.
_LEAST_MAX_POWER_W: Final = 30_000.0
_UNRATED_MAX_POWER_W: Final = 100_000.0
_RATING_HEADROOM: Final = 3
_BOUNDLESS_W: Final = 1e12
# More power than this at one moment is a glitch: the lowest of the high bits
# of a 32-bit number of W stands for 65 kW.
_LEAST_MAX_MOMENT_W: Final = 50_000.0
# The lowest of the high bits of a counter of 0.1 kWh, but for what it has
# gained since it was last believed.
_HIGH_BITS_KWH: Final = 6_500.0
# What a reading is about, by the end of its key.
_POWER: Final = "_power"
_OF_DAY: Final = "_today"
_OF_MONTH: Final = "_month"
_OF_TODAY: Final = (_OF_DAY, _OF_MONTH)


async def async_zones(inventory: Inventory) -> dict[str, tzinfo]:
    """Return the zone of each device that has one of its own, by key."""
    return {
        device.key: zone
        for device in inventory.devices.values()
        if device.time_zone
        and (zone := await dt_util.async_get_time_zone(device.time_zone))
    }


class Readings:
    """The readings that need a memory or the clock."""

    def __init__(
        self,
        store: EntryStore,
        zones: Mapping[str, tzinfo],
        tables: Tables,
        *,
        patience: timedelta,
        correction: float,
    ) -> None:
        """Keep what is needed.

        Args:
            store: What was counted before.
            zones: The zone of each device that has one of its own, by key.
            tables: The vendor's own energies, and those that it does not count.
            patience: Over a longer time without a record no energy is integrated.
            correction: Factor to the energies that come from powers told wrong.
        """
        self._store = store
        self.counters = (*ENERGY_KEYS, *tables.counters)
        self._integrated = tables.integrated
        self._patience = patience
        self._corrections = dict.fromkeys(tables.corrected, correction)
        self._begun = tables.begun
        self._zones = zones

    def zone(self, device: Device) -> tzinfo:
        """Return the zone whose wall clock a device lives by."""
        return self._zones.get(device.key, dt_util.get_default_time_zone())

    def _is_today(self, device: Device, moment: datetime) -> bool:
        """Tell whether a moment is of the present day where a device is."""
        zone = self.zone(device)
        return moment.astimezone(zone).date() == dt_util.now(zone).date()

    def past(self, device: Device, seen: Mapping[str, datetime]) -> set[str]:
        """Return which readings are about a day or a month that is over.

        Args:
            device: Whose readings they are.
            seen: When each was true, by key.
        """
        zone = self.zone(device)
        day = today = dt_util.now(zone).date()
        moment, past = None, set()
        for key in seen:
            if not key.endswith(_OF_TODAY):
                continue
            # Nearly all of them came at one time.
            if seen[key] is not moment:
                moment = seen[key]
                day = moment.astimezone(zone).date()
            if day != today and (
                key.endswith(_OF_DAY)
                or (day.year, day.month) != (today.year, today.month)
            ):
                past.add(key)
        return past

    def guard(self, device: Device, record: Record) -> Record:
        """Return a new record without what cannot be, and whose energies never fall."""
        at = record.time or dt_util.utcnow()
        wrong = _impossible(device, record.values)
        if not self._is_today(device, at):
            wrong |= self.past(device, dict.fromkeys(record.values, at))
        wrong |= self._store.refused(device.key, record.values)
        if wrong:
            record = record.without(wrong)
        texts = {
            key: told
            for key, value in record.values.items()
            if isinstance(value, str) and (told := harmless(value)) != value
        }
        if texts:
            record = record.updated(texts)
        integrated = self._integrate(device, record, at)
        values = {**record.values, **integrated}
        zone, in_utc = self.zone(device), at.astimezone(UTC)
        counters = self._store.counters.setdefault(device.key, {})
        energies = {
            key: value
            for key in self.counters
            if isinstance(value := values.get(key), int | float)
        }
        # Where all are 0, the device is new or its cloud asleep; no counter begins.
        begun = device.kind in self._begun or any(energies.values())
        for key, value in energies.items():
            if not begun and key not in counters and key not in integrated:
                del values[key]
                continue
            if (counter := counters.get(key)) is None:
                counter = counters[key] = EnergyCounter(_max_power(device))
            counter.update(value, in_utc, zone)
            if counter.total is not None:
                values[key] = round(counter.total, 3)
        soc = record.values.get("battery_soc")
        if (
            device.role is Role.SYSTEM
            and isinstance(soc, int | float)
            and soc >= _FULL_SOC
        ):
            self._store.last_full[device.key] = at
        self._store.async_schedule_save(_SAVE_DELAY)
        return replace(record, values=values)

    def is_noise(self, device: Device, key: str, value: Value) -> bool:
        """Tell whether a reading, present or past, shows high bits that are noise."""
        if _impossible(device, {key: value}):
            return True
        counter = self._store.counters.get(device.key, {}).get(key)
        return (
            counter is not None
            and counter.total is not None
            and isinstance(value, int | float)
            and value > counter.total + _HIGH_BITS_KWH
        )

    def _integrate(
        self, device: Device, record: Record, at: datetime
    ) -> dict[str, Value]:
        """Return the energies that the vendor does not count."""
        integrals = self._store.integrals.setdefault(device.key, {})
        counters = self._store.counters.get(device.key, {})
        values: dict[str, Value] = {}
        for key in self._integrated.get(device.kind, ()):
            if key in record.values:
                integrals.pop(key, None)
                continue
            source, sign = POWERS[key]
            power = record.values.get(source)
            if not isinstance(power, int | float):
                continue
            if key in counters and key not in integrals:
                # It was counted before, and will be again.
                continue
            integral = integrals.setdefault(key, EnergyIntegrator())
            factor = sign * self._corrections.get(key, 1.0)
            integral.update(factor * power, at, self._patience)
            values[key] = integral.total
        return values

    def derive(
        self, device: Device, record: Record, settings: Record | None
    ) -> dict[str, Value]:
        """Return what follows from a record, the settings and the time of day."""
        values = _from_nameplate(device, record)
        zone = self.zone(device)
        now = dt_util.now(zone)
        for key, counter in self._store.counters.get(device.key, {}).items():
            if (
                key in ENERGY_KEYS
                and key in record.values
                and (today := counter.today(now, zone)) is not None
            ):
                values[f"{key}_today"] = round(today, 3)
        if (full := self._store.last_full.get(device.key)) is not None:
            values["battery_last_full"] = full
        power = record.values.get("battery_power")
        if isinstance(power, int | float):
            values["battery_charging"] = power < _CHARGING_BELOW_W
        if settings is not None:
            values |= self._from_settings(
                device, record.values.get("battery_capacity", device.capacity), settings
            )
            mode, source = self._active_mode(device, settings)
            if mode is not None and "active_mode" not in record.values:
                values["active_mode"] = mode
                values["active_mode_source"] = source
            if settings.schedule is not None:
                values |= self._override(device, record, settings)
        if device.role is Role.SYSTEM:
            values["writes_today"] = self._store.writes_on(
                device.key, dt_util.now(self.zone(device)).date()
            )
        if text := status_text({**record.values, **values}):
            values["status_text"] = text
        return values

    def _from_settings(
        self, device: Device, capacity: Value | None, settings: Record
    ) -> dict[str, Value]:
        """Return what only the settings can tell."""
        values: dict[str, Value] = {}
        floor = settings.controls.get("min_soc")
        if (
            isinstance(capacity, int | float)
            and isinstance(floor, NumberControl)
            and floor.value is not None
        ):
            values["battery_capacity_usable"] = round(
                capacity * (100 - floor.value) / 100, 3
            )
        limit = settings.controls.get(EXPORT_LIMIT)
        if isinstance(limit, NumberControl) and limit.value is not None:
            values[EXPORT_LIMIT] = limit.value
        return values

    def _override(
        self, device: Device, record: Record, settings: Record
    ) -> dict[str, Value]:
        """Return what runs over the schedule, and what comes afterwards."""
        running = self._store.overrides.get(device.key)
        if running is None or running.ending is None:
            return {"override": "none"}
        now = dt_util.utcnow()
        soc = record.values.get("battery_soc")
        values = running.shown(soc if isinstance(soc, int | float) else None, now)
        afterwards, _ = self._mode_at(
            device, settings, running.base, running.wanted.end or now
        )
        if afterwards is not None:
            values["override_return"] = afterwards
        if running.begins is None or running.begins > now:
            return values
        return {**values, "active_mode_source": "override"}

    def _active_mode(self, device: Device, settings: Record) -> tuple[str | None, str]:
        """Return what runs now, and whether the schedule or the device decides."""
        schedule = None if settings.schedule is None else settings.schedule.schedule
        return self._mode_at(device, settings, schedule, dt_util.utcnow())

    def _mode_at(
        self,
        device: Device,
        settings: Record,
        schedule: Schedule | None,
        moment: datetime,
    ) -> tuple[str | None, str]:
        """Return what runs at a moment, and whether the schedule or the device decides."""
        local = moment.astimezone(self.zone(device))
        if schedule is not None and (period := period_at(schedule, local)):
            return period.mode, "schedule"
        mode = settings.controls.get("operating_mode")
        return (mode.value if isinstance(mode, ChoiceControl) else None), "device"


def status_text(values: Mapping[str, Value]) -> str:
    """Return one line for a phone or a watch, in signs rather than in words."""
    soc, battery = values.get("battery_soc"), values.get("battery_power")
    parts = []
    if isinstance(soc, int | float):
        arrow = ""
        if isinstance(battery, int | float) and abs(battery) > -_CHARGING_BELOW_W:
            arrow = f" {'▼' if battery > 0 else '▲'}{abs(battery) / 1000:.1f} kW"
        parts.append(f"🔋 {soc:.0f} %{arrow}")
    for sign, key in (("☀", "pv_power"), ("🏠", "load_power"), ("⚡", "grid_power")):
        power = values.get(key)
        if isinstance(power, int | float):
            parts.append(f"{sign} {power / 1000:.1f} kW")
    return " · ".join(parts)


def _from_nameplate(device: Device, record: Record) -> dict[str, Value]:
    """Return what the device is, where its records do not tell."""
    values: dict[str, Value] = {}
    if device.sw_version is not None:
        values["firmware"] = device.sw_version
    if device.rated_power is not None:
        values["inverter_rated_power"] = device.rated_power
        for key in ("battery_max_charge_power", "battery_max_discharge_power"):
            limit = record.values.get(key)
            if isinstance(limit, int | float):
                # What the battery can take or give is more than goes through.
                values[key] = min(limit, device.rated_power)
    capacity = record.values.get("battery_capacity", device.capacity)
    soc = record.values.get("battery_soc")
    if isinstance(capacity, int | float):
        values["battery_capacity"] = capacity
        if "battery_energy_stored" not in record.values and isinstance(
            soc, int | float
        ):
            values["battery_energy_stored"] = round(capacity * soc / 100, 3)
    return values


def _impossible(device: Device, values: Mapping[str, Value]) -> set[str]:
    """Return which readings show more than a device can have even for a moment."""
    most = max(_max_power(device), _LEAST_MAX_MOMENT_W)
    return {
        key
        for key, value in values.items()
        if isinstance(value, int | float)
        and not abs(value) <= (most if key.endswith(_POWER) else LARGEST)
    }


def _max_power(device: Device) -> float:
    """Return the W that no counter of a device can exceed for long.

    What a house adds up has been guarded already.
    """
    if device.role is Role.HOUSE:
        return _BOUNDLESS_W
    if device.rated_power is None:
        return _UNRATED_MAX_POWER_W
    return max(device.rated_power * _RATING_HEADROOM, _LEAST_MAX_POWER_W)

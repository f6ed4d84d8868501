"""Readings as sensors."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
import logging
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .battery.bringing import IMPORT_PROGRESS
from .battery.model import Mode, Status
from .battery.pace import Reason
from .clocks import CLOCK_OFFSET
from .coordinator import HomeBatteryConfigEntry
from .descriptions import Hold, ReadingSensorDescription
from .entity import HomeBatteryReadingEntity, async_add_as_learned
from .readings import ENERGY_KEYS

PARALLEL_UPDATES = 0

_LOGGER = logging.getLogger(__name__)

_SLOWLY: Final = timedelta(minutes=1)


def _power(key: str, *, enabled: bool = True) -> ReadingSensorDescription:
    """Describe a power in W."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_registry_enabled_default=enabled,
    )


def _energy(key: str) -> ReadingSensorDescription:
    """Describe an energy in kWh that only grows, or grows until midnight."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        hold=Hold.LONG,
        slow=True,
    )


def _stored(key: str) -> ReadingSensorDescription:
    """Describe an amount of energy in kWh that a battery has or can have."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        hold=Hold.LONG,
        slow=True,
    )


def _limit(key: str, *, enabled: bool = True) -> ReadingSensorDescription:
    """Describe a power in W that the device will not exceed."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=enabled,
        hold=Hold.LONG,
    )


COMMON_SENSORS: Final = (
    ReadingSensorDescription(
        key="battery_soc",
        translation_key="battery_soc",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="battery_soh",
        translation_key="battery_soh",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=0,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="battery_cycles",
        translation_key="battery_cycles",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=0,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="battery_last_full",
        translation_key="battery_last_full",
        device_class=SensorDeviceClass.TIMESTAMP,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="battery_temperature",
        translation_key="battery_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="inverter_temperature",
        translation_key="inverter_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=1,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="battery_voltage",
        translation_key="battery_voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
    ),
    ReadingSensorDescription(
        key="battery_current",
        translation_key="battery_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
    ),
    ReadingSensorDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in Status],
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="active_mode_source",
        translation_key="active_mode_source",
        device_class=SensorDeviceClass.ENUM,
        options=["device", "schedule", "override"],
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="override",
        translation_key="override",
        device_class=SensorDeviceClass.ENUM,
        options=[
            "none",
            *map(str, (Mode.FORCE_CHARGE, Mode.FORCE_DISCHARGE, Mode.HOLD)),
        ],
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="override_until",
        translation_key="override_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        beside="override",
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="override_pace",
        translation_key="override_pace",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in Reason],
        beside="override",
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="override_progress",
        translation_key="override_progress",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        beside="override",
        hold=Hold.LONG,
    ),
    # What the device's present faults are called; a state of its own says none.
    ReadingSensorDescription(
        key="fault",
        translation_key="fault",
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="last_fault",
        translation_key="last_fault",
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONGEST,
    ),
    ReadingSensorDescription(
        key="last_fault_at",
        translation_key="last_fault_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONGEST,
    ),
    ReadingSensorDescription(
        key=CLOCK_OFFSET,
        translation_key=CLOCK_OFFSET,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        hold=Hold.DAYS,
    ),
    ReadingSensorDescription(
        key="status_text",
        translation_key="status_text",
        slow=True,
    ),
    ReadingSensorDescription(
        key="last_data",
        translation_key="last_data",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="firmware",
        translation_key="firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key="calls_left",
        translation_key="calls_left",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    ReadingSensorDescription(
        key="writes_today",
        translation_key="writes_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONG,
    ),
    ReadingSensorDescription(
        key=IMPORT_PROGRESS,
        translation_key=IMPORT_PROGRESS,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.DAYS,
    ),
    _power("battery_power"),
    _power("pv_power"),
    _power("grid_power"),
    _power("load_power"),
    _power("inverter_power"),
    _power("eps_power", enabled=False),
    _limit("inverter_rated_power"),
    _limit("battery_max_charge_power"),
    _limit("battery_max_discharge_power"),
    _limit("export_limit", enabled=False),
    _stored("battery_energy_stored"),
    _stored("battery_capacity"),
    _stored("battery_capacity_usable"),
    *(_energy(key) for key in ENERGY_KEYS),
    *(_energy(f"{key}_today") for key in ENERGY_KEYS),
)
_ACTIVE_MODE: Final = ReadingSensorDescription(
    key="active_mode",
    translation_key="active_mode",
    device_class=SensorDeviceClass.ENUM,
    hold=Hold.LONG,
)

_OVERRIDE_RETURN: Final = ReadingSensorDescription(
    key="override_return",
    translation_key="override_return",
    device_class=SensorDeviceClass.ENUM,
    beside="override",
    hold=Hold.LONG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every device, now and as they show more."""
    runtime = entry.runtime_data
    tables = runtime.vendor.tables
    modes = [
        replace(mode, options=[*map(str, Mode), *tables.modes])
        for mode in (_ACTIVE_MODE, _OVERRIDE_RETURN)
    ]
    await async_add_as_learned(
        entry,
        async_add_entities,
        (*COMMON_SENSORS, *modes, *tables.sensors),
        partial(HomeBatterySensor, runtime, runtime.readings),
        other=partial(_vendor_field, tables.field_prefix),
    )


def _vendor_field(prefix: str | None, key: str) -> ReadingSensorDescription | None:
    """Describe a reading that is known by nothing but the vendor's name."""
    if prefix is None or not key.startswith(prefix):
        return None
    return ReadingSensorDescription(
        key=key,
        translation_key="vendor_field",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        translation_placeholders={"field": key.removeprefix(prefix)},
    )


class HomeBatterySensor(HomeBatteryReadingEntity, SensorEntity):
    """A reading."""

    entity_description: ReadingSensorDescription

    _shown_at: datetime | None = None
    _unknown: object = None

    @cached_property
    def _is_rare(self) -> bool:
        """Return whether it is told at most once a minute."""
        quick = self.coordinator.feed.interval < _SLOWLY
        return quick and self.entity_description.slow

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Show the reading; a slow one of a quick feed at most once a minute."""
        if self._is_rare:
            now = dt_util.utcnow()
            if (
                self._shown_at is not None
                and self.available
                and timedelta(0) <= now - self._shown_at < _SLOWLY
            ):
                return
            self._shown_at = now if self.available else None
        super()._handle_coordinator_update()

    @override
    def _made_of(self) -> tuple[object, ...]:
        """Return what makes the state."""
        return self.available, self.native_value

    @cached_property
    @override
    def _is_measured(self) -> bool:
        """Return whether every record tells something."""
        return self.entity_description.state_class is not None

    @property
    @override
    def native_value(self) -> float | str | datetime | None:
        """Return the reading; a word that nobody knows yet is unknown."""
        reading, options = self._reading, self.entity_description.options
        if options is None or reading is None or reading in options:
            return reading
        if reading != self._unknown:
            self._unknown = reading
            _LOGGER.warning("%s has no word for %s", self.entity_id, reading)
        return None

    @property
    @override
    def available(self) -> bool:
        """Return whether the reading is recent enough."""
        description = self.entity_description
        return self._is_fresh(description.beside or description.key, self._stands)

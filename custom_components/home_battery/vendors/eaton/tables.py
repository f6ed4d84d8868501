"""The entities that a unit has beyond the common readings."""

from collections.abc import Mapping
from typing import Final

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.button import ButtonDeviceClass
from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTime,
)

from ...descriptions import (
    ControlButtonDescription,
    ControlNumberDescription,
    ControlSelectDescription,
    ControlSwitchDescription,
    HappeningDescription,
    Hold,
    ReadingBinarySensorDescription,
    ReadingSensorDescription,
    Tables,
    variable_sensor,
)
from .account import KIND
from .alerts import ALERT, KINDS
from .controls import (
    COMMAND,
    DEFAULTS,
    DURATION,
    ENERGY_SAVING,
    MIN_SOC,
    OPERATING_MODE,
    PARAMETERS,
    READ_ALERTS,
    REBOOT,
    THRESHOLD,
    UNIT_POWER,
)
from .modes import BASIC, INJECTION, PEAK, POWER
from .technical import CPU, VARIABLES

_AMPERE_HOURS: Final = "Ah"
_WATTS: Final = {INJECTION, PEAK, POWER}
# By unit; a share is of no class.
_NUMBERS: Final[Mapping[str, NumberDeviceClass]] = {
    UnitOfPower.WATT: NumberDeviceClass.POWER,
    UnitOfTime.HOURS: NumberDeviceClass.DURATION,
}
_INTEGRATED: Final = (
    "battery_energy_charged",
    "battery_energy_discharged",
    "pv_energy",
    "grid_energy_imported",
    "grid_energy_exported",
    "load_energy",
)


def _power(key: str) -> ReadingSensorDescription:
    """Describe a power that is a part of a common one."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
    )


def _sum(key: str, *, of_the_day: bool) -> ReadingSensorDescription:
    """Describe an energy that the unit sums up itself; 30 days roll on."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING if of_the_day else None,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        hold=Hold.LONG,
        slow=True,
    )


def _share(key: str, *, diagnostic: bool = False) -> ReadingSensorDescription:
    """Describe a share in %."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=False,
        hold=Hold.LONG,
        slow=True,
    )


def _cell(key: str) -> ReadingSensorDescription:
    """Describe the voltage of a cell, or a difference between two."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.VOLTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        suggested_display_precision=3,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        slow=True,
    )


def _charge(key: str) -> ReadingSensorDescription:
    """Describe what went through the battery; the unit counts Ah, not energy."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=_AMPERE_HOURS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        hold=Hold.LONG,
        slow=True,
    )


def _number(key: str, unit: str, *, enabled: bool = True) -> ControlNumberDescription:
    """Describe a number of the settings or of commands."""
    return ControlNumberDescription(
        key=key,
        translation_key=key,
        device_class=_NUMBERS.get(unit),
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=unit,
        entity_registry_enabled_default=enabled,
        # Every stop of a slider on its way would be a write of its own.
        mode=NumberMode.BOX,
    )


def _parameter(name: str, key: str) -> ControlNumberDescription:
    """Describe a parameter of a mode."""
    return _number(
        key,
        UnitOfPower.WATT if name in _WATTS else PERCENTAGE,
        enabled=False,
    )


TABLES: Final = Tables(
    sensors=(
        *(
            _power(key)
            for key in ("pv_dc_power", "pv_ac_power", "non_critical_load_power")
        ),
        ReadingSensorDescription(
            key="active_mode_until",
            translation_key="active_mode_until",
            device_class=SensorDeviceClass.TIMESTAMP,
        ),
        *(
            _sum(f"{key}_today", of_the_day=True)
            for key in ("unit_grid_import", "unit_grid_export", "unit_pv_production")
        ),
        *(
            _sum(f"{key}_30_days", of_the_day=False)
            for key in ("unit_grid_import", "unit_grid_export", "unit_pv_production")
        ),
        *(
            _share(f"{key}{period}")
            for key in ("self_consumption_rate", "self_sufficiency_rate")
            for period in ("", "_today", "_30_days")
        ),
        ReadingSensorDescription(
            key="operation_mode",
            translation_key="operation_mode",
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
        ),
        ReadingSensorDescription(
            key="unread_alerts",
            translation_key="unread_alerts",
            state_class=SensorStateClass.MEASUREMENT,
            entity_category=EntityCategory.DIAGNOSTIC,
            hold=Hold.LONG,
        ),
        ReadingSensorDescription(
            key="fault_codes",
            translation_key="fault_codes",
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
        ),
        *map(variable_sensor, VARIABLES),
        *map(
            _cell,
            ("highest_cell_voltage", "lowest_cell_voltage", "cell_voltage_difference"),
        ),
        *map(_charge, ("battery_charge_total", "battery_discharge_total")),
        *(
            _share(key, diagnostic=True)
            for key in (CPU.key, "memory_load", "disk_load")
        ),
    ),
    binary_sensors=(
        ReadingBinarySensorDescription(
            key="cloud_connected",
            translation_key="cloud_connected",
            device_class=BinarySensorDeviceClass.CONNECTIVITY,
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
            hold=Hold.LONG,
        ),
        ReadingBinarySensorDescription(
            key="energy_saving_active",
            translation_key="energy_saving_active",
            device_class=BinarySensorDeviceClass.RUNNING,
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
        ),
    ),
    numbers=(
        _number(MIN_SOC, PERCENTAGE),
        _number(THRESHOLD, UnitOfPower.WATT),
        *(_parameter(name, key) for name, key in DEFAULTS.items()),
        _number(DURATION, UnitOfTime.HOURS, enabled=False),
        *(_parameter(name, key) for name, key in PARAMETERS.items()),
    ),
    selects=(
        ControlSelectDescription(
            key=OPERATING_MODE,
            translation_key=OPERATING_MODE,
            entity_category=EntityCategory.CONFIG,
        ),
        # What every system can be told has entities of its own.
        ControlSelectDescription(
            key=COMMAND,
            translation_key=COMMAND,
            entity_registry_enabled_default=False,
        ),
    ),
    switches=(
        ControlSwitchDescription(
            key=ENERGY_SAVING,
            translation_key=ENERGY_SAVING,
            entity_category=EntityCategory.CONFIG,
        ),
        ControlSwitchDescription(key=UNIT_POWER, translation_key=UNIT_POWER),
    ),
    buttons=(
        ControlButtonDescription(
            key=READ_ALERTS,
            translation_key=READ_ALERTS,
            entity_category=EntityCategory.CONFIG,
        ),
        ControlButtonDescription(
            key=REBOOT,
            translation_key=REBOOT,
            device_class=ButtonDeviceClass.RESTART,
            entity_category=EntityCategory.CONFIG,
            entity_registry_enabled_default=False,
        ),
    ),
    events=(
        HappeningDescription(key=ALERT, translation_key=ALERT, event_types=list(KINDS)),
    ),
    modes=(BASIC,),
    integrated={KIND: _INTEGRATED},
    # The grid has a meter of its own; what the inverter measures reads high.
    corrected=frozenset(_INTEGRATED) - {"grid_energy_imported", "grid_energy_exported"},
)

"""The entities that Fox ESS systems have beyond the common readings."""

from typing import Final

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
)

from ...battery.control import Window
from ...battery.export import EXPORT_LIMIT, PEAK_SHAVING_EXPORT_LIMIT
from ...descriptions import (
    ControlNumberDescription,
    ControlSelectDescription,
    ControlSwitchDescription,
    ControlTimeDescription,
    Hold,
    ReadingBinarySensorDescription,
    ReadingSensorDescription,
    Tables,
    variable_sensor,
)
from .ems_settings import (
    GENERATOR,
    GENERATOR_POWER,
    GENERATOR_START,
    GENERATOR_STOP,
    IMPORT_LIMIT,
    OUTPUT_LIMIT,
    POWER_LIMITS,
)
from .parameters import (
    CHARGE_WINDOWS,
    HEATING,
    HEATING_END,
    HEATING_START,
    HEATING_WINDOWS,
    PEAK_IMPORT,
    PEAK_SOC,
)
from .settings import (
    MAX_CHARGE_CURRENT,
    MAX_DISCHARGE_CURRENT,
    MAX_SOC,
    MIN_SOC,
    MIN_SOC_ON_GRID,
    OPERATING_MODE,
)
from .tables_parts import PART_SENSORS
from .totals import MONTHLY
from .variables import FIELD_PREFIX, VARIABLES

_WINDOWS: Final = (*CHARGE_WINDOWS, *HEATING_WINDOWS)


def _monthly(key: str) -> ReadingSensorDescription:
    """Describe an energy of this month, which is asked for every hour."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        hold=Hold.LONGER,
    )


def _number(
    key: str,
    unit: str,
    device_class: NumberDeviceClass | None = None,
    *,
    seldom: bool = True,
) -> ControlNumberDescription:
    """Describe a number; what hardly anyone changes is read seldom, and off at first."""
    return ControlNumberDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=unit,
        entity_registry_enabled_default=not seldom,
        # Every stop of a slider on its way would be a write of its own.
        mode=NumberMode.BOX,
        hold=Hold.LONGEST if seldom else Hold.LONG,
    )


def _switch(
    key: str, text: str | None = None, **placeholders: str
) -> ControlSwitchDescription:
    """Describe what hardly anyone turns on or off."""
    return ControlSwitchDescription(
        key=key,
        translation_key=text or key,
        translation_placeholders=placeholders or None,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        hold=Hold.LONGEST,
    )


def _time(window: Window, key: str) -> ControlTimeDescription:
    """Describe the start or the end of a window."""
    return ControlTimeDescription(
        key=key,
        translation_key=key.replace(window.switch, window.kind),
        translation_placeholders={"number": str(window.number)},
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        hold=Hold.LONGEST,
    )


TABLES = Tables(
    sensors=(
        *map(variable_sensor, VARIABLES),
        *map(_monthly, MONTHLY),
        *PART_SENSORS,
        ReadingSensorDescription(
            key="feed_in_power",
            translation_key="feed_in_power",
            device_class=SensorDeviceClass.POWER,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfPower.WATT,
            suggested_display_precision=0,
        ),
        ReadingSensorDescription(
            key="peak_valley_periods",
            translation_key="peak_valley_periods",
            entity_category=EntityCategory.DIAGNOSTIC,
            hold=Hold.LONGEST,
        ),
    ),
    binary_sensors=(
        ReadingBinarySensorDescription(
            key="peak_valley_plan",
            translation_key="peak_valley_plan",
            entity_category=EntityCategory.DIAGNOSTIC,
            hold=Hold.LONGEST,
        ),
    ),
    numbers=(
        _number(MIN_SOC, PERCENTAGE, seldom=False),
        _number(MIN_SOC_ON_GRID, PERCENTAGE, seldom=False),
        _number(MAX_SOC, PERCENTAGE, seldom=False),
        _number(EXPORT_LIMIT, UnitOfPower.WATT, NumberDeviceClass.POWER),
        _number(
            MAX_CHARGE_CURRENT, UnitOfElectricCurrent.AMPERE, NumberDeviceClass.CURRENT
        ),
        _number(
            MAX_DISCHARGE_CURRENT,
            UnitOfElectricCurrent.AMPERE,
            NumberDeviceClass.CURRENT,
        ),
        _number(PEAK_IMPORT, UnitOfPower.WATT, NumberDeviceClass.POWER),
        _number(PEAK_SOC, PERCENTAGE),
        *(
            _number(key, UnitOfPower.WATT, NumberDeviceClass.POWER)
            for key in (
                IMPORT_LIMIT,
                OUTPUT_LIMIT,
                PEAK_SHAVING_EXPORT_LIMIT,
                GENERATOR_POWER,
            )
        ),
        _number(GENERATOR_START, PERCENTAGE),
        _number(GENERATOR_STOP, PERCENTAGE),
        _number(
            HEATING_START, UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE
        ),
        _number(HEATING_END, UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE),
    ),
    selects=(
        ControlSelectDescription(key=OPERATING_MODE, translation_key=OPERATING_MODE),
    ),
    switches=(
        ControlSwitchDescription(
            key=HEATING,
            translation_key=HEATING,
            entity_category=EntityCategory.CONFIG,
            hold=Hold.LONGEST,
        ),
        *map(_switch, (POWER_LIMITS, GENERATOR)),
        *(
            _switch(window.switch, window.kind, number=str(window.number))
            for window in _WINDOWS
        ),
    ),
    times=tuple(
        _time(window, key) for window in _WINDOWS for key in (window.start, window.end)
    ),
    modes=("foxess_force_charge_bat", "foxess_force_discharge_bat"),
    field_prefix=FIELD_PREFIX,
)

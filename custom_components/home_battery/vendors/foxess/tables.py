"""The entities that Fox ESS systems have beyond the common readings."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from homeassistant.components.number import NumberMode
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfReactivePower,
    UnitOfTemperature,
)

from ...descriptions import (
    ControlNumberDescription,
    ControlSelectDescription,
    ReadingSensorDescription,
    Tables,
)
from .settings import MAX_SOC, MIN_SOC, MIN_SOC_ON_GRID, OPERATING_MODE
from .variables import FIELD_PREFIX, VARIABLES, Quantity, Variable


class _Kind(NamedTuple):
    """What Home Assistant has to know of a quantity."""

    device_class: SensorDeviceClass | None
    unit: str | None
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT


_KINDS: Final[Mapping[Quantity, _Kind]] = {
    Quantity.POWER: _Kind(SensorDeviceClass.POWER, UnitOfPower.WATT),
    Quantity.VOLTAGE: _Kind(SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT),
    Quantity.CURRENT: _Kind(SensorDeviceClass.CURRENT, UnitOfElectricCurrent.AMPERE),
    Quantity.FREQUENCY: _Kind(SensorDeviceClass.FREQUENCY, UnitOfFrequency.HERTZ),
    Quantity.TEMPERATURE: _Kind(
        SensorDeviceClass.TEMPERATURE, UnitOfTemperature.CELSIUS
    ),
    Quantity.ENERGY: _Kind(
        SensorDeviceClass.ENERGY,
        UnitOfEnergy.KILO_WATT_HOUR,
        SensorStateClass.TOTAL_INCREASING,
    ),
    Quantity.DAY_ENERGY: _Kind(
        SensorDeviceClass.ENERGY,
        UnitOfEnergy.KILO_WATT_HOUR,
        SensorStateClass.TOTAL_INCREASING,
    ),
    Quantity.PERCENT: _Kind(None, PERCENTAGE),
    Quantity.REACTIVE_POWER: _Kind(
        SensorDeviceClass.REACTIVE_POWER, UnitOfReactivePower.VOLT_AMPERE_REACTIVE
    ),
    Quantity.RATIO: _Kind(SensorDeviceClass.POWER_FACTOR, None),
    Quantity.COUNT: _Kind(None, None),
    Quantity.CODE: _Kind(None, None, None),
}


def _sensor(variable: Variable) -> ReadingSensorDescription:
    """Describe a variable, which hardly anyone needs from the start."""
    kind = _KINDS[variable.quantity]
    return ReadingSensorDescription(
        key=variable.key,
        translation_key=variable.text,
        device_class=kind.device_class,
        state_class=kind.state_class,
        native_unit_of_measurement=kind.unit,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        placeholders=(
            {} if variable.number is None else {"number": str(variable.number)}
        ),
    )


TABLES = Tables(
    sensors=tuple(map(_sensor, VARIABLES)),
    numbers=tuple(
        ControlNumberDescription(
            key=key,
            translation_key=key,
            entity_category=EntityCategory.CONFIG,
            native_unit_of_measurement=PERCENTAGE,
            # Every stop of a slider on its way would be a write of its own.
            mode=NumberMode.BOX,
        )
        for key in (MIN_SOC, MIN_SOC_ON_GRID, MAX_SOC)
    ),
    selects=(
        ControlSelectDescription(key=OPERATING_MODE, translation_key=OPERATING_MODE),
    ),
    modes=("foxess_force_charge_bat", "foxess_force_discharge_bat"),
    field_prefix=FIELD_PREFIX,
)

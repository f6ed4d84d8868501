"""The entities of loggers, meters and heat pumps, all of them diagnostic."""

from typing import Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfPower,
)

from ...descriptions import Hold, ReadingSensorDescription
from .models_parts import REGISTRATIONS


def _setting(
    key: str, device_class: SensorDeviceClass | None = None, unit: str | None = None
) -> ReadingSensorDescription:
    """Describe a meter's setting: grid compliance, which people only look at."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        hold=Hold.LONGEST,
    )


PART_SENSORS: Final = (
    ReadingSensorDescription(
        key="signal",
        translation_key="signal",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    ReadingSensorDescription(
        key="registration",
        translation_key="registration",
        device_class=SensorDeviceClass.ENUM,
        options=list(REGISTRATIONS),
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    _setting("meter_mode"),
    _setting("feed_in_limit", SensorDeviceClass.POWER, UnitOfPower.WATT),
    _setting(
        "output_current_limit", SensorDeviceClass.CURRENT, UnitOfElectricCurrent.AMPERE
    ),
    _setting(
        "input_current_limit", SensorDeviceClass.CURRENT, UnitOfElectricCurrent.AMPERE
    ),
    _setting(
        "over_voltage_limit", SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT
    ),
    _setting(
        "under_voltage_limit", SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT
    ),
    _setting("on_off_power", SensorDeviceClass.POWER, UnitOfPower.WATT),
    _setting("device_quantity"),
)

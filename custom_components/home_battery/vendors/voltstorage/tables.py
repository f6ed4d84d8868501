"""The entities that VoltStorage products have beyond the common readings."""

from typing import Final

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfTemperature,
)

from ...descriptions import (
    Hold,
    ReadingBinarySensorDescription,
    ReadingSensorDescription,
    Tables,
)
from .discovery import GROUP, HOME, PRODUCT
from .readings import FIELD_PREFIX
from .watch import NOT_CHARGING


def _share(key: str, *, enabled: bool = True) -> ReadingSensorDescription:
    """Describe a share in %."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=1,
        entity_category=None if enabled else EntityCategory.DIAGNOSTIC,
        hold=Hold.LONGER,
    )


def _temperature(key: str) -> ReadingSensorDescription:
    """Describe a temperature."""
    return ReadingSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONGER,
    )


TABLES: Final = Tables(
    sensors=(
        _share("self_sufficiency_rate_today"),
        _share("self_consumption_rate_today"),
        _share("dc_efficiency", enabled=False),
        _share("ac_efficiency", enabled=False),
        ReadingSensorDescription(
            key="ac_capacity",
            translation_key="ac_capacity",
            device_class=SensorDeviceClass.ENERGY_STORAGE,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
            suggested_display_precision=1,
            entity_category=EntityCategory.DIAGNOSTIC,
            hold=Hold.LONGER,
        ),
        _temperature("electrolyte_temperature"),
        _temperature("pump_temperature"),
        _temperature("max_temperature"),
    ),
    binary_sensors=(
        ReadingBinarySensorDescription(
            key=NOT_CHARGING,
            translation_key=NOT_CHARGING,
            device_class=BinarySensorDeviceClass.PROBLEM,
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
        ),
    ),
    field_prefix=FIELD_PREFIX,
    begun=frozenset({PRODUCT, GROUP, HOME}),
)

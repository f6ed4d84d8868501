"""Readings as binary sensors."""

from functools import partial
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HomeBatteryConfigEntry
from .descriptions import Hold, ReadingBinarySensorDescription
from .entity import HomeBatteryReadingEntity, async_add_as_learned

PARALLEL_UPDATES = 0

COMMON_BINARY_SENSORS: Final = (
    ReadingBinarySensorDescription(
        key="battery_charging",
        translation_key="battery_charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
    ),
    ReadingBinarySensorDescription(
        key="online",
        translation_key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    ReadingBinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        hold=Hold.LONG,
    ),
    ReadingBinarySensorDescription(
        key="grid_connected",
        translation_key="grid_connected",
        hold=Hold.LONG,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of every device, now and as they show more."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        (*COMMON_BINARY_SENSORS, *runtime.vendor.tables.binary_sensors),
        partial(HomeBatteryBinarySensor, runtime, runtime.readings),
    )


class HomeBatteryBinarySensor(HomeBatteryReadingEntity, BinarySensorEntity):
    """A reading that is true or false."""

    entity_description: ReadingBinarySensorDescription

    @override
    def _made_of(self) -> tuple[object, ...]:
        """Return what makes the state."""
        return self.available, self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the reading."""
        value = self._reading
        return value if isinstance(value, bool) else None

    @property
    @override
    def available(self) -> bool:
        """Return whether the reading is recent enough."""
        return self._is_fresh(self.entity_description.key, self._stands)

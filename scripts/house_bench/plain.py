"""The plain way: a coordinator that tells all its sensors, and sensors that all look."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
import logging
from typing import override

from custom_components.home_battery.battery.model import Value
from custom_components.home_battery.coordinator import HomeBatteryConfigEntry
from custom_components.home_battery.entity import HomeBatteryEntity
from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import EntityPlatform
from homeassistant.helpers.update_coordinator import (
    CoordinatorEntity,
    DataUpdateCoordinator,
)

_LOGGER = logging.getLogger(__name__)
_NEVER = timedelta(days=1)

type Values = Mapping[str, Mapping[str, Value]]


class PlainCoordinator(DataUpdateCoordinator[Values]):
    """Hands on what it was given, as if it had fetched it.

    Attributes:
        given: The values by device and key.
    """

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Begin without any values."""
        super().__init__(
            hass, _LOGGER, config_entry=entry, name="plain", update_interval=_NEVER
        )
        self.data = {}
        self.given: Values = {}

    @override
    async def _async_update_data(self) -> Values:
        """Return what was given."""
        return self.given


class PlainSensor(CoordinatorEntity[PlainCoordinator], SensorEntity):
    """A sensor as most integrations have them."""

    _attr_entity_registry_enabled_default = True

    def __init__(
        self,
        coordinator: PlainCoordinator,
        name: str,
        device: str,
        description: SensorEntityDescription,
    ) -> None:
        """Take a value of a device, and a name that no other has."""
        super().__init__(coordinator)
        self._device = device
        self.entity_description = description
        self._attr_unique_id = name
        self._attr_name = name

    @property
    @override
    def native_value(self) -> Value | None:
        """Return the value."""
        return self.coordinator.data.get(self._device, {}).get(
            self.entity_description.key
        )


async def add_plain_sensors(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    entities: Sequence[HomeBatteryEntity],
) -> PlainCoordinator:
    """Add a plain sensor for each of the integration's entities.

    They belong to no entry, as Home Assistant allows one entry 10,000 entities only.
    """
    coordinator = PlainCoordinator(hass, entry)
    platform = EntityPlatform(
        hass=hass,
        logger=_LOGGER,
        domain="sensor",
        platform_name="plain",
        platform=None,
        scan_interval=_NEVER,
        entity_namespace=None,
    )
    await platform.platform_data.async_load_translations()
    await platform.async_add_entities(
        PlainSensor(
            coordinator,
            entity.entity_id,
            str(entity.coordinator_context),
            _described(entity),
        )
        for entity in entities
    )
    return coordinator


def _described(entity: HomeBatteryEntity) -> SensorEntityDescription:
    """Return an entity's description, if only its key where it is no sensor."""
    known = entity.entity_description
    if isinstance(known, SensorEntityDescription):
        return known
    return SensorEntityDescription(key=known.key)

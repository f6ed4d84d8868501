"""What happens at devices, as events."""

from functools import partial
from typing import Final, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery.model import Happening, Role
from .coordinator import HomeBatteryConfigEntry
from .descriptions import HappeningDescription
from .entity import HomeBatteryEntity, async_add_as_learned
from .tidings import EVENT, EVENT_TYPES

PARALLEL_UPDATES = 0

OVERRIDE: Final = HappeningDescription(
    key=EVENT, translation_key=EVENT, event_types=list(EVENT_TYPES)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of every system: there need not have been any yet."""
    runtime = entry.runtime_data
    make = partial(HomeBatteryEvent, runtime, runtime.readings)
    async_add_entities(
        make(device, description)
        for device in runtime.inventory.with_role(Role.SYSTEM)
        for description in runtime.vendor.tables.events
    )
    # Its reading is there as soon as it is known that a system can be steered.
    await async_add_as_learned(entry, async_add_entities, (OVERRIDE,), make)


class HomeBatteryEvent(HomeBatteryEntity, EventEntity):
    """Something that happens at a device now and then."""

    entity_description: HappeningDescription

    @override
    def _made_of(self) -> tuple[object, ...]:
        """Return what makes the state, but for what happens."""
        return (self.available,)

    @property
    @override
    def available(self) -> bool:
        """Return whether there is anybody to tell of it: of overrides, we are."""
        return self.entity_description.key == EVENT or super().available

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for what happens."""
        await super().async_added_to_hass()
        listeners = self._runtime.on_happening
        listeners.append(self._async_happen)
        self.async_on_remove(lambda: listeners.remove(self._async_happen))

    @callback
    def _async_happen(self, device: str, happening: Happening) -> None:
        """Tell of something that happened, if it is about this."""
        if (device, happening.key) == (self._device.key, self.entity_description.key):
            self._trigger_event(happening.type, dict(happening.attributes))
            self.async_write_ha_state()

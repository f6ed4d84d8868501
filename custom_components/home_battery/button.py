"""Controls that are nothing but done, as buttons."""

from functools import partial
from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery.control import ButtonControl
from .coordinator import HomeBatteryConfigEntry
from .descriptions import ControlButtonDescription
from .entity import HomeBatteryControlEntity, async_add_as_learned

# Writers to one device take turns by a lock of its own.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of every device, now and as they show more."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        runtime.vendor.tables.buttons,
        partial(HomeBatteryButton, runtime, runtime.settings),
    )


class HomeBatteryButton(HomeBatteryControlEntity[ButtonControl], ButtonEntity):
    """Something that a person can have done."""

    entity_description: ControlButtonDescription

    _control_type = ButtonControl

    @override
    async def async_press(self) -> None:
        """Have the device do it."""
        await self._runtime.writer.async_press(
            self._device, self.entity_description.key, self._context
        )

"""Controls as switches."""

from functools import partial
from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery.control import SwitchControl
from .coordinator import HomeBatteryConfigEntry
from .descriptions import ControlSwitchDescription
from .entity import HomeBatteryControlEntity, async_add_as_learned

# Writers to one device take turns by a lock of its own.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of every device, now and as they show more."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        runtime.vendor.tables.switches,
        partial(HomeBatterySwitch, runtime, runtime.settings),
    )


class HomeBatterySwitch(HomeBatteryControlEntity[SwitchControl], SwitchEntity):
    """Something that is on or off; a window takes the times along that wait for it."""

    entity_description: ControlSwitchDescription

    _control_type = SwitchControl

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the device holds."""
        return None if self._control is None else self._control.value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Have the device turn it on."""
        await self._async_set(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Have the device turn it off."""
        await self._async_set(False)

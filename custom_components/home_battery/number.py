"""Controls as numbers."""

from functools import partial
from typing import override

from homeassistant.components.number import NumberEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery.control import NumberControl
from .coordinator import HomeBatteryConfigEntry
from .descriptions import ControlNumberDescription
from .entity import HomeBatteryControlEntity, async_add_as_learned

# Writers to one device take turns by a lock of its own.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of every device, now and as they show more."""
    runtime = entry.runtime_data
    async_add_as_learned(
        entry,
        async_add_entities,
        runtime.vendor.tables.numbers,
        partial(HomeBatteryNumber, runtime, runtime.settings),
    )


class HomeBatteryNumber(HomeBatteryControlEntity[NumberControl], NumberEntity):
    """A control with a range, which is the device's own."""

    entity_description: ControlNumberDescription

    _control_type = NumberControl

    @property
    @override
    def native_value(self) -> float | None:
        """Return what the device holds."""
        return None if self._control is None else self._control.value

    @property
    @override
    def native_min_value(self) -> float:
        """Return the smallest value that the device takes."""
        if self._control is None:
            return super().native_min_value
        return self._control.minimum

    @property
    @override
    def native_max_value(self) -> float:
        """Return the largest value that the device takes."""
        if self._control is None:
            return super().native_max_value
        return self._control.maximum

    @property
    @override
    def native_step(self) -> float | None:
        """Return the device's resolution."""
        return super().native_step if self._control is None else self._control.step

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Have the device hold another value."""
        await self._async_set(value)

"""Controls as times of day."""

from datetime import time
from functools import partial
from typing import Final, override

from homeassistant.components.time import TimeEntity
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .battery.control import TimeControl
from .coordinator import HomeBatteryConfigEntry
from .descriptions import ControlTimeDescription
from .entity import HomeBatteryControlEntity, async_add_as_learned

# Writers to one device take turns by a lock of its own.
PARALLEL_UPDATES = 0

# What the other end of the window may still put right.
_INCOMPLETE: Final = frozenset({"window_empty", "window_overlap"})


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of every device, now and as they show more."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        runtime.vendor.tables.times,
        partial(HomeBatteryTime, runtime, runtime.settings),
    )


class HomeBatteryTime(HomeBatteryControlEntity[TimeControl], TimeEntity):
    """The start or the end of a window, which is sent when the whole is valid."""

    entity_description: ControlTimeDescription

    _control_type = TimeControl

    @property
    @override
    def native_value(self) -> time | None:
        """Return what a person has set, or else what the device holds."""
        draft = self._runtime.drafts.get(self._device.key, self.entity_description.key)
        if draft is not None:
            return draft
        return None if self._control is None else self._control.value

    @override
    async def async_set_value(self, value: time) -> None:
        """Have the device hold another time, now or with the rest of the window."""
        try:
            await self._async_set(value)
        except ServiceValidationError as err:
            if err.translation_key not in _INCOMPLETE:
                raise
            self._runtime.drafts.keep(
                self._device.key,
                self.entity_description.key,
                value.replace(second=0, microsecond=0, tzinfo=None),
                dt_util.utcnow(),
            )
            self.async_write_ha_state()

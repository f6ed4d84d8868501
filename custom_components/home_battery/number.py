"""Controls as numbers."""

from functools import partial
from typing import override

from homeassistant.components.number import NumberEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery.control import NumberControl
from .command import COMMAND_NUMBERS, POWER, async_command, command_of, wish
from .coordinator import HomeBatteryConfigEntry
from .descriptions import CommandNumberDescription, ControlNumberDescription
from .entity import HomeBatteryControlEntity, HomeBatteryEntity, async_add_as_learned

# Writers to one device take turns by a lock of its own.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of every device, now and as they show more."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        runtime.vendor.tables.numbers,
        partial(HomeBatteryNumber, runtime, runtime.settings),
    )
    await async_add_as_learned(
        entry,
        async_add_entities,
        COMMAND_NUMBERS,
        partial(CommandNumber, runtime, runtime.readings),
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


class CommandNumber(HomeBatteryEntity, NumberEntity):
    """A number of the next command, or of the one that runs."""

    entity_description: CommandNumberDescription

    @override
    def _made_of(self) -> tuple[object, ...]:
        """Return what makes the state."""
        return self.available, self.native_value, self.native_max_value

    @property
    @override
    def native_value(self) -> float:
        """Return what was wished."""
        return wish(self._runtime, self._device, self.entity_description)

    @property
    @override
    def native_max_value(self) -> float:
        """Return the largest value: of a power, what the system can be told."""
        settings = self._runtime.settings.record(self._device.key)
        state = None if settings is None else settings.schedule
        if self.entity_description is not POWER or state is None:
            return super().native_max_value
        limit = state.capabilities.power
        return super().native_max_value if limit is None else limit.maximum

    @property
    @override
    def available(self) -> bool:
        """Return whether the system can be told anything."""
        return self._is_settable()

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Keep it, and change the command with it that runs."""
        store, key = self._runtime.store, self._device.key
        store.wishes.setdefault(key, {})[self.entity_description.key] = value
        store.async_schedule_save()
        self.async_write_ha_state()
        running = self._runtime.overrides.running(key)
        if running is not None and running.command:
            command = command_of(running)
            await async_command(self._runtime, self._device, command, self._context)

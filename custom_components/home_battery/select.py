"""Controls as selects."""

from functools import partial
from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery.control import ChoiceControl
from .command import COMMAND, async_command, command_of
from .coordinator import HomeBatteryConfigEntry
from .descriptions import ControlSelectDescription
from .entity import HomeBatteryControlEntity, HomeBatteryEntity, async_add_as_learned

# Writers to one device take turns by a lock of its own.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of every device, now and as they show more."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        runtime.vendor.tables.selects,
        partial(HomeBatterySelect, runtime, runtime.settings),
    )
    await async_add_as_learned(
        entry,
        async_add_entities,
        (COMMAND,),
        partial(CommandSelect, runtime, runtime.readings),
    )


class HomeBatterySelect(HomeBatteryControlEntity[ChoiceControl], SelectEntity):
    """A control with a few words, which are the device's own."""

    entity_description: ControlSelectDescription

    _control_type = ChoiceControl

    @property
    @override
    def options(self) -> list[str]:
        """Return the words that the device takes."""
        return [] if self._control is None else list(self._control.options)

    @property
    @override
    def current_option(self) -> str | None:
        """Return what the device holds."""
        return None if self._control is None else self._control.value

    @override
    async def async_select_option(self, option: str) -> None:
        """Have the device hold another word."""
        await self._async_set(option)


class CommandSelect(HomeBatteryEntity, SelectEntity):
    """What a system is commanded to do over its schedule."""

    @override
    def _made_of(self) -> tuple[object, ...]:
        """Return what makes the state."""
        return self.available, self.current_option

    @property
    @override
    def current_option(self) -> str:
        """Return what it is commanded."""
        return command_of(self._runtime.overrides.running(self._device.key))

    @property
    @override
    def available(self) -> bool:
        """Return whether the system can be told anything."""
        return self._is_settable()

    @override
    async def async_select_option(self, option: str) -> None:
        """Command something else."""
        await async_command(self._runtime, self._device, option, self._context)

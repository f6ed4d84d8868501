"""The base entity, and which device it stands on."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cached_property
from typing import override

from homeassistant.core import State, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from .battery.change import ControlChange
from .battery.control import Control, ControlValue
from .battery.model import Device, Role, Value
from .battery.window import window_of
from .const import DOMAIN
from .coordinator import FeedCoordinator, HomeBatteryConfigEntry, HomeBatteryData
from .descriptions import ControlDescription, Hold, ReadingDescription
from .transport.breath import Breath


def unique_id_of(vendor: str, device: Device) -> str:
    """Return the identity of a device in Home Assistant, which never changes."""
    return f"{vendor}_{device.key}"


class HomeBatteryEntity(CoordinatorEntity[FeedCoordinator]):
    """A value or a control of one device."""

    _attr_has_entity_name = True

    _last: tuple[object, ...] | None = None
    _written: State | None = None

    def __init__(
        self,
        runtime: HomeBatteryData,
        feed: FeedCoordinator,
        device: Device,
        description: EntityDescription,
    ) -> None:
        """Take its place on the device."""
        super().__init__(feed, context=device.key)
        self.entity_description = description
        self._runtime = runtime
        self._device = device
        identity = unique_id_of(runtime.vendor.key, device)
        self._attr_unique_id = f"{identity}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, identity)})

    @property
    @override
    def suggested_object_id(self) -> str:
        """Return the key: what people share shall work in every language."""
        return self.entity_description.key

    @property
    @override
    def entity_registry_enabled_default(self) -> bool:
        """Return whether it is shown from the start.

        The house of a single system would only say everything twice, but for
        what is told of it alone.
        """
        if self._device.role is Role.HOUSE:
            members = self._runtime.inventory.members(self._device.key)
            if len(members) < 2 and not self._runtime.readings.tells(
                self._device, self.entity_description.key
            ):
                return False
        return super().entity_registry_enabled_default

    def _made_of(self) -> tuple[object, ...] | None:
        """Return all that makes the state, `None` if that is too much to tell."""
        return None

    @property
    def _is_measured(self) -> bool:
        """Return whether every record tells something, also that it is the same."""
        return False

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Write the state, unless it is made of the same and nobody has changed it.

        What is only to be told again is not made again.
        """
        made_of, states = self._made_of(), self.hass.states
        state = states.get(self.entity_id)
        if made_of is None or made_of != self._last or state is not self._written:
            self.async_write_ha_state()
            self._last, self._written = made_of, states.get(self.entity_id)
        elif state is not None and self._is_measured:
            states.async_set(
                self.entity_id, state.state, state.attributes, context=state.context
            )

    def _is_settable(self) -> bool:
        """Tell whether it is known what the device can be told."""
        settings = self._runtime.settings.record(self._device.key)
        return settings is not None and settings.schedule is not None

    def _patience(self, hold: timedelta) -> timedelta:
        """Return how long a value stands here that would stand for so long elsewhere."""
        if self._device.role is Role.PART:
            # Of what a part tells, nothing changes often, and so it is asked for.
            hold = max(hold, Hold.LONGER.value)
        return self.coordinator.patience(hold)

    def _is_fresh(self, key: str, patience: timedelta) -> bool:
        """Tell whether a value or control is recent enough to be shown."""
        data = self.coordinator.data.get(self._device.key)
        if data is None or (seen := data.seen.get(key)) is None:
            return False
        return dt_util.utcnow() - seen <= patience


async def async_add_as_learned[DescriptionT: EntityDescription](
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    descriptions: Iterable[DescriptionT],
    make: Callable[[Device, DescriptionT], Entity],
    other: Callable[[str], DescriptionT | None] = lambda key: None,
) -> None:
    """Add an entity for all that a device has, now and whenever it shows more.

    Args:
        entry: Whose devices it is about.
        async_add_entities: Adds them.
        descriptions: What a device may have.
        make: Makes the entity of a description.
        other: Describes a key that no description has, if it is to be shown.
    """
    runtime = entry.runtime_data
    by_key = {description.key: description for description in descriptions}
    added: set[tuple[str, str]] = set()

    @callback
    def add(device_key: str) -> None:
        """Add what is not there yet of a device."""
        device = runtime.inventory.devices[device_key]
        new = [
            description
            for key in sorted(runtime.store.learned.get(device_key, ()))
            if (device_key, key) not in added
            and (description := by_key.get(key) or other(key)) is not None
        ]
        added.update((device_key, description.key) for description in new)
        if new:
            async_add_entities(make(device, description) for description in new)

    runtime.on_learned.append(add)
    entry.async_on_unload(lambda: runtime.on_learned.remove(add))
    breath = Breath()
    for device_key in runtime.inventory.devices:
        add(device_key)
        await breath.take()


class HomeBatteryReadingEntity(HomeBatteryEntity):
    """A reading, which stands for a while."""

    entity_description: ReadingDescription

    @cached_property
    def _stands(self) -> timedelta:
        """Return how long it stands, which is asked again and again."""
        return self._patience(self.entity_description.hold.value)

    @property
    def _reading(self) -> Value | None:
        """Return the reading as it last came, or was worked out."""
        data = self.coordinator.data.get(self._device.key)
        return None if data is None else data.value(self.entity_description.key)


class HomeBatteryControlEntity[ControlT: Control](HomeBatteryEntity):
    """A control that a person can set."""

    entity_description: ControlDescription

    _control_type: type[ControlT]

    @property
    def _control(self) -> ControlT | None:
        """Return the control as the device last showed it."""
        data = self.coordinator.data.get(self._device.key)
        if data is None:
            return None
        control = data.record.controls.get(self.entity_description.key)
        return control if isinstance(control, self._control_type) else None

    @property
    @override
    def available(self) -> bool:
        """Return whether the control is known and nothing bars it."""
        data = self.coordinator.data.get(self._device.key)
        if data is None or self._control is None or self._control.blocked is not None:
            return False
        key, hold = self.entity_description.key, self.entity_description.hold
        if key in data.record.seldom:
            hold = Hold.LONGEST
        return self._is_fresh(key, self._patience(hold.value))

    async def _async_set(self, value: ControlValue) -> None:
        """Have the device hold another value, and the rest of its window with it."""
        device, drafts = self._device.key, self._runtime.drafts
        window = window_of(self._control)
        keys = () if window is None else window.keys
        async with drafts.turn(device):
            await self._runtime.overrides.async_write(
                self._device,
                ControlChange(
                    {**drafts.among(device, keys), self.entity_description.key: value}
                ),
                self._context,
            )
            if drafts.drop(device, keys):
                self.coordinator.async_show(device)

"""What an action is meant for, and whether who asks may have it."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, NamedTuple

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import (
    Context,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service import async_get_device_and_config_entry

from .battery.model import Device
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .entity import unique_id_of


class Target(NamedTuple):
    """A device that an action is meant for; a system, if nothing else is said."""

    device_id: str
    entry: HomeBatteryConfigEntry
    device: Device


type Action = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]


def permitted(action: Action, policy: str) -> Action:
    """Return an action that is refused to who lacks a right to one of its devices."""

    @wraps(action)
    async def checked(call: ServiceCall) -> ServiceResponse:
        """Perform it, if whoever asks may."""
        for target in _named(call):
            await async_permit(call.hass, target, call.context, policy)
        return await action(call)

    return checked


@callback
def _named(call: ServiceCall) -> list[Target]:
    """Return the systems that an action is about; what is no sensor of ours it refuses itself."""
    if ATTR_ENTITY_ID not in call.data:
        return async_systems(call, steer=False)
    entity = er.async_get(call.hass).async_get(call.data[ATTR_ENTITY_ID])
    if entity is None or entity.platform != DOMAIN or entity.device_id is None:
        return []
    return [async_system(call.hass, entity.device_id, steer=False)]


async def async_permit(
    hass: HomeAssistant, target: Target, context: Context | None, policy: str
) -> None:
    """See that who asks has a right to a device, as Home Assistant has it by entity.

    A reading is told to who may read anything of the device. What it does touches
    all of it, so to steer it takes the right to all of its entities.

    Raises:
        Unauthorized: They have not.
        UnknownUser: Nobody is known by that id.
    """
    user = await _async_user(hass, context, policy)
    if user is None or user.is_admin:
        return
    found = er.async_entries_for_device(
        er.async_get(hass), target.device_id, include_disabled_entities=True
    )
    rights = [
        user.permissions.check_entity(entity.entity_id, policy)
        for entity in found
        if entity.platform == DOMAIN
    ]
    if not (any if policy == POLICY_READ else all)(rights or [False]):
        raise Unauthorized(context=context, permission=policy)


async def async_permit_reading(
    hass: HomeAssistant, entity_id: str, context: Context
) -> None:
    """See that who asks may read an entity, whoever's it is.

    Raises:
        Unauthorized: They may not.
        UnknownUser: Nobody is known by that id.
    """
    user = await _async_user(hass, context, POLICY_READ)
    if user is not None and not user.permissions.check_entity(entity_id, POLICY_READ):
        raise Unauthorized(context=context, entity_id=entity_id, permission=POLICY_READ)


async def _async_user(
    hass: HomeAssistant, context: Context | None, policy: str
) -> User | None:
    """Return who asks, `None` if Home Assistant itself does.

    Raises:
        UnknownUser: Nobody is known by that id.
    """
    if context is None or context.user_id is None:
        return None
    if (user := await hass.auth.async_get_user(context.user_id)) is None:
        raise UnknownUser(context=context, permission=policy)
    return user


@callback
def async_systems(call: ServiceCall, *, steer: bool = True) -> list[Target]:
    """Return the systems that an action names; a part stands for its system.

    Args:
        call: The action.
        steer: Only what can be steered will do, and not any device with readings.

    Raises:
        ServiceValidationError: A device is unknown, foreign, or no part of a
            system, or its entry is not loaded.
    """
    systems = [
        async_system(call.hass, device_id, steer=steer)
        for device_id in call.data[ATTR_DEVICE_ID]
    ]
    return list(
        {
            unique_id_of(system.entry.runtime_data.vendor.key, system.device): system
            for system in systems
        }.values()
    )


@callback
def async_system(hass: HomeAssistant, device_id: str, *, steer: bool = True) -> Target:
    """Return the system of a device's id; a part stands for its system.

    Args:
        hass: Home Assistant.
        device_id: The device registry's id.
        steer: Only what can be steered will do, and not any device with readings.

    Raises:
        ServiceValidationError: The device is unknown, foreign, or no part of a
            system, or its entry is not loaded.
    """
    registered, found = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    entry: HomeBatteryConfigEntry = found
    runtime = entry.runtime_data
    keys = {known: key for key, known in runtime.device_ids.items()}
    key = keys.get(registered.id, "")
    system = runtime.inventory.system_of(key)
    if system is None and not steer:
        system = runtime.inventory.devices.get(key)
    if system is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_system",
            translation_placeholders={"device": registered.name or device_id},
        )
    return Target(runtime.device_ids[system.key], entry, system)

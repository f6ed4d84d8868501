"""Entries of simulated Growatt accounts, as people have them, and what is seen of them."""

from collections.abc import Mapping
from typing import Any, Final

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator import Simulation
from simulator.growatt.device import Device

# What the vendor says of a call that comes too soon, or is one too many.
TOO_FREQUENT: Final = frozenset({100, 102, 105, 10012})
_ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "number": ("set_value", "value"),
    "select": ("select_option", "option"),
}


def make_growatt_entry(
    sim: Simulation,
    *,
    token: str | None = None,
    control: str = "control",
    options: Mapping[str, Any] | None = None,
    **kwargs: Any,
) -> MockConfigEntry:
    """Return an entry that controls a simulated account."""
    kwargs.setdefault("unique_id", "growatt_1234567")
    return MockConfigEntry(
        domain=DOMAIN,
        title="Growatt",
        data={
            "vendor": "growatt",
            "token": token or sim.growatt.token,
            "base_url": sim.growatt.base_url,
        },
        options={"control": control, **(options or {})},
        **kwargs,
    )


def entity_of(hass: HomeAssistant, serial: str, key: str) -> str:
    """Return the entity id of a device's key; a control stands before its reading."""
    found = [
        entity
        for entity in er.async_get(hass).entities.values()
        if entity.unique_id.endswith(f"_{serial}_{key}")
    ]
    return min(found, key=lambda entity: entity.domain == "sensor").entity_id


def seen(hass: HomeAssistant, serial: str, key: str) -> str:
    """Return the state of a device's key."""
    state = hass.states.get(entity_of(hass, serial, key))
    assert state is not None
    return state.state


def counted(hass: HomeAssistant, serial: str, key: str) -> float:
    """Return the state of a device's key as a number."""
    return float(seen(hass, serial, key))


def keys_of(hass: HomeAssistant, device: Device) -> set[str]:
    """Return all that a device has entities for, also those that are off."""
    marker = f"_{device.serial}_"
    return {
        entity.unique_id.partition(marker)[2]
        for entity in er.async_get(hass).entities.values()
        if marker in entity.unique_id
    }


async def async_choose(
    hass: HomeAssistant, serial: str, key: str, value: float | str
) -> None:
    """Set a number or choose an option of a device."""
    entity_id = entity_of(hass, serial, key)
    platform = entity_id.partition(".")[0]
    service, name = _ACTIONS[platform]
    await hass.services.async_call(
        platform, service, {ATTR_ENTITY_ID: entity_id, name: value}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def async_switch(
    hass: HomeAssistant, serial: str, key: str, *, on: bool = True
) -> None:
    """Turn a switch of a device on or off."""
    await hass.services.async_call(
        "switch",
        "turn_on" if on else "turn_off",
        {ATTR_ENTITY_ID: entity_of(hass, serial, key)},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def async_act(
    hass: HomeAssistant, device: Device, action: str, **data: Any
) -> Any:
    """Perform one of the common actions on a device, and return its response."""
    (device_id,) = (
        one.id
        for one in dr.async_get(hass).devices
        if one.serial_number == device.serial
    )
    response: Any = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_id, **data},
        blocking=True,
        return_response=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return response[device_id]


def writes(sim: Simulation) -> list[str]:
    """Return the paths of all writes that reached the server."""
    return [call.path for call in sim.growatt.calls if call.write]


def asked(sim: Simulation, path: str) -> int:
    """Return how many calls to a path reached the server."""
    return sum(call.path.endswith(path) for call in sim.growatt.calls)


def too_frequent(sim: Simulation) -> list[tuple[str, int]]:
    """Return the calls that the server refused because they came too soon."""
    return [
        (call.path, call.errno)
        for call in sim.growatt.calls
        if call.errno is not None
        and call.errno in TOO_FREQUENT
        and not (call.write and call.errno == 10012)
    ]

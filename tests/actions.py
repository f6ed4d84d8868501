"""How tests perform an action, and what they see of it."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator import Simulation

CHARGE = {
    "start": "02:00",
    "end": "05:00",
    "mode": "force_charge",
    "power": 3000,
    "target_soc": 90,
}


def device_id(hass: HomeAssistant, entry: MockConfigEntry, model: str = "KH8") -> str:
    """Return the registry's id of a device."""
    return next(
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.model == model
    )


async def act(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> Any:
    """Perform an action on the system, and return its response."""
    data.setdefault("device_id", device_id(hass, entry))
    response: Any = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    await hass.async_block_till_done()
    return response[device_id(hass, entry)]


def writes(sim: Simulation) -> list[str]:
    """Return the paths of all writes that reached the server."""
    return [call.path for call in sim.foxess.calls if call.write]


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state

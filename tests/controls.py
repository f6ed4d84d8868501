"""Setting controls as a person does, and looking at what came of it."""

from typing import Any

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from simulator import Simulation


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state


def number(hass: HomeAssistant, key: str, device: str = "fox_ess_kh8") -> float:
    """Return a sensor's state as a number."""
    return float(state(hass, f"sensor.{device}_{key}"))


def bodies(sim: Simulation, part: str = "") -> list[Any]:
    """Return what was sent in writes to paths with a part."""
    return [call.body for call in sim.foxess.calls if call.write and part in call.path]


async def async_set(hass: HomeAssistant, entity_id: str, value: Any) -> None:
    """Set a number, a time or a switch."""
    platform = entity_id.partition(".")[0]
    service, data = {
        "number": ("set_value", {"value": value}),
        "time": ("set_value", {"time": value}),
        "switch": ({True: "turn_on", False: "turn_off"}.get(value, ""), {}),
    }[platform]
    await hass.services.async_call(
        platform, service, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True
    )
    await hass.async_block_till_done()

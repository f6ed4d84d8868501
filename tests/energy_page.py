"""The energy page as tests see it, and what they put there beforehand."""

import logging
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

# The test plugin has each statement of the recorder's said.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

SETUP = "setup_energy_dashboard"
RESTORE = "restore_energy_dashboard"

# Sources that a person may have from other integrations.
BATTERY = {
    "type": "battery",
    "stat_energy_from": "sensor.old_discharged",
    "stat_energy_to": "sensor.old_charged",
    "name": "Old battery",
}
SOLAR = {
    "type": "solar",
    "stat_energy_from": "sensor.old_pv",
    "config_entry_solar_forecast": ["01FORECAST"],
}
GRID = {
    "type": "grid",
    "stat_energy_from": "sensor.old_import",
    "stat_energy_to": "sensor.old_export",
    "stat_cost": None,
    "entity_energy_price": "sensor.tariff",
    "number_energy_price": None,
    "stat_compensation": "sensor.old_income",
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
    "cost_adjustment_day": 0.5,
}
GAS = {"type": "gas", "stat_energy_from": "sensor.gas", "stat_cost": None}


class EnergyPage:
    """The energy page over the WebSocket connection that its own dialogs use."""

    def __init__(self, hass: HomeAssistant, connect: WebSocketGenerator) -> None:
        """Keep the means."""
        self._hass = hass
        self._connect = connect

    async def _command(self, kind: str, **fields: Any) -> Any:
        """Send a command, and return its result; `None` if there is none."""
        client = await self._connect(self._hass)
        await client.send_json_auto_id({"type": f"energy/{kind}", **fields})
        answer = await client.receive_json()
        return answer.get("result")

    async def sources(self) -> list[dict[str, Any]]:
        """Return the sources, which somebody has entered."""
        sources: list[dict[str, Any]] = (await self.preferences())["energy_sources"]
        return sources

    async def preferences(self) -> Any:
        """Return all preferences, `None` if nobody has entered any."""
        return await self._command("get_prefs")

    async def save(self, *sources: dict[str, Any], **others: Any) -> None:
        """Enter sources, as a person does."""
        saved = await self._command(
            "save_prefs", energy_sources=list(sources), **others
        )
        assert saved is not None

    async def faults(self) -> list[Any]:
        """Return what Home Assistant finds wrong with each source."""
        found: list[Any] = (await self._command("validate"))["energy_sources"]
        return found


def device_named(hass: HomeAssistant, entry: MockConfigEntry, name: str) -> str:
    """Return the registry's id of a device."""
    return next(
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.name == name
    )


async def ask(hass: HomeAssistant, action: str = SETUP, **data: Any) -> Any:
    """Perform one of the actions, and return its response."""
    response: Any = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    return response["result"]


async def put(hass: HomeAssistant, *device_ids: str, **data: Any) -> Any:
    """Put devices on the page, and return the response."""
    return await ask(hass, device_id=list(device_ids), dry_run=False, **data)


def deeds(response: Any) -> list[tuple[str, str, str]]:
    """Return what becomes of each source: its type, its device and the deed."""
    return [
        (step["type"], step["name"], step["action"]) for step in response["sources"]
    ]


def left_out(response: Any) -> set[tuple[str, str, str | None, str]]:
    """Return what is left out: type, device, sensor and reason."""
    return {
        (left["type"], left["name"], left["sensor"], left["reason"])
        for left in response["left_out"]
    }


def energies(sources: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Return the type of each source and the statistic that it is known by."""
    return [(source["type"], source["stat_energy_from"]) for source in sources]

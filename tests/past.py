"""What the tests of get_history share."""

from typing import Any
from zoneinfo import ZoneInfo

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator import Simulation

from .conftest import Simulate, async_set_up, make_entry

NOON = "2026-06-15 12:00:00"
BERLIN = ZoneInfo("Europe/Berlin")
REPORT = "/op/v0/device/report/query"
HISTORY = "/op/v0/device/history/query"
LEDGER = {
    "battery_energy_charged": "charge",
    "battery_energy_discharged": "discharge",
    "grid_energy_exported": "exported",
    "grid_energy_imported": "imported",
    "load_energy": "load",
    "pv_energy": "pv",
}


def devices(hass: HomeAssistant) -> list[dr.DeviceEntry]:
    """Return the registered devices."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    return dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)


def device_ids(hass: HomeAssistant, sim: Simulation) -> list[str]:
    """Return the registry's ids of the inverters, in the simulation's order."""
    by_serial = {device.serial_number: device.id for device in devices(hass)}
    return [by_serial[inverter.serial] for inverter in sim.foxess.inverters]


async def ask(hass: HomeAssistant, sim: Simulation, **data: Any) -> Any:
    """Ask for history, and return what is told of the first device."""
    ids = device_ids(hass, sim)
    response: Any = await hass.services.async_call(
        DOMAIN,
        "get_history",
        {"device_id": ids[0], **data},
        blocking=True,
        return_response=True,
    )
    return response[ids[0]]


async def set_up(
    hass: HomeAssistant, simulate: Simulate, *models: str, **options: Any
) -> Simulation:
    """Simulate inverters and set their account up."""
    sim = await simulate(*models)
    await async_set_up(hass, make_entry(sim, **options))
    sim.foxess.calls.clear()
    return sim


def asked(sim: Simulation) -> list[Any]:
    """Return what the server was asked of the past."""
    return [call.body for call in sim.foxess.calls if call.path in {REPORT, HISTORY}]

"""Whether the energies are right at the end: those that are shown, beside the houses' ledgers."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.coordinator import HomeBatteryConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from scripts.house_demo.houses import Houses

_LEDGER: Final = {
    "battery_energy_charged": "charge",
    "battery_energy_discharged": "discharge",
    "pv_energy": "pv",
    "grid_energy_imported": "imported",
    "grid_energy_exported": "exported",
    "load_energy": "load",
}
# Counters come in steps of 0.1 kWh, and a record is up to some minutes old.
_COUNTED_KWH: Final = 0.4
# What happens between two moments that are told is guessed, and an outage is not made up for.
_INTEGRATED_SHARE: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class Energy:
    """One energy of one device.

    Attributes:
        shown: What Home Assistant shows, in kWh.
        real: What the house has counted, since the same beginning.
        grown: How much of that came since the soak began.
        counted: The vendor counts it, and it is not integrated here.
        watched: Time moved finely enough for it to be integrated.
    """

    name: str
    shown: float
    real: float
    grown: float
    counted: bool
    watched: bool

    @property
    def error(self) -> float:
        """Return by how much too much is shown, in kWh."""
        return self.shown - self.real

    @property
    def ok(self) -> bool:
        """Tell whether it is right."""
        bound = _COUNTED_KWH
        if not self.counted:
            bound += _INTEGRATED_SHARE * self.grown
        return not self.watched or abs(self.error) <= bound


async def energies(
    hass: HomeAssistant,
    houses: Houses,
    entry: HomeBatteryConfigEntry,
    before: dict[str, dict[str, float]],
    step: timedelta,
) -> list[Energy]:
    """Return the energies of an account's devices, integrated ones since the beginning."""
    runtime = entry.runtime_data
    past = await houses.past(runtime.vendor.key)
    found = []
    for device in runtime.inventory.devices.values():
        if device.id not in past:
            continue
        integrated = runtime.vendor.tables.integrated.get(device.kind, ())
        for key, name in _LEDGER.items():
            shown = _shown(hass, f"{runtime.vendor.key}_{device.key}_{key}")
            if shown is None:
                continue
            real = float(past[device.id][-1][name])
            grown = real - before.get(device.id, {}).get(name, 0.0)
            own = key in integrated or bool(runtime.vendor.tables.begun)
            found.append(
                Energy(
                    name=f"{device.key} {key}",
                    shown=shown,
                    real=grown if own else real,
                    grown=grown,
                    counted=not own,
                    watched=key not in integrated
                    or step <= runtime.readings.feed.patience,
                )
            )
    return found


async def ledgers(houses: Houses, vendor: str) -> dict[str, dict[str, float]]:
    """Return what the houses of a vendor have counted until now."""
    return {
        serial: {name: float(rows[-1][name]) for name in _LEDGER.values()}
        for serial, rows in (await houses.past(vendor)).items()
    }


def _shown(hass: HomeAssistant, unique_id: str) -> float | None:
    """Return what a sensor shows, if it is there and shows a number."""
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.SENSOR, DOMAIN, unique_id
    )
    state = None if entity_id is None else hass.states.get(entity_id)
    try:
        return None if state is None else float(state.state)
    except ValueError:
        return None

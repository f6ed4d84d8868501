"""Sensors of other integrations that show what ours show, by how their unique ids end.

Sums of Home Assistant's statistics go on over resets, so that counters of a day
serve as well as those of a lifetime; of both, the one of a lifetime comes first.
Powers are here only where their sign means the same.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

type Ends = tuple[str, ...]

# By the integration, our reading, and the ends of unique ids in the order of their worth.
_RIVALS: Final[Mapping[str, Mapping[str, Mapping[str, Ends]]]] = {
    "foxess": {
        # foxess-ha: counters of the day.
        "foxess": {
            "battery_energy_charged": ("bat-charge",),
            "battery_energy_discharged": ("bat-discharge",),
            "grid_energy_imported": ("grid-consumption",),
            "grid_energy_exported": ("feedIn",),
            "load_energy": ("load",),
            "pv_energy": ("solar",),
        },
        "foxess_modbus": {
            "battery_energy_charged": ("battery_charge_total",),
            "battery_energy_discharged": ("battery_discharge_total",),
            "grid_energy_imported": ("grid_consumption_energy_total",),
            "grid_energy_exported": ("feed_in_energy_total",),
            "load_energy": ("load_energy_total",),
            "pv_energy": ("solar_energy_total",),
            "battery_soc": ("battery_soc", "battery_soc_1"),
        },
        "foxess_control": {
            "battery_energy_charged": ("charge_energy_total",),
            "battery_energy_discharged": ("_discharge_energy_total",),
            "grid_energy_imported": ("grid_consumption_energy",),
            "grid_energy_exported": ("feedin_energy",),
            "load_energy": ("loads_energy",),
            "battery_soc": ("battery_soc",),
            "load_power": ("loads_power",),
            "pv_power": ("_pv_power",),
        },
    },
    "growatt": {
        "growatt_server": {
            "battery_energy_charged": (
                "tlx_all_batteries_charge_total",
                "mix_battery_charge_lifetime",
                "storage_charge_storage_lifetime",
                "tlx_all_batteries_charge_today",
                "mix_battery_charge_today",
            ),
            "battery_energy_discharged": (
                "tlx_all_batteries_discharge_total",
                "mix_battery_discharge_lifetime",
                "tlx_all_batteries_discharge_today",
                "mix_battery_discharge_today",
            ),
            "grid_energy_imported": (
                "tlx_import_from_grid_total",
                "storage_import_from_grid_total",
                "tlx_import_from_grid_today",
                "mix_import_from_grid_today",
            ),
            "grid_energy_exported": (
                "tlx_export_to_grid_total",
                "mix_export_to_grid_lifetime",
                "tlx_export_to_grid_today",
            ),
            "load_energy": (
                "mix_load_consumption_total",
                "mix_load_consumption_lifetime",
                "storage_load_consumption_lifetime",
                "tlx_load_consumption_today",
            ),
            "pv_energy": (
                "tlx_solar_generation_total",
                "mix_solar_generation_lifetime",
                "inverter_energy_total",
                "tlx_solar_generation_today",
            ),
            "battery_soc": (
                "mix_statement_of_charge",
                "tlx_statement_of_charge",
                "storage_battery_percentage",
            ),
        },
    },
    "eaton": {
        # It shows energies as powers, which no sum can be made of.
        "eaton_battery_storage": {"battery_soc": ("energyFlow.stateOfCharge",)},
    },
}


@callback
def async_rivals(
    hass: HomeAssistant, vendor: str, key: str, serial: str | None
) -> Iterator[str]:
    """Yield the sensors of others that show a reading, the best first.

    Args:
        hass: Home Assistant.
        vendor: Whose device it is.
        key: Our reading.
        serial: The device's serial number; where unique ids name one, it decides.
    """
    entities = list(er.async_get(hass).entities.values())
    for platform, readings in _RIVALS.get(vendor, {}).items():
        found = [
            entity.entity_id
            for end in readings.get(key, ())
            for entity in entities
            if entity.platform == platform
            and entity.domain == "sensor"
            and _ends(entity.unique_id, end)
        ]
        named = [
            entity_id
            for entity_id in found
            if serial and serial in er.async_get(hass).entities[entity_id].unique_id
        ]
        yield from named or found


def _ends(unique_id: str, end: str) -> bool:
    """Tell whether a unique id ends so, and not only with a longer word."""
    if not unique_id.endswith(end):
        return False
    # foxess-ha puts nothing between a device's id and the word.
    return not unique_id.removesuffix(end).endswith("dis")

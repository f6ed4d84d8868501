"""The entities that Fox ESS systems have beyond the common readings."""

from homeassistant.components.number import NumberMode
from homeassistant.const import PERCENTAGE, EntityCategory

from ...descriptions import ControlNumberDescription, ControlSelectDescription, Tables
from .settings import MAX_SOC, MIN_SOC, MIN_SOC_ON_GRID, OPERATING_MODE

TABLES = Tables(
    numbers=tuple(
        ControlNumberDescription(
            key=key,
            translation_key=key,
            entity_category=EntityCategory.CONFIG,
            native_unit_of_measurement=PERCENTAGE,
            # Every stop of a slider on its way would be a write of its own.
            mode=NumberMode.BOX,
        )
        for key in (MIN_SOC, MIN_SOC_ON_GRID, MAX_SOC)
    ),
    selects=(
        ControlSelectDescription(key=OPERATING_MODE, translation_key=OPERATING_MODE),
    ),
    modes=("foxess_force_charge_bat", "foxess_force_discharge_bat"),
)

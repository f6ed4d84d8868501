"""The entities that Growatt devices have beyond the common readings."""

from ...descriptions import Tables, variable_sensor
from .controls import MODES, NUMBERS, SELECTS, SWITCHES
from .variables import ENABLED, FIELD_PREFIX, VARIABLES

# NOAH and NEXA count what PV gave, and nothing else (Growatt notes, section 5.5).
_UNCOUNTED = (
    "battery_energy_charged",
    "battery_energy_discharged",
    "grid_energy_imported",
    "grid_energy_exported",
)

TABLES = Tables(
    sensors=tuple(
        variable_sensor(variable, enabled=variable.key in ENABLED)
        for variable in VARIABLES
    ),
    numbers=NUMBERS,
    selects=SELECTS,
    switches=SWITCHES,
    modes=MODES,
    field_prefix=FIELD_PREFIX,
    integrated={"noah": _UNCOUNTED, "nexa": _UNCOUNTED},
)

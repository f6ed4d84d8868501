"""What an inverter's firmware asks of battery and meter, in no vendor's words."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from math import inf


class Mode(Enum):
    """How the battery is used."""

    SELF_CONSUMPTION = auto()
    FEED_IN_FIRST = auto()
    BACKUP = auto()
    FORCE_CHARGE = auto()
    FORCE_DISCHARGE = auto()
    PEAK_SHAVING = auto()
    OUTPUT = auto()
    OFF = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """Orders that stand until `until` (UTC). Power in W, SOC in percent.

    `power` bounds a forced charge or discharge, and is what OUTPUT gives to the house.
    """

    until: datetime
    mode: Mode = Mode.SELF_CONSUMPTION
    floor: float = 10.0
    ceiling: float = 100.0
    target: float = 100.0
    power: float = inf
    charge_limit: float = inf
    discharge_limit: float = inf
    export_limit: float = inf
    import_limit: float = inf
    pv_limit: float = inf
    output_limit: float = inf
    peak_soc: float = 0.0

"""Records: what a device measured when it last uploaded."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ..ledger import Energies
from ..steered import midnight_before
from .catalogue import Profile

if TYPE_CHECKING:
    from .device import Inverter


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One upload. Power in whole W, grid + import, battery + discharge; energies in kWh."""

    at: datetime
    local: datetime
    profile: Profile
    pv: int
    generation: int
    grid: int
    battery: int
    soc: float
    volts: float
    capacity_wh: float
    charge_limit_a: float
    discharge_limit_a: float
    state: str
    faults: tuple[str, ...]
    energies: Energies
    generation_today: float
    temperature: float

    @property
    def time(self) -> str:
        """Return the device's own time as it travels."""
        return self.local.strftime("%Y-%m-%d %H:%M:%S %Z%z")

    @property
    def load(self) -> int:
        """Return what the inverter takes for the load: its output and the meter."""
        return self.generation + self.grid


def take_record(inverter: Inverter) -> Record:
    """Measure a device at the moment that its house has reached."""
    house, unit, battery = inverter.house, inverter.unit, inverter.unit.battery
    energies = house.energies(unit)
    metered = (
        inverter.profile.has_battery
        and inverter.settings.get("Meter1Enable") != "disable"
    )
    return Record(
        at=house.at,
        local=inverter.local(house.at),
        profile=inverter.profile,
        pv=round(unit.flow.pv),
        generation=round(unit.flow.generation),
        grid=round(house.grid_w) if metered else 0,
        battery=round(unit.flow.battery),
        soc=0.0 if battery is None else battery.soc,
        volts=0.0 if battery is None else battery.volts,
        capacity_wh=0.0 if battery is None else battery.capacity_wh,
        charge_limit_a=float(inverter.settings.get("MaxSetChargeCurrent", 0)),
        discharge_limit_a=float(inverter.settings.get("MaxSetDischargeCurrent", 0)),
        state=_state(inverter),
        faults=inverter.fault_codes,
        energies=energies,
        generation_today=energies.generation
        - house.energies_at(unit, midnight_before(house.at, house)).generation,
        temperature=inverter.battery_temperature,
    )


def _state(inverter: Inverter) -> str:
    """Return the running state code (Fox ESS notes 6)."""
    if inverter.fault_codes:
        return "165"
    if inverter.settings.get("SysSwitch") == "disable":
        return "167"
    if inverter.unit.battery is None and inverter.unit.flow.generation < 30:
        return "161"
    return "163"

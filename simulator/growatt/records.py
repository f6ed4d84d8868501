"""Records: what a device measured when it last uploaded. Power in W, energy in kWh."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from ..ledger import Energies
from ..steered import midnight_before

if TYPE_CHECKING:
    from .device import Device

_BOUNCE_ENDS = time(0, 10)
_BOUNCE_BACK = time(0, 5)
_TOTALS_BACK = time(6, 30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One upload. Grid + import, battery + discharge; `priority` is 0 load, 1 battery, 2 grid first."""

    at: datetime
    local: datetime
    pv: float
    generation: float
    grid: float
    load: float
    battery: float
    foreign: float
    soc: float
    volts: float
    counted: Energies
    midnight: Energies
    day_before: Energies
    month_begin: Energies
    year_begin: Energies
    foreign_total: float
    foreign_today: float
    temperature: float
    priority: int
    on: bool
    faults: tuple[str, ...]
    wrong_today: Energies | None = None
    no_totals: bool = False

    @property
    def energies(self) -> Energies:
        """Return the energies of all time, as the cloud shows them."""
        return Energies() if self.no_totals else self.counted

    @property
    def today(self) -> Energies:
        """Return the energies of the day, as the cloud shows them."""
        if self.wrong_today is not None:
            return self.wrong_today
        return self.counted.since(self.midnight)

    @property
    def yesterday(self) -> Energies:
        """Return the energies of the day before."""
        return self.midnight.since(self.day_before)

    @property
    def month(self) -> Energies:
        """Return the energies of the month."""
        return self.counted.since(self.month_begin)

    @property
    def year(self) -> Energies:
        """Return the energies of the year."""
        return self.counted.since(self.year_begin)

    @property
    def text(self) -> str:
        """Return the device's own time as it travels."""
        return self.local.strftime("%Y-%m-%d %H:%M:%S")

    @property
    def charge(self) -> float:
        """Return the power into the battery."""
        return max(0.0, -self.battery)

    @property
    def discharge(self) -> float:
        """Return the power out of the battery."""
        return max(0.0, self.battery)

    @property
    def imported(self) -> float:
        """Return the power from the grid."""
        return max(0.0, self.grid)

    @property
    def exported(self) -> float:
        """Return the power to the grid."""
        return max(0.0, -self.grid)

    @property
    def ac_charge(self) -> float:
        """Return the power that comes from the AC side into the battery."""
        return max(0.0, self.charge - self.pv)


def take_record(device: Device) -> Record:
    """Measure a device at the moment that its house has reached."""
    house, unit, battery = device.house, device.unit, device.unit.battery
    midnight = midnight_before(house.at, house)
    day = midnight.astimezone(house.time_zone)
    foreign = device.foreign
    foreign_total = 0.0 if foreign is None else foreign.ledger.pv
    return Record(
        at=house.at,
        local=device.local(house.at),
        pv=unit.flow.pv,
        generation=unit.flow.generation,
        grid=house.grid_w,
        load=house.load_w,
        battery=unit.flow.battery,
        foreign=0.0 if foreign is None else foreign.flow.pv,
        soc=0.0 if battery is None else battery.soc,
        volts=0.0 if battery is None else battery.volts,
        counted=house.energies(unit),
        midnight=house.energies_at(unit, midnight),
        day_before=house.energies_at(unit, midnight_before(house.at, house, 1)),
        month_begin=house.energies_at(unit, day.replace(day=1).astimezone(UTC)),
        year_begin=house.energies_at(unit, day.replace(month=1, day=1).astimezone(UTC)),
        foreign_total=foreign_total,
        foreign_today=0.0
        if foreign is None
        else foreign_total - house.energies_at(foreign, midnight).pv,
        temperature=device.battery_temperature,
        priority=device.priority,
        on=device.on,
        faults=device.fault_codes,
    )


def spoiled(record: Record, *, bounce: bool, no_totals: bool, no_soc: bool) -> Record:
    """Return a record as the cloud gets it wrong (Growatt notes 0.7 and 5.6)."""
    clock = record.local.time()
    if bounce and clock < _BOUNCE_BACK:
        record = replace(record, wrong_today=Energies())
    elif bounce and clock < _BOUNCE_ENDS:
        record = replace(record, wrong_today=record.yesterday)
    if no_totals and clock < _TOTALS_BACK:
        record = replace(record, no_totals=True)
    return replace(record, soc=0.0) if no_soc else record

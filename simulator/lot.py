"""Where houses are built, whatever vendor's devices stand in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from .battery import Battery
from .chance import fraction
from .clock import Clock
from .faults import Switchboard
from .house import House
from .ledger import HouseLedger, UnitLedger
from .load import Household
from .sun import Sun
from .unit import Unit
from .uplink import Uplink

HISTORY_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class Lot:
    """Time, weather and faults that all houses share.

    Every house has lived some days before the simulation begins, so that
    reports and history are not empty.
    """

    zone: ZoneInfo
    begin: datetime
    clock: Clock
    switchboard: Switchboard
    sun: Sun
    seed: int

    @classmethod
    def open(
        cls,
        *,
        clock: Clock,
        switchboard: Switchboard,
        sun: Sun,
        time_zone: str,
        seed: int,
        history_days: int = HISTORY_DAYS,
    ) -> Self:
        """Return a lot in a time zone (IANA name)."""
        zone = ZoneInfo(time_zone)
        begin = (clock.start.astimezone(zone) - timedelta(days=history_days)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return cls(
            zone=zone,
            begin=begin.astimezone(UTC),
            clock=clock,
            switchboard=switchboard,
            sun=sun,
            seed=seed,
        )

    def house(
        self, key: str, units: Sequence[Unit], *, others: Sequence[Unit] = ()
    ) -> House:
        """Return a house with inverters that its meter has counted for, and other units."""
        rated = sum(unit.rated_w for unit in (*units, *others))
        return House(
            sun=self.sun,
            time_zone=self.zone,
            household=Household(seed=key, scale=0.35 + rated / 12000),
            units=[*units, *others],
            begin=self.begin,
            ledger=_former_meter(units),
        )


def make_neighbours(devices: Sequence[Uplink]) -> None:
    """Let the devices of a house know each other."""
    for device in devices:
        device.neighbours = tuple(devices)


def used_unit(
    seed: str,
    *,
    rated_w: float,
    pv_peak_w: float,
    capacity_wh: float = 0.0,
    battery_w: float = 0.0,
) -> Unit:
    """Return an inverter, with a battery if that has a capacity, and the energies of some former life."""
    years = 1 + 3 * fraction(seed, "age")
    pv = round(years * pv_peak_w * 0.95, 1)
    battery = None
    charge = discharge = 0.0
    if capacity_wh:
        battery = Battery(
            capacity_wh=capacity_wh,
            soc=35 + 30 * fraction(seed, "soc"),
            max_charge_w=battery_w,
            max_discharge_w=battery_w,
        )
        charge = round(years * capacity_wh * 0.22, 1)
        discharge = round(charge * 0.95, 1)
    unit = Unit(rated_w=rated_w, pv_peak_w=pv_peak_w, battery=battery)
    net = unit.to_ac(pv + discharge - charge)
    unit.ledger = UnitLedger(
        pv=pv,
        charge=charge,
        discharge=discharge,
        generation=max(0.0, net),
        absorbed=max(0.0, -net),
        load=0.0,
    )
    return unit


def _former_meter(units: Sequence[Unit]) -> HouseLedger:
    """Return what the meter has counted in the units' former life, so that it balances."""
    generation = sum(unit.ledger.generation for unit in units)
    lost = sum(unit.ledger.absorbed for unit in units)
    imported, exported = round(generation * 0.3, 1), round(generation * 0.45, 1)
    for unit in units:
        unit.ledger.load = max(0.0, unit.ledger.generation + imported - exported)
    return HouseLedger(
        load=generation + imported - exported,
        imported=imported + lost,
        exported=exported,
    )

"""Building the houses with their inverters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .battery import Battery
from .chance import fraction
from .clock import Clock
from .faults import Switchboard
from .foxess.catalogue import PROFILES, Profile
from .foxess.device import Inverter
from .foxess.parts import (
    EMS,
    EMS_INVERTERS,
    GMAX,
    KINDS,
    build_parts,
    gmax_unit,
    serial,
)
from .foxess.site import Site
from .foxess.uplink import Uplink
from .house import House
from .ledger import HouseLedger, UnitLedger
from .load import Household
from .sun import Sun
from .unit import Unit

_HISTORY_DAYS = 2
MODELS = (*PROFILES, *KINDS)


def build_foxess(
    stations: Sequence[Sequence[str]],
    *,
    clock: Clock,
    switchboard: Switchboard,
    sun: Sun,
    time_zone: str,
    seed: int,
) -> list[Site]:
    """Return what stands in each station.

    A station lists models; each has a house of its own, and models joined by a
    plus sign share a household and a meter. An EMS on its own brings its
    inverters along; where it is joined to some, it is their master. Every house has lived two days
    before the simulation begins, so that reports and history are not empty.
    """
    zone = ZoneInfo(time_zone)
    begin = (clock.start.astimezone(zone) - timedelta(days=_HISTORY_DAYS)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    builder = _Builder(
        zone=zone,
        begin=begin.astimezone(UTC),
        clock=clock,
        switchboard=switchboard,
        sun=sun,
        seed=seed,
    )
    return [builder.site(station) for station in stations]


def _known(model: str) -> str:
    """Return a model's name, or refuse it."""
    if model not in MODELS:
        raise ValueError(f"unknown model {model!r}, known are {', '.join(MODELS)}")
    return model


@dataclass(kw_only=True)
class _Builder:
    """Builds houses one after another, and numbers what stands in them."""

    zone: ZoneInfo
    begin: datetime
    clock: Clock
    switchboard: Switchboard
    sun: Sun
    seed: int
    number: int = 0

    def site(self, station: Sequence[str]) -> Site:
        """Return one station with its houses."""
        inverters: list[Inverter] = []
        parts: list[Uplink] = []
        for models in station:
            names = [_known(model) for model in models.split("+")]
            built = self._house(
                [PROFILES[name] for name in names if name in PROFILES],
                [name for name in names if name not in PROFILES],
            )
            inverters += built[0]
            parts += built[1]
        return Site(
            time_zone=self.zone.key, inverters=tuple(inverters), parts=tuple(parts)
        )

    def _house(
        self, profiles: list[Profile], kinds: list[str]
    ) -> tuple[list[Inverter], list[Uplink]]:
        """Return the devices of one house, which know each other."""
        if EMS in kinds and not profiles:
            profiles = [PROFILES[model] for model in EMS_INVERTERS]
        first = self.number + 1
        self.number += len(profiles) + len(kinds)
        units = [
            _unit(profile, f"{self.seed}/{first + index}")
            for index, profile in enumerate(profiles)
        ]
        stores = [gmax_unit() for kind in kinds if kind == GMAX]
        rated = sum(unit.rated_w for unit in (*units, *stores))
        house = House(
            sun=self.sun,
            time_zone=self.zone,
            household=Household(
                seed=f"{self.seed}/{first}", scale=0.35 + rated / 12000
            ),
            units=[*units, *stores],
            begin=self.begin,
            ledger=_former_meter(units),
        )
        inverters = [
            Inverter(
                serial=serial("SIM", profile.key, first + index),
                module_serial=serial("LOG", profile.key, first + index),
                profile=profile,
                house=house,
                unit=unit,
                clock=self.clock,
                switchboard=self.switchboard,
            )
            for index, (profile, unit) in enumerate(zip(profiles, units, strict=True))
        ]
        parts = build_parts(
            kinds,
            first + len(profiles),
            house=house,
            inverters=inverters,
            stores=stores,
            clock=self.clock,
            switchboard=self.switchboard,
        )
        devices: tuple[Uplink, ...] = (*inverters, *parts)
        for device in devices:
            device.neighbours = devices
        return inverters, parts


def _former_meter(units: Sequence[Unit]) -> HouseLedger:
    """Return what the meter has counted in the units' former life, so that it balances."""
    generation = sum(unit.ledger.generation for unit in units)
    imported, exported = round(generation * 0.3, 1), round(generation * 0.45, 1)
    for unit in units:
        unit.ledger.load = max(0.0, unit.ledger.generation + imported - exported)
    return HouseLedger(
        load=generation + imported - exported, imported=imported, exported=exported
    )


def _unit(profile: Profile, seed: str) -> Unit:
    """Return the hardware of a profile, with the energies of some former life."""
    years = 1 + 3 * fraction(seed, "age")
    pv = round(years * profile.pv_peak_w * 0.95, 1)
    battery = None
    charge = discharge = 0.0
    if profile.has_battery:
        battery = Battery(
            capacity_wh=profile.capacity_wh,
            soc=35 + 30 * fraction(seed, "soc"),
            max_charge_w=profile.battery_w,
            max_discharge_w=profile.battery_w,
        )
        charge = round(years * profile.capacity_wh * 0.22, 1)
        discharge = round(charge * 0.95, 1)
    unit = Unit(rated_w=profile.rated_w, pv_peak_w=profile.pv_peak_w, battery=battery)
    unit.ledger = UnitLedger(
        pv=pv,
        charge=charge,
        discharge=discharge,
        generation=unit.to_ac(pv + discharge - charge),
        load=0.0,
    )
    return unit

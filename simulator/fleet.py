"""Building the houses with their inverters."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .battery import Battery
from .chance import fraction
from .clock import Clock
from .faults import Switchboard
from .foxess.catalogue import PROFILES, Profile
from .foxess.device import Inverter
from .foxess.site import Site
from .house import House
from .ledger import HouseLedger, UnitLedger
from .load import Household
from .sun import Sun
from .unit import Unit

_HISTORY_DAYS = 2
_SERIAL_LENGTH = 15


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
    plus sign share a household and a meter. Every house has lived two days
    before the simulation begins, so that reports and history are not empty.
    """
    zone = ZoneInfo(time_zone)
    begin = (clock.start.astimezone(zone) - timedelta(days=_HISTORY_DAYS)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    built: list[Site] = []
    number = 0
    for station in stations:
        inverters: list[Inverter] = []
        for models in station:
            profiles = [_profile(model) for model in models.split("+")]
            inverters += _house(
                profiles,
                number + 1,
                begin=begin,
                zone=zone,
                clock=clock,
                switchboard=switchboard,
                sun=sun,
                seed=seed,
            )
            number += len(profiles)
        built.append(Site(time_zone=zone.key, inverters=tuple(inverters)))
    return built


def _profile(model: str) -> Profile:
    """Return a profile by its name."""
    try:
        return PROFILES[model]
    except KeyError:
        raise ValueError(
            f"unknown model {model!r}, known are {', '.join(PROFILES)}"
        ) from None


def _house(
    profiles: Sequence[Profile],
    first: int,
    *,
    begin: datetime,
    zone: ZoneInfo,
    clock: Clock,
    switchboard: Switchboard,
    sun: Sun,
    seed: int,
) -> list[Inverter]:
    """Return the inverters of one house, which know each other."""
    units = [
        _unit(profile, f"{seed}/{first + index}")
        for index, profile in enumerate(profiles)
    ]
    size = 0.35 + sum(profile.rated_w for profile in profiles) / 12000
    house = House(
        sun=sun,
        time_zone=zone,
        household=Household(seed=f"{seed}/{first}", scale=size),
        units=units,
        begin=begin.astimezone(UTC),
        ledger=_former_meter(units),
    )
    inverters = [
        Inverter(
            serial=_serial("SIM", profile, first + index),
            module_serial=_serial("LOG", profile, first + index),
            profile=profile,
            house=house,
            unit=unit,
            clock=clock,
            switchboard=switchboard,
        )
        for index, (profile, unit) in enumerate(zip(profiles, units, strict=True))
    ]
    for inverter in inverters:
        inverter.neighbours = tuple(inverters)
    return inverters


def _former_meter(units: Sequence[Unit]) -> HouseLedger:
    """Return what the meter has counted in the units' former life, so that it balances."""
    generation = sum(unit.ledger.generation for unit in units)
    imported, exported = round(generation * 0.3, 1), round(generation * 0.45, 1)
    for unit in units:
        unit.ledger.load = max(0.0, unit.ledger.generation + imported - exported)
    return HouseLedger(
        load=generation + imported - exported, imported=imported, exported=exported
    )


def _serial(prefix: str, profile: Profile, number: int) -> str:
    """Return a serial number that no real device has."""
    head = prefix + profile.key.replace("-", "").upper()
    return head + str(number).zfill(_SERIAL_LENGTH - len(head))


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

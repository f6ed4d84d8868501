"""What a device makes of its settings (Growatt notes 1.6 and 1.7).

The documents do not say everything: the minute at which a period ends belongs
to it; a MIN keeps to its limits of power and SOC in every mode, while an SPH
and an SPA have limits for each mode.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final

from ..orders import Mode, Orders
from ..wall_clock import minute_of_day, next_edge, stands_until
from .catalogue import Profile
from .families import MIN, NOAH, SPA, SPH, STORAGE
from .settings import Settings
from .slots import BATTERY_FIRST, GRID_FIRST, LOAD_FIRST, SMART, Slot, slots_of, value
from .vpp import (
    CHARGE_STOP,
    DERATING,
    DISCHARGE_STOP,
    EXPORT_LIMIT,
    EXPORT_LIMITED,
    STATIC_POWER,
    SWITCHED_ON,
    Vpp,
)

NOAH_MODES: Final = {Mode.FORCE_CHARGE: 1, Mode.BACKUP: 1, Mode.SELF_CONSUMPTION: 2}
PRIORITIES: Final = {Mode.FORCE_CHARGE: 1, Mode.BACKUP: 1, Mode.FORCE_DISCHARGE: 2}


@dataclass(frozen=True, kw_only=True)
class _Limits:
    """What bounds a mode: SOC in percent, power in W."""

    floor: float = 10
    ceiling: float = 100
    charge: float = inf
    discharge: float = inf
    from_grid: bool = False


def orders(
    profile: Profile,
    settings: Settings,
    vpp: Vpp,
    local: Callable[[datetime], datetime],
    moment: datetime,
) -> Orders:
    """Return the orders that stand from a moment (UTC) on."""
    now = local(moment)
    slots = [*slots_of(profile, settings)]
    edges = [edge for slot in slots for edge in (slot.start, slot.end + 1)]
    edges += [edge for period in vpp.periods for edge in (period.start, period.end + 1)]
    minute_now = minute_of_day(now)
    until = stands_until(moment, now, next_edge(minute_now, edges))
    if vpp.until is not None and moment < vpp.until:
        until = min(until, vpp.until)
    if _is_off(settings, vpp):
        return Orders(until=until, mode=Mode.OFF)
    if (percent := vpp.percent(now, moment)) is not None:
        return _remote(profile, settings, vpp, percent, until)
    slot = next((slot for slot in slots if slot.start <= minute_now <= slot.end), None)
    if profile.family is NOAH:
        return _noah(profile, settings, slot, until)
    mode = LOAD_FIRST if slot is None else slot.mode
    return _hybrid(profile, settings, vpp, mode, until)


def _is_off(settings: Settings, vpp: Vpp) -> bool:
    """Return whether the device was switched off, or from the grid."""
    return (
        settings.get("onOff", 1) == 0
        or settings.get("gridConnectionControl", 0) == 1
        or vpp.values[SWITCHED_ON] == 0
    )


def _hybrid(
    profile: Profile, settings: Settings, vpp: Vpp, mode: int, until: datetime
) -> Orders:
    """Return the orders of load, battery or grid first."""
    limits = _limits(profile, settings, mode)
    kind = Mode.SELF_CONSUMPTION
    power, target = inf, limits.ceiling
    if mode == BATTERY_FIRST:
        kind = Mode.FORCE_CHARGE if limits.from_grid else Mode.BACKUP
        power = limits.charge
    elif mode == GRID_FIRST:
        kind = Mode.FORCE_DISCHARGE
        power, target = limits.discharge, limits.floor
    return Orders(
        until=until,
        mode=kind,
        floor=limits.floor,
        ceiling=limits.ceiling,
        target=target,
        power=power,
        charge_limit=limits.charge,
        discharge_limit=limits.discharge,
        export_limit=_export(profile, settings, vpp),
        output_limit=_output(profile, settings, vpp),
    )


def _remote(
    profile: Profile, settings: Settings, vpp: Vpp, percent: int, until: datetime
) -> Orders:
    """Return the orders of remote control: percent of rated power, + charges."""
    charging = percent > 0
    ceiling, floor = float(vpp.values[CHARGE_STOP]), float(vpp.values[DISCHARGE_STOP])
    return Orders(
        until=until,
        mode=Mode.FORCE_CHARGE if charging else Mode.FORCE_DISCHARGE,
        floor=floor,
        ceiling=ceiling,
        target=ceiling if charging else floor,
        power=profile.rated_w * abs(percent) / 100,
        export_limit=_export(profile, settings, vpp),
        output_limit=_output(profile, settings, vpp),
    )


def _noah(
    profile: Profile, settings: Settings, slot: Slot | None, until: datetime
) -> Orders:
    """Return the orders of a NOAH: load first gives a fixed power, smart what the house needs."""
    mode = value(settings, "defaultMode") if slot is None else slot.mode
    power = value(settings, "defaultPower") if slot is None else slot.power
    kind = Mode.OUTPUT
    if mode == BATTERY_FIRST:
        from_grid = settings["allowGridCharging"] == 1
        kind = Mode.FORCE_CHARGE if from_grid else Mode.BACKUP
        power = profile.rated_w
    elif mode == SMART:
        kind = Mode.SELF_CONSUMPTION
    ceiling = value(settings, "chargingSocHighLimit")
    return Orders(
        until=until,
        mode=kind,
        floor=value(settings, "chargingSocLowLimit"),
        ceiling=ceiling,
        target=ceiling,
        power=power,
        export_limit=0 if mode == SMART else inf,
    )


def _limits(profile: Profile, settings: Settings, mode: int) -> _Limits:
    """Return what bounds a mode."""
    family = profile.family
    if not profile.has_battery or family not in {MIN, SPH, SPA, STORAGE}:
        return _Limits()
    if family is STORAGE:
        limit = value(settings, "acChargeSocLimit")
        return _Limits(
            floor=value(settings, "storage_lithium_battery"),
            ceiling=limit if mode == BATTERY_FIRST else 100,
            from_grid=True,
        )
    charge = profile.battery_w * value(settings, "chargePowerCommand") / 100
    discharge = profile.battery_w * value(settings, "disChargePowerCommand") / 100
    from_grid = settings["acChargeEnable"] == 1
    if family is MIN:
        return _Limits(
            floor=value(settings, "onGridDischargeStopSOC"),
            ceiling=value(settings, "wchargeSOCLowLimit"),
            charge=charge,
            discharge=discharge,
            from_grid=from_grid,
        )
    return _Limits(
        floor=value(settings, f"wdisChargeSOCLowLimit{2 if mode == GRID_FIRST else 1}"),
        ceiling=value(
            settings, f"wchargeSOCLowLimit{2 if mode == BATTERY_FIRST else 1}"
        ),
        charge=charge if mode == BATTERY_FIRST else inf,
        discharge=discharge if mode == GRID_FIRST else inf,
        from_grid=from_grid,
    )


def _export(profile: Profile, settings: Settings, vpp: Vpp) -> float:
    """Return the highest export in W; what stands off the grid sends nothing there."""
    if profile.family is STORAGE:
        return 0.0
    limit = inf
    if settings["exportLimit"] != 0:
        limit = profile.rated_w * value(settings, "exportLimitPowerRate") / 100
    if vpp.values[EXPORT_LIMITED]:
        limit = min(limit, profile.rated_w * max(0, vpp.values[EXPORT_LIMIT]) / 100)
    return limit


def _output(profile: Profile, settings: Settings, vpp: Vpp) -> float:
    """Return the highest AC output in W."""
    rate = "activePRate" if profile.family is SPA else "activeRate"
    percent = min(value(settings, rate), vpp.values[DERATING], vpp.values[STATIC_POWER])
    if settings.get("activePowerEnable") == 1:
        percent = min(vpp.values[DERATING], vpp.values[STATIC_POWER])
        return min(value(settings, rate), profile.rated_w * percent / 100)
    return profile.rated_w * percent / 100

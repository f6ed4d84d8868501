"""What the inverter's firmware makes of its settings and its schedule (Fox ESS notes 1.8 to 1.10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final

from ..orders import Mode, Orders
from ..wall_clock import minute_of_day, stands_until
from .catalogue import Profile
from .charging import ChargeTimes
from .schedule import Group, Scheduler
from .superior import HouseLimits

_MODES: Final = {
    "SelfUse": Mode.SELF_CONSUMPTION,
    "Feedin": Mode.FEED_IN_FIRST,
    "Backup": Mode.BACKUP,
    "PeakShaving": Mode.PEAK_SHAVING,
    "ForceCharge": Mode.FORCE_CHARGE,
    "ForceDischarge": Mode.FORCE_DISCHARGE,
    "ForceCharge(BAT)": Mode.FORCE_CHARGE,
    "ForceDischarge(BAT)": Mode.FORCE_DISCHARGE,
}


@dataclass(frozen=True, kw_only=True)
class Installed:
    """Everything that the firmware decides by."""

    profile: Profile
    settings: Mapping[str, str]
    scheduler: Scheduler
    charge_times: ChargeTimes
    peak_import_w: float
    peak_soc: float
    volts: float
    local: Callable[[datetime], datetime]
    limits: HouseLimits

    def setting(self, key: str, default: float) -> float:
        """Return a numeric setting, or a default where the device has none."""
        return float(self.settings.get(key, default))


def orders(device: Installed, moment: datetime) -> Orders:
    """Return the orders that stand from a moment (UTC) on.

    With the scheduler on, a group decides alone; outside all groups and with
    the scheduler off it is the work mode, and with the scheduler off a force
    charge window goes before it.
    """
    local = device.local(moment)
    until = _until(device, moment, local)
    if device.settings.get("SysSwitch") == "disable":
        return Orders(until=until, mode=Mode.OFF)
    if (group := device.scheduler.active(local)) is not None:
        return _by_group(device, group, until)
    mode = _MODES[device.settings.get("WorkMode", "SelfUse")]
    if not device.scheduler.enabled and device.charge_times.covers(
        minute_of_day(local)
    ):
        mode = Mode.FORCE_CHARGE
    ceiling = device.setting("MaxSoc", 100)
    return Orders(
        until=until,
        mode=mode,
        floor=device.setting("MinSocOnGrid", 10),
        ceiling=ceiling,
        target=ceiling,
        import_limit=min(
            device.peak_import_w if mode is Mode.PEAK_SHAVING else inf,
            device.limits.import_limit,
        ),
        peak_soc=device.peak_soc,
        export_limit=_export_limit(device),
        charge_limit=device.setting("MaxSetChargeCurrent", 0) * device.volts,
        discharge_limit=device.setting("MaxSetDischargeCurrent", 0) * device.volts,
        output_limit=_output_limit(device),
    )


def _by_group(device: Installed, group: Group, until: datetime) -> Orders:
    """Return the orders of a schedule group.

    A forced power of 0 W is accepted and ignored: the battery runs at full
    power. Once the target is reached, a forced group leaves the battery alone.
    """
    params = group.params
    mode = _MODES[group.work_mode]
    peak = device.peak_import_w if mode is Mode.PEAK_SHAVING else inf
    return Orders(
        until=until,
        mode=mode,
        floor=params["minSocOnGrid"],
        ceiling=params.get("maxSoc", 100),
        target=params["fdSoc"],
        power=params["fdPwr"] or inf,
        import_limit=min(
            peak, params.get("importLimit", inf), device.limits.import_limit
        ),
        peak_soc=device.peak_soc,
        export_limit=min(_export_limit(device), params.get("exportLimit", inf)),
        pv_limit=params.get("pvLimit", inf),
        charge_limit=device.setting("MaxSetChargeCurrent", 0) * device.volts,
        discharge_limit=device.setting("MaxSetDischargeCurrent", 0) * device.volts,
        output_limit=_output_limit(device),
    )


def _export_limit(device: Installed) -> float:
    """Return the highest export in W that the settings permit; 100 % is no limit."""
    share = device.setting("ExportLimitPower", 100)
    return min(
        device.setting("ExportLimit", inf),
        device.profile.rated_w * share / 100 if share < 100 else inf,
        device.limits.export_limit,
    )


def _output_limit(device: Installed) -> float:
    """Return the highest AC output in W that the active power limit leaves."""
    share = device.setting("ActivePowerLimit", 100)
    return min(device.profile.rated_w * share / 100, device.limits.output_limit)


def _until(device: Installed, moment: datetime, local: datetime) -> datetime:
    """Return until when the same orders stand, in UTC."""
    edge = min(
        device.scheduler.next_change(local),
        device.charge_times.next_change(minute_of_day(local)),
    )
    return stands_until(moment, local, edge)

"""The unit's status in common words (Eaton notes, 1.5)."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from ...battery.fields import Field, number
from ...battery.model import Status as UnitStatus, Value
from ...battery.schedule import time_of_day
from .models import ModeRecord, Status, Unit, text
from .modes import mode_of

# What the battery does, and the sign of its power.
_BATTERY: Final[Mapping[str, int]] = {
    "BAT_CHARGING": -1,
    "CHARGE": -1,
    "BAT_DISCHARGING": 1,
    "DISCHARGE": 1,
    "BAT_IDLE": 0,
    "IDLE": 0,
}
# The role is that of the grid: a consumer takes what the house gives.
_GRID: Final[Mapping[str, int]] = {"PRODUCER": 1, "CONSUMER": -1, "NONE": 0}
# Loads consume; what stands among them and gives, such as foreign PV, produces.
_LOAD: Final[Mapping[str, int]] = {"CONSUMER": 1, "PRODUCER": -1, "NONE": 0}
_ABSENT: Final = "DISCONNECTED"
_GRID_METER: Final = 1
_SOURCES: Final[Mapping[str, str]] = {
    "MANUAL": "override",
    "SCHEDULE": "schedule",
    "DEFAULT": "device",
}
_UPDATES: Final = {"UPDATE_WILL_START", "UPDATE_INITIATED"}
_DAY: Final = timedelta(days=1)

_FLOW: Final = (
    Field(key="battery_soc", names=("stateOfCharge",), least=0, limit=100),
    Field(key="self_consumption_rate", names=("selfConsumption",), least=0, limit=100),
    Field(key="self_sufficiency_rate", names=("selfSufficiency",), least=0, limit=100),
)
# Wh on the wire.
_SUMS: Final = (
    Field(key="unit_grid_import", names=("gridConsumption",), scale=0.001, least=0),
    Field(key="unit_grid_export", names=("gridInjection",), scale=0.001, least=0),
    Field(
        key="unit_pv_production",
        names=("photovoltaicProduction",),
        scale=0.001,
        least=0,
    ),
    Field(key="self_consumption_rate", names=("selfConsumption",), least=0, limit=100),
    Field(key="self_sufficiency_rate", names=("selfSufficiency",), least=0, limit=100),
)


def values_of(
    status: Status, unit: Unit, zone: tzinfo, now: datetime
) -> dict[str, Value]:
    """Return the readings of a status.

    Args:
        status: What the unit tells.
        unit: What it is.
        zone: The zone whose wall clock it lives by.
        now: The present time.
    """
    flow = status.flow
    values: dict[str, Value | None] = {field.key: field.read(flow) for field in _FLOW}
    values["battery_power"] = _signed(
        flow, "batteryEnergyFlow", "batteryStatus", _BATTERY
    )
    direct, coupled = _pv(flow, "dcPv"), _pv(flow, "acPv")
    values["pv_dc_power"], values["pv_ac_power"] = direct, coupled
    if direct is not None or coupled is not None:
        values["pv_power"] = (direct or 0.0) + (coupled or 0.0)
    critical = _signed(flow, "criticalLoadValue", "criticalLoadRole", _LOAD)
    values["eps_power"] = critical
    if _GRID_METER in unit.meters:
        # Without a meter it says 0, whatever the house takes.
        values["grid_power"] = _signed(flow, "gridValue", "gridRole", _GRID)
        other = _signed(flow, "nonCriticalLoadValue", "nonCriticalLoadRole", _LOAD)
        values["non_critical_load_power"] = other
        if critical is not None and other is not None:
            values["load_power"] = critical + other
    values["operation_mode"] = text(flow.get("operationMode"))
    saving = flow.get("energySavingModeActivated")
    if isinstance(saving, bool):
        values["energy_saving_active"] = saving
    values["cloud_connected"] = unit.in_cloud
    values["status"] = _status(unit, saves=saving is True)
    for period, sums in (("today", status.today), ("30_days", status.month)):
        for field in _SUMS:
            values[f"{field.key}_{period}"] = field.read(sums)
    return {
        **{key: value for key, value in values.items() if value is not None},
        **_mode(status.mode, zone, now),
    }


def ends_at(mode: ModeRecord, zone: tzinfo, now: datetime) -> datetime | None:
    """Return when a mode ends: the unit tells the time of day, and no day."""
    if mode.end is None:
        return None
    local = now.astimezone(zone)
    end = datetime.combine(local.date(), time_of_day(mode.end), zone)
    if end <= local.replace(second=0, microsecond=0):
        end = datetime.combine(local.date() + _DAY, time_of_day(mode.end), zone)
    return end


def _mode(mode: ModeRecord | None, zone: tzinfo, now: datetime) -> dict[str, Value]:
    """Return what runs, why, and until when."""
    if mode is None or (known := mode_of(mode)) is None:
        return {}
    values: dict[str, Value] = {"active_mode": known.word}
    if (source := _SOURCES.get(mode.type or "")) is not None:
        values["active_mode_source"] = source
    if (end := ends_at(mode, zone, now)) is not None:
        values["active_mode_until"] = end
    return values


def _status(unit: Unit, *, saves: bool) -> str:
    """Return what the unit does as a machine."""
    if unit.powered is False:
        return UnitStatus.OFF
    if unit.update in _UPDATES:
        return UnitStatus.UPDATING
    return UnitStatus.STANDBY if saves else UnitStatus.RUNNING


def _pv(flow: Mapping[str, Any], place: str) -> float | None:
    """Return the W of one kind of PV, `None` if there is none of the kind."""
    if flow.get(f"{place}Role") in (None, _ABSENT):
        return None
    value = number(flow.get(f"{place}Value"))
    return None if value is None else abs(value)


def _signed(
    flow: Mapping[str, Any], value_name: str, role_name: str, signs: Mapping[str, int]
) -> float | None:
    """Return a power in W with the sign that a role gives it; the unit sends none.

    It is `None` where something flows and nobody knows in which direction.
    """
    value, role = number(flow.get(value_name)), flow.get(role_name)
    if value is None or role == _ABSENT:
        return None
    if not value:
        return 0.0
    sign = signs.get(str(role))
    return None if sign is None else sign * abs(value)

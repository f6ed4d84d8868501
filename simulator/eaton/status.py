"""The status, which is what everyone polls (xStorage notes 1.5)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ..jsontypes import JsonObject
from .meters import Totals, read_meters, totals_since, totals_today
from .operations import BASIC, CHARGE

if TYPE_CHECKING:
    from .device import XStorage

NO_FLOW: Final = "NONE"
NOT_INSTALLED: Final = "DISCONNECTED"
PRODUCES: Final = "PRODUCER"
CONSUMES: Final = "CONSUMER"
IDLE: Final = "BAT_IDLE"

_MONTH: Final = timedelta(days=30)
_LEAST_W: Final = 1.0
# Below this the battery counts as idle.
_IDLE_W: Final = 10.0


def status(unit: XStorage) -> JsonObject:
    """Return what the unit does now. Without power there is no mode."""
    month = totals_since(unit, unit.house.at - _MONTH)
    return {
        "currentMode": unit.mode.as_json() if unit.powered else {},
        "energyFlow": _energy_flow(unit),
        "last30daysEnergyFlow": _totals(unit, month),
        "today": _totals(unit, totals_today(unit)),
    }


def battery_status(unit: XStorage) -> str:
    """Return what the battery does."""
    watts = unit.unit.flow.battery
    if abs(watts) < _IDLE_W:
        return IDLE
    return "BAT_DISCHARGING" if watts > 0 else "BAT_CHARGING"


def operation_mode(unit: XStorage) -> str:
    """Return the mode in the words of the energy flow."""
    if not unit.powered or unit.rests:
        return "IDLE"
    operation = unit.mode.operation
    if operation.command == CHARGE:
        return "DISCHARGING" if operation.discharges else "CHARGING"
    return "BASIC" if operation.command == BASIC else operation.command[len("SET_") :]


def _energy_flow(unit: XStorage) -> JsonObject:
    """Return the powers: never negative, with the role of whatever they belong to."""
    profile, settings, readings = unit.profile, unit.settings, read_meters(unit)
    battery = round(abs(readings.battery))
    saving = settings.energy_saving
    return {
        "acPvRole": _role(readings.ac_pv, installed=profile.sees_foreign_pv),
        "acPvValue": round(readings.ac_pv),
        "batteryBackupLevel": settings.backup_level,
        "batteryStatus": battery_status(unit),
        "batteryEnergyFlow": 0 if battery_status(unit) == IDLE else battery,
        "criticalLoadRole": _role(-readings.critical),
        "criticalLoadValue": round(readings.critical),
        "dcPvRole": _role(readings.dc_pv, installed=profile.has_pv),
        "dcPvValue": round(readings.dc_pv),
        # The grid produces what the house imports.
        "gridRole": _role(readings.grid),
        "gridValue": round(abs(readings.grid)),
        "nonCriticalLoadRole": _role(-readings.non_critical),
        "nonCriticalLoadValue": round(abs(readings.non_critical)),
        "operationMode": operation_mode(unit),
        "selfConsumption": round(totals_today(unit).self_consumption),
        "selfSufficiency": round(totals_today(unit).self_sufficiency),
        "stateOfCharge": round(unit.soc or 0),
        **(
            {}
            if saving is None
            else {
                "energySavingModeEnabled": saving.enabled,
                "energySavingModeActivated": unit.rests,
            }
        ),
    }


def _role(produced: float, *, installed: bool = True) -> str:
    """Return the role of an element by what it gives, in W."""
    if not installed:
        return NOT_INSTALLED
    if abs(produced) < _LEAST_W:
        return NO_FLOW
    return PRODUCES if produced > 0 else CONSUMES


def _totals(unit: XStorage, totals: Totals) -> JsonObject:
    """Return energies in Wh and shares in percent; not every unit tells what it exported."""
    injected = {"gridInjection": round(totals.injection, 3)}
    return {
        "gridConsumption": round(totals.grid, 3),
        **(injected if unit.profile.counts_injection else {}),
        "photovoltaicProduction": round(totals.pv, 3),
        "selfConsumption": totals.self_consumption,
        "selfSufficiency": totals.self_sufficiency,
    }

"""What the unit's mode means for battery and panels."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..orders import Mode as Doing, Orders
from ..wall_clock import minute_of_day, next_edge, stands_until
from .operations import CHARGE, FREQUENCY, INJECTION, MAXIMIZE, PEAK, Operation

if TYPE_CHECKING:
    from .device import XStorage

# How often the firmware looks whether the house draws little enough to rest.
_LOOKS_EVERY: Final = timedelta(minutes=1)
_ABOVE_ANY_SOC: Final = 101.0
_NEEDS_METER: Final = frozenset({MAXIMIZE, INJECTION, PEAK})


def orders(unit: XStorage, moment: datetime) -> Orders:
    """Return the orders of a moment: dashboard before schedule before default."""
    local = unit.local(moment)
    edge = next_edge(minute_of_day(local), unit.schedule.edges())
    until = stands_until(moment, local, edge)
    if not unit.powered:
        return Orders(until=until, mode=Doing.OFF)
    if unit.outage:
        return Orders(
            until=min(until, moment + _LOOKS_EVERY),
            mode=Doing.OUTPUT,
            floor=0,
            power=unit.critical_w,
            output_limit=unit.critical_w,
        )
    mode = unit.mode_at(moment)
    if mode.until is not None:
        until = min(until, mode.until)
    operation = mode.operation
    saving = unit.settings.energy_saving
    if operation.command in _NEEDS_METER and saving is not None and saving.enabled:
        until = min(until, moment + _LOOKS_EVERY)
    wanted = replace(_orders(unit, operation, until), floor=unit.settings.backup_level)
    return _resting(wanted) if rests(unit, operation) else wanted


def rests(unit: XStorage, operation: Operation) -> bool:
    """Return whether the unit saves energy: the house draws little, and there is no sun to store."""
    saving = unit.settings.energy_saving
    return (
        saving is not None
        and saving.enabled
        and unit.profile.sees_house
        and operation.command in _NEEDS_METER
        and unit.house.load_w < saving.threshold
        and unit.sunlit_w < unit.house.load_w
    )


def _resting(wanted: Orders) -> Orders:
    """Return orders that leave the battery alone."""
    return replace(
        wanted, mode=Doing.SELF_CONSUMPTION, charge_limit=0, discharge_limit=0
    )


def _orders(unit: XStorage, operation: Operation, until: datetime) -> Orders:
    """Return what an operation asks for. Without a meter the unit does not know what the house needs."""
    plain = Orders(until=until, mode=Doing.SELF_CONSUMPTION)
    numbers, rated = operation.numbers, unit.profile.rated_w
    if operation.command in _NEEDS_METER and not unit.profile.sees_house:
        return _resting(plain)
    if operation.command == CHARGE:
        return replace(
            plain,
            mode=Doing.FORCE_DISCHARGE if operation.discharges else Doing.FORCE_CHARGE,
            power=rated * numbers["power"] / 100,
            target=numbers["soc"],
        )
    if operation.command == MAXIMIZE:
        return plain
    if operation.command == INJECTION:
        return replace(plain, export_limit=numbers["maximumPower"])
    if operation.command == PEAK:
        return replace(
            plain,
            mode=Doing.PEAK_SHAVING,
            import_limit=numbers["maxHousePeakConsumption"],
            peak_soc=_ABOVE_ANY_SOC,
        )
    if operation.command == FREQUENCY:
        return _regulating(unit, operation, plain)
    return _resting(plain)


def _regulating(unit: XStorage, operation: Operation, plain: Orders) -> Orders:
    """Return orders that bring the battery where it can both give and take, with the power set aside."""
    best = operation.numbers["optimalSoc"]
    above = (unit.soc or 0.0) > best
    return replace(
        plain,
        mode=Doing.FORCE_DISCHARGE if above else Doing.FORCE_CHARGE,
        power=unit.profile.rated_w * operation.numbers["powerAllocation"] / 100,
        target=best,
    )

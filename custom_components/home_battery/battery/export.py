"""How much export a change may promise, whatever the device would take.

Three things promise export: an export limit, also by being off, the power that a
system gives out whether the house needs it or not, and the power of a period
whose mode drives the battery's power into the grid. That power counts in full,
as nobody can tell what the house will use meanwhile. What surplus PV feeds in by
itself is an export limit's to bound.
"""

from dataclasses import replace
from typing import Final

from .capabilities import ScheduleCapabilities
from .change import Change, ControlChange, ScheduleChange
from .errors import ChangeError, Problem, ScheduleError
from .model import Record
from .schedule import Period

EXPORT_LIMIT: Final = "export_limit"
PEAK_SHAVING_EXPORT_LIMIT: Final = "peak_shaving_export_limit"
DEFAULT_POWER: Final = "default_power"
EXPORT_LIMIT_MODE: Final = "export_limit_mode"
NO_EXPORT_LIMIT: Final = "off"

_PROMISES: Final = (EXPORT_LIMIT, PEAK_SHAVING_EXPORT_LIMIT, DEFAULT_POWER)


def with_permitted_power(change: Change, record: Record, permitted: float) -> Change:
    """Return the change with the permitted W where a period leaves its power open."""
    if not isinstance(change, ScheduleChange) or record.schedule is None:
        return change
    capabilities = record.schedule.capabilities
    if (power := capabilities.power) is None:
        return change
    open_power = power.at_most(permitted)
    return ScheduleChange(
        replace(
            change.schedule,
            periods=tuple(
                replace(period, power=open_power)
                if period.power is None and _exports(period, capabilities)
                else period
                for period in change.schedule.periods
            ),
        )
    )


def check_export(change: Change, record: Record, permitted: float) -> None:
    """Check that a change promises no more export than is permitted, in W.

    Raises:
        ChangeError: It does.
    """
    if isinstance(change, ControlChange):
        for key in _PROMISES:
            promised = change.values.get(key)
            if isinstance(promised, int | float) and promised > permitted:
                raise ChangeError(
                    Problem.EXPORT_NOT_PERMITTED,
                    value=f"{promised:g}",
                    permitted=f"{permitted:g}",
                )
        if change.values.get(EXPORT_LIMIT_MODE) == NO_EXPORT_LIMIT:
            raise ChangeError(Problem.EXPORT_LIMIT_NEEDED, permitted=f"{permitted:g}")
        return
    if record.schedule is None:
        return
    for index, period in enumerate(change.schedule.periods):
        if (
            period.power is not None
            and period.power > permitted
            and _exports(period, record.schedule.capabilities)
        ):
            raise ScheduleError(
                Problem.SCHEDULE_EXPORT_NOT_PERMITTED,
                index,
                f"{permitted:g}",
                value=f"{period.power:g}",
            )


def _exports(period: Period, capabilities: ScheduleCapabilities) -> bool:
    """Tell whether a period drives the battery's power into the grid."""
    mode = capabilities.modes.get(period.mode)
    return mode is not None and mode.exports

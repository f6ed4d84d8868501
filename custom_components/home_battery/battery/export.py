"""How much export a change may promise, whatever the device would take.

Two things promise export: an export limit, and the power of a period whose
mode drives the battery's power into the grid. That power counts in full, as
nobody can tell what the house will use meanwhile. What surplus PV feeds in by
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
_EXPORT_LIMITS: Final = (EXPORT_LIMIT, PEAK_SHAVING_EXPORT_LIMIT)


def with_permitted_power(change: Change, record: Record, permitted: float) -> Change:
    """Return the change with the permitted W where a period leaves its power open."""
    if not isinstance(change, ScheduleChange) or record.schedule is None:
        return change
    capabilities = record.schedule.capabilities
    if (power := capabilities.power) is None:
        return change
    open_power = max(power.minimum, min(permitted, power.maximum))
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
        for key in _EXPORT_LIMITS:
            limit = change.values.get(key)
            if isinstance(limit, int | float) and limit > permitted:
                raise ChangeError(
                    Problem.EXPORT_NOT_PERMITTED,
                    value=f"{limit:g}",
                    permitted=f"{permitted:g}",
                )
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

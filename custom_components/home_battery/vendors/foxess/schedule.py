"""The common schedule and the Fox ESS mode scheduler (Fox ESS notes, 1.10)."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
import re
from typing import Final

from ...battery.capabilities import (
    ModeCapabilities,
    PowerMeaning,
    Range,
    ScheduleCapabilities,
)
from ...battery.errors import Problem, ScheduleError
from ...battery.model import Mode
from ...battery.schedule import (
    Period,
    Piece,
    Schedule,
    normalize,
    split_at_midnight,
    time_of_day,
)
from .models import FLAT_PARAMS, Group, Scheduler

WORK_MODES: Final[Mapping[str, str]] = {
    "SelfUse": Mode.SELF_CONSUMPTION,
    "Feedin": Mode.FEED_IN_FIRST,
    "Backup": Mode.BACKUP,
    "PeakShaving": Mode.PEAK_SHAVING,
    "ForceCharge": Mode.FORCE_CHARGE,
    "ForceDischarge": Mode.FORCE_DISCHARGE,
}

# The documented words, for a device that does not list its own.
_DEFAULT_MODES = ("SelfUse", "Feedin", "Backup", "ForceCharge", "ForceDischarge")
# 9 groups were refused by a version that documents 8, whatever the device says.
_MAX_GROUPS = 8
_DEFAULT_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "fdsoc": (10, 100),
    "minsocongrid": (10, 100),
    "maxsoc": (10, 100),
}
_FIELDS: Final = {
    "power": "fdPwr",
    "target_soc": "fdSoc",
    "min_soc": "minSocOnGrid",
    "max_soc": "maxSoc",
}
_CARRIED = ("importLimit", "exportLimit", "pvLimit")


def word_of(work_mode: str) -> str:
    """Return the common word of a vendor's mode, or the vendor's with its name."""
    if (word := WORK_MODES.get(work_mode)) is not None:
        return str(word)
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+", "_", work_mode)
    return f"foxess_{snake.strip('_').lower()}"


def capabilities_of(
    scheduler: Scheduler,
    *,
    max_power: float | None,
    min_soc: float | None,
    max_soc: float | None = None,
) -> ScheduleCapabilities:
    """Return what the device's scheduler can hold.

    Args:
        scheduler: What the device shows.
        max_power: The power in W to take where the scheduler tells no range.
        min_soc: The minimum SOC on grid in %, the default of every period.
        max_soc: The maximum SOC in %, likewise.
    """
    ranges = {**_DEFAULT_RANGES, **scheduler.ranges}
    power = _power_range(scheduler, max_power)
    has_min_soc, has_max_soc, has_target = (
        _takes(name, scheduler) for name in ("minSocOnGrid", "maxSoc", "fdSoc")
    )
    floor = max(min_soc or 0, ranges["minsocongrid"][0])
    common = ({"min_soc": floor} if has_min_soc else {}) | (
        {"max_soc": max_soc or ranges["maxsoc"][1]} if has_max_soc else {}
    )
    modes = {}
    for work_mode in scheduler.modes or _DEFAULT_MODES:
        forced = work_mode.startswith("Force")
        if forced and power is None:
            continue
        charging = work_mode.startswith("ForceCharge")
        target = ranges["fdsoc"][1] if charging else max(floor, ranges["fdsoc"][0])
        modes[word_of(work_mode)] = ModeCapabilities(
            power=forced,
            target_soc=forced and has_target,
            min_soc=has_min_soc,
            max_soc=has_max_soc,
            exports=work_mode.startswith("ForceDischarge"),
            power_meaning=PowerMeaning.UNKNOWN if forced else PowerMeaning.IGNORED,
            defaults=common
            | ({"power": power.maximum} if forced and power else {})
            | ({"target_soc": target} if forced and has_target else {}),
        )
    return ScheduleCapabilities(
        modes=modes,
        max_periods=min(scheduler.max_groups or _MAX_GROUPS, _MAX_GROUPS),
        # The end is inclusive on the wire and must lie behind the start.
        min_minutes=2,
        power=power,
        target_soc=Range(*ranges["fdsoc"]) if has_target else None,
        min_soc=Range(*ranges["minsocongrid"]) if has_min_soc else None,
        max_soc=Range(*ranges["maxsoc"]) if has_max_soc else None,
        target_not_below_min=True,
    )


def _power_range(scheduler: Scheduler, max_power: float | None) -> Range | None:
    """Return the powers in W that may be sent; 0 is refused or means full power."""
    if not _takes("fdPwr", scheduler):
        return None
    minimum, maximum = scheduler.ranges.get("fdpwr", (0, max_power or 0))
    return Range(max(minimum, 1.0), maximum) if maximum >= 1 else None


def decode(scheduler: Scheduler) -> Schedule:
    """Return the scheduler's groups in common words, normalised."""
    return normalize(
        Schedule(
            enabled=scheduler.enabled,
            periods=tuple(_period(group) for group in scheduler.groups),
        )
    )


def _period(group: Group) -> Period:
    """Return one group as a period."""
    forced = group.work_mode.startswith("Force")
    return Period(
        start=time_of_day(group.start),
        end=time_of_day(group.end + 1),
        mode=word_of(group.work_mode),
        power=group.params.get("fdPwr") if forced else None,
        target_soc=group.params.get("fdSoc") if forced else None,
        min_soc=group.params.get("minSocOnGrid"),
        max_soc=group.params.get("maxSoc"),
    )


def encode(
    schedule: Schedule, capabilities: ScheduleCapabilities, base: Scheduler
) -> Scheduler:
    """Return the scheduler that means the schedule.

    What the common words cannot say (import, export and PV limits, the unused
    numbers of a group) is carried along from the group that was there.

    Args:
        schedule: Validated, with every default filled in.
        capabilities: What the device's scheduler can hold.
        base: What it holds now.

    Raises:
        ScheduleError: It needs more groups than the device has.
    """
    wire_modes = {word_of(mode): mode for mode in base.modes or _DEFAULT_MODES}
    pieces = split_at_midnight(normalize(schedule).periods)
    groups = [
        _group(piece, wire_modes[piece.period.mode], capabilities, base)
        for whole in pieces
        for piece in _cut_where_extras_change(whole, base)
    ]
    if len(groups) > capabilities.max_periods:
        raise ScheduleError(
            Problem.SCHEDULE_TOO_MANY,
            limit=capabilities.max_periods,
            value=len(groups),
        )
    return replace(base, enabled=schedule.enabled, groups=tuple(groups))


def _cut_where_extras_change(piece: Piece, base: Scheduler) -> list[Piece]:
    """Cut a piece where unchanged groups differ in what only the wire can say."""
    meaning = _meaning(piece.period)
    same = sorted(
        (
            group
            for group in base.groups
            if _meaning(_period(group)) == meaning
            and group.start < piece.end
            and group.end >= piece.start
        ),
        key=lambda group: group.start,
    )
    cuts = [
        after.start for before, after in pairwise(same) if before.params != after.params
    ]
    edges = [piece.start, *cuts, piece.end]
    return [replace(piece, start=start, end=end) for start, end in pairwise(edges)]


def _meaning(period: Period) -> Period:
    """Return the period without its place in the day."""
    return replace(period, start=time_of_day(0), end=time_of_day(0))


def _group(
    piece: Piece, work_mode: str, capabilities: ScheduleCapabilities, base: Scheduler
) -> Group:
    """Return the group for a piece of a period."""
    former = _former(piece, base)
    params = {name: former[name] for name in _CARRIED if name in former}
    for field, name in _FIELDS.items():
        value = getattr(piece.period, field)
        if value is not None:
            params[name] = value
        elif name in former:
            params[name] = former[name]
    # Versions 0 and 1 want every number, also where the mode makes no use of it.
    if "fdPwr" not in params and capabilities.power is not None:
        params["fdPwr"] = capabilities.power.maximum
    floor = params.get("minSocOnGrid", 0)
    if capabilities.target_soc is not None:
        target = params.get("fdSoc", capabilities.target_soc.minimum)
        params["fdSoc"] = max(target, floor)
    return Group(
        start=piece.start,
        end=piece.end - 1,
        work_mode=work_mode,
        params={name: value for name, value in params.items() if _takes(name, base)},
    )


def _takes(param: str, scheduler: Scheduler) -> bool:
    """Tell whether the device takes a parameter; a foreign one voids the whole.

    A device that tells no properties, as after its mode was set in the app, is
    taken to know what every group has had since version 1.
    """
    if scheduler.version < 2:
        return param in FLAT_PARAMS[scheduler.version]
    if not scheduler.properties:
        return param in FLAT_PARAMS[1]
    return param.lower() in scheduler.properties


def _former(piece: Piece, base: Scheduler) -> Mapping[str, float]:
    """Return the numbers of the group that shares most minutes with a piece."""

    def shared(group: Group) -> int:
        return min(piece.end, group.end + 1) - max(piece.start, group.start)

    nearest = max(base.groups, key=shared, default=None)
    return {} if nearest is None else nearest.params


def with_soc_limits(
    scheduler: Scheduler, *, min_soc: float | None, max_soc: float | None
) -> Scheduler:
    """Return the scheduler with other SOC limits in every group.

    Raises:
        ScheduleError: A group's target or ceiling would lie under its floor.
    """
    groups = []
    for group in scheduler.groups:
        params = dict(group.params)
        if min_soc is not None:
            params["minSocOnGrid"] = min_soc
        if max_soc is not None:
            params["maxSoc"] = max_soc
        floor = params.get("minSocOnGrid", 0)
        if "fdSoc" in params and not group.work_mode.startswith("Force"):
            params["fdSoc"] = max(params["fdSoc"], floor)
        for name in ("fdSoc", "maxSoc"):
            if params.get(name, floor) < floor:
                raise ScheduleError(
                    Problem.SCHEDULE_TARGET_BELOW_MIN,
                    scheduler.groups.index(group),
                    f"{floor:g}",
                    value=f"{params[name]:g}",
                )
        groups.append(replace(group, params=params))
    return replace(scheduler, groups=tuple(groups))


def with_export_limit(scheduler: Scheduler, permitted: float) -> Scheduler:
    """Return the scheduler with no export limit of a group over the permitted W."""
    return replace(
        scheduler,
        groups=tuple(
            replace(group, params={**group.params, "exportLimit": permitted})
            if group.params.get("exportLimit", 0) > permitted
            else group
            for group in scheduler.groups
        ),
    )


def soc_limit(scheduler: Scheduler, param: str) -> float | None:
    """Return an SOC limit on which all groups agree."""
    values = {group.params.get(param) for group in scheduler.groups}
    return values.pop() if len(values) == 1 else None

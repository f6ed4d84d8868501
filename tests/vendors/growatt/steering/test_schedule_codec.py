"""Schedules of each family, through the writes and the record that the device tells."""

from collections import Counter
from collections.abc import Mapping
from datetime import time
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.capabilities import ScheduleCapabilities
from custom_components.home_battery.battery.errors import ScheduleError
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    ScheduleState,
    normalize,
    validate,
    with_defaults,
)
from custom_components.home_battery.vendors.growatt.steering.families import FAMILIES
from custom_components.home_battery.vendors.growatt.steering.settings import Steering

from . import beans

# Where a slot begins and ends, what its mode is and whether it is on.
type Names = tuple[str, str, str | None, str]
MIN_NAMES: list[Names] = [
    (
        f"forcedTimeStart{n}",
        f"forcedTimeStop{n}",
        f"time{n}Mode",
        f"forcedStopSwitch{n}",
    )
    for n in range(1, 10)
]
SPH_NAMES: list[Names] = [
    (
        f"forced{direction}TimeStart{n}",
        f"forced{direction}TimeStop{n}",
        None,
        f"forced{direction}StopSwitch{n}",
    )
    for direction in ("Charge", "Discharge")
    for n in (1, 2, 3)
]
SPA_NAMES: list[Names] = [
    *(
        (
            f"forced{direction}TimeStart{n}",
            f"forced{direction}TimeStop{n}",
            None,
            f"{switch}{n}",
        )
        for direction, switch in (
            ("Charge", "batFirstSwitch"),
            ("Discharge", "gridFirstSwitch"),
        )
        for n in (1, 2, 3)
    ),
    *(
        (
            f"loadFirstStartTime{n}",
            f"loadFirstStopTime{n}",
            None,
            f"loadFirstSwitch{n}",
        )
        for n in (1, 2, 3)
    ),
]
NOAH_NAMES: list[Names] = [
    (f"time{n}Start", f"time{n}End", f"time{n}Mode", f"time{n}Enable")
    for n in range(1, 10)
]
KINDS: dict[str, tuple[Mapping[str, Any], list[Names], int]] = {
    "min": (beans.MIN, MIN_NAMES, 4),
    "sph": (beans.SPH, SPH_NAMES, 2),
    "spa": (beans.SPA, SPA_NAMES, 2),
    "noah": (beans.NOAH, NOAH_NAMES, 4),
}
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


@st.composite
def records(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Return a record with slots that do not overlap, some of which make no sense."""
    bean, names, _ = KINDS[kind]
    count = draw(st.integers(0, len(names)))
    edges = sorted(
        draw(st.sets(st.integers(0, 1439), min_size=2 * count, max_size=2 * count))
    )
    used = draw(st.permutations(names))
    told = {**bean, "acChargeEnable": draw(st.integers(0, 1))}
    for name in names:
        told[name[3]] = draw(st.sampled_from([0, 1, "0", "1"]))
    for (start, end, mode, _), first, last in zip(
        used[:count], edges[::2], edges[1::2], strict=True
    ):
        told[start] = "{}:{}".format(*divmod(first, 60))
        told[end] = "{}:{}".format(*divmod(last, 60))
        told |= {} if mode is None else {mode: draw(st.integers(0, 2))}
    for start, *_ in used[count:]:
        told[start] = draw(st.sampled_from(["0:0", "11:187", "null", ""]))
    return told


@st.composite
def schedules(
    draw: st.DrawFn, capabilities: ScheduleCapabilities, most: int
) -> Schedule:
    """Return a schedule that fits into a day, one period of which may cross midnight."""
    count = draw(st.integers(0, most))
    edges = sorted(
        draw(st.sets(st.integers(0, 719), min_size=2 * count, max_size=2 * count))
    )
    turned = draw(st.booleans()) and count > 0
    edges = edges[1:] + edges[:1] if turned else edges
    left_out = draw(
        st.sampled_from([*(m for e in capabilities.exclusive for m in e), ""])
    )
    modes = sorted(
        set(capabilities.modes)
        - {m for e in capabilities.exclusive for m in e if m != left_out}
    )
    numbers = {
        mode: {
            "power": draw(st.sampled_from([None, 0.0, 400.0, 750.0]))
            if can.power
            else None,
            "target_soc": draw(st.sampled_from([None, 40.0, 90.0]))
            if can.target_soc
            else None,
        }
        for mode, can in capabilities.modes.items()
    }
    periods = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        mode = draw(st.sampled_from(modes))
        periods.append(
            Period(
                start=time(start // 30, start % 30 * 2),
                end=time(end // 30, end % 30 * 2),
                mode=mode,
                enabled=draw(st.booleans()),
                power=numbers[mode]["power"],
                target_soc=numbers[mode]["target_soc"],
            )
        )
    return Schedule(enabled=draw(st.booleans()), periods=tuple(periods))


def parsed(kind: str, told: Mapping[str, Any]) -> tuple[Steering, ScheduleState]:
    """Return the settings in a record, and its schedule."""
    steering = FAMILIES[kind].parse(told, beans.device(kind))
    state = steering.schedule()
    assert state is not None
    return steering, state


@EACH_KIND
@given(st.data())
def test_what_is_written_is_read(kind: str, data: st.DataObject) -> None:
    """A schedule that passes validation comes back from the device with its meaning."""
    told = data.draw(records(kind))
    steering, state = parsed(kind, told)
    wanted = with_defaults(
        data.draw(schedules(state.capabilities, KINDS[kind][2])), state.capabilities
    )
    validate(wanted, state.capabilities)
    writes = steering.writes_of_schedule(wanted, state.capabilities)
    told = beans.obey(told, *writes)
    steering, state = parsed(kind, told)
    assert state.schedule == normalize(wanted)
    assert steering.writes_of_schedule(wanted, state.capabilities) == []


@EACH_KIND
@given(st.data())
def test_what_is_read_can_be_written(kind: str, data: st.DataObject) -> None:
    """Writing back what was read leaves the device with the same."""
    told = data.draw(records(kind))
    steering, state = parsed(kind, told)
    writes = steering.writes_of_schedule(state.schedule, state.capabilities)
    _, after = parsed(kind, beans.obey(told, *writes))
    assert after == state


@EACH_KIND
@given(st.data())
def test_nothing_overlaps_on_the_way(kind: str, data: st.DataObject) -> None:
    """After each of the writes the device's own slots are apart from each other."""
    told = data.draw(records(kind))
    steering, state = parsed(kind, told)
    wanted = with_defaults(
        data.draw(schedules(state.capabilities, KINDS[kind][2])), state.capabilities
    )
    for write in steering.writes_of_schedule(wanted, state.capabilities):
        told = beans.obey(told, write)
        _, state = parsed(kind, told)
        assert overlaps(state.schedule) == []


def overlaps(schedule: Schedule) -> list[int]:
    """Return the minutes of the day that two periods in force share."""
    minutes = [
        (period.start.hour * 60 + period.start.minute + passed) % 1440
        for period in schedule.periods
        if period.enabled
        for passed in range(period.minutes)
    ]
    return sorted(minute for minute, count in Counter(minutes).items() if count > 1)


@EACH_KIND
@given(st.data())
def test_a_cleared_schedule(kind: str, data: st.DataObject) -> None:
    """A schedule that is cleared leaves nothing behind, also of what made no sense."""
    told = data.draw(records(kind))
    steering, state = parsed(kind, told)
    wanted = with_defaults(Schedule(enabled=False), state.capabilities)
    assert wanted == Schedule(enabled=True)
    told = beans.obey(told, *steering.writes_of_schedule(wanted, state.capabilities))
    _, state = parsed(kind, told)
    assert state.schedule == wanted


@EACH_KIND
def test_one_setting_for_all_periods(kind: str) -> None:
    """What the device holds once cannot differ from period to period."""
    _, state = parsed(kind, KINDS[kind][0])
    for mode, can in state.capabilities.modes.items():
        periods = (
            Period(start=time(1), end=time(2), mode=mode, target_soc=50),
            Period(start=time(3), end=time(4), mode=mode, target_soc=60),
        )
        refused = []
        try:
            validate(Schedule(enabled=True, periods=periods), state.capabilities)
        except ScheduleError as err:
            refused.append(err.problem.value)
        assert refused == (["schedule_shared"] if can.shared else ["schedule_field"])

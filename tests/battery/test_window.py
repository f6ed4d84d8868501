"""Daily windows: what is valid together."""

from datetime import time

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.change import ControlChange
from custom_components.home_battery.battery.control import (
    Control,
    ControlValue,
    SwitchControl,
    TimeControl,
    Window,
)
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.model import Record

FIRST, SECOND = Window("charge_window", 1), Window("charge_window", 2)
OTHER = Window("heating_window", 1)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))

type Held = tuple[bool | None, time | None, time | None]


def record(**windows: Held) -> Record:
    """Return what a device holds, by window."""
    controls: dict[str, Control] = {}
    for window in (FIRST, SECOND, OTHER):
        on, start, end = windows.get(window.switch, (False, time(0), time(0)))
        controls[window.switch] = SwitchControl(value=on, window=window)
        controls[window.start] = TimeControl(value=start, window=window)
        controls[window.end] = TimeControl(value=end, window=window)
    return Record(controls=controls)


def problem(held: Record, **values: ControlValue) -> Problem | None:
    """Return what is wrong with some values."""
    try:
        ControlChange(values).check(held)
    except ChangeError as err:
        return err.problem
    return None


def minutes(start: time, end: time) -> set[int]:
    """Return the minutes of a window, counted one by one."""
    first, last = (at.hour * 60 + at.minute for at in (start, end))
    found: set[int] = set()
    while first != last:
        found.add(first)
        first = (first + 1) % 1440
    return found


@given(TIMES, TIMES, TIMES, TIMES)
def test_window_that_is_on(start: time, end: time, first: time, last: time) -> None:
    """It has a length, and shares no minute with another of its kind that is on."""
    expected = None
    taken = minutes(first, last)
    if minutes(start, end) & taken:
        expected = Problem.WINDOW_OVERLAP
    if start == end:
        expected = Problem.WINDOW_EMPTY
    held = record(charge_window_2=(True, first, last))
    change: dict[str, ControlValue] = {
        FIRST.switch: True,
        FIRST.start: start,
        FIRST.end: end,
    }
    assert problem(held, **change) is expected
    assert problem(record(heating_window_1=(True, first, last)), **change) is (
        Problem.WINDOW_EMPTY if start == end else None
    )


@given(TIMES, TIMES)
def test_window_that_is_off(start: time, end: time) -> None:
    """It may hold any time."""
    held = record(charge_window_2=(True, time(0), time(23, 59)))
    assert problem(held, **{FIRST.start: start, FIRST.end: end}) is None
    off: dict[str, ControlValue] = {FIRST.switch: False, FIRST.start: start}
    assert problem(held, **off) is None


def test_only_windows_that_change_are_checked() -> None:
    """What somebody else set wrongly hinders no other change."""
    held = record(charge_window_1=(True, time(3), time(3)))
    assert problem(held, **{SECOND.start: time(5)}) is None
    assert problem(held, **{FIRST.start: time(3)}) is Problem.WINDOW_EMPTY


def test_window_that_is_not_known_is_not_judged() -> None:
    """Without all three nothing can be said."""
    held = record(charge_window_1=(None, None, None))
    assert problem(held, **{FIRST.start: time(3)}) is None


@pytest.mark.parametrize(
    ("key", "value"), [(FIRST.start, 3.0), (FIRST.switch, 1.0), (FIRST.switch, "on")]
)
def test_value_of_another_kind(key: str, value: ControlValue) -> None:
    """A time is a time, a switch is on or off."""
    assert problem(record(), **{key: value}) is Problem.UNKNOWN_OPTION


def test_times_have_no_seconds() -> None:
    """Seconds are cut off before a time is sent."""
    change = ControlChange({FIRST.start: time(3, 4, 5), FIRST.end: "?"})
    assert change.completed(record()).values == {
        FIRST.start: time(3, 4),
        FIRST.end: "?",
    }


def test_held() -> None:
    """What the device has already is known."""
    held = record(charge_window_1=(True, time(3), time(4)))
    change: dict[str, ControlValue] = {
        FIRST.switch: True,
        FIRST.start: time(3),
        FIRST.end: time(4),
    }
    assert ControlChange(change).held_by(held)
    assert not ControlChange({FIRST.switch: False}).held_by(held)
    assert not ControlChange({FIRST.end: time(5)}).held_by(held)

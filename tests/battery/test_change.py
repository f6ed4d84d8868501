"""Changes of controls and schedules: when they are possible, and when they are done."""

from typing import Any

import pytest

from custom_components.home_battery.battery.change import ControlChange, ScheduleChange
from custom_components.home_battery.battery.control import (
    ChoiceControl,
    ControlValue,
    NumberControl,
)
from custom_components.home_battery.battery.errors import (
    ChangeError,
    Problem,
    ScheduleError,
)
from custom_components.home_battery.battery.model import Record
from custom_components.home_battery.battery.schedule import ScheduleState

from .schedules import WIDE, period, schedule

FLOOR = NumberControl(value=20.0, minimum=10, maximum=100, step=1)
MODE = ChoiceControl(value="backup", options=("backup", "self_consumption"))
NIGHT = schedule(period("22:00", "06:00", min_soc=20))


def record(**controls: Any) -> Record:
    """Return a record of a device with a floor, a mode and a schedule."""
    return Record(
        controls={"floor": FLOOR, "mode": MODE, **controls},
        schedule=ScheduleState(schedule=NIGHT, capabilities=WIDE),
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [("floor", 10), ("floor", 100.0), ("mode", "backup"), ("mode", "self_consumption")],
)
def test_control_that_is_taken(key: str, value: ControlValue) -> None:
    """What lies within range and options passes, and has nothing left open."""
    change = ControlChange({key: value})
    assert change.completed(record()) == change
    change.check(record())


@pytest.mark.parametrize(
    ("key", "value", "problem", "placeholders"),
    [
        pytest.param(
            "power", 5, Problem.UNKNOWN_CONTROL, {"control": "power"}, id="unknown"
        ),
        pytest.param(
            "floor",
            9,
            Problem.OUT_OF_RANGE,
            {"control": "floor", "value": "9", "minimum": "10", "maximum": "100"},
            id="low",
        ),
        pytest.param(
            "floor",
            100.5,
            Problem.OUT_OF_RANGE,
            {"control": "floor", "value": "100.5", "minimum": "10", "maximum": "100"},
            id="high",
        ),
        pytest.param(
            "floor",
            True,
            Problem.OUT_OF_RANGE,
            {"control": "floor", "value": "True", "minimum": "10", "maximum": "100"},
            id="boolean",
        ),
        pytest.param(
            "floor",
            "many",
            Problem.OUT_OF_RANGE,
            {"control": "floor", "value": "many", "minimum": "10", "maximum": "100"},
            id="text",
        ),
        pytest.param(
            "mode",
            "party",
            Problem.UNKNOWN_OPTION,
            {
                "control": "mode",
                "value": "party",
                "options": "backup, self_consumption",
            },
            id="option",
        ),
        pytest.param(
            "blocked",
            50,
            Problem.BLOCKED_BY_SCHEDULE,
            {"control": "blocked"},
            id="blocked",
        ),
    ],
)
def test_control_that_is_refused(
    key: str, value: ControlValue, problem: Problem, placeholders: dict[str, str]
) -> None:
    """Each refusal tells what its text needs."""
    blocked = NumberControl(
        value=50.0, minimum=10, maximum=100, step=1, blocked="blocked_by_schedule"
    )
    with pytest.raises(ChangeError) as caught:
        ControlChange({key: value}).check(record(blocked=blocked))
    assert caught.value.problem is problem
    assert caught.value.placeholders == placeholders


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"floor": 20}, True),
        ({"floor": 20.4}, True),
        ({"floor": 21}, False),
        ({"floor": "20"}, False),
        ({"mode": "backup"}, True),
        ({"mode": "self_consumption"}, False),
        ({"floor": 20, "mode": "self_consumption"}, False),
        ({"unknown": 1}, False),
        ({}, True),
    ],
)
def test_controls_that_are_held(values: dict[str, ControlValue], held: bool) -> None:
    """A change is held when every control is, within half a step."""
    assert ControlChange(values).held_by(record()) is held


def test_nothing_is_held_by_a_control_without_a_value() -> None:
    """What is unknown is not what was asked for."""
    unknown = NumberControl(value=None, minimum=0, maximum=100, step=1)
    assert not ControlChange({"floor": 0}).held_by(record(floor=unknown))


def test_schedule_in_other_pieces_is_held() -> None:
    """The same meaning in other periods needs no writing."""
    pieces = schedule(
        period("00:00", "06:00", min_soc=20), period("22:00", "00:00", min_soc=20)
    )
    assert ScheduleChange(pieces).held_by(record())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(schedule(period("22:00", "06:00", min_soc=21)), id="number"),
        pytest.param(schedule(period("22:00", "06:01", min_soc=20)), id="time"),
        pytest.param(
            schedule(period("22:00", "06:00", min_soc=20), enabled=False), id="switch"
        ),
        pytest.param(schedule(), id="nothing"),
    ],
)
def test_schedule_that_is_not_held(other: Any) -> None:
    """Every difference in meaning counts."""
    assert not ScheduleChange(other).held_by(record())


def test_schedule_without_a_scheduler() -> None:
    """A device without a schedule takes none, holds none, and has no defaults."""
    change = ScheduleChange(NIGHT)
    assert change.completed(Record()) is change
    assert not change.held_by(Record())
    with pytest.raises(ChangeError) as caught:
        change.check(Record())
    assert caught.value.problem is Problem.NO_SCHEDULE


def test_schedule_is_completed_and_checked() -> None:
    """Defaults come from the device, and so do the limits."""
    change = ScheduleChange(NIGHT).completed(record())
    assert change == ScheduleChange(NIGHT)
    change.check(record())
    with pytest.raises(ScheduleError):
        ScheduleChange(schedule(period("22:00", "06:00", min_soc=1))).check(record())


@pytest.mark.parametrize(
    ("values", "contradictory"),
    [
        pytest.param({"min_soc": 60}, True, id="floor over the held ceiling"),
        pytest.param({"max_soc": 15}, True, id="ceiling under the held floor"),
        pytest.param({"min_soc": 60, "max_soc": 70}, False, id="both move"),
        pytest.param({"min_soc": 50}, False, id="the same"),
        pytest.param({"min_soc_on_grid": 90}, True, id="on grid"),
    ],
)
def test_contradictory_limits(values: dict[str, float], contradictory: bool) -> None:
    """A floor does not lie over its ceiling, whichever of the two is asked for."""
    numbers = {"min_soc": 20.0, "min_soc_on_grid": 20.0, "max_soc": 50.0}
    controls = {
        key: NumberControl(value=value, minimum=10, maximum=100, step=1)
        for key, value in numbers.items()
    }
    problems = []
    try:
        ControlChange(values).check(record(**controls))
    except ChangeError as error:
        problems.append(error.problem)
    assert problems == [Problem.CONTRADICTORY_LIMITS] * contradictory

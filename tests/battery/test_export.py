"""The permitted export: what a change may promise."""

from dataclasses import replace
from datetime import time

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.capabilities import (
    ModeCapabilities,
    Range,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.change import (
    Change,
    ControlChange,
    ScheduleChange,
)
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.export import (
    check_export,
    with_permitted_power,
)
from custom_components.home_battery.battery.model import Record
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    ScheduleState,
)

CAPABILITIES = ScheduleCapabilities(
    modes={
        "force_discharge": ModeCapabilities(
            power=True, exports=True, defaults={"power": 8000}
        ),
        "force_charge": ModeCapabilities(power=True, defaults={"power": 8000}),
    },
    max_periods=8,
    power=Range(1, 8000),
)
RECORD = Record(
    schedule=ScheduleState(schedule=Schedule(enabled=False), capabilities=CAPABILITIES)
)


def schedule(mode: str, power: float | None) -> ScheduleChange:
    """Return a change to a schedule with one period."""
    period = Period(start=time(1), end=time(2), mode=mode, power=power)
    return ScheduleChange(Schedule(enabled=True, periods=(period,)))


def problem(change: Change, permitted: float, record: Record = RECORD) -> str | None:
    """Return what is wrong with a change."""
    try:
        check_export(change, record, permitted)
    except ChangeError as err:
        return err.problem
    return None


@given(st.floats(0, 30000), st.floats(0, 30000))
def test_what_promises_more_is_refused(value: float, permitted: float) -> None:
    """The export limit and a forced discharge are bounded, nothing else is."""
    more = value > permitted
    assert problem(ControlChange({"export_limit": value}), permitted) == (
        Problem.EXPORT_NOT_PERMITTED if more else None
    )
    assert problem(schedule("force_discharge", value), permitted) == (
        Problem.SCHEDULE_EXPORT_NOT_PERMITTED if more else None
    )
    assert problem(schedule("force_charge", value), permitted) is None
    assert problem(ControlChange({"max_charge_current": value}), permitted) is None


@given(st.integers(1, 30000))
def test_open_power_is_what_is_permitted(permitted: int) -> None:
    """A forced discharge without a power never promises more, and is never refused."""
    change = with_permitted_power(schedule("force_discharge", None), RECORD, permitted)
    completed = change.completed(RECORD)
    assert problem(completed, permitted) is None
    completed.check(RECORD)
    assert completed == schedule("force_discharge", min(permitted, 8000))


@pytest.mark.parametrize(
    "change",
    [
        schedule("force_charge", None),
        schedule("force_discharge", 3000),
        schedule("foxess_unknown", None),
        ControlChange({"export_limit": 5}),
    ],
    ids=str,
)
def test_what_says_its_power_stays(change: Change) -> None:
    """Only what is left open is filled in."""
    assert with_permitted_power(change, RECORD, 2000) == change


@pytest.mark.parametrize(
    "record",
    [
        Record(),
        Record(
            schedule=ScheduleState(
                schedule=Schedule(enabled=False),
                capabilities=replace(CAPABILITIES, power=None),
            )
        ),
    ],
    ids=["no schedule", "no power"],
)
def test_nothing_to_fill_in(record: Record) -> None:
    """A device without powers leaves them open."""
    change = schedule("force_discharge", None)
    assert with_permitted_power(change, record, 2000) == change
    assert problem(change, 2000, record) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"export_limit_mode": "off"}, Problem.EXPORT_LIMIT_NEEDED),
        ({"export_limit_mode": "off", "export_limit": 0}, Problem.EXPORT_LIMIT_NEEDED),
        ({"export_limit_mode": "meter"}, None),
        ({"default_power": 2001}, Problem.EXPORT_NOT_PERMITTED),
        ({"default_power": 2000}, None),
    ],
)
def test_other_promises(
    values: dict[str, float | str], expected: Problem | None
) -> None:
    """Without a limit anything may be fed in, and what is given out may be too."""
    assert problem(ControlChange(values), 2000) == expected


@given(st.integers(1, 100), st.floats(0, 20000))
def test_open_power_is_on_a_step(percent: int, permitted: float) -> None:
    """Where powers come in steps, the one that is not over what is permitted counts."""
    limits = Range(0, percent * 100, percent)
    record = Record(
        schedule=ScheduleState(
            schedule=Schedule(enabled=False),
            capabilities=replace(CAPABILITIES, power=limits),
        )
    )
    change = with_permitted_power(schedule("force_discharge", None), record, permitted)
    completed = change.completed(record)
    assert problem(completed, permitted, record) is None
    completed.check(record)
    assert isinstance(completed, ScheduleChange)
    (period,) = completed.schedule.periods
    assert period.power is not None
    assert period.power > min(permitted, limits.maximum) - limits.step - 0.01


def test_no_export_at_all() -> None:
    """Where nothing may be exported, no discharge is forced into the grid."""
    change = with_permitted_power(schedule("force_discharge", None), RECORD, 0)
    assert problem(change, 0) == Problem.SCHEDULE_EXPORT_NOT_PERMITTED

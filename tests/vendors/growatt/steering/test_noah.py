"""NOAH and NEXA: what both calls tell of their slots, and their limits."""

from datetime import time

import pytest

from custom_components.home_battery.battery.errors import Problem, ScheduleError
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    validate,
    with_defaults,
)
from custom_components.home_battery.vendors.growatt.steering.noah import NoahSettings

from . import beans

APP = {
    **{key: value for key, value in beans.NOAH.items() if not key.startswith("time")},
    "time_segment": [
        {"time_segment1": "0_1:0_1:59_350_1"},
        {"time_segment2": "1_5:0_5:59_0_1,2", "time_segment3": "2_6:0_6:59_200_0"},
        {"time_segment4": "2_7:0_7:59_0_1,2,3,4,5,6,7"},
        {"time_segment5": "7_8:0_8:59_0_1", "time_segment6": "nothing", "other": "1"},
        None,
    ],
}


def test_what_the_app_is_told() -> None:
    """Its slots are those of version 4, some with days."""
    settings = NoahSettings.parse(APP, beans.device("noah"))
    assert [
        (
            period.start,
            period.end,
            period.mode,
            period.power,
            sorted(period.days),
            period.enabled,
        )
        for period in settings.schedule().schedule.periods
    ] == [
        (time(1), time(2), "growatt_load_first", 350, [0], True),
        (time(5), time(6), "growatt_battery_first", None, [0, 1], True),
        (time(6), time(8), "self_consumption", None, [*range(7)], True),
    ]


def test_slots_that_stay_keep_their_days() -> None:
    """A change elsewhere writes no slot that only the app can say."""
    settings = NoahSettings.parse(APP, beans.device("noah"))
    state = settings.schedule()
    kept = [p for p in state.schedule.periods if p.mode != "self_consumption"]
    writes = settings.writes_of_schedule(
        Schedule(enabled=True, periods=tuple(kept)), state.capabilities
    )
    assert [
        (write.parameters["type"], write.parameters["enable"]) for write in writes
    ] == [
        ("3", "0"),
        ("4", "0"),
        # It is in force, and nobody knows what it says.
        ("5", "0"),
    ]


def test_the_shape_of_a_write() -> None:
    """Times are padded, and everything is text."""
    settings = NoahSettings.parse(beans.NOAH, beans.device("noah"))
    state = settings.schedule()
    wanted = with_defaults(
        Schedule(
            enabled=True,
            periods=(Period(start=time(6, 5), end=time(0), mode="growatt_load_first"),),
        ),
        state.capabilities,
    )
    (write,) = settings.writes_of_schedule(wanted, state.capabilities)
    assert write == (
        "time_segment_set_v4",
        {
            "deviceSn": "SN1",
            "deviceType": "noah",
            "type": "1",
            "startTime": "06:05",
            "endTime": "23:59",
            "mode": "0",
            "power": "200",
            "enable": "1",
        },
    )


def test_what_the_app_is_not_told() -> None:
    """Periods that rest could not be read back, so they are refused."""
    state = NoahSettings.parse(APP, beans.device("noah")).schedule()
    resting = Period(start=time(1), end=time(2), mode="self_consumption", enabled=False)
    with pytest.raises(ScheduleError) as caught:
        validate(Schedule(enabled=True, periods=(resting,)), state.capabilities)
    assert caught.value.problem is Problem.SCHEDULE_DISABLED


@pytest.mark.parametrize(("power", "default"), [(300, 300), (1000, 800), ("", 0)])
def test_the_power_that_is_taken(power: object, default: float) -> None:
    """A period without a power has the default one, as far as a slot takes it."""
    bean = {**beans.NOAH, "defaultPower": power}
    state = NoahSettings.parse(bean, beans.device("noah")).schedule()
    can = state.capabilities.modes["growatt_load_first"]
    assert can.defaults == {"power": default}


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        (
            Period(start=time(1), end=time(2), mode="growatt_load_first", power=801),
            "schedule_range",
        ),
        (
            Period(start=time(1), end=time(2), mode="self_consumption", power=100),
            "schedule_field",
        ),
        (
            Period(start=time(1), end=time(1, 1), mode="self_consumption"),
            "schedule_short",
        ),
        (
            Period(
                start=time(1), end=time(2), mode="self_consumption", days=frozenset({1})
            ),
            "schedule_days",
        ),
        (Period(start=time(1), end=time(2), mode="force_charge"), "schedule_mode"),
    ],
)
def test_what_is_refused(period: Period, problem: str) -> None:
    """What the device cannot hold is said before anything is sent."""
    state = NoahSettings.parse(beans.NOAH, beans.device("noah")).schedule()
    with pytest.raises(ScheduleError) as caught:
        validate(Schedule(enabled=True, periods=(period,)), state.capabilities)
    assert caught.value.problem == problem

"""The schedule of a virtual power plant."""

from datetime import time
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    normalize,
    validate,
    with_defaults,
)
from custom_components.home_battery.vendors.growatt.steering.families import FAMILIES
from custom_components.home_battery.vendors.growatt.steering.shared import RatedPower
from custom_components.home_battery.vendors.growatt.steering.vpp import (
    VppSchedule,
    capabilities_of,
    decode,
    encode,
)

from . import beans

RATED = st.sampled_from([3680.0, 5000.0, 100000.0]).map(RatedPower)


@st.composite
def told(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return times as the device tells them, apart from each other."""
    count = draw(st.integers(0, 20))
    edges = sorted(
        draw(st.sets(st.integers(0, 1439), min_size=2 * count, max_size=2 * count))
    )
    number = st.integers(-100, 100)
    return [
        {
            "percentage": draw(st.one_of(number, number.map(str))),
            "startTime": start,
            "endTime": end,
        }
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


@given(told(), st.booleans(), RATED)
def test_what_is_read_can_be_written(
    times: list[dict[str, Any]], on: bool, rated: RatedPower
) -> None:
    """Times come back as they were, also as text."""
    held = VppSchedule.parse(on, times)
    assert VppSchedule.parse(on, json.dumps(times)) == held
    again = encode(decode(held, rated), rated)
    assert by_minute(again) == by_minute(held)
    assert VppSchedule.parse(on, again.as_wire()) == again
    validate(decode(held, rated), capabilities_of(rated))


def by_minute(schedule: VppSchedule) -> dict[int, int]:
    """Return the percentage in each minute."""
    return {
        minute: slot.power
        for slot in schedule.slots
        for minute in range(slot.start, slot.end + 1)
    }


@given(
    st.sampled_from(["force_charge", "force_discharge", "hold"]),
    st.integers(1, 100),
    st.integers(0, 1438),
    st.integers(2, 1440),
    st.booleans(),
    RATED,
)
def test_what_is_written_is_read(
    mode: str, percent: int, start: int, length: int, on: bool, rated: RatedPower
) -> None:
    """A period comes back with its meaning, also over midnight."""
    end = start + length
    one = Period(
        start=time(start // 60, start % 60),
        end=time(end // 60 % 24, end % 60),
        mode=mode,
        power=None if mode == "hold" else percent * rated.watts / 100,
    )
    wanted = with_defaults(Schedule(enabled=on, periods=(one,)), capabilities_of(rated))
    assert decode(encode(wanted, rated), rated) == normalize(wanted)


@pytest.mark.parametrize(
    "times",
    [
        None,
        "",
        "no JSON",
        "5",
        {},
        [None, 5],
        [{"percentage": 5}],
        [{"percentage": "x", "startTime": 0, "endTime": 9}],
        [{"percentage": 5, "startTime": 9, "endTime": 3}],
    ],
)
def test_what_makes_no_sense_is_left_out(times: object) -> None:
    """Whatever is told is a schedule."""
    assert VppSchedule.parse(None, times) == VppSchedule(enabled=False, slots=())


def test_the_documented_example() -> None:
    """The vendor's own example: the second begins in the minute after the first."""
    text = (
        '[{"percentage":95,"startTime":0,"endTime":300},'
        '{"percentage":-60,"startTime":301,"endTime":720}]'
    )
    schedule = decode(VppSchedule.parse(True, text), RatedPower(5000))
    assert [
        (period.start, period.end, period.mode, period.power)
        for period in schedule.periods
    ] == [
        (time(0), time(5, 1), "force_charge", 4750),
        (time(5, 1), time(12, 1), "force_discharge", 3000),
    ]
    assert encode(schedule, RatedPower(5000)).as_wire() == text


@pytest.mark.parametrize(
    ("periods", "on", "sent"),
    [
        ((), False, ["vpp_periods_remove_v4", "vpp_parameter_set_v4"]),
        ((), True, ["vpp_periods_remove_v4"]),
        (
            (Period(start=time(1), end=time(2), mode="hold"),),
            True,
            ["vpp_periods_remove_v4", "vpp_parameter_set_new_v4"],
        ),
        (
            (Period(start=time(1), end=time(2), mode="hold"),),
            False,
            [
                "vpp_periods_remove_v4",
                "vpp_parameter_set_new_v4",
                "vpp_parameter_set_v4",
            ],
        ),
        (
            (Period(start=time(0), end=time(5, 1), mode="force_charge", power=5000),),
            False,
            ["vpp_parameter_set_v4"],
        ),
        (
            (Period(start=time(0), end=time(5, 1), mode="force_charge", power=5000),),
            True,
            [],
        ),
    ],
)
def test_what_is_sent(periods: tuple[Period, ...], on: bool, sent: list[str]) -> None:
    """Old times go before new ones come, and what is held is not sent."""
    bean = {
        "set_param_1": 1,
        "set_param_34": [{"percentage": 100, "startTime": 0, "endTime": 300}],
    }
    steering = FAMILIES["wit"].parse(bean, beans.device("wit"))
    state = steering.schedule()
    assert state is not None
    writes = steering.writes_of_schedule(
        Schedule(enabled=on, periods=periods), state.capabilities
    )
    assert [write.endpoint for write in writes] == sent
    assert {write.parameters["deviceType"] for write in writes} <= {"wit"}


def test_a_family_without() -> None:
    """A plain inverter has no schedule."""
    steering = FAMILIES["inverter"].parse({}, beans.device("inverter"))
    assert steering.schedule() is None
    with pytest.raises(ChangeError) as caught:
        steering.writes_of_schedule(
            Schedule(enabled=True), capabilities_of(RatedPower(5000))
        )
    assert caught.value.problem is Problem.NO_SCHEDULE

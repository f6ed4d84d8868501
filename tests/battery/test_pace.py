"""Just in time: what is planned from what is known, and when that is worth a write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from math import inf, nan
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.pace import (
    LEAST_INTERVAL,
    MOST_WRITES,
    MOST_WRITES_FOR_HOUSE,
    Reason,
    Step,
    Worth,
    plan,
    reaches,
    weigh,
)
from custom_components.home_battery.battery.taper import Taper
from custom_components.home_battery.battery.way import Situation

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

CHARGE = Situation(
    charging=True,
    now=NOW,
    end=NOW + 8 * HOUR,
    target_soc=70,
    soc=30,
    capacity=10,
    limit=5000,
    back_limit=5000,
    back_soc=10,
    load=500,
    pv=0,
    taper=Taper(),
)
DISCHARGE = replace(CHARGE, charging=False, target_soc=30, soc=70, back_soc=100)
UNKNOWN = (None, nan, inf, -inf, 0.0, -1.0)
NUMBERS = st.none() | st.floats() | st.integers(-(10**6), 10**6)


def test_window_for_the_worst() -> None:
    """It begins so early that even an empty battery is at the target by the end."""
    step = plan(CHARGE)
    # 60.5 % of 10 kWh at 3.5 kW and 92 % take 113 min, with the reserve 124 + 5.
    assert step == Step(
        NOW + 8 * HOUR - 130 * MINUTE, CHARGE.end, 3500, Reason.HOUSE_FIRST
    )


@pytest.mark.parametrize(
    ("situation", "reason", "power"),
    [
        pytest.param(replace(CHARGE, load=0), Reason.WAITING, 3500, id="charge"),
        pytest.param(replace(CHARGE, pv=4000), Reason.SUN_FIRST, 3500, id="sun"),
        pytest.param(replace(CHARGE, pv=4900), Reason.SUN_FIRST, 4400, id="much sun"),
        pytest.param(DISCHARGE, Reason.HOUSE_FIRST, 3500, id="discharge"),
        pytest.param(
            replace(DISCHARGE, load=3000), Reason.HOUSE_FIRST, 3850, id="much load"
        ),
        pytest.param(replace(DISCHARGE, load=None), Reason.WAITING, 5000, id="unknown"),
        pytest.param(
            replace(CHARGE, back_soc=None), Reason.HOUSE_FIRST, 3500, id="no floor"
        ),
        pytest.param(replace(CHARGE, soc=70), Reason.REACHED, 3500, id="reached"),
        pytest.param(replace(CHARGE, asked=2000), Reason.HOUSE_FIRST, 1400, id="asked"),
        pytest.param(
            replace(CHARGE, asked=9000), Reason.HOUSE_FIRST, 3500, id="asked much"
        ),
        pytest.param(
            replace(CHARGE, limit=None, asked=3000),
            Reason.HOUSE_FIRST,
            2100,
            id="no limit",
        ),
    ],
)
def test_waits(situation: Situation, reason: Reason, power: float) -> None:
    """While there is time, sun and house come first, and the person hears why."""
    step = plan(situation)
    assert (step.start > NOW, step.reason, step.power) == (True, reason, power)
    assert reaches(step, situation)


@pytest.mark.parametrize(
    ("situation", "reason", "power"),
    [
        # 40.5 % at 92 % in 115 of 120 min, with a tenth more.
        pytest.param({"end": NOW + 2 * HOUR}, Reason.GENTLE, 2550, id="gentle"),
        pytest.param({"end": NOW + HOUR}, Reason.FULL, 5000, id="full"),
        pytest.param({"end": NOW + HOUR / 2}, Reason.UNREACHABLE, 5000, id="late"),
        pytest.param({"end": NOW}, Reason.FULL, 5000, id="over"),
        pytest.param({"end": NOW - HOUR}, Reason.FULL, 5000, id="long over"),
        pytest.param({"dark": True}, Reason.GENTLE, 650, id="dark"),
        pytest.param({"dark": True, "soc": 80}, Reason.REACHED, 500, id="kept"),
        pytest.param(
            {"end": NOW + 2 * HOUR, "pv": 3600}, Reason.GENTLE, 3100, id="takes all sun"
        ),
    ],
)
def test_forces_now(situation: dict[str, Any], reason: Reason, power: float) -> None:
    """When time is short, or nothing is to be waited for, it is as gentle as it may."""
    known = replace(CHARGE, back_limit=None, **situation)
    assert plan(known) == Step(min(NOW, known.end), known.end, power, reason)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *product(("soc", "capacity"), (None, nan, inf, -1.0)),
        ("soc", 101.0),
        ("capacity", 0.0),
        ("target_soc", nan),
        ("target_soc", 101.0),
    ],
)
@pytest.mark.parametrize("situation", [CHARGE, DISCHARGE], ids=["charge", "discharge"])
def test_unknown_is_full_power(situation: Situation, field: str, value: Any) -> None:
    """Who does not know how far it is goes at once."""
    known = replace(situation, **{field: value})
    step = plan(known)
    assert step == Step(NOW, known.end, 5000, Reason.FULL)
    assert reaches(step, known)
    assert weigh(step, step, known, writes=1, last_write=None) is Worth.KEEP


@pytest.mark.parametrize("limit", UNKNOWN)
@pytest.mark.parametrize("asked", UNKNOWN)
def test_unknown_power_is_the_devices(limit: float | None, asked: float | None) -> None:
    """Without any limit it is as much as the device can."""
    known = replace(CHARGE, limit=limit, asked=asked)
    assert plan(known) == Step(NOW, known.end, None, Reason.FULL)


def test_reached_discharge_leaves_the_house_alone() -> None:
    """A device at its target would let the house import, so nothing is forced."""
    known = replace(DISCHARGE, soc=30, end=NOW + HOUR / 2)
    assert plan(known) == Step(known.end, known.end, 5000, Reason.REACHED)
    assert plan(replace(known, pv=1000)).start == NOW


def test_reached_discharge_is_kept_by_the_device() -> None:
    """While there is time, a window ahead answers for what the sun may put back."""
    step = plan(replace(DISCHARGE, soc=30))
    assert (NOW < step.start < step.end, step.reason) == (True, Reason.REACHED)


def test_night_of_the_clock_change() -> None:
    """The hours are those that pass, not those on the clock."""
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 29, 1, tzinfo=zone)
    local = replace(CHARGE, now=now, end=datetime(2026, 3, 29, 4, tzinfo=zone))
    assert plan(local) == plan(
        replace(CHARGE, now=now.astimezone(UTC), end=now.astimezone(UTC) + 2 * HOUR)
    )


@given(
    st.booleans(),
    st.booleans(),
    st.floats(-60, 3000),
    st.floats(),
    st.lists(NUMBERS, min_size=8, max_size=8),
)
def test_odd_numbers(
    charging: bool,
    dark: bool,
    minutes: float,
    target: float,
    numbers: list[float | None],
) -> None:
    """Whatever devices send, there is a window within the limits."""
    soc, capacity, limit, asked, back_limit, back_soc, load, pv = numbers
    known = Situation(
        charging=charging,
        now=NOW,
        end=NOW + minutes * MINUTE,
        target_soc=target,
        soc=soc,
        capacity=capacity,
        limit=limit,
        asked=asked,
        back_limit=back_limit,
        back_soc=back_soc,
        load=load,
        pv=pv,
        dark=dark,
        taper=Taper(),
    )
    step = plan(known)
    assert min(NOW, known.end) <= step.start <= step.end == known.end
    assert step.power == known.most or 0 < (step.power or 0) <= (known.most or 0)
    assert weigh(step, step, known, writes=1, last_write=None) is Worth.KEEP


@given(st.floats(0, 9000), st.floats(0, 9000), st.floats(0, 100), st.floats(1, 900))
def test_discharge_serves_the_house(
    load: float, pv: float, soc: float, minutes: float
) -> None:
    """A forced discharge gives what the house needs beyond the sun, as far as it can."""
    step = plan(
        replace(DISCHARGE, load=load, pv=pv, soc=soc, end=NOW + minutes * MINUTE)
    )
    assert step.power is not None
    assert step.power >= min(load - pv, 5000)


WAITING = Step(NOW + 6 * HOUR, CHARGE.end, 3500, Reason.HOUSE_FIRST)
SOON = replace(WAITING, start=NOW + 10 * MINUTE)
RUNNING = Step(NOW - HOUR, CHARGE.end, 3500, Reason.GENTLE)
NO_WINDOW = Step(CHARGE.end, CHARGE.end, 3500, Reason.REACHED)
DARK = replace(CHARGE, dark=True)


def now_at(power: float) -> Step:
    """Return a window that begins now."""
    return Step(NOW, CHARGE.end, power, Reason.GENTLE)


@pytest.mark.parametrize(
    ("held", "planned", "situation", "expected"),
    [
        pytest.param(None, WAITING, CHARGE, Worth.MUST, id="none"),
        pytest.param(
            replace(WAITING, end=CHARGE.end + HOUR),
            WAITING,
            CHARGE,
            Worth.MUST,
            id="another end",
        ),
        pytest.param(
            replace(WAITING, start=CHARGE.end - HOUR),
            WAITING,
            CHARGE,
            Worth.MUST,
            id="begins too late",
        ),
        pytest.param(
            replace(RUNNING, power=300), now_at(700), DARK, Worth.MUST, id="too gentle"
        ),
        pytest.param(NO_WINDOW, WAITING, CHARGE, Worth.MUST, id="no window"),
        pytest.param(
            WAITING,
            replace(WAITING, start=NOW + 5 * HOUR),
            CHARGE,
            Worth.KEEP,
            id="sooner than needed",
        ),
        pytest.param(
            replace(WAITING, start=NOW + 2 * HOUR),
            WAITING,
            CHARGE,
            Worth.KEEP,
            id="not yet about to begin",
        ),
        pytest.param(SOON, WAITING, CHARGE, Worth.WRITE, id="about to begin"),
        pytest.param(
            SOON,
            replace(SOON, start=SOON.start + 29 * MINUTE),
            CHARGE,
            Worth.KEEP,
            id="hardly later",
        ),
        pytest.param(RUNNING, WAITING, CHARGE, Worth.WRITE, id="may wait again"),
        pytest.param(
            RUNNING, WAITING, replace(CHARGE, soc=75), Worth.KEEP, id="holds the target"
        ),
        pytest.param(
            RUNNING,
            WAITING,
            replace(CHARGE, soc=75, pv=3000),
            Worth.WRITE,
            id="sun beyond the target",
        ),
        pytest.param(RUNNING, now_at(4500), CHARGE, Worth.WRITE, id="more sun"),
        pytest.param(
            RUNNING, now_at(4500), replace(CHARGE, soc=None), Worth.WRITE, id="no SOC"
        ),
        pytest.param(RUNNING, now_at(4400), CHARGE, Worth.KEEP, id="hardly stronger"),
        pytest.param(RUNNING, now_at(2500), CHARGE, Worth.WRITE, id="gentler"),
        pytest.param(RUNNING, now_at(2600), CHARGE, Worth.KEEP, id="hardly gentler"),
        pytest.param(
            RUNNING, now_at(500), replace(CHARGE, soc=75), Worth.KEEP, id="at rest"
        ),
        pytest.param(RUNNING, now_at(2000), DISCHARGE, Worth.KEEP, id="keeps giving"),
        pytest.param(
            RUNNING,
            now_at(4200),
            replace(DISCHARGE, load=3600),
            Worth.WRITE,
            id="the house imports",
        ),
        pytest.param(
            RUNNING,
            NO_WINDOW,
            replace(DISCHARGE, soc=30),
            Worth.WRITE,
            id="the house imports at the target",
        ),
    ],
)
def test_weigh(
    held: Step | None, planned: Step, situation: Situation, expected: Worth
) -> None:
    """A window is written when it saves something worth it, or saves the target."""
    assert weigh(held, planned, situation, writes=1, last_write=None) is expected


@pytest.mark.parametrize(
    ("held", "planned", "situation", "soon", "often", "too_often"),
    [
        pytest.param(
            SOON, WAITING, CHARGE, Worth.KEEP, Worth.KEEP, Worth.KEEP, id="for the sun"
        ),
        pytest.param(
            RUNNING,
            now_at(4200),
            replace(DISCHARGE, load=3600),
            Worth.WRITE,
            Worth.WRITE,
            Worth.KEEP,
            id="for the house",
        ),
        pytest.param(
            NO_WINDOW,
            WAITING,
            CHARGE,
            Worth.MUST,
            Worth.MUST,
            Worth.MUST,
            id="for the target",
        ),
    ],
)
def test_writes_are_limited(
    held: Step,
    planned: Step,
    situation: Situation,
    soon: Worth,
    often: Worth,
    too_often: Worth,
) -> None:
    """Sun and gentleness wait for their turn, the house has more, the target always."""
    just_now = NOW - LEAST_INTERVAL + MINUTE
    assert weigh(held, planned, situation, writes=1, last_write=just_now) is soon
    assert [
        weigh(held, planned, situation, writes=writes, last_write=None)
        for writes in (MOST_WRITES, MOST_WRITES_FOR_HOUSE)
    ] == [often, too_often]
    assert (
        weigh(held, planned, situation, writes=1, last_write=NOW - LEAST_INTERVAL)
        is not Worth.KEEP
    )

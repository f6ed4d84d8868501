"""How a device's schedule, or else its SOC limits, say an override."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.capabilities import (
    ModeCapabilities,
    Range,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.change import ControlChange, ScheduleChange
from custom_components.home_battery.battery.control import NumberControl
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.model import Mode, Record
from custom_components.home_battery.battery.override import (
    Direction,
    Ending,
    Override,
    Pace,
    Plan,
    Stint,
    check_reserve,
    plan_of,
)
from custom_components.home_battery.battery.running import Running
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    ScheduleState,
    validate,
)

from .schedules import FORCED, PLAIN, SCHEDULES, WIDE, narrowed, period, schedule

NOW: Final = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
BERLIN: Final = ZoneInfo("Europe/Berlin")
EMPTY: Final = Schedule(enabled=False)
EXPORTING: Final = narrowed(
    modes={
        **WIDE.modes,
        "force_discharge": replace(FORCED, exports=True, defaults={"power": 8000}),
        "vendor_output": ModeCapabilities(
            power=True, exports=True, defaults={"power": 200}
        ),
        "vendor_store": ModeCapabilities(),
    }
)


def settings(
    capabilities: ScheduleCapabilities | None = WIDE, **numbers: Any
) -> Record:
    """Return what a device can hold, and numbers beside its schedule."""
    return Record(
        schedule=None
        if capabilities is None
        else ScheduleState(schedule=EMPTY, capabilities=capabilities),
        controls={
            key: NumberControl(value=value, minimum=10, maximum=most, step=1)
            for key, (value, most) in numbers.items()
        },
    )


def stint(hours: float = 2, begins: datetime = NOW, **what: Any) -> Stint:
    """Return a stint."""
    return Stint(start=begins, end=begins + hours * HOUR, **what)


def wanted(mode: Mode, **what: Any) -> Override:
    """Return an override."""
    return Override(mode=mode, start=NOW, **what)


def planned(
    override: Override,
    one: Stint,
    capabilities: ScheduleCapabilities,
    *,
    permitted: float | None = None,
) -> Period:
    """Return the period that says a stint."""
    plan = plan_of(
        override, one, EMPTY, settings(capabilities), UTC, permitted_export=permitted
    )
    assert plan.period is not None
    return plan.period


def refusal(override: Override, one: Stint, record: Record) -> ChangeError:
    """Return the error with which an override is refused."""
    with pytest.raises(ChangeError) as caught:
        plan_of(override, one, EMPTY, record, UTC)
    return caught.value


def test_charge_is_a_period() -> None:
    """It says what is wanted, on the wall clock of the device, and comes every day."""
    plan = plan_of(
        wanted(Mode.FORCE_CHARGE, target_soc=80),
        stint(power=3000),
        schedule(period("13:00", "23:00", "backup")),
        settings(),
        BERLIN,
    )
    over = period("14:00", "16:00", "force_charge", power=3000, target_soc=80)
    assert plan == Plan(
        change=ScheduleChange(
            schedule(
                period("13:00", "14:00", "backup"),
                over,
                period("16:00", "23:00", "backup"),
            )
        ),
        ending=Ending.REPEATS_DAILY,
        until=datetime(2026, 6, 15, 16, 0, tzinfo=BERLIN),
        period=over,
    )


@given(
    st.integers(0, 1439),
    st.floats(0.01, 22.5),
    st.sampled_from([1, 5]),
    st.sampled_from([1, 2, 30]),
    SCHEDULES,
)
def test_device_takes_every_plan(
    minute: int, hours: float, step: int, least: int, base: Schedule
) -> None:
    """Also over midnight, none is too short or off its steps, and all of it lies in it."""
    capabilities = narrowed(minute_step=step, min_minutes=least)
    one = stint(hours, NOW.replace(hour=0) + timedelta(minutes=minute, seconds=20))
    plan = plan_of(wanted(Mode.FORCE_CHARGE), one, base, settings(capabilities), UTC)
    assert isinstance(plan.change, ScheduleChange)
    validate(plan.change.schedule, capabilities)
    assert plan.until >= one.end
    assert plan.period is not None
    room = 2 * timedelta(minutes=least + step)
    assert timedelta(minutes=plan.period.minutes) <= one.end - one.start + room


@pytest.mark.parametrize("hours", [23.99, 24, 25, 240])
def test_a_day_is_the_longest(hours: float) -> None:
    """What lasts longer is told for a day, less what tells its end from its start."""
    plan = plan_of(wanted(Mode.FORCE_CHARGE), stint(hours), EMPTY, settings(), UTC)
    assert plan.until == NOW + timedelta(days=1, minutes=-1)


@pytest.mark.parametrize(
    ("begins", "hours", "times", "until"),
    [
        pytest.param(
            "2026-10-25T00:30Z", 1, ("02:30", "03:30"), "2026-10-25T02:30Z", id="back"
        ),
        pytest.param(
            "2026-10-24T22:30Z", 2.75, ("00:30", "03:15"), "2026-10-25T02:15Z", id="in"
        ),
        pytest.param(
            "2026-10-25T01:10Z",
            0.5,
            ("02:10", "02:40"),
            "2026-10-25T01:40Z",
            id="after",
        ),
        pytest.param(
            "2026-10-25T00:10Z",
            0.5,
            ("02:10", "02:40"),
            "2026-10-25T00:40Z",
            id="before",
        ),
        pytest.param(
            "2026-03-29T00:30Z",
            1,
            ("01:30", "03:30"),
            "2026-03-29T01:30Z",
            id="forward",
        ),
    ],
)
def test_night_in_which_clocks_change(
    begins: str, hours: float, times: tuple[str, str], until: str
) -> None:
    """A clock that is put back shows some times twice, and the end comes the second time."""
    one = stint(hours, datetime.fromisoformat(begins))
    plan = plan_of(wanted(Mode.FORCE_CHARGE), one, EMPTY, settings(), BERLIN)
    assert plan.period == period(*times, "force_charge")
    assert plan.until == datetime.fromisoformat(until)
    assert plan.until >= one.end


def test_hold_keeps_pv_for_the_house() -> None:
    """Where self-consumption takes limits, they are at the present SOC."""
    for direction, limits in (
        (Direction.DISCHARGE, (54, None)),
        (Direction.CHARGE, (None, 55)),
        (Direction.BOTH, (54, 55)),
    ):
        held = planned(wanted(Mode.HOLD, direction=direction), stint(soc=54.5), WIDE)
        assert (held.mode, held.min_soc, held.max_soc) == ("self_consumption", *limits)


@pytest.mark.parametrize(
    ("direction", "soc", "limits"),
    [
        pytest.param(Direction.DISCHARGE, 5, (10, None), id="floor over it"),
        pytest.param(Direction.CHARGE, 95, (None, 90), id="ceiling under it"),
    ],
)
def test_hold_within_limits(
    direction: Direction, soc: float, limits: tuple[float | None, float | None]
) -> None:
    """A limit on the safe side of the SOC holds it, too."""
    capabilities = narrowed(min_soc=Range(10, 90), max_soc=Range(10, 90))
    held = planned(wanted(Mode.HOLD, direction=direction), stint(soc=soc), capabilities)
    assert (held.min_soc, held.max_soc) == limits


@pytest.mark.parametrize(
    ("direction", "soc"),
    [(Direction.DISCHARGE, 60), (Direction.BOTH, 60), (Direction.CHARGE, 5)],
)
def test_hold_that_would_not_hold(direction: Direction, soc: float) -> None:
    """A limit that leaves the battery room is none, in the schedule or beside it."""
    record = settings(
        narrowed(min_soc=Range(10, 30)), min_soc_on_grid=(10, 30), max_soc=(100, 100)
    )
    error = refusal(wanted(Mode.HOLD, direction=direction), stint(soc=soc), record)
    assert error.problem is Problem.OVERRIDE_UNSUPPORTED


def test_hold_beside_the_schedule() -> None:
    """Where no period holds, the limits beside them do, until they are put back."""
    record = settings(
        narrowed(modes={"force_charge": FORCED}),
        min_soc_on_grid=(10, 100),
        max_soc=(100, 100),
    )
    one = stint(soc=54.5)
    plan = plan_of(wanted(Mode.HOLD, direction=Direction.BOTH), one, EMPTY, record, UTC)
    assert plan == Plan(
        change=ControlChange({"min_soc_on_grid": 54, "max_soc": 55}),
        ending=Ending.STICKY,
        until=one.end,
    )


def test_hold_never_touches_the_reserve() -> None:
    """The minimum off grid is no limit to hold with, and without an SOC there is none."""
    barred = narrowed(modes={"force_charge": FORCED})
    for one, record in (
        (stint(soc=50), settings(barred, min_soc=(10, 100))),
        (stint(), settings(barred, min_soc_on_grid=(10, 100))),
        (stint(soc=50), settings(None, min_soc_on_grid=(10, 100))),
    ):
        error = refusal(wanted(Mode.HOLD), one, record)
        assert error.problem is Problem.OVERRIDE_UNSUPPORTED


@pytest.mark.parametrize(
    ("power", "permitted", "told"),
    [
        pytest.param(None, None, 8000, id="default"),
        pytest.param(None, 5000.5, 5000, id="bounded"),
        pytest.param(None, 9000, 8000, id="not bounded"),
        # Whoever names more than is permitted hears of it when it is checked.
        pytest.param(6000, 5000, 6000, id="named"),
    ],
)
def test_open_discharge_keeps_to_the_permitted_export(
    power: float | None, permitted: float | None, told: float
) -> None:
    """What nobody names is no more than may be exported."""
    discharge = planned(
        wanted(Mode.FORCE_DISCHARGE),
        stint(power=power),
        EXPORTING,
        permitted=permitted,
    )
    assert discharge.power == told


@pytest.mark.parametrize(
    ("mode", "word", "power", "told"),
    [
        (Mode.FORCE_DISCHARGE, "vendor_output", None, 10500),
        (Mode.FORCE_DISCHARGE, "vendor_output", 300, 300),
        (Mode.FORCE_CHARGE, "vendor_store", 300, None),
        (Mode.FORCE_CHARGE, "vendor_store", None, None),
    ],
)
def test_mode_that_stands_in(
    mode: Mode, word: str, power: float | None, told: float | None
) -> None:
    """Another mode serves with all of its power, or with the one that it takes."""
    own = {key: EXPORTING.modes[key] for key in ("vendor_output", "vendor_store")}
    capabilities = replace(EXPORTING, modes=own, overrides={mode: word})
    served = planned(wanted(mode, target_soc=50), stint(power=power), capabilities)
    assert (served.mode, served.power, served.target_soc) == (word, told, None)


def test_hold_by_a_mode_that_gives_out_nothing() -> None:
    """A mode that stands in for a hold only keeps the battery from discharging."""
    capabilities = narrowed(
        modes={"vendor_output": EXPORTING.modes["vendor_output"]},
        overrides={"hold": "vendor_output"},
        power=Range(0, 800),
    )
    held = planned(wanted(Mode.HOLD), stint(), capabilities)
    assert (held.mode, held.power) == ("vendor_output", 0)
    charging = wanted(Mode.HOLD, direction=Direction.CHARGE)
    error = refusal(charging, stint(soc=50), settings(capabilities))
    assert error.problem is Problem.OVERRIDE_UNSUPPORTED


def test_mode_called_hold() -> None:
    """A mode of that name keeps it from both."""
    capabilities = narrowed(modes={"hold": ModeCapabilities()})
    for direction in Direction:
        held = planned(wanted(Mode.HOLD, direction=direction), stint(), capabilities)
        assert held.mode == "hold"


def test_power_that_cannot_be_said() -> None:
    """A discharge does not go on with more than was wanted, whatever that may be."""
    plain = narrowed(modes={"force_discharge": PLAIN, "force_charge": PLAIN})
    assert planned(wanted(Mode.FORCE_CHARGE), stint(power=500), plain).power is None
    error = refusal(wanted(Mode.FORCE_DISCHARGE), stint(power=500), settings(plain))
    assert error.problem is Problem.SCHEDULE_FIELD


def test_unsupported() -> None:
    """A device without the mode, or without any schedule, is not told anything else."""
    for record in (settings(narrowed(modes={"backup": PLAIN})), settings(None)):
        error = refusal(wanted(Mode.FORCE_DISCHARGE), stint(), record)
        assert error.problem is Problem.OVERRIDE_UNSUPPORTED


def test_reserve() -> None:
    """A discharge to less than is kept for an outage is refused."""
    record = settings(min_soc=(20, 100))
    check_reserve(wanted(Mode.FORCE_DISCHARGE, target_soc=20), record)
    check_reserve(wanted(Mode.FORCE_CHARGE, target_soc=10), record)
    check_reserve(wanted(Mode.FORCE_DISCHARGE), record)
    with pytest.raises(ChangeError) as caught:
        check_reserve(wanted(Mode.FORCE_DISCHARGE, target_soc=19), record)
    assert caught.value.problem is Problem.TARGET_BELOW_RESERVE


MOMENTS: Final = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)
)
NUMBERS: Final = st.floats(0, 10000, allow_nan=False)
OVERRIDES: Final = st.builds(
    Override,
    mode=st.sampled_from([Mode.FORCE_CHARGE, Mode.FORCE_DISCHARGE, Mode.HOLD]),
    start=MOMENTS,
    end=st.none() | MOMENTS,
    power=st.none() | NUMBERS,
    target_soc=st.none() | NUMBERS,
    direction=st.sampled_from(Direction),
    pace=st.sampled_from(Pace),
)
PERIODS: Final = SCHEDULES.map(lambda one: next(iter(one.periods), None))
SETTINGS: Final = NUMBERS | st.booleans() | st.text(max_size=5)
RUNNING: Final = st.builds(
    Running,
    wanted=OVERRIDES,
    began_soc=st.none() | NUMBERS,
    base=st.none() | SCHEDULES,
    touched=st.dictionaries(
        st.text(max_size=5), st.lists(SETTINGS, min_size=2, max_size=2), max_size=2
    ),
    before=st.dictionaries(st.text(max_size=5), SETTINGS, max_size=2),
    told=st.none() | SCHEDULES,
    controls=st.dictionaries(st.text(max_size=5), SETTINGS, max_size=2),
    period=PERIODS,
    begins=st.none() | MOMENTS,
    ends=st.none() | MOMENTS,
    reason=st.none() | st.text(max_size=5),
    power=st.none() | NUMBERS,
    ending=st.none() | st.sampled_from(Ending),
    until=st.none() | MOMENTS,
    told_at=st.none() | MOMENTS,
    writes=st.integers(0, 9),
    command=st.booleans(),
    moving=st.booleans(),
    failures=st.integers(0, 9),
    retry_at=st.none() | MOMENTS,
    over=st.none() | st.text(max_size=5),
    said=st.sets(st.text(max_size=5), max_size=2),
)


@given(RUNNING)
def test_all_of_it_is_remembered(running: Running) -> None:
    """What runs is the same after it was stored as text."""
    stored = json.loads(json.dumps(running.as_dict()))
    assert Running.from_dict(stored) == running


@given(OVERRIDES, MOMENTS, st.none() | st.floats(0, 100))
def test_progress_is_a_share(
    override: Override, now: datetime, soc: float | None
) -> None:
    """How much is done lies between nothing and all of it."""
    done = Running(wanted=override, began_soc=50.0).progress(soc, now)
    assert done is None or 0 <= done <= 100

"""Counters that never fall, and what of them fell into the day."""

from datetime import UTC, date, datetime, timedelta, timezone
import json
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.energy import EnergyCounter

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 15, 12, tzinfo=BERLIN)
HOUR = timedelta(hours=1)
# What 16 bits above the real ones make of a counter of 0.1 kWh.
HIGH_BITS = (0x0FFF << 16) / 10


def counter(value: float = 1000.0, at: datetime = NOON) -> EnergyCounter:
    """Return a counter of a 10 kW inverter that has seen one value."""
    made = EnergyCounter(max_power=10_000)
    made.update(value, at, BERLIN)
    return made


def test_nothing_is_known_at_first() -> None:
    """A counter without a value has no day either."""
    fresh = EnergyCounter(max_power=10_000)
    assert fresh.total is None
    assert fresh.today(NOON, BERLIN) is None


def test_counts_what_is_gained() -> None:
    """The day counts from the first value on."""
    guarded = counter()
    guarded.update(1003.5, NOON + HOUR, BERLIN)
    assert guarded.total == 1003.5
    assert guarded.today(NOON + HOUR, BERLIN) == pytest.approx(3.5)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.floats(0, 2000), st.floats(0, 1e9)),
            st.timedeltas(timedelta(minutes=-10), timedelta(hours=5)),
        ),
        max_size=30,
    )
)
def test_never_falls_within_a_day(samples: list[tuple[float, timedelta]]) -> None:
    """Whatever comes, the total only rises, until a reset has stood for a day."""
    guarded = counter()
    at, last = NOON, 1000.0
    for value, step in samples:
        at = min(at + step, NOON + timedelta(hours=23))
        guarded.update(value, at, BERLIN)
        assert guarded.total is not None
        assert guarded.total >= last
        assert (guarded.today(at, BERLIN) or 0) >= 0
        last = guarded.total


@given(st.lists(st.tuples(st.floats(0, 9), st.integers(5, 2000)), max_size=40))
def test_today_follows_the_time_since_midnight(steps: list[tuple[float, int]]) -> None:
    """Of each step, today's share is what of its time lies behind midnight."""
    guarded = counter()
    at, value, today = NOON, 1000.0, 0.0
    for kilowatts, minutes in steps:
        former, at = at, (at.astimezone(UTC) + timedelta(minutes=minutes))
        at = at.astimezone(BERLIN)
        gain = kilowatts * minutes / 60
        value += gain
        guarded.update(value, at, BERLIN)
        since = at.replace(hour=0, minute=0, fold=0).astimezone(UTC)
        new = (at.astimezone(UTC) - since) / timedelta(minutes=minutes)
        same_day = former.date() == at.date()
        today = today * same_day + gain * (1.0 if same_day else new)
        assert guarded.today(at, BERLIN) == pytest.approx(today, abs=1e-6)
    assert guarded.total == value


@pytest.mark.parametrize(
    "glitch",
    [
        pytest.param(1000 + HIGH_BITS, id="high bits"),
        pytest.param(0.0, id="zero"),
        pytest.param(999.9, id="a tenth back"),
        pytest.param(-5.0, id="negative"),
        pytest.param(1000 + 10 * 1.5 * 5 / 60 + 0.6, id="faster than the hardware"),
    ],
)
def test_glitch_is_dropped(glitch: float) -> None:
    """A bad value between good ones leaves no trace."""
    guarded = counter()
    guarded.update(glitch, NOON + timedelta(minutes=5), BERLIN)
    assert guarded.total == 1000.0
    guarded.update(1000.5, NOON + timedelta(minutes=10), BERLIN)
    assert guarded.total == 1000.5
    assert guarded.today(NOON + timedelta(minutes=10), BERLIN) == pytest.approx(0.5)


def test_repeated_glitches_stay_out() -> None:
    """Values that contradict each other never prove a reset, however long they come."""
    guarded = counter()
    for hour in range(1, 72):
        guarded.update(HIGH_BITS * (1 + hour % 2), NOON + hour * HOUR, BERLIN)
    assert guarded.total == 1000.0


@pytest.mark.parametrize("hours", [1, 7, 30, 100])
def test_zeros_prove_nothing_however_long_they_come(hours: int) -> None:
    """A cloud that tells 0 all night, or for days, has not lost what was counted."""
    guarded = counter()
    for hour in range(1, hours):
        guarded.update(0.0, NOON + hour * HOUR, BERLIN)
        assert guarded.total == 1000.0
    guarded.update(1000.1, NOON + hours * HOUR, BERLIN)
    assert guarded.total == 1000.1


def test_nights_of_zeros_do_not_hide_a_real_reset() -> None:
    """A new inverter whose cloud tells 0 from midnight to dawn is believed all the same."""
    guarded = counter()
    for hour in range(1, 36):
        asleep = (NOON + hour * HOUR).hour < 7
        guarded.update((not asleep) * hour * 0.5, NOON + hour * HOUR, BERLIN)
    assert guarded.total == 17.5


@pytest.mark.parametrize("hours", [1, 30])
def test_wavering_by_a_step_is_no_fall(hours: int) -> None:
    """A tenth less, for an hour or for days, leaves the counter where it is."""
    guarded = counter()
    for hour in range(1, hours + 1):
        guarded.update(999.9, NOON + hour * HOUR, BERLIN)
        assert guarded.total == 1000.0
    assert guarded.at == NOON + hours * HOUR
    guarded.update(1000.3, NOON + (hours + 1) * HOUR, BERLIN)
    assert guarded.total == 1000.3


def test_real_reset_is_believed_after_a_day() -> None:
    """A new inverter starts at 0; after a day of sense it is believed."""
    guarded = counter()
    for hour in range(1, 25):
        guarded.update(hour * 0.5, NOON + hour * HOUR, BERLIN)
        assert guarded.total == 1000.0
    guarded.update(12.5, NOON + 25 * HOUR, BERLIN)
    assert guarded.total == 12.5
    assert guarded.today(NOON + 25 * HOUR, BERLIN) == 0.0
    guarded.update(13.5, NOON + 26 * HOUR, BERLIN)
    assert guarded.today(NOON + 26 * HOUR, BERLIN) == pytest.approx(1.0)


def test_good_value_ends_a_suspected_reset() -> None:
    """One plausible value in between, and the day of proof starts anew."""
    guarded = counter()
    for hour in range(1, 20):
        guarded.update(hour * 0.5, NOON + hour * HOUR, BERLIN)
    guarded.update(1001.0, NOON + 20 * HOUR, BERLIN)
    for hour in range(21, 44):
        guarded.update(hour * 0.5, NOON + hour * HOUR, BERLIN)
        assert guarded.total == 1001.0


@pytest.mark.parametrize("step", [timedelta(), timedelta(minutes=-5)])
@pytest.mark.parametrize("value", [1000.0, 999.0])
def test_repeated_and_older_records_change_nothing(
    value: float, step: timedelta
) -> None:
    """What comes late or twice is no news."""
    guarded = counter()
    guarded.update(value, NOON + step, BERLIN)
    assert (guarded.total, guarded.at) == (1000.0, NOON)


@pytest.mark.parametrize("ahead", [HOUR, timedelta(days=1), timedelta(days=30_000)])
def test_clock_that_was_ahead_does_not_freeze_the_counter(ahead: timedelta) -> None:
    """After a time stamp from the future the counter goes on with the device."""
    guarded = counter()
    guarded.update(1000.1, NOON + ahead, BERLIN)
    guarded.update(1000.4, NOON + timedelta(minutes=5), BERLIN)
    guarded.update(1001.0, NOON + timedelta(minutes=10), BERLIN)
    assert guarded.total == 1001.0
    assert guarded.at == NOON + timedelta(minutes=10)
    assert (guarded.today(NOON + timedelta(minutes=10), BERLIN) or 0) <= 1.0


def test_today_is_zero_after_midnight() -> None:
    """At the system's midnight the day is new, though no record came."""
    evening = datetime(2026, 6, 15, 23, 50, tzinfo=BERLIN)
    guarded = counter(1000.0, NOON)
    guarded.update(1008.0, evening, BERLIN)
    assert guarded.today(evening + timedelta(minutes=9), BERLIN) == pytest.approx(8.0)
    assert guarded.today(evening + timedelta(minutes=10), BERLIN) == 0.0


def test_gain_over_midnight_is_split_by_time() -> None:
    """A record 20 minutes before and one 10 after midnight: a third is today's."""
    guarded = counter(1000.0, datetime(2026, 6, 15, 23, 40, tzinfo=BERLIN))
    late = datetime(2026, 6, 16, 0, 10, tzinfo=BERLIN)
    guarded.update(1003.0, late, BERLIN)
    assert guarded.today(late, BERLIN) == pytest.approx(1.0)


def test_days_offline_are_split_by_time_too() -> None:
    """After two days away, only the share since midnight is today's."""
    guarded = counter(1000.0, NOON)
    back = NOON + timedelta(days=2)
    guarded.update(1048.0, back, BERLIN)
    assert guarded.total == 1048.0
    assert guarded.today(back, BERLIN) == pytest.approx(12.0)


def test_midnight_is_the_systems_own() -> None:
    """A system in Sydney turns its day when Sydney does."""
    sydney = ZoneInfo("Australia/Sydney")
    guarded = EnergyCounter(max_power=10_000)
    guarded.update(10.0, datetime(2026, 6, 15, 10, tzinfo=UTC), sydney)
    guarded.update(14.0, datetime(2026, 6, 15, 14, tzinfo=UTC), sydney)
    assert guarded.today(datetime(2026, 6, 15, 14, tzinfo=UTC), sydney) == (
        pytest.approx(0.0)
    )
    guarded.update(15.0, datetime(2026, 6, 15, 15, tzinfo=UTC), sydney)
    assert guarded.today(datetime(2026, 6, 15, 15, tzinfo=UTC), sydney) == (
        pytest.approx(1.0)
    )


@pytest.mark.parametrize("zone", [UTC, BERLIN, timezone(timedelta(hours=2))])
@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_daylight_saving_days(day: date, hours: int, zone: ZoneInfo) -> None:
    """A day of 23 or 25 hours begins and ends at midnight, in whatever zone the times come."""
    midnight = datetime.combine(day, datetime.min.time(), BERLIN).astimezone(UTC)
    guarded = EnergyCounter(max_power=10_000)
    guarded.update(100.0, (midnight - HOUR).astimezone(zone), BERLIN)
    for hour in range(hours):
        at = midnight + hour * HOUR
        guarded.update(101.0 + hour, at.astimezone(zone), BERLIN)
        assert guarded.total == 101.0 + hour
        assert guarded.today(at, BERLIN) == pytest.approx(hour)
    late = midnight + timedelta(hours=hours, minutes=-1)
    assert guarded.today(late, BERLIN) == pytest.approx(hours - 1)
    assert guarded.today(late + timedelta(minutes=1), BERLIN) == 0.0


@pytest.mark.parametrize("zone", [UTC, BERLIN])
def test_gap_over_a_daylight_saving_midnight(zone: ZoneInfo) -> None:
    """A gap over the longest day is split by hours that passed, not by what clocks show."""
    before = datetime(2026, 10, 24, 22, tzinfo=BERLIN)
    after = datetime(2026, 10, 25, 5, tzinfo=BERLIN)
    guarded = EnergyCounter(max_power=10_000)
    guarded.update(100.0, before.astimezone(zone), BERLIN)
    guarded.update(108.0, after.astimezone(zone), BERLIN)
    assert guarded.today(after, BERLIN) == pytest.approx(6.0)


def test_survives_a_restart() -> None:
    """What is stored as JSON comes back, and goes on counting."""
    guarded = counter()
    guarded.update(1004.0, NOON + HOUR, BERLIN)
    back = EnergyCounter.from_dict(json.loads(json.dumps(guarded.as_dict())))
    assert back.as_dict() == guarded.as_dict()
    back.update(1005.0, NOON + 2 * HOUR, BERLIN)
    assert back.total == 1005.0
    assert back.today(NOON + 2 * HOUR, BERLIN) == pytest.approx(5.0)


def test_survives_a_restart_without_a_value() -> None:
    """A counter that has seen nothing comes back empty."""
    back = EnergyCounter.from_dict(EnergyCounter(max_power=5000).as_dict())
    assert back == EnergyCounter(max_power=5000)


def test_restart_forgets_a_suspicion() -> None:
    """After a restart a doubtful value has to prove itself from the beginning."""
    guarded = counter()
    for hour in range(1, 24):
        guarded.update(hour * 0.5, NOON + hour * HOUR, BERLIN)
    back = EnergyCounter.from_dict(guarded.as_dict())
    back.update(12.5, NOON + 25 * HOUR, BERLIN)
    assert back.total == 1000.0

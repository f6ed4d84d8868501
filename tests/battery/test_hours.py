"""The past by full hours: nothing is lost, nothing is made up, and sums meet what is there."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.bringing import Bringing, End
from custom_components.home_battery.battery.hours import (
    HOUR,
    CountedBack,
    MeansBack,
    Piece,
    Reading,
    Sum,
    Window,
    grown,
    held,
    hour_after,
    hour_of,
    integrated,
    midnight,
    midnight_after,
    windows,
)

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
GAP = timedelta(minutes=15)
ZONES = st.sampled_from(
    ["Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "UTC"]
).map(ZoneInfo)
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)
).map(lambda moment: moment.replace(tzinfo=UTC))
ENERGIES = st.lists(st.integers(0, 200).map(lambda tenths: tenths / 10), max_size=60)


def at(minutes: float) -> datetime:
    """Return a moment so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def window(start: float, end: float) -> Window:
    """Return the time from some minutes after noon to others."""
    return Window(at(start), at(end))


@given(start=MOMENTS, end=MOMENTS, days=st.integers(1, 7), zone=ZONES)
def test_windows(start: datetime, end: datetime, days: int, zone: ZoneInfo) -> None:
    """Windows follow each other without a gap, and are cut at midnight on the wall clock."""
    found = list(windows(start, end, days, zone))
    assert bool(found) == (end > start)
    edges = [*(one.end for one in found[:1]), *(one.start for one in found)]
    assert edges in ([], [end, *edges[1:-1], start])
    assert [one.end for one in found] == edges[:-1]
    assert all(midnight(edge, zone) == edge for edge in edges[1:-1])
    for one in found:
        first, last = (
            moment.astimezone(zone).date()
            for moment in (one.start, one.end - timedelta(microseconds=1))
        )
        assert (last - first).days < days


@given(moment=MOMENTS, zone=ZONES)
def test_midnights(moment: datetime, zone: ZoneInfo) -> None:
    """A moment lies between its midnight and the next one."""
    before, after = midnight(moment, zone), midnight_after(moment, zone)
    assert before <= moment <= after
    assert after - before <= timedelta(hours=25)
    assert {edge.astimezone(zone).hour for edge in (before, after)} == {0}


@given(moment=MOMENTS)
def test_full_hours(moment: datetime) -> None:
    """A moment lies in its hour, and not behind the next one."""
    assert hour_of(moment) <= moment <= hour_after(moment)
    assert hour_after(moment) - hour_of(moment) in (timedelta(0), HOUR)


@given(
    energies=ENERGIES,
    total=st.floats(-1e4, 1e4),
    cuts=st.sets(st.integers(0, 60)),
    late=st.integers(0, 30),
)
def test_sums_meet_what_is_there(
    energies: list[float], total: float, cuts: set[int], late: int
) -> None:
    """Whatever comes at once, each hour adds its energy, up to the first that is there."""
    first = NOON - timedelta(minutes=late)
    hours = [hour_of(first) - index * HOUR for index in range(len(energies))]
    back = CountedBack(hour_of(first), total)
    sums: list[Sum] = []
    for begin, end in pairwise(sorted({0, len(energies), *cuts})):
        parts = list(zip(hours, energies, strict=True))[begin:end]
        back.add(Piece(hour, hour + HOUR, energy) for hour, energy in parts)
        sums = [*back.settle(min((hour for hour, _ in parts), default=NOON)), *sums]
    assert [one.start for one in sums] == sorted(hours[1:])
    counted = [back.before, *(one.sum for one in sums), *([total] if hours else [])]
    assert [later - earlier for earlier, later in pairwise(counted)] == pytest.approx(
        energies[::-1], abs=1e-5
    )


@given(
    energies=st.lists(st.floats(0, 20), min_size=1, max_size=30),
    minutes=st.integers(1, 119),
    offset=st.integers(0, 59),
)
def test_splitting_loses_nothing(
    energies: list[float], minutes: int, offset: int
) -> None:
    """Slots of any length beside the full hours come to the same, spread evenly."""
    length = timedelta(minutes=minutes)
    end = NOON + timedelta(minutes=offset)
    back = CountedBack(NOON + HOUR, 0.0)
    back.add(
        Piece(end - (index + 1) * length, end - index * length, energy)
        for index, energy in enumerate(energies)
    )
    sums = back.settle(datetime(2026, 1, 1, tzinfo=UTC))
    assert back.before == pytest.approx(-sum(energies), abs=1e-5)
    assert all(later.sum >= earlier.sum - 1e-9 for earlier, later in pairwise(sums))


def test_half_hours() -> None:
    """An hour beside the full ones is shared by two of them."""
    back = CountedBack(at(60), 0.0)
    back.add([Piece(at(-90), at(-30), 4.0), Piece(at(-30), at(30), 2.0)])
    assert [(one.start, one.sum) for one in back.settle(at(-90))] == [
        (at(-60), -1.0),
        (at(0), 0.0),
    ]
    # The rest of the hour before comes with what is older.
    back.add([Piece(at(-150), at(-90), 6.0)])
    assert [(one.start, one.sum) for one in back.settle(at(-150))] == [(at(-120), -4.0)]
    assert back.before == -9.0


def test_what_is_there_is_not_told_again() -> None:
    """Hours from the first on are there already; of the first itself the sum is known."""
    back = CountedBack(NOON, 5.0)
    back.add([Piece(at(60), at(120), 7.0), Piece(at(0), at(60), 2.0)])
    assert back.settle(NOON) == []
    assert back.before == 3.0
    back.add([Piece(at(0), at(60), 2.0)])
    assert back.settle(NOON - HOUR) == []
    assert back.before == 3.0


@given(values=st.lists(st.integers(0, 50), max_size=30))
def test_counter(values: list[int]) -> None:
    """What a counter has gained is never negative, and all of it if it never fell."""
    total = 0.0
    readings = []
    for index, value in enumerate(values):
        total += value
        readings.append(Reading(at(5 * index), total))
    pieces = list(grown(readings))
    assert sum(piece.value for piece in pieces) == sum(values[1:])
    shaken = [Reading(at(5 * index), value) for index, value in enumerate(values)]
    assert all(piece.value >= 0 for piece in grown(shaken))


def test_counter_with_a_glitch() -> None:
    """A reading that is too high counts nothing; one that begins anew counts on."""
    values = [10.0, 11.0, 800.0, 12.0, 0.0, 1.0]
    pieces = grown([Reading(at(5 * n), value) for n, value in enumerate(values)])
    assert [piece.value for piece in pieces] == [1.0, 1.0, 0.0, 1.0]


@given(
    powers=st.lists(st.integers(-5000, 5000), min_size=1, max_size=40),
    step=st.integers(1, 15),
)
def test_directions_of_a_power(powers: list[int], step: int) -> None:
    """Both directions together are the power, from one end of the window to the other."""
    readings = [
        Reading(at(1 + step * index), float(power))
        for index, power in enumerate(powers)
    ]
    whole = window(0, step * len(powers) + 1)
    there, back = (
        sum(piece.value for piece in integrated(readings, sign, whole, GAP))
        for sign in (1, -1)
    )
    held_on = (powers[0] + step * powers[-1]) / 60_000
    between = sum(step * (one + other) / 2 for one, other in pairwise(powers)) / 60_000
    assert there - back == pytest.approx(held_on + between, abs=1e-6)


def test_gap_in_a_power() -> None:
    """Over a gap nothing is made up, and at its ends no more than is believed."""
    readings = [Reading(at(0), 1000.0), Reading(at(10), 1000.0), Reading(at(50), 1e3)]
    pieces = list(integrated(readings, 1, window(-60, 120), GAP))
    assert [(piece.start, piece.end) for piece in pieces] == [
        (at(-15), at(0)),
        (at(0), at(10)),
        (at(50), at(60)),
        (at(60), at(65)),
    ]
    assert sum(piece.value for piece in pieces) == pytest.approx(40 / 60)
    assert list(integrated([], 1, window(0, 60), GAP)) == []


def test_means() -> None:
    """A value counts for as long as it stood, also beyond the hour, and not for ever."""
    back = MeansBack(at(120))
    readings = [Reading(at(5), 10.0), Reading(at(15), 40.0), Reading(at(55), 20.0)]
    pieces = list(held(readings, window(0, 120), GAP))
    assert [(piece.start, piece.end) for piece in pieces] == [
        (at(0), at(15)),
        (at(15), at(30)),
        (at(55), at(70)),
    ]
    back.add(pieces)
    assert back.settle(at(0)) == [(at(0), 24.285714, 10.0, 40.0), (at(60), 20, 20, 20)]
    assert back.settle(at(0)) == []
    back.add(pieces)
    assert back.settle(at(0)) == []
    assert list(held([], window(0, 60), GAP)) == []


@given(values=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=40))
def test_mean_lies_between(values: list[float]) -> None:
    """A mean is between the lowest and the highest."""
    back = MeansBack(at(600))
    readings = [Reading(at(5 * index), value) for index, value in enumerate(values)]
    back.add(held(readings, window(0, 300), GAP))
    for hour in back.settle(at(0)):
        assert hour.low <= hour.mean <= hour.high


@pytest.mark.parametrize(
    ("reached", "ended", "progress"),
    [
        (NOON, None, 0),
        (NOON - 5 * HOUR, None, 50),
        (NOON - 10 * HOUR, None, 99),
        (NOON - 5 * HOUR, End.CANCELLED, 50),
        (NOON - 5 * HOUR, End.DONE, 100),
    ],
)
def test_progress(reached: datetime, ended: End | None, progress: int) -> None:
    """It is whole only when it has ended, and outlives a restart."""
    bringing = Bringing(
        keys=("pv_energy",),
        start=NOON - 10 * HOUR,
        since=NOON,
        reached=reached,
        ended=ended,
        left_out=("load_energy",),
    )
    assert bringing.progress == progress
    assert Bringing.from_dict(bringing.as_dict()) == bringing


def test_progress_of_nothing() -> None:
    """Where nothing is wanted, all is done."""
    bringing = Bringing(keys=(), start=NOON, since=NOON, reached=NOON)
    assert bringing.progress == 100

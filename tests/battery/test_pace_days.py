"""A month of overrides in a simulated house: just in time against full power."""

from datetime import date, time

import pytest

from .paced_house import Daily, Day, PacedHouse

DAYS = 30
READY_FOR_THE_EVENING = Daily(charging=True, start=time(8), end=time(17), target=90)
FULL_FOR_THE_EVENING = Daily(charging=True, start=time(8), end=time(17), target=100)
CHEAP_NIGHT = Daily(charging=True, start=time(22), end=time(6), target=80)
NOON_TO_MORNING = Daily(charging=True, start=time(12), end=time(6), target=80)
SHORT_OF_TIME = Daily(charging=True, start=time(5), end=time(6, 30), target=85)
DEAR_EVENING = Daily(charging=False, start=time(17), end=time(21), target=20)
DISCHARGED_BY_DAY = Daily(charging=False, start=time(8), end=time(18), target=20)
DISCHARGE_SHORT_OF_TIME = Daily(
    charging=False, start=time(16), end=time(17, 15), target=15
)

SPRING, SUMMER, AUTUMN = date(2026, 3, 10), date(2026, 6, 10), date(2026, 10, 10)

# The most writes of one override in these months.
FEW_WRITES = 8


def missed(soc: float, daily: Daily) -> bool:
    """Tell whether a device that shows whole percents shows another than the target."""
    return round(soc) < daily.target if daily.charging else round(soc) > daily.target


def unduly_missed(days: list[Day], daily: Daily) -> list[Day]:
    """Return the days whose target full power would have met."""
    return [
        day
        for day in days
        if not missed(day.full_soc, daily)
        and any(missed(soc, daily) for soc in (day.soc, *day.left_soc))
    ]


@pytest.mark.parametrize(
    ("daily", "first", "share"),
    [
        pytest.param(READY_FOR_THE_EVENING, SPRING, 0.3, id="ready, March"),
        pytest.param(READY_FOR_THE_EVENING, SUMMER, 0.05, id="ready, June"),
        pytest.param(FULL_FOR_THE_EVENING, SPRING, 0.3, id="full, March"),
        pytest.param(FULL_FOR_THE_EVENING, AUTUMN, 0.7, id="full, October"),
        pytest.param(NOON_TO_MORNING, AUTUMN, 0.9, id="noon to morning, October"),
        pytest.param(DEAR_EVENING, SPRING, 0.7, id="dear evening, March"),
        pytest.param(DEAR_EVENING, AUTUMN, 0.9, id="dear evening, October"),
        pytest.param(DISCHARGED_BY_DAY, SPRING, 0.9, id="discharged by day, March"),
        pytest.param(DISCHARGED_BY_DAY, AUTUMN, 0.9, id="discharged by day, October"),
    ],
)
def test_buys_less(daily: Daily, first: date, share: float) -> None:
    """Just in time buys less than full power, misses nothing that it meets, and writes little.

    What its battery holds less in the end counts as bought.
    """
    paced, full = PacedHouse(daily, first), PacedHouse(daily, first)
    days = paced.run(DAYS, just_in_time=True)
    full.run(DAYS, just_in_time=False)
    owed = max(full.battery.stored_wh - paced.battery.stored_wh, 0) / 1000
    assert paced.bought + owed < share * full.bought
    assert unduly_missed(days, daily) == []
    assert max(day.writes for day in days) <= FEW_WRITES
    assert sum(day.short for day in days) == 0


@pytest.mark.parametrize("first", [SPRING, AUTUMN], ids=lambda day: f"{day:%B}")
def test_night_costs_no_more(first: date) -> None:
    """In the dark there is nothing to wait for, and hardly a write is needed."""
    paced, full = PacedHouse(CHEAP_NIGHT, first), PacedHouse(CHEAP_NIGHT, first)
    days = paced.run(DAYS, just_in_time=True)
    full.run(DAYS, just_in_time=False)
    assert paced.bought == pytest.approx(full.bought, rel=0.002)
    assert unduly_missed(days, CHEAP_NIGHT) == []
    assert max(day.writes for day in days) <= 2


@pytest.mark.parametrize(
    "daily",
    [
        pytest.param(SHORT_OF_TIME, id="charge"),
        pytest.param(DISCHARGE_SHORT_OF_TIME, id="discharge"),
    ],
)
def test_short_of_time(daily: Daily) -> None:
    """Where full power meets the target on some days only, just in time does on the same."""
    days = PacedHouse(daily, AUTUMN).run(DAYS, just_in_time=True)
    assert {missed(day.full_soc, daily) for day in days} == {True, False}
    assert unduly_missed(days, daily) == []


@pytest.mark.parametrize(
    "daily",
    [READY_FOR_THE_EVENING, FULL_FOR_THE_EVENING, NOON_TO_MORNING, DISCHARGED_BY_DAY],
    ids=["ready", "full", "noon to morning", "discharge"],
)
def test_nobody_adjusts_any_more(daily: Daily) -> None:
    """Whenever it is left to itself, the device reaches the target by the end."""
    days = PacedHouse(daily, AUTUMN).run(5, just_in_time=True, abandon=6)
    assert min(len(day.left_soc) for day in days) > 15
    assert unduly_missed(days, daily) == []

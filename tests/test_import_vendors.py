"""What holds of the past whichever vendor tells it: it is the vendor's answer, hour by hour."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant

from .conftest import START, Simulate
from .imports import HOUR, async_changes, async_rows, async_settle
from .past import BERLIN
from .pasts import MINUTE, VENDORS, Past, async_begin

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations"),
    pytest.mark.parametrize("name", VENDORS),
]

# What is brought in where it takes long.
FEW = ("grid_energy_exported", "load_energy")

# The first of the two hours that are one on the wall clock.
TWICE = (datetime(2026, 10, 25, 0, tzinfo=UTC),)
# What is measured between the last upload and the end of an hour, in kWh.
LATE = 0.5
JUNE = datetime(2026, 5, 31, 22, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 14, 22, tzinfo=UTC)

type Begin = Callable[..., Awaitable[Past]]


@pytest.fixture
async def begin(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate, name: str
) -> Begin:
    """Return how to add an account with a past to a Home Assistant in Berlin."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    return partial(async_begin, name, hass, freezer, simulate)


def hours(since: datetime, until: datetime) -> list[datetime]:
    """Return the hours of a stretch of time."""
    return [since + index * HOUR for index in range((until - since) // HOUR)]


async def check(past: Past, since: datetime, until: datetime) -> None:
    """See that each hour of each energy is there once, as the vendor and the house have it."""
    answers = await past.answers(since)
    for key, answer in answers.items():
        changes = await past.changes(key)
        before = {hour: change for hour, change in changes.items() if hour < until}
        assert list(before) == hours(since, until), key
        told = {hour: answer[hour] for hour in before}
        counted = past.counted(key, before)
        # On the wall clock, one of two hours may not be told from the other.
        for twice in filter(before.__contains__, TWICE):
            for some in (before, told, counted):
                some[twice] += some.pop(twice + HOUR)
        assert before == pytest.approx(told, abs=past.vendor.exact), key
        assert before == pytest.approx(counted, abs=past.vendor.within), key


async def test_month(begin: Begin) -> None:
    """A month is as the vendor tells it; a second run asks nothing and changes nothing."""
    past = await begin(history_days=30)
    past.keep(FEW)
    calls = len(past.cloud.calls)
    plan = await past.bring(start="2026-05-16")
    assert len(past.cloud.calls) - calls == pytest.approx(plan["calls"], abs=8)
    await check(past, MIDNIGHT - timedelta(days=30), START)
    assert past.progress() == 100
    for entity_id in past.sensors.values():
        # As the energy page asks for last month.
        months = await async_rows(past.hass, entity_id, period="month")
        hourly = await async_changes(past.hass, entity_id)
        may = sum(change for hour, change in hourly.items() if hour < JUNE)
        assert list(months.values())[0]["change"] == pytest.approx(may, abs=1e-4)
    rows, calls = await past.rows(), len(past.cloud.calls)
    again = await past.bring(start="2026-05-16")
    assert {told["complete"] for told in again["sensors"].values()} == {True}
    assert len(past.cloud.calls) == calls
    assert await past.rows() == rows


async def test_restart(hass: HomeAssistant, name: str, begin: Begin) -> None:
    """What is interrupted in the middle goes on, with nothing twice and nothing missing."""
    days = VENDORS[name].days + 2
    past = await begin(history_days=days)
    past.keep(FEW)
    since = MIDNIGHT - timedelta(days=days)
    await past.ask(start=since)
    await until(lambda: 0 < past.progress() < 100)
    await hass.config_entries.async_unload(past.entry.entry_id)
    await async_settle(hass)
    for key in past.sensors:
        assert since < min(await past.changes(key)) < START, key
    await hass.config_entries.async_setup(past.entry.entry_id)
    await async_settle(hass)
    assert past.progress() == 100
    await check(past, since, START)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 30, 10, tzinfo=UTC),
        datetime(2026, 10, 26, 11, tzinfo=UTC),
    ],
    ids=["spring", "autumn"],
)
async def test_change_of_clocks(
    freezer: FrozenDateTimeFactory, begin: Begin, now: datetime
) -> None:
    """The day has one hour less or more, and all of them are there."""
    freezer.move_to(now)
    past = await begin()
    since = datetime.combine(
        now.astimezone(BERLIN).date() - timedelta(days=1), time(), BERLIN
    )
    await past.bring(start=since.date())
    await check(past, since.astimezone(UTC), now)


async def test_own_zone(begin: Begin) -> None:
    """A day is one on the clock of the house, whatever Home Assistant's is."""
    past = await begin(time_zone="Asia/Tokyo")
    past.keep(FEW)
    await past.bring(start="2026-06-14")
    await check(past, datetime(2026, 6, 13, 15, tzinfo=UTC), START)


@pytest.mark.parametrize("minutes", [5, 65])
async def test_where_both_meet(begin: Begin, minutes: int) -> None:
    """Sums go on without a step, whether the first hour is over by then or not."""
    past = await begin(minutes=minutes)
    live = await past.rows()
    await past.bring(start="2026-06-14")
    for key, rows in (await past.rows()).items():
        for at, row in live[key].items():
            assert {**rows[at], "change": None} == {**row, "change": None}, key
    since, now = MIDNIGHT - timedelta(days=1), START + 2 * HOUR
    await past.live_until(now + 5 * MINUTE)
    answers = await past.answers(since)
    for key, answer in answers.items():
        changes = await past.changes(key)
        assert list(changes) == hours(since, now), key
        counted = past.counted(key, changes)
        # An hour of our own begins and ends with an upload, not with the clock.
        assert changes == pytest.approx(counted, abs=past.vendor.within + LATE), key
        told = sum(answer[hour] for hour in changes)
        assert sum(changes.values()) == pytest.approx(told, abs=LATE), key


async def until(is_so: Callable[[], bool]) -> None:
    """Let others go on until something is so; time stands still."""
    for _ in range(100_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise AssertionError("It never came")

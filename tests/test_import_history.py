"""The action import_history: a month of a vendor's past becomes statistics."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator import Simulation

from .conftest import START, Simulate, async_set_up, make_entry
from .imports import HOUR, async_bring, async_changes, async_live_on, async_rows, sensor
from .past import BERLIN, LEDGER, ask, asked, device_ids

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

PAST = "2026-05-15"
JUNE = datetime(2026, 5, 31, 22, tzinfo=UTC)


async def begin(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    *,
    minutes: int = 5,
    **simulated: Any,
) -> Simulation:
    """Add an account, and let the recorder count for a while."""
    sim = await simulate(**simulated)
    await async_set_up(hass, make_entry(sim))
    await async_live_on(hass, freezer, minutes=minutes)
    sim.foxess.calls.clear()
    return sim


async def told(
    hass: HomeAssistant, sim: Simulation, key: str, start: str = PAST
) -> dict[datetime, float]:
    """Return the energies of hours as the vendor tells them."""
    answer = await ask(hass, sim, start=start, resolution="hour", keys=key)
    return {
        datetime.fromisoformat(point["start"]).astimezone(UTC): point["value"]
        for point in answer["keys"][key]
    }


def counted(sim: Simulation, key: str, start: datetime, end: datetime) -> float:
    """Return what the house's own ledger has of a stretch of time."""
    inverter = sim.foxess.inverters[0]
    before, after = (
        getattr(inverter.energies_at(at), LEDGER[key]) for at in (start, end)
    )
    return float(after - before)


async def test_month(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """A fresh account has the month before at once, hour by hour as the vendor tells it."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    sim = await begin(hass, freezer, simulate, history_days=31)
    (device,) = device_ids(hass, sim)
    plan = await async_bring(hass, device, start=PAST)
    assert plan["calls"] == len(asked(sim)) == 64
    for key in LEDGER:
        points = await told(hass, sim, key)
        del points[START]
        changes = await async_changes(hass, sensor(hass, key))
        assert changes == pytest.approx(points, abs=2e-6), key
        ledger = {start: counted(sim, key, start, start + HOUR) for start in changes}
        assert changes == pytest.approx(ledger, abs=0.1001), key
        # As the energy page asks for last month, its first day and all of it.
        month = datetime(2026, 5, 1, tzinfo=BERLIN)
        (may, _) = (
            await async_rows(hass, sensor(hass, key), start=month, period="month")
        ).values()
        (day, *_) = (
            await async_rows(hass, sensor(hass, key), start=month, period="day")
        ).values()
        assert may["change"] == pytest.approx(
            sum(change for start, change in changes.items() if start < JUNE), abs=1e-4
        )
        assert day["change"] == pytest.approx(
            sum(list(changes.values())[:24]), abs=1e-4
        )
    state = hass.states.get(sensor(hass, "import_progress"))
    assert state is not None
    assert state.state == "100"


@pytest.mark.parametrize("minutes", [5, 55, 125])
async def test_where_both_meet(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    minutes: int,
) -> None:
    """Sums go on without a step, whether the first hour is over by then or not."""
    sim = await begin(hass, freezer, simulate, minutes=minutes)
    (device,) = device_ids(hass, sim)
    live = {key: await async_rows(hass, sensor(hass, key)) for key in LEDGER}
    await async_bring(hass, device, start="2026-06-13")
    for key, before in live.items():
        rows = await async_rows(hass, sensor(hass, key))
        for start, row in before.items():
            assert {**rows[start], "change": None} == {**row, "change": None}
    await async_live_on(hass, freezer, minutes=190 - minutes)
    for key in LEDGER:
        changes = await async_changes(hass, sensor(hass, key))
        points = await told(hass, sim, key, start="2026-06-13")
        assert list(changes) == list(points)[: len(changes)]
        assert len(changes) == 63
        # An hour of our own begins and ends with an upload, not with the clock.
        live_hours = [start for start in changes if start >= START]
        past = {start: points[start] for start in changes if start < START}
        assert {start: changes[start] for start in past} == pytest.approx(
            past, abs=2e-6
        )
        assert sum(changes[start] for start in live_hours) == pytest.approx(
            sum(points[start] for start in live_hours), abs=0.6
        )


async def test_means(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """Powers and SOC have the mean, the lowest and the highest of the hour's records."""
    sim = await begin(hass, freezer, simulate)
    (device,) = device_ids(hass, sim)
    await async_bring(
        hass, device, start="2026-06-14", keys=["battery_soc", "pv_power"]
    )
    answer = await ask(
        hass,
        sim,
        start="2026-06-14",
        resolution="records",
        keys=["battery_soc", "pv_power"],
    )
    for key, points in answer["keys"].items():
        rows = await async_rows(hass, sensor(hass, key))
        assert list(rows) == [START - index * HOUR for index in reversed(range(1, 37))]
        for start, row in rows.items():
            values = [
                point["value"]
                for point in points
                if timedelta(0) <= datetime.fromisoformat(point["start"]) - start < HOUR
            ]
            # A record stands until the next one, which may be in the next hour.
            assert row["max"] >= max(values)
            assert row["min"] <= min(values)
            assert row["min"] <= row["mean"] <= row["max"]
            spread = row["max"] - row["min"]
            assert row["mean"] == pytest.approx(
                sum(values) / len(values), abs=0.25 * spread + 0.01
            )


async def test_second_run(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """A second run asks nothing and changes nothing; an earlier start goes further."""
    sim = await begin(hass, freezer, simulate)
    (device,) = device_ids(hass, sim)
    await async_bring(hass, device, start="2026-06-14")
    rows = {key: await async_rows(hass, sensor(hass, key)) for key in LEDGER}
    sim.foxess.calls.clear()
    again = await async_bring(hass, device, start="2026-06-14")
    assert asked(sim) == []
    assert {sensor["complete"] for sensor in again["sensors"].values()} == {True}
    assert {key: await async_rows(hass, sensor(hass, key)) for key in LEDGER} == rows
    await async_bring(hass, device, start="2026-06-13")
    # The day that is there is asked for once more, for what its first hour has added.
    assert len(asked(sim)) == 4
    for key, former in rows.items():
        further = await async_rows(hass, sensor(hass, key))
        assert {start: further[start]["sum"] for start in former} == {
            start: row["sum"] for start, row in former.items()
        }
        changes = await async_changes(hass, sensor(hass, key))
        points = await told(hass, sim, key, start="2026-06-13")
        assert len(changes) == 60
        assert changes == pytest.approx(
            {start: points[start] for start in changes}, abs=2e-6
        )


@pytest.mark.parametrize(
    ("now", "start", "hours"),
    [
        (datetime(2026, 3, 30, 10, tzinfo=UTC), "2026-03-29", 36 - 1),
        (datetime(2026, 10, 26, 11, tzinfo=UTC), "2026-10-25", 36 + 1),
    ],
    ids=["spring", "autumn"],
)
async def test_change_of_clocks(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    now: datetime,
    start: str,
    hours: int,
) -> None:
    """No hour is missing or there twice; the one that comes twice is split evenly."""
    freezer.move_to(now)
    sim = await begin(hass, freezer, simulate)
    (device,) = device_ids(hass, sim)
    await async_bring(hass, device, start=start)
    for key in LEDGER:
        changes = await async_changes(hass, sensor(hass, key))
        begun = datetime.fromisoformat(start).astimezone(UTC)
        assert len(changes) == hours
        assert [at - min(changes) for at in changes] == [n * HOUR for n in range(hours)]
        points = await told(hass, sim, key, start=start)
        assert begun.date() - min(changes).date() <= timedelta(days=1)
        assert sum(changes.values()) == pytest.approx(
            sum(value for at, value in points.items() if at < now), abs=1e-4
        )
        apart = [at for at in changes if at not in points]
        assert all(
            changes[at] == pytest.approx(changes[at - HOUR], abs=2e-6) for at in apart
        )
        assert len(apart) == {35: 0, 37: 1}[hours]


async def test_zone_of_half_hours(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """Hours that begin at half past are split onto the full ones."""
    await hass.config.async_set_time_zone("Asia/Kolkata")
    sim = await begin(hass, freezer, simulate, time_zone="Asia/Kolkata")
    (device,) = device_ids(hass, sim)
    await async_bring(hass, device, start="2026-06-14", keys=["load_energy"])
    points = await told(hass, sim, "load_energy", start="2026-06-14")
    changes = await async_changes(hass, sensor(hass, "load_energy"))
    half = timedelta(minutes=30)
    assert {at.minute for at in points} == {30}
    assert len(changes) == 39
    assert changes == pytest.approx(
        {at: (points[at - half] + points[at + half]) / 2 for at in changes}, abs=2e-6
    )

"""The action import_history: a month of a vendor's past becomes statistics."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator import Simulation

from .conftest import START, Simulate, async_set_up, make_entry
from .imports import (
    HOUR,
    async_bring,
    async_changes,
    async_live_on,
    async_rows,
    sensor,
    with_all_recorded,
)
from .past import LEDGER, ask, asked, device_ids

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


@with_all_recorded
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


@with_all_recorded
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

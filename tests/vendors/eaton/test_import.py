"""The past of a unit: its samples, added up as it adds them up itself."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import START
from tests.imports import HOUR, async_bring, async_changes, async_live_on, async_rows

from .conftest import See

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

ENERGIES = ("load_energy", "pv_energy", "grid_energy_exported")


async def test_correction(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """Each hour is what the unit has measured in it, with the factor of its owner."""
    corrected = 0.85
    seen = await see(options={"correction": corrected}, history_days=3)
    await async_live_on(hass, freezer, minutes=5)
    plan = await async_bring(hass, seen.device_id, start="2026-06-12")
    assert plan["calls"] == 8
    unit = seen.unit.device
    days = (
        await seen.act(
            "get_history", start="2026-06-12", end="2026-06-15", resolution="day"
        )
    )["keys"]
    for key in ENERGIES:
        changes = await async_changes(hass, seen.entity_id("sensor", key))
        assert len(changes) == 3 * 24 + 12
        scale = {"grid_energy_exported": 1.0}.get(key, corrected)
        for point in days[key]:
            day = datetime.fromisoformat(point["start"]).astimezone(UTC)
            told = sum(changes[day + index * HOUR] for index in range(24))
            assert told == pytest.approx(scale * point["value"], abs=1e-3)
    stands = {stand.at: stand.meter for stand in unit.house.marks}
    counters = {"load_energy": "load", "grid_energy_exported": "exported"}
    for key, counter in counters.items():
        changes = await async_changes(hass, seen.entity_id("sensor", key))
        scale = {"grid_energy_exported": 1.0}.get(key, corrected)
        for at, change in changes.items():
            before, after = (
                getattr(stands[moment], counter) for moment in (at, at + HOUR)
            )
            # A sample stands for five minutes, whatever happened in between.
            assert change == pytest.approx(scale * (after - before), abs=0.5)
    rows = await async_rows(hass, seen.entity_id("sensor", "battery_soc"))
    assert START - timedelta(hours=1) in rows
    assert all(
        0 <= row["min"] <= row["mean"] <= row["max"] <= 100 for row in rows.values()
    )

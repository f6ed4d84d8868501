"""The action import_history: a month of a vendor's past becomes statistics."""

from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant

from .conftest import START, Simulate, async_set_up, make_entry
from .imports import HOUR, async_bring, async_changes, async_live_on, sensor
from .past import LEDGER, ask, device_ids

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

PAST = "2026-05-15"


async def test_month(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """A fresh account has the month before at once, hour by hour as the vendor tells it."""
    sim = await simulate(history_days=31)
    await async_set_up(hass, make_entry(sim))
    await async_live_on(hass, freezer, minutes=5)
    (device,) = device_ids(hass, sim)
    await async_bring(hass, device, start=PAST)
    told = await ask(hass, sim, start=PAST, resolution="hour")
    inverter = sim.foxess.inverters[0]
    for key, counter in LEDGER.items():
        points = {
            datetime.fromisoformat(point["start"]).astimezone(UTC): point["value"]
            for point in told["keys"][key]
        }
        changes = await async_changes(hass, sensor(hass, key))
        del points[START]
        assert changes == pytest.approx(points, abs=2e-6), key
        for start, change in changes.items():
            before, after = (
                getattr(inverter.energies_at(at), counter)
                for at in (start, start + HOUR)
            )
            assert change == pytest.approx(after - before, abs=0.1001)

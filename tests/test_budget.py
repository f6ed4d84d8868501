"""How many calls a day takes, by the vendor's own count."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant

from .conftest import Simulate, async_pass, async_set_up, make_entry
from .controls import async_set

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "all_enabled")


@pytest.mark.parametrize("model", ["KH8", "EVO"])
async def test_calls_of_a_day(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory, model: str
) -> None:
    """One inverter stays under 700 calls, its first reading and a dozen writes included."""
    sim = await simulate(model)
    await async_set_up(hass, make_entry(sim))
    start = freezer()
    (entity_id,) = (
        one
        for one in hass.states.async_entity_ids("number")
        if one.endswith("t_limit")
        if "export" in one
    )
    for hour in range(2, 25, 2):
        while freezer() - start < timedelta(hours=hour):
            await async_pass(hass, freezer, minutes=1)
        await async_set(hass, entity_id, 1000 + hour)
    assert freezer() - start < timedelta(hours=24, minutes=30)
    assert sum(call.write for call in sim.foxess.calls) == 12
    assert 500 < len(sim.foxess.calls) < 700
    # Twice and at the start whether there is something new, and hourly the logger.
    lists = ("/module/list", "/gw/list", "/heat/list")
    assert sum(call.path.endswith(lists) for call in sim.foxess.calls) <= 31
    assert {call.errno for call in sim.foxess.calls} <= {0, 40257, 41200, 42015}

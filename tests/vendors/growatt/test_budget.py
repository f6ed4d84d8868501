"""How many calls a day takes, by the vendor's own count."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import Simulate, async_pass, async_set_up

from .entries import asked, async_choose, make_growatt_entry, too_frequent, writes

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

LISTS = ("/device/list", "/plant/list", "/queryDeviceList", "/datalogger/list")


async def test_calls_of_a_day(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A MIN and an SPH stay under 800 calls, a dozen writes and the set-up included."""
    sim = await simulate(growatt=("MIN-XH+SPH",))
    await async_set_up(hass, make_growatt_entry(sim))
    serials = [sim.growatt.first(model).serial for model in ("MIN-XH", "SPH")]
    keys = ("max_soc", "charge_stop_soc")
    start = freezer()
    for hour in range(24):
        while freezer() - start < timedelta(hours=hour + 1):
            await async_pass(hass, freezer, minutes=1)
        for _ in range(hour % 2):
            which = hour // 2 % 2
            await async_choose(hass, serials[which], keys[which], 70 + hour)
    assert freezer() - start < timedelta(hours=24, minutes=30)
    assert len(writes(sim)) == 12
    assert 400 < len(sim.growatt.calls) < 800
    assert sum(call.path.endswith(LISTS) for call in sim.growatt.calls) <= 30
    assert asked(sim, "/plant/list") <= 7
    assert too_frequent(sim) == []


async def test_a_noah_each_minute(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A NOAH sets the pace for itself alone: what is beside it is asked as ever."""
    sim = await simulate(growatt=("NOAH+MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    sim.growatt.calls.clear()
    for _ in range(57 * 9):
        await async_pass(hass, freezer, seconds=7)
    bodies = [f"{call.path} {call.body}" for call in sim.growatt.calls]
    asked_about = [
        sum(word in body for body in bodies if "ast" in body or "tlxs_data" in body)
        for word in ("noah", "tlx", "'min'")
    ]
    assert 54 <= asked_about[0] <= 57
    assert 9 <= sum(asked_about[1:]) <= 20
    assert too_frequent(sim) == []

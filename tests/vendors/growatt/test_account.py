"""A Growatt account behind real HTTP, through Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from tests.conftest import Simulate, async_set_up

from .entries import ALL, make_growatt_entry, seen

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")


@pytest.fixture
async def in_berlin(hass: HomeAssistant) -> None:
    """Let Home Assistant be where the plants are."""
    await hass.config.async_update(time_zone="Europe/Berlin")


async def test_readings(hass: HomeAssistant, simulate: Simulate) -> None:
    """Each family is read."""
    sim = await simulate(growatt=ALL)
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    for model, key in (
        ("MIN-XH", "battery_soc"),
        ("SPH", "battery_soc"),
        ("NOAH", "battery_soc"),
        ("INV", "pv_power"),
    ):
        assert float(seen(hass, sim.growatt.first(model).serial, key)) > 0
    from collections import Counter

    print(Counter((c.path, c.errno) for c in sim.growatt.calls))
    for d in entry.runtime_data.inventory.devices.values():
        print(d)
        print(sorted(entry.runtime_data.store.learned.get(d.key, ())))
    assert 0

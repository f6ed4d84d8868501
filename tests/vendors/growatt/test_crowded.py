"""Too much is asked at once: what has to wait is put off, and is no failure."""

from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.conftest import Simulate, async_pass, async_set_up

from .entries import make_growatt_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

# So long a call waits for its turn.
PATIENCE = "custom_components.home_battery.transport.limiter._PATIENCE"
MODELS = ("MIN-XH", "SPH", "SPA", "WIT", "NOAH", "MAX", "INV")


async def test_settings_are_put_off(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Settings that cannot be read for the many calls before them stay as they are."""
    sim = await simulate(growatt=MODELS)
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    numbers = [
        found.entity_id
        for found in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if found.domain == "number" and not found.disabled
    ]
    before = {number: hass.states.get(number) for number in numbers}
    with patch(PATIENCE, 0):
        await async_pass(hass, freezer, minutes=31)
    assert {number: hass.states.get(number) for number in numbers} == before
    assert "Error fetching" not in caplog.text
    calls = len(sim.growatt.calls)
    await async_pass(hass, freezer, minutes=2)
    paths = {call.path for call in sim.growatt.calls[calls:]}
    assert any("mix_data_info" in path for path in paths)


async def test_first_round_is_put_off(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What a start has no time for is asked for soon after it, and is no failure either."""
    sim = await simulate(growatt=MODELS)
    entry = make_growatt_entry(sim)
    with patch(PATIENCE, 20):
        await async_set_up(hass, entry)
    await async_pass(hass, freezer, minutes=3)
    assert "Error fetching" not in caplog.text
    paths = " ".join(call.path for call in sim.growatt.calls)
    assert "queryDeviceInfo" in paths
    assert "datalogger/list" in paths
    assert "env_list" in paths

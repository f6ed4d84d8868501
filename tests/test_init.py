"""The lifecycle of an entry."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault

from .conftest import async_set_up

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def test_load_and_unload(
    hass: HomeAssistant, loaded: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """An entry comes, goes, and comes again without a warning."""
    assert loaded.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert loaded.state is ConfigEntryState.LOADED
    assert [
        record.message
        for record in caplog.records
        if record.levelname in ("WARNING", "ERROR") and "home_battery" in record.name
    ] == []


async def test_set_up_again_asks_only_for_readings(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What is stored is not asked for before the entry is loaded."""
    await hass.config_entries.async_unload(loaded.entry_id)
    sim.foxess.calls.clear()
    await hass.config_entries.async_setup(loaded.entry_id)
    assert sim.foxess.calls[0].path == "/op/v1/device/real/query"
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "status", "value": 502}, "communication_error"),
        ({"kind": "errno", "value": 40256}, "signature_error"),
        ({"kind": "quota_gone"}, "quota_exhausted"),
        ({"kind": "html"}, "communication_error"),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["*/plant/list", "*/real/query"])
async def test_not_ready(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    fault: dict[str, Any],
    reason: str,
    path: str,
) -> None:
    """An entry that cannot be set up says why, and is once the cloud is back."""
    sim.faults.add(Fault(vendor="foxess", path=path, **fault))
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == reason
    sim.faults.clear()
    freezer.tick(3700)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("path", ["*/plant/list", "*/real/query"])
async def test_refused_credentials(
    hass: HomeAssistant, entry: MockConfigEntry, sim: Simulation, path: str
) -> None:
    """Credentials that are refused are asked for again."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", value=41808, path=path))
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH]


async def test_remove(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """A removed entry leaves nothing behind but the limits of its credentials."""
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [key for key in hass_storage if loaded.entry_id in key] == []
    assert hass.states.async_all() == []


async def test_restart_forgets_no_count(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """The limiter's windows and counts are stored without the credential."""
    freezer.tick(20)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    (key,) = [key for key in hass_storage if key.startswith("home_battery.limits.")]
    stored = hass_storage[key]["data"]
    assert sum(stored["hours"].values()) == len(sim.foxess.calls)
    assert stored["daily_calls"] == 1440
    assert set(stored["windows"]) == {call.path for call in sim.foxess.calls}
    assert sim.foxess.token not in str(hass_storage[key])

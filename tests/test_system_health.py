"""What the page of system health tells of the accounts."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_live, async_pass, async_set_up
from .vendors.growatt.entries import make_growatt_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def async_told(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is told."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    told: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return told


async def test_told(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Calls, age, pace and no error; then the kind of error."""
    await async_pass(hass, freezer, minutes=2)
    told = await async_told(hass)
    assert told.keys() == {"calls", "data_age", "pace", "last_error"}
    made, left = told["calls"].removeprefix("Fox ESS: ").split(" / ")
    assert int(made) == len(sim.foxess.calls)
    assert int(left) + int(made) == pytest.approx(1440, abs=2)
    assert told["data_age"].endswith(" s")
    assert told["pace"] == "Fox ESS: 61 s, ×1.0"
    assert told["last_error"] == "Fox ESS: -"
    sim.faults.add(Fault(vendor="foxess", kind="status", value=500))
    await async_live(hass, freezer, hours=0.5)
    assert (await async_told(hass))["last_error"] == "Fox ESS: TransientError"


async def test_two_accounts(
    hass: HomeAssistant, loaded: MockConfigEntry, simulate: Simulate
) -> None:
    """Each account is named; what is not known is not made up."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    told = await async_told(hass)
    first, second = told["calls"].split("; ")
    assert first.startswith("Fox ESS: ")
    assert second.startswith("Growatt: ")
    assert second.endswith(" / ?")

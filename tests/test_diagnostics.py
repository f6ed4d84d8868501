"""Diagnostics: what helps, and nothing that tells whose it is."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Simulation

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def test_diagnostics(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    sim: Simulation,
    snapshot: SnapshotAssertion,
) -> None:
    """Everything known is there, without token, serial, station or name."""
    assert await async_setup_component(hass, "diagnostics", {})
    diagnostics: Any = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    del diagnostics["entry"]["data"]["base_url"]
    assert diagnostics.pop("calls")["last_24_hours"] == len(sim.foxess.calls)
    assert diagnostics == snapshot
    text = str(diagnostics)
    (inverter,) = sim.foxess.inverters
    for secret in (sim.foxess.token, inverter.serial, inverter.station_id, "House 1"):
        assert secret not in text

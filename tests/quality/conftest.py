"""An account of every vendor, each with its simulated house."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulation
from tests.conftest import Simulate, async_set_up, make_entry
from tests.vendors.eaton.entries import make_eaton_entry
from tests.vendors.growatt.entries import make_growatt_entry
from tests.vendors.voltstorage.entries import make_voltstorage_entry

# Time that jumps leaves no time to answer a ping.
_HEARTBEAT = "custom_components.home_battery.transport.http._HEARTBEAT_SECONDS"
MODELS: Mapping[str, Mapping[str, Any]] = {
    "eaton": {"eaton": ("AC",)},
    "foxess": {},
    "growatt": {"growatt": ("MIN-XH",)},
    "voltstorage": {"voltstorage": ("SMART",)},
}
MAKE: Mapping[str, Callable[..., MockConfigEntry]] = {
    "eaton": make_eaton_entry,
    "foxess": make_entry,
    "growatt": make_growatt_entry,
    "voltstorage": make_voltstorage_entry,
}

type Entries = dict[str, MockConfigEntry]


@pytest.fixture
def no_heartbeat() -> Iterator[None]:
    """Send no pings on a stream."""
    with patch(_HEARTBEAT, None):
        yield


@pytest.fixture
async def houses(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    no_heartbeat: None,
    simulate: Simulate,
) -> Simulation:
    """Return a simulation with a house of every vendor."""
    await hass.config.async_update(
        latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
    )
    models = {key: value for one in MODELS.values() for key, value in one.items()}
    return await simulate(**models, history_days=1)


@pytest.fixture
async def entries(hass: HomeAssistant, houses: Simulation) -> Entries:
    """Return an entry of every vendor, set up."""
    made = {vendor: make(houses) for vendor, make in MAKE.items()}
    for entry in made.values():
        await async_set_up(hass, entry)
    return made

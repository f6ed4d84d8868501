"""A simulated VoltStorage house, and an account of it."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import Simulate

from .entries import make_voltstorage_entry
from .stage import Stage

# Time that jumps leaves no time to answer a ping.
NO_HEARTBEAT = "custom_components.home_battery.transport.http._HEARTBEAT_SECONDS"

type MakeStage = Callable[..., Awaitable[Stage]]


@pytest.fixture
def no_heartbeat() -> Iterator[None]:
    """Send no pings on a stream."""
    with patch(NO_HEARTBEAT, None):
        yield


@pytest.fixture
def make_stage(
    hass: HomeAssistant,
    no_heartbeat: None,
    enable_custom_integrations: None,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
) -> MakeStage:
    """Return how to put houses on the stage."""

    async def make(
        *stations: str, options: dict[str, Any] | None = None, **simulated: Any
    ) -> Stage:
        await hass.config.async_update(time_zone="Europe/Berlin")
        sim = await simulate(voltstorage=stations or ("SMART",), **simulated)
        entry = make_voltstorage_entry(sim, options=options)
        return Stage(hass, freezer, sim, entry)

    return make


@pytest.fixture
async def stage(make_stage: MakeStage) -> Stage:
    """Return a house with one battery."""
    return await make_stage()

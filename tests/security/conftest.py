"""A trap, and accounts of every vendor."""

from collections.abc import AsyncIterator

import pytest

from homeassistant.core import HomeAssistant

from .hostile import Trap, serving


@pytest.fixture
async def trap(socket_enabled: None) -> AsyncIterator[Trap]:
    """Return a server to which nothing may be sent."""
    trap = Trap()
    async with serving(trap.handle) as trap.url:
        yield trap


@pytest.fixture
async def in_berlin(hass: HomeAssistant) -> None:
    """Let Home Assistant be where the houses are."""
    await hass.config.async_update(
        latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
    )

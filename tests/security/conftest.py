"""A trap, and accounts of every vendor."""

from collections.abc import AsyncIterator
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import Simulate

from .accounts import CASES, Case
from .hostile import Trap, listening
from .life import Life

NO_HEARTBEAT = "custom_components.home_battery.transport.http._HEARTBEAT_SECONDS"


@pytest.fixture
async def trap(socket_enabled: None) -> AsyncIterator[Trap]:
    """Return a server to which nothing may be sent."""
    async with listening() as trap:
        yield trap


@pytest.fixture
async def in_berlin(hass: HomeAssistant) -> None:
    """Let Home Assistant be where the houses are."""
    await hass.config.async_update(
        latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
    )


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Return a way to have an account; time that jumps leaves none for pings."""
    monkeypatch.setattr(NO_HEARTBEAT, None)
    return CASES[request.param]


@pytest.fixture
async def life(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    case: Case,
    in_berlin: None,
) -> Life:
    """Return an account that is not set up yet, and nothing before it."""
    sim = await simulate(history_days=2, **case.models)
    await case.async_prepare(hass, sim)
    # The devices have something to tell by then.
    freezer.tick(timedelta(hours=1))
    return Life(hass, freezer, sim, case)

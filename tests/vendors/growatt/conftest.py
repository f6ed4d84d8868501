"""A client of a scripted cloud, on a clock that only waiting moves."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.home_battery.transport.http import Http
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from homeassistant.core import HomeAssistant
from tests.conftest import TickingClock

from .cloud import Cloud
from .stage import make_play

__all__ = ["make_play"]

TOKEN = "0123456789abcdef0123456789abcdef"

type MakeClient = Callable[..., GrowattClient]


@pytest.fixture
async def cloud(socket_enabled: None, clock: TickingClock) -> AsyncIterator[Cloud]:
    """Serve a script that is still empty."""
    cloud = Cloud(clock)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", cloud.handle)
    server = TestServer(app, host="127.0.0.1")
    # The log of each access does not understand a frozen time.
    await server.start_server(access_log=None)
    cloud.url = str(server.make_url("/"))
    yield cloud
    await server.close()


@pytest.fixture
def limiter(clock: TickingClock) -> Limiter:
    """Return the limits of the token."""
    return Limiter(clock)


@pytest.fixture
async def make_client(cloud: Cloud, limiter: Limiter) -> AsyncIterator[MakeClient]:
    """Return how to make a client of the cloud."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:

        def make(**options: Any) -> GrowattClient:
            options = {"token": TOKEN, "limiter": limiter, **options}
            return GrowattClient(Http(session, cloud.url, "tests/1.0"), **options)

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> GrowattClient:
    """Return a client that may write."""
    return make_client()


@pytest.fixture
async def in_berlin(hass: HomeAssistant) -> None:
    """Let Home Assistant be where the plants are."""
    await hass.config.async_update(
        latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
    )

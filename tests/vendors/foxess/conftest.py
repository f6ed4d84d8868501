"""A client and an account of a simulated cloud, on a clock that only waiting moves."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
import pytest

from custom_components.home_battery.transport.http import Http
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.foxess.account import FoxEssAccount
from custom_components.home_battery.vendors.foxess.client import FoxEssClient
from custom_components.home_battery.vendors.foxess.credential import PrivateToken
from custom_components.home_battery.vendors.vendor import Connection
from simulator import Simulation
from simulator.calls import LoggedCall
from simulator.faults import Fault
from tests.conftest import TickingClock

type MakeClient = Callable[..., FoxEssClient]
type MakeAccount = Callable[..., FoxEssAccount]


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Return a session without cookies."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield session


@pytest.fixture
def limiter(clock: TickingClock) -> Limiter:
    """Return the limits of the credentials."""
    return Limiter(clock)


@pytest.fixture
def make_client(
    session: ClientSession, clock: TickingClock, limiter: Limiter
) -> MakeClient:
    """Return how to make a client of a simulated cloud."""

    def make(sim: Simulation, **options: Any) -> FoxEssClient:
        http = options.pop("http", Http(session, sim.foxess.base_url, "tests/1.0"))
        token = options.pop("token", sim.foxess.token)
        options = {"credential": PrivateToken(token), "limiter": limiter, **options}
        return FoxEssClient(http, clock=clock, **options)

    return make


@pytest.fixture
def client(sim: Simulation, make_client: MakeClient) -> FoxEssClient:
    """Return a client of one KH8."""
    return make_client(sim)


@pytest.fixture
def make_account(
    session: ClientSession, clock: TickingClock, limiter: Limiter
) -> MakeAccount:
    """Return how to make an account of a simulated cloud."""

    def make(sim: Simulation, **options: Any) -> FoxEssAccount:
        data = {"base_url": sim.foxess.base_url, "token": sim.foxess.token}
        options = {"watch_only": False, "limiter": limiter, "data": data, **options}
        return FoxEssAccount(
            Connection(session=session, clock=clock, user_agent="tests/1.0", **options)
        )

    return make


def break_calls(sim: Simulation, kind: str, path: str = "*", **more: Any) -> None:
    """Switch a fault of the simulated cloud on."""
    sim.faults.add(Fault(vendor="foxess", kind=kind, path=path, **more))


def calls_to(sim: Simulation, part: str) -> list[LoggedCall]:
    """Return the calls that arrived at paths with a part."""
    return [call for call in sim.foxess.calls if part in call.path]


def writes(sim: Simulation) -> list[LoggedCall]:
    """Return the writes that arrived."""
    return [call for call in sim.foxess.calls if call.write]

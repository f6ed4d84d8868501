"""The client at the simulated cloud."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
import pytest

from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    ForbiddenError,
    LimitError,
    RejectedError,
    TransientError,
    UnsupportedError,
)
from custom_components.home_battery.transport.http import Http
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.voltstorage.client import VoltStorageClient
from custom_components.home_battery.vendors.voltstorage.export import samples_in
from custom_components.home_battery.vendors.voltstorage.login import Login
from custom_components.home_battery.vendors.voltstorage.models import Timespan
from simulator import Simulation
from simulator.faults import Fault
from simulator.voltstorage import VoltStorageCloud
from tests.conftest import Simulate, TickingClock

type MakeClient = Callable[..., VoltStorageClient]


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return three batteries in two houses."""
    return await simulate(voltstorage=("SMART+SMART", "SMART-LAB"))


@pytest.fixture
def cloud(sim: Simulation) -> VoltStorageCloud:
    """Return the cloud."""
    return sim.voltstorage


@pytest.fixture
async def make_client(
    cloud: VoltStorageCloud, clock: TickingClock
) -> AsyncIterator[MakeClient]:
    """Return how to make a client."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:

        def make(**options: Any) -> VoltStorageClient:
            http = Http(session, cloud.base_url.removesuffix("/rest"), "tests/1.0")
            password = options.pop("password", cloud.password)
            return VoltStorageClient(
                http,
                Login(http, clock, email=cloud.email, password=password),
                limiter=Limiter(clock),
                clock=clock,
                paths=options.pop("paths", {}),
                memory=options.pop("memory", {}),
            )

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> VoltStorageClient:
    """Return a client that has learned nothing."""
    return make_client()


@pytest.mark.parametrize("count", [1, 2, 100])
async def test_pages(client: VoltStorageClient, count: int) -> None:
    """All pages are fetched, however long they are."""
    products = await client.products(count=count)
    assert [product.id for product in products] == ["77", "190", "303"]
    assert [product.group for product in products] == ["64", "64", "65"]
    assert products[2].errors == ("nonDefaultStrategy",)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"ids": 190}, ["190"]),
        ({"ids": [77, 303]}, ["77", "303"]),
        ({"groupId": 64}, ["77", "190"]),
        ({"installationDate": True}, ["77", "190"]),
        ({"sort": "-id"}, ["303", "190", "77"]),
        ({"q": "AD0361"}, ["190"]),
        ({"ownerId": 4711}, []),
    ],
)
async def test_filters(
    client: VoltStorageClient, filters: dict[str, Any], found: list[str]
) -> None:
    """Every documented filter is sent as the vendor takes it."""
    assert [product.id for product in await client.products(**filters)] == found


@pytest.mark.parametrize("timespan", Timespan)
async def test_timespans(
    client: VoltStorageClient, clock: TickingClock, timespan: Timespan
) -> None:
    """There are statistics of every length."""
    now = clock.now()
    buckets = await client.statistics("77", timespan, now - timedelta(days=2), now)
    assert buckets
    assert buckets == sorted(buckets, key=lambda bucket: bucket.start)


@pytest.mark.parametrize("include_time", [True, False])
async def test_latest(
    client: VoltStorageClient, clock: TickingClock, *, include_time: bool
) -> None:
    """Latest data come with their time, or are of now."""
    sample = await client.latest("77", include_time=include_time)
    assert sample.values["dcVoltage"] != 0
    assert (sample.time == clock.now()) is not include_time


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"separator": ";"},
        {"tz": 120},
        {"precision": 3},
        {"tolerance": 0.01},
        {"fields": "Power_Grid,Power_PV"},
    ],
)
@pytest.mark.parametrize("mended", [True, False])
async def test_export(
    cloud: VoltStorageCloud,
    client: VoltStorageClient,
    clock: TickingClock,
    options: dict[str, Any],
    *,
    mended: bool,
) -> None:
    """An export with any option is read, with the vendor's mistake and without."""
    cloud.separator_bug = not mended
    end = clock.now() - timedelta(hours=1)
    start = end - timedelta(hours=2)
    samples = list(samples_in(await client.export_csv("77", start, end, **options)))
    assert len(samples) > 1
    assert all(start <= sample.time <= end for sample in samples)
    assert "Power_Grid" in samples[0].values
    rows = await client.export_json("77", start, end, **options)
    assert len(rows) == len(samples)


async def test_future_is_refused(
    client: VoltStorageClient, clock: TickingClock
) -> None:
    """The vendor exports nothing that has not happened."""
    with pytest.raises(RejectedError, match="future"):
        await client.export_csv("77", clock.now() + timedelta(hours=1))


async def test_log_in_is_nobodys(client: VoltStorageClient) -> None:
    """The log-in is no call that people make."""
    with pytest.raises(ForbiddenError):
        await client.call("login", {})


async def test_wrong_password(make_client: MakeClient) -> None:
    """A wrong password is one."""
    with pytest.raises(AuthenticationError):
        await make_client(password="wrong").products()


async def test_token_is_renewed(
    cloud: VoltStorageCloud, client: VoltStorageClient, clock: TickingClock
) -> None:
    """A token that ends is renewed, whether it says so or not."""
    cloud.accounts.says_expiry = False
    await client.products()
    await clock.sleep(8 * 86400)
    await client.products()
    logins = [call for call in cloud.calls if call.path == "/rest/login/password"]
    assert len(logins) == 2


async def test_token_that_nobody_takes(
    cloud: VoltStorageCloud, client: VoltStorageClient
) -> None:
    """A server that refuses what it gave is broken; no password is wrong."""
    cloud.takes_header = cloud.takes_query = False
    with pytest.raises(TransientError):
        await client.products()
    with pytest.raises(UnsupportedError):
        await client.latest("77")
    assert len(cloud.calls) < 12


async def test_query_is_remembered(
    cloud: VoltStorageCloud, make_client: MakeClient
) -> None:
    """Where the header is not taken, the query is used from then on."""
    cloud.takes_header = False
    memory: dict[str, Any] = {}
    await make_client(memory=memory).products()
    before = len(cloud.calls)
    await make_client(memory=memory).products()
    assert [call.errno for call in cloud.calls[before:]] == [0, 0]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "value": 429}, LimitError),
        ({"kind": "status", "value": 403}, UnsupportedError),
        ({"kind": "status", "value": 404}, TransientError),
        ({"kind": "status", "value": 500}, TransientError),
        ({"kind": "html"}, TransientError),
        ({"kind": "oversized", "value": 9}, TransientError),
        ({"kind": "reset"}, TransientError),
    ],
)
async def test_failure(
    sim: Simulation,
    client: VoltStorageClient,
    clock: TickingClock,
    fault: dict[str, Any],
    kind: type[ApiError],
) -> None:
    """What fails is told in the house's own terms, whichever call it is."""
    await client.products()
    sim.faults.add(Fault(vendor="voltstorage", **fault))
    with pytest.raises(kind):
        await client.export_csv("77", clock.now() - timedelta(hours=1))
    with pytest.raises(kind):
        await client.products()


async def test_stream_is_refused(
    make_client: MakeClient,
) -> None:
    """A stream that is not there, or is none, is told apart from a failure."""
    with pytest.raises(UnsupportedError):
        await make_client(paths={"stream": "/elsewhere"}).stream("77")
    with pytest.raises(UnsupportedError):
        await make_client(paths={"stream": "/rest/products"}).stream("77")


@pytest.mark.usefixtures("no_heartbeat")
async def test_stream_renews_its_token(
    cloud: VoltStorageCloud, client: VoltStorageClient, clock: TickingClock
) -> None:
    """A token that has ended too early is renewed for the stream, too."""
    await client.products()
    cloud.accounts.forget_tokens()
    socket = await client.stream("77")
    await socket.close()

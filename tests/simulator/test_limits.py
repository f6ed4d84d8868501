"""Windows and the daily quota."""

from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory

from .client import Client
from .conftest import Connect

LIST = "/op/v0/device/list"
PLANTS = "/op/v0/plant/list"
COUNT = "/op/v0/user/getAccessCount"
SOC_SET = "/op/v0/device/battery/soc/set"
PAGE = {"currentPage": 1, "pageSize": 10}


async def test_query_too_soon(client: Client) -> None:
    """A query interface answers once in a second, and a refused call opens no new window."""
    assert (await client.post(LIST, PAGE)).errno == 0
    assert (await client.post(LIST, PAGE, wait=0.6)).errno == 40400
    assert (await client.post(LIST, PAGE, wait=0.6)).errno == 0


async def test_windows_follow_a_frozen_clock(
    connect: Connect, freezer: FrozenDateTimeFactory
) -> None:
    """Where a test has frozen time, windows stay shut until it moves on."""
    client = await connect()
    assert (await client.post(LIST, PAGE, wait=0)).errno == 0
    assert (await client.post(LIST, PAGE, wait=0)).errno == 40400
    freezer.tick(1)
    assert (await client.post(LIST, PAGE, wait=0)).errno == 0


async def test_interfaces_have_windows_of_their_own(client: Client) -> None:
    """Another interface may be called at once, and another version of one too."""
    assert (await client.post(LIST, PAGE)).errno == 0
    assert (await client.post(PLANTS, PAGE, wait=0)).errno == 0


async def test_write_too_soon(client: Client) -> None:
    """An update interface answers once in two seconds."""
    body = {"sn": client.serial, "minSoc": 20, "minSocOnGrid": 20}
    assert (await client.post(SOC_SET, body)).errno == 0
    assert (await client.post(SOC_SET, body, wait=1.5)).errno == 40400
    assert (await client.post(SOC_SET, body, wait=0.6)).errno == 0


async def test_refused_calls_use_up_the_quota(client: Client) -> None:
    """Calls that fail, and calls that come too soon, count like any other."""
    assert (await client.post(LIST, {})).errno == 40257
    assert (await client.post(LIST, PAGE, wait=0)).errno == 40400
    answer = await client.get(COUNT)
    assert answer.result == {"total": 1440, "remaining": 1437}


async def test_unsigned_calls_cannot_be_counted(client: Client) -> None:
    """A call of nobody knows whom uses up nobody's quota."""
    await client.call(
        "POST", LIST, json=PAGE, headers=client.headers(LIST, signature="x")
    )
    assert (await client.get(COUNT)).result["remaining"] == 1439


async def test_quota_gone(client: Client) -> None:
    """With the quota gone everything is refused, except the question how much is left."""
    client.sim.foxess.spend(1439)
    assert (await client.post(LIST, PAGE)).errno == 0
    refused = await client.post(LIST, PAGE)
    assert refused.errno == 40402
    assert refused.msg == "Your request exceeds the limit. Please try again later"
    assert (await client.get(COUNT)).result["remaining"] == 0


async def test_quota_returns_at_the_vendors_midnight(client: Client) -> None:
    """The day ends at midnight in UTC+8."""
    now = client.sim.clock.now()
    midnight = datetime(now.year, now.month, now.day, 16, tzinfo=UTC)
    client.sim.clock.advance((midnight - now).total_seconds() % 86400 - 10)
    client.sim.foxess.spend(1440)
    assert (await client.post(LIST, PAGE)).errno == 40402
    assert (await client.post(LIST, PAGE, wait=8)).errno == 0


async def test_quota_grows_with_the_inverters(connect: Connect) -> None:
    """Calls of all inverters are pooled, and other accounts have their own."""
    client = await connect("KH8", "EVO")
    first = client.sim.foxess.inverters[0].serial
    assert (await client.get(COUNT)).result == {"total": 2880, "remaining": 2879}
    client.token = client.sim.foxess.add_account([first])
    assert (await client.get(COUNT)).result == {"total": 1440, "remaining": 1439}

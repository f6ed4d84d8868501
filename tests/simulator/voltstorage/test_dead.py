"""A cloud that is not there any more."""

from typing import Any

from aiohttp import ClientConnectionError, ClientConnectorError, WSMsgType
import pytest

from simulator import Fault

from .client import Client


async def test_refused(client: Client) -> None:
    """Nobody listens, until the cloud is back at the same place with all that was measured meanwhile."""
    socket = await client.listen()
    url = client.cloud.base_url
    await client.cloud.stop()
    assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    await socket.close()
    with pytest.raises(ClientConnectorError):
        await client.get("/products")
    client.pass_time(hours=20)
    await client.cloud.start()
    assert client.cloud.base_url == url
    answer = await client.get("/products")
    assert answer.status == 200
    begin = client.sim.clock.house_now().timestamp() - 72000
    rows = await client.get(
        "/data/export.csv", productId=client.product.id, **{"from": begin}
    )
    assert rows.text.count("\r\n") > 1150
    socket = await client.listen()
    client.pass_time(minutes=2)
    assert (await socket.receive_json(timeout=5))["type"] == "latest-data"
    await socket.close()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "status", "value": 503}, 503),
        ({"kind": "status", "value": 410}, 410),
        ({"kind": "errno", "value": 500}, 500),
        ({"kind": "errno", "value": 429}, 429),
    ],
)
async def test_answers_that_are_none(
    client: Client, fault: dict[str, Any], status: int
) -> None:
    """Every call, the log-in too, is answered by someone else, or with a failure."""
    client.sim.faults.add(Fault(vendor="voltstorage", **fault))
    assert (await client.log_in(password="wrong")).status == status
    assert (await client.get("/products")).status == status


async def test_a_page_for_people(client: Client) -> None:
    """Whoever has the address now answers with a page, and says that it is well."""
    client.sim.faults.add(Fault(vendor="voltstorage", kind="html"))
    answer = await client.get("/products")
    assert (answer.status, answer.data) == (200, None)
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize("kind", ["refuse", "reset"])
async def test_broken_connections(client: Client, kind: str) -> None:
    """Connections end without an answer."""
    client.sim.faults.add(Fault(vendor="voltstorage", kind=kind))
    with pytest.raises(ClientConnectionError):
        await client.get("/products")


async def test_half_an_export(client: Client) -> None:
    """An export can end too soon."""
    begin = client.sim.clock.house_now().timestamp() - 600
    whole = await client.get("/data/export.csv", productId=77, **{"from": begin})
    client.sim.faults.add(Fault(vendor="voltstorage", kind="truncated", count=1))
    half = await client.get("/data/export.csv", productId=77, **{"from": begin})
    assert half.status == 200
    assert half.text == whole.text[: len(whole.text) // 2]

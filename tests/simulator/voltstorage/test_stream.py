"""The stream: what is told, and all that goes wrong with it."""

import asyncio

from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator import Fault

from ..conftest import START
from .client import Client
from .conftest import Connect

VENDOR = "voltstorage"


async def told(socket: ClientWebSocketResponse, count: int) -> list[str]:
    """Return the next messages."""
    return [await socket.receive_str(timeout=5) for _ in range(count)]


async def silence(client: Client, socket: ClientWebSocketResponse) -> None:
    """Make sure that nothing is waiting."""
    await client.cloud.stream.tell()
    with pytest.raises(asyncio.TimeoutError):
        await socket.receive(timeout=0.2)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"productId": "77"}, 401),
        ({"productId": "77", "token": "x"}, 401),
        ({"token": ""}, 400),
        ({"productId": "", "token": ""}, 400),
        ({"productId": "78", "token": ""}, 403),
    ],
)
async def test_handshake(client: Client, query: dict[str, str], status: int) -> None:
    """Who may not listen gets no socket; here only the token in the query counts."""
    token = {"token": query["token"] or client.token} if "token" in query else {}
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.session.ws_connect(
            client.cloud.stream_url or "",
            params={**query, **token},
            headers={"Authorization": f"Bearer {client.token}"},
        )
    assert refused.value.status == status


async def test_one_product_each(connect: Connect) -> None:
    """A socket tells of one product, from when it was opened on, in parts."""
    client = await connect("SMART+SMART")
    first, second = client.cloud.inverters
    sockets = [await client.listen(product) for product in (first, second, second)]
    assert client.cloud.stream.listeners == [first.id, second.id, second.id]
    before = [len(product.records) for product in (first, second, second)]
    client.pass_time(minutes=5)
    news = [
        await told(socket, len(product.records) - count)
        for socket, product, count in zip(
            sockets, (first, second, second), before, strict=True
        )
    ]
    assert news[1] == news[2] != news[0]
    assert len({message.count(":") for message in news[1]}) > 1
    for socket in sockets:
        await silence(client, socket)
        await socket.close()


async def test_time_stands_still(
    freezer: FrozenDateTimeFactory, connect: Connect
) -> None:
    """With time that only a test moves, the stream follows it, and tells at once when told to."""
    freezer.move_to(START)
    client = await connect()
    socket = await client.listen()
    client.pass_time(minutes=2)
    await client.cloud.stream.tell()
    first = await socket.receive_json()
    freezer.tick(120)
    messages = [await socket.receive_json() for _ in range(2)]
    assert first["time"] < messages[0]["time"] < messages[1]["time"]
    assert messages[1]["time"] > START.timestamp() + 60
    await socket.close()


async def test_read_only(client: Client) -> None:
    """Who speaks on the socket is shown out."""
    socket = await client.listen()
    await socket.send_str("hello")
    assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    assert socket.close_code == 1008


async def test_stall(client: Client) -> None:
    """A stream that stalls stays open; what was not told is never told."""
    socket = await client.listen()
    client.sim.faults.add(
        Fault(vendor=VENDOR, kind="stall", value=client.product.serial)
    )
    client.pass_time(minutes=30)
    await silence(client, socket)
    client.sim.faults.clear()
    await silence(client, socket)
    before = len(client.product.records)
    client.pass_time(minutes=3)
    assert len(await told(socket, len(client.product.records) - before)) in {2, 3, 4}
    await socket.close()


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            Fault(vendor=VENDOR, kind="garbage", count=1),
            '{"type":"latest-data","time":',
        ),
        (Fault(vendor=VENDOR, kind="garbage", count=1, value="[]"), "[]"),
    ],
)
async def test_garbage(client: Client, fault: Fault, message: str) -> None:
    """A message becomes something else, and the next one is good again."""
    socket = await client.listen()
    client.sim.faults.add(fault)
    client.pass_time(minutes=4)
    first, second = await told(socket, 2)
    assert first == message
    assert second.startswith('{"type": "latest-data"')
    await socket.close()


async def test_unknown_type(client: Client) -> None:
    """There are other events, of which no one knows anything."""
    socket = await client.listen()
    client.sim.faults.add(
        Fault(vendor=VENDOR, kind="unknown_type", path="/ws", count=1)
    )
    client.pass_time(minutes=2)
    assert (await told(socket, 1))[0].startswith('{"type": "product-updated"')
    await client.cloud.stream.event(77, "firmware", {"version": 7})
    message = ""
    while '"firmware"' not in message:
        (message,) = await told(socket, 1)
    assert message.endswith('"data": {"version": 7}}')
    await socket.close()


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012])
async def test_close(client: Client, code: int) -> None:
    """The socket closes with a code; a new one is welcome."""
    socket = await client.listen()
    client.sim.faults.add(Fault(vendor=VENDOR, kind="close", count=1, value=code))
    client.pass_time(minutes=2)
    await client.cloud.stream.tell()
    assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    assert socket.close_code == code
    again = await client.listen()
    client.pass_time(minutes=2)
    assert await told(again, 1)
    await again.close()


async def test_break(client: Client) -> None:
    """The connection breaks, without a word."""
    socket = await client.listen()
    await client.cloud.stream.close(code=1006)
    message = await socket.receive(timeout=5)
    assert message.type in {WSMsgType.CLOSED, WSMsgType.ERROR}
    assert socket.close_code == 1006


async def test_burst(client: Client) -> None:
    """A message comes a thousand times."""
    socket = await client.listen()
    client.sim.faults.add(Fault(vendor=VENDOR, kind="burst", count=1))
    client.pass_time(minutes=2)
    messages = await told(socket, 1000)
    assert len(set(messages)) == 1
    assert (await told(socket, 1))[0] != messages[0]
    await socket.close()


async def test_raw(client: Client) -> None:
    """Any text can be sent by hand, to those who listen to a product."""
    socket = await client.listen()
    await client.cloud.stream.send(190, "not for you")
    await client.cloud.stream.send(77, "\x00")
    assert await told(socket, 1) == ["\x00"]
    await socket.close()


async def test_elsewhere(client: Client) -> None:
    """The stream is somewhere else, with the product in the path or in the query."""
    client.cloud.paths.serve(stream="/rest/products/{product_id}/ws")
    url = (client.cloud.stream_url or "").format(product_id=77)
    socket = await client.session.ws_connect(url, params={"token": client.token})
    client.pass_time(minutes=2)
    assert await told(socket, 1)
    await socket.close()

"""Requests that go well, and everything that can become of them."""

import asyncio
from collections.abc import AsyncIterator
import json
import socket
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.home_battery.transport.errors import NotSentError, TransientError
from custom_components.home_battery.transport.http import Http, Request, Response

from .conftest import Serve

GET = Request(method="GET", path="/any")
MEGABYTE = 1024 * 1024


@pytest.fixture
async def raw(session: ClientSession) -> AsyncIterator[Any]:
    """Serve bytes as they are, and close the connection."""
    servers = []

    async def start(answer: bytes) -> Http:
        async def reply(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(reply, "127.0.0.1", 0)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        return Http(session, f"http://127.0.0.1:{port}", "tests/1.0")

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


async def test_request_and_answer(serve: Serve) -> None:
    """Method, path, query, headers and body arrive, and the answer comes back."""

    async def echo(request: web.Request) -> web.Response:
        return web.json_response(
            {
                "method": request.method,
                "path": request.path,
                "query": dict(request.query),
                "agent": request.headers["User-Agent"],
                "own": request.headers["X-Own"],
                "body": await request.json(),
            },
            status=201,
        )

    http = await serve(echo)
    response = await http.send(
        Request(
            method="POST",
            path="/deep/path",
            query={"sn": "A&B"},
            headers={"X-Own": "yes"},
            body={"number": 1},
        )
    )
    assert response.status == 201
    assert response.json() == {
        "method": "POST",
        "path": "/deep/path",
        "query": {"sn": "A&B"},
        "agent": "tests/1.0",
        "own": "yes",
        "body": {"number": 1},
    }


async def test_form(serve: Serve) -> None:
    """A form arrives as one, whatever its texts hold, and can be empty."""
    seen = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.content_type, dict(await request.post())))
        return web.Response()

    http = await serve(handler)
    for form in ({"sn": "A&B=ü", "param1": ""}, {}):
        await http.send(Request(method="POST", path="/any", form=form))
    kind = "application/x-www-form-urlencoded"
    assert seen == [(kind, {"sn": "A&B=ü", "param1": ""}), (kind, {})]


async def test_no_body_is_sent_without_one(serve: Serve) -> None:
    """A GET has no body, and no cookie of an earlier answer."""
    seen = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((await request.read(), request.headers.get("Content-Length")))
        return web.Response(status=404)

    http = await serve(handler)
    assert (await http.send(GET)).status == 404
    assert seen == [(b"", None)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_refused(serve: Serve, status: int) -> None:
    """Credentials do not travel to where an answer points."""
    paths = []

    async def handler(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    http = await serve(handler)
    with pytest.raises(TransientError) as caught:
        await http.send(GET)
    assert caught.value.code == f"HTTP {status}"
    assert paths == ["/any"]


@pytest.mark.parametrize("declared", [True, False], ids=["with length", "chunked"])
async def test_oversize_is_cut_off(serve: Serve, declared: bool) -> None:
    """More than 8 MiB is not read, whether announced or not."""
    sent = []

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if declared:
            response.content_length = 64 * MEGABYTE
        await response.prepare(request)
        for _ in range(64):
            sent.append(MEGABYTE)
            await response.write(b" " * MEGABYTE)
        return response

    http = await serve(flood)
    with pytest.raises(TransientError, match="too large"):
        await http.send(GET)
    assert sum(sent) < 40 * MEGABYTE


async def test_compressed_oversize_is_cut_off(serve: Serve) -> None:
    """What counts is the size after unpacking."""

    async def bomb(request: web.Request) -> web.Response:
        response = web.Response(body=b" " * (9 * MEGABYTE))
        response.enable_compression(web.ContentCoding.gzip)
        return response

    http = await serve(bomb)
    with pytest.raises(TransientError, match="too large"):
        await http.send(GET)


async def test_largest_honest_answer(serve: Serve) -> None:
    """Exactly 8 MiB are read."""

    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b" " * (8 * MEGABYTE))

    http = await serve(large)
    assert len((await http.send(GET)).body) == 8 * MEGABYTE


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", id="truncated body"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
            id="truncated chunk",
        ),
        pytest.param(b"", id="no answer"),
        pytest.param(b"SSH-2.0-OpenSSH_10.0\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="half a header"),
    ],
)
async def test_broken_exchange(raw: Any, answer: bytes) -> None:
    """After a broken exchange nobody knows whether the server has acted."""
    http = await raw(answer)
    with pytest.raises(TransientError) as caught:
        await http.send(GET)
    assert not isinstance(caught.value, NotSentError)


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
async def test_refused_connection_was_not_sent(
    session: ClientSession, secure: bool
) -> None:
    """Where nobody listens nothing can have happened."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"http{'s' * secure}://127.0.0.1:{reserved.getsockname()[1]}"
        with pytest.raises(NotSentError):
            await Http(session, address, "tests/1.0").send(GET)


async def test_silence(serve: Serve) -> None:
    """A server that does not answer in time may have acted."""
    silence = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await silence.wait()
        return web.Response()

    http = await serve(wait)
    with pytest.raises(TransientError, match="in time") as caught:
        await http.send(Request(method="GET", path="/", timeout=0.05))
    silence.set()
    assert not isinstance(caught.value, NotSentError)


@pytest.mark.parametrize("address", ["http://", "nonsense", "ftp://127.0.0.1"])
async def test_address_that_is_none(session: ClientSession, address: str) -> None:
    """A base URL that cannot be called is an error like any other."""
    with pytest.raises(TransientError):
        await Http(session, address, "tests/1.0").send(GET)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b'{"errno": 0',
        b"\xff\xfe",
        b"NaN",
        b"1e999",
        b"[" * 5000,
        b"[" * 300 + b"]" * 300,
    ],
)
def test_no_json(body: bytes) -> None:
    """A body that is no JSON says with which status it came."""
    with pytest.raises(TransientError) as caught:
        Response(status=502, body=body).json()
    assert caught.value.code == "HTTP 502"


@pytest.mark.parametrize("value", [None, 1, "text", [1, {"a": None}], [[]] * 300])
def test_json(value: object) -> None:
    """Any JSON value comes back."""
    assert Response(status=200, body=json.dumps(value).encode()).json() == value


async def test_token_that_no_header_can_have(session: ClientSession) -> None:
    """What a server gave and cannot be sent back was not sent."""
    request = Request(method="GET", path="/", headers={"Authorization": "a\x00b"})
    with pytest.raises(NotSentError):
        await Http(session, "http://127.0.0.1:1", "test").send(request)

"""A small answer that unpacks to far more, and a list of products without an end."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from compression import zstd
from contextlib import contextmanager
import gzip
import tracemalloc
import zlib

from aiohttp import ClientSession, web
from aiohttp.typedefs import Handler
import orjson
import pytest

from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.transport.http import Http, Request
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.voltstorage.client import VoltStorageClient
from custom_components.home_battery.vendors.voltstorage.login import Login
from tests.conftest import START, TickingClock

from .hostile import serving

GET = Request(method="GET", path="/")
MEGABYTE = 1024 * 1024
BOMB = bytes(64 * MEGABYTE)
# The same in Brotli, which Python cannot pack, and which Home Assistant need not know.
BROTLI = base64.b64decode(
    "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIg"
    "DgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4LADQvf/L//8//BMAcVgAoHv/Bw=="
)


def raw_deflate(data: bytes) -> bytes:
    """Pack without the header that belongs there."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


bombs = pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("zstd", zstd.compress),
        ("br", lambda _: BROTLI),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    ],
    ids=["gzip", "deflate", "raw deflate", "zstd", "br", "twice"],
)


@contextmanager
def little_memory(megabytes: int = 24) -> Iterator[None]:
    """See that little is held meanwhile."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < megabytes * MEGABYTE


def cloud(answer: Callable[[], web.Response]) -> Handler:
    """Return a cloud that logs in whoever comes, and answers all else in one way."""
    answers = {"POST": lambda: web.json_response({"token": "token"}), "GET": answer}

    async def handle(request: web.Request) -> web.Response:
        return answers[request.method]()

    return handle


def packed(coding: str, body: bytes) -> Handler:
    """Return a cloud that answers with what is packed."""
    return cloud(lambda: web.Response(body=body, headers={"Content-Encoding": coding}))


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Return a session that may open sockets."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def client(
    session: ClientSession, clock: TickingClock
) -> Callable[[str], VoltStorageClient]:
    """Return how to make a client of VoltStorage's cloud."""

    def make(url: str) -> VoltStorageClient:
        http = Http(session, url, "tests/1.0")
        return VoltStorageClient(
            http,
            Login(http, clock, email="email", password="password"),
            limiter=Limiter(clock),
            clock=clock,
            paths={},
            memory={},
        )

    return make


@bombs
async def test_bomb(
    session: ClientSession, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    """Little of what a small body unpacks to is ever held."""
    body = pack(BOMB)
    assert len(body) < MEGABYTE
    async with serving(packed(coding, body)) as url:
        with little_memory(), pytest.raises(TransientError):
            (await Http(session, url, "tests/1.0").send(GET)).json()


@bombs
async def test_bomb_of_a_cloud(
    client: Callable[[str], VoltStorageClient],
    coding: str,
    pack: Callable[[bytes], bytes],
) -> None:
    """Neither as products nor as an export; as text, what is packed twice stays packed."""
    async with serving(packed(coding, pack(BOMB))) as url:
        with little_memory():
            with pytest.raises(TransientError):
                await client(url).products()
            await asyncio.wait(
                [asyncio.ensure_future(client(url).export_csv("77", START))]
            )


@pytest.fixture
def pages() -> Callable[[int], tuple[Handler, list[int]]]:
    """Return how to make a cloud with ever more products, and a list of its pages."""

    def make(length: int) -> tuple[Handler, list[int]]:
        asked: list[int] = []

        def page() -> web.Response:
            first = 100 * len(asked)
            asked.append(first)
            products = [{"id": first + one, "more": "x" * length} for one in range(100)]
            return web.Response(body=orjson.dumps(products))

        return cloud(page), asked

    return make


async def test_products_without_an_end(
    client: Callable[[str], VoltStorageClient],
    pages: Callable[[int], tuple[Handler, list[int]]],
) -> None:
    """So many pages are asked for, and no more."""
    handler, asked = pages(1)
    async with serving(handler) as url:
        products = await client(url).products()
    assert len(asked) == 50
    assert len(products) == 5000


async def test_products_that_are_too_large(
    client: Callable[[str], VoltStorageClient],
    pages: Callable[[int], tuple[Handler, list[int]]],
) -> None:
    """Pages that are too large together are an error."""
    handler, asked = pages(50_000)
    async with serving(handler) as url:
        with little_memory(128), pytest.raises(TransientError, match="no end"):
            await client(url).products()
    assert len(asked) == 7

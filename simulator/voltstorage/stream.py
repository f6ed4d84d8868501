"""The stream: one WebSocket per product, on which only the server speaks."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
import json
from typing import TYPE_CHECKING, Final

from aiohttp import WSCloseCode, web

from ..faults import Fault
from ..jsontypes import Json, JsonObject
from .latest import spoken
from .product import VENDOR, Product, Record

if TYPE_CHECKING:
    from .cloud import VoltStorageCloud

_LOOKS_EVERY_S: Final = 0.05
_WAITS_FOR_CLOSE_S: Final = 1.0
_GARBAGE: Final = '{"type":"latest-data","time":'
_UNKNOWN_TYPE: Final = "product-updated"
_BURST: Final = 1000


@dataclass(kw_only=True, eq=False)
class _Listener:
    """A socket, and how much of the product's records it has been told."""

    socket: web.WebSocketResponse
    product: Product
    path: str
    transport: asyncio.Transport | None
    told: int


class Stream:
    """All open sockets. While there are any, what is new is told soon after it is measured."""

    def __init__(self, cloud: VoltStorageCloud) -> None:
        """Start without listeners."""
        self._cloud = cloud
        self._listeners: list[_Listener] = []
        self._pump: asyncio.Task[None] | None = None
        self._telling = asyncio.Lock()

    @property
    def listeners(self) -> list[int]:
        """Return the ids of the products that are listened to, one for each socket."""
        return [listener.product.id for listener in self._listeners]

    async def serve(
        self, request: web.Request, product: Product
    ) -> web.WebSocketResponse:
        """Tell of a product until someone closes; who speaks is shown out."""
        socket = web.WebSocketResponse(timeout=_WAITS_FOR_CLOSE_S)
        await socket.prepare(request)
        listener = _Listener(
            socket=socket,
            product=product,
            path=request.path,
            transport=request.transport,
            told=len(product.records),
        )
        self._listeners.append(listener)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._keep_telling())
        try:
            with suppress(ConnectionError):
                async for _ in socket:
                    await socket.close(
                        code=WSCloseCode.POLICY_VIOLATION, message=b"read-only"
                    )
        finally:
            self._listeners.remove(listener)
        return socket

    async def tell(self) -> None:
        """Send what is new to everyone, now."""
        async with self._telling:
            self._cloud.settle()
            for listener in list(self._listeners):
                news = listener.product.records[listener.told :]
                listener.told += len(news)
                for record in news:
                    await self._tell(listener, record)

    async def send(self, product_id: int, text: str) -> None:
        """Send a text as it is to all who listen to a product."""
        for listener in list(self._listeners):
            if listener.product.id == product_id:
                await _send(listener, text)

    async def event(
        self, product_id: int, kind: str, data: Json, *, at: datetime | None = None
    ) -> None:
        """Send an event of any type, by default of now."""
        at = at or self._cloud.clock.house_now()
        await self.send(product_id, _message(kind, at, data))

    async def close(
        self, product_id: int | None = None, *, code: int = WSCloseCode.GOING_AWAY
    ) -> None:
        """Close all sockets, or those of one product; with 1006 the connection breaks."""
        for listener in list(self._listeners):
            if product_id in {None, listener.product.id}:
                await _close(listener, code)

    async def close_all(self, _: web.Application) -> None:
        """Close everything, as a server does that stops."""
        if self._pump is not None:
            self._pump.cancel()
        await self.close()

    async def _keep_telling(self) -> None:
        """Look for news while someone listens."""
        while self._listeners:
            await self.tell()
            await asyncio.sleep(_LOOKS_EVERY_S)

    async def _tell(self, listener: _Listener, record: Record) -> None:
        """Send one record, unless a fault makes something else of it."""
        faults, product = self._cloud.switchboard, listener.product
        if faults.affects(VENDOR, "stall", product.serial):
            return
        data: JsonObject = {
            **spoken(record.changed, self._cloud.words),
            **product.extra_data,
        }
        message = _message("latest-data", record.at, data)
        fault = faults.take(
            VENDOR, listener.path, "garbage", "unknown_type", "close", "burst"
        )
        if fault is None:
            await _send(listener, message)
        else:
            await _spoil(listener, fault, message)


async def _spoil(listener: _Listener, fault: Fault, message: str) -> None:
    """Make of a message what a fault says."""
    match fault.kind:
        case "garbage":
            await _send(listener, _GARBAGE if fault.value is None else str(fault.value))
        case "unknown_type":
            kind = _UNKNOWN_TYPE if fault.value is None else str(fault.value)
            await _send(listener, json.dumps({**json.loads(message), "type": kind}))
        case "close":
            await _close(listener, int(fault.number(WSCloseCode.GOING_AWAY)))
        case "burst":
            for _ in range(int(fault.number(_BURST))):
                await _send(listener, message)


async def _send(listener: _Listener, text: str) -> None:
    """Send a text, unless the other side is going away."""
    if not listener.socket.closed:
        with suppress(ConnectionError):
            await listener.socket.send_str(text)


async def _close(listener: _Listener, code: int) -> None:
    """Close a socket; with 1006 it is the connection that breaks."""
    if code != WSCloseCode.ABNORMAL_CLOSURE:
        await listener.socket.close(code=code)
    elif (transport := listener.transport) is not None:
        transport.abort()


def _message(kind: str, at: datetime, data: Json) -> str:
    """Return an event as it travels."""
    return json.dumps({"type": kind, "time": int(at.timestamp()), "data": data})

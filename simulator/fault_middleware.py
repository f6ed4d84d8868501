"""The faults that need to know HTTP but no vendor."""

import asyncio
from collections.abc import Callable
from fnmatch import fnmatchcase
import json
import socket
import struct

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .faults import HTTP_KINDS, Fault, Switchboard
from .jsontypes import Json

_LONGEST_SILENCE = 120.0
_OVERSIZED_MB = 32.0
_HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_RST_ON_CLOSE = struct.pack("ii", 1, 0)


def fault_middleware(
    switchboard: Switchboard, vendor: str, *, payload: tuple[str, ...] = ()
) -> Middleware:
    """Return a middleware that plays the HTTP faults of a vendor.

    `payload` names the fields of the envelope inside which values go bad; an
    answer may have any one of them.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = switchboard.take(
            vendor, request.path, *HTTP_KINDS, method=request.method
        )
        if fault is None:
            return await handler(request)
        switchboard.struck.append((request.method, request.path))
        if (response := await _instead(request, fault)) is not None:
            return response
        if fault.kind == "slow":
            await asyncio.sleep(fault.number(5))
        # From here on the server has done what it was asked: only the answer is lost or bad.
        answer = await handler(request)
        return await _spoil(request, fault, answer, payload)

    return middleware


async def _instead(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """Answer in the server's place, when the request never reaches it."""
    match fault.kind:
        case "status":
            return web.Response(
                status=int(fault.number(500)),
                text="upstream connect error or disconnect/reset",
            )
        case "html":
            return web.Response(text=_HTML, content_type="text/html")
        case "redirect":
            status, _, target = f"302 {fault.value}".rpartition(" ")
            return web.Response(
                status=int(status.split()[-1]), headers={"Location": target}
            )
        case "refuse":
            _close(request)
            return web.Response()
        case "reset":
            _reset(request)
            return web.Response()
    return None


async def _spoil(
    request: web.Request,
    fault: Fault,
    answer: web.StreamResponse,
    payload: tuple[str, ...],
) -> web.StreamResponse:
    """Lose or damage a good answer."""
    body = (
        answer.body
        if isinstance(answer, web.Response) and isinstance(answer.body, bytes)
        else b""
    )
    match fault.kind:
        case "timeout":
            await asyncio.sleep(fault.number(_LONGEST_SILENCE))
            _close(request)
        case "empty":
            return web.Response(content_type="application/json")
        case "truncated":
            return web.Response(
                body=body[: len(body) // 2], content_type=answer.content_type
            )
        case "oversized":
            return await _flood(request, body, fault.number(_OVERSIZED_MB))
        case "reset_in_body":
            return await _break_off(request, body)
        case "wrong_types":
            return _rewritten(body, fault, payload, _wrong_type)
        case "no_result":
            return _rewritten(body, fault, payload, None)
        case "nulls":
            return _rewritten(body, fault, payload, lambda _: None)
    return answer


def _close(request: web.Request) -> None:
    """Close a connection without an answer."""
    if request.transport is not None:
        request.transport.close()


def _reset(request: web.Request) -> None:
    """Break a connection so that the other side sees a reset."""
    if (transport := request.transport) is None:
        return
    if (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_ON_CLOSE)
    transport.abort()


async def _flood(
    request: web.Request, body: bytes, megabytes: float
) -> web.StreamResponse:
    """Send a valid answer behind far too much white space."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    block = b" " * 65536
    for _ in range(int(megabytes * 16)):
        await response.write(block)
    await response.write(body)
    await response.write_eof()
    return response


async def _break_off(request: web.Request, body: bytes) -> web.StreamResponse:
    """Send half an answer and break the connection."""
    response = web.StreamResponse(
        headers={
            "Content-Type": "application/json",
            "Content-Length": str(len(body) + 1),
        }
    )
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _reset(request)
    return response


def _rewritten(
    body: bytes,
    fault: Fault,
    payload: tuple[str, ...],
    change: Callable[[Json], Json] | None,
) -> web.Response:
    """Change the leaves of an answer whose names the fault's pattern meets, or drop all of it."""
    pattern = "*" if fault.value is None else str(fault.value)
    answer: Json = json.loads(body)

    def changed(value: Json, name: str = "") -> Json:
        return None if change is None else _leaves(value, name, pattern, change)

    if payload and isinstance(answer, dict):
        inside = {
            name: changed(answer[name], name) for name in payload if name in answer
        }
        return web.json_response({**answer, **inside})
    return web.json_response(changed(answer))


def _leaves(
    value: Json, name: str, pattern: str, change: Callable[[Json], Json]
) -> Json:
    """Return a value with every matching leaf changed."""
    if isinstance(value, dict):
        return {key: _leaves(item, key, pattern, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_leaves(item, name, pattern, change) for item in value]
    return change(value) if fnmatchcase(name, pattern) else value


def _wrong_type(value: Json) -> Json:
    """Return a value of another type."""
    if isinstance(value, str):
        return 12345
    if isinstance(value, bool) or value is None:
        return "perhaps"
    return ["n/a"]

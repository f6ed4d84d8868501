"""The log of requests that reached a server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .clock import Clock
from .jsontypes import Json, JsonObject


@dataclass(kw_only=True)
class LoggedCall:
    """One request, whatever became of it; `errno` is None when no answer of the API was made."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    body: Json
    errno: int | None = None
    write: bool = False
    token_ok: bool = False

    def as_json(self) -> JsonObject:
        """Return the call for the control server."""
        return {
            "at": self.at.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body,
            "errno": self.errno,
            "write": self.write,
            "token_ok": self.token_ok,
        }


LOGGED: Final = web.RequestKey("call", LoggedCall)


def log_middleware(
    calls: list[LoggedCall],
    clock: Clock,
    parse: Callable[[web.Request, bytes], Json],
    is_write: Callable[[web.Request], bool],
) -> Middleware:
    """Return a middleware that logs each request, and hands its entry on under `LOGGED`."""

    @web.middleware
    async def log(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[LOGGED] = LoggedCall(
            at=clock.now(),
            method=request.method,
            path=request.path,
            query=dict(request.query),
            body=parse(request, await request.read()),
            write=is_write(request),
        )
        calls.append(request[LOGGED])
        return await handler(request)

    return log

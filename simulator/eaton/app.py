"""The application: from a request to an envelope, an error or a plain text."""

import json
from typing import TYPE_CHECKING, Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ..calls import LOGGED, log_middleware
from ..fault_middleware import fault_middleware
from ..faults import Fault
from ..jsontypes import Json
from .device import VENDOR
from .endpoint import Call, Endpoint
from .errors import (
    BAD_REQUEST,
    BROKEN,
    CONNECTED,
    FORBIDDEN,
    IN_CLOUD_MODE,
    INTERNAL,
    InvalidError,
    RefusalError,
    refusal,
)
from .routes import ENDPOINTS
from .signin import Role

if TYPE_CHECKING:
    from .card import CommCard

_MISSING: Final = "404 page not found"


def build_app(card: CommCard) -> web.Application:
    """Return the application of one unit."""
    app = web.Application(
        middlewares=[
            log_middleware(card.calls, card.clock, _parse, _is_write),
            _presence(card),
            fault_middleware(card.switchboard, VENDOR, payload=("result",)),
            _plain,
        ]
    )
    for endpoint in ENDPOINTS:
        app.router.add_route(
            endpoint.method, f"/api/{endpoint.path}", _handler(card, endpoint)
        )
    app.router.add_get("/downloads/{name}", _download(card))
    return app


def _download(card: CommCard) -> Handler:
    """Return the handler of prepared downloads, which ask for no token."""

    async def download(request: web.Request) -> web.StreamResponse:
        if (text := card.downloads.get(request.path)) is None:
            raise web.HTTPNotFound
        return web.Response(text=text, content_type="text/csv")

    return download


def _presence(card: CommCard) -> Middleware:
    """Return a middleware that hangs up while the unit is away."""

    @web.middleware
    async def presence(request: web.Request, handler: Handler) -> web.StreamResponse:
        if card.reachable:
            return await handler(request)
        _hang_up(request)
        return web.Response()

    return presence


def _hang_up(request: web.Request) -> None:
    """Break a connection off."""
    if request.transport is not None:
        request.transport.abort()


@web.middleware
async def _plain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say in plain text that there is no such page, for a wrong method too; a slash may be missing."""
    try:
        return await handler(request)
    except web.HTTPNotFound, web.HTTPMethodNotAllowed:
        if (request.method, f"{request.path}/") in _ROUTES:
            code = 301 if request.method == "GET" else 307
            where = str(request.rel_url.with_path(f"{request.path}/", keep_query=True))
            return web.Response(status=code, headers={"Location": where})
        request[LOGGED].errno = 404
        return web.Response(status=404, text=_MISSING)


def _handler(card: CommCard, endpoint: Endpoint) -> Handler:
    """Return the handler of one endpoint."""

    async def handle(request: web.Request) -> web.StreamResponse:
        logged = request[LOGGED]
        try:
            body = _answer(card, endpoint, request, await request.text())
        except RefusalError as error:
            logged.errno = error.status
            return web.json_response(error.body, status=error.status)
        if _takes(card, request, "reboot") is not None:
            card.reboot()
            _hang_up(request)
        logged.errno = 0
        return web.json_response(body)

    return handle


def _answer(
    card: CommCard, endpoint: Endpoint, request: web.Request, text: str
) -> Json:
    """Return the answer to a call, after every hurdle that it has to take."""
    role: Role | None = None
    if not endpoint.anyone:
        header = request.headers.get("Authorization", "")
        role = card.sign_in.role(header, card.clock.house_now())
        request[LOGGED].token_ok = True
    if endpoint.technician and role is not Role.TECHNICIAN:
        raise refusal(FORBIDDEN, "err_forbidden")
    if endpoint.setup and card.cloud_mode:
        raise refusal(CONNECTED, IN_CLOUD_MODE)
    _play_faults(card, request)
    card.device.settle()
    call = Call(
        card=card,
        role=role,
        path=request.path,
        query=request.query,
        text=text,
        content_type=request.content_type,
        match=request.match_info,
    )
    try:
        return endpoint.answer(call).body()
    except InvalidError as error:
        raise refusal(BAD_REQUEST, str(error), step=endpoint.step) from None


def _play_faults(card: CommCard, request: web.Request) -> None:
    """Refuse a call because a fault says so: with a status, or with one of the unit's codes."""
    if _takes(card, request, "unsupported") is not None:
        raise web.HTTPNotFound
    if (fault := _takes(card, request, "errno")) is None:
        return
    if isinstance(fault.value, str):
        raise refusal(BROKEN, fault.value)
    raise refusal(int(fault.number(BROKEN)), INTERNAL)


def _takes(card: CommCard, request: web.Request, kind: str) -> Fault | None:
    """Return the fault of a kind that strikes a call."""
    return card.switchboard.take(VENDOR, request.path, kind, method=request.method)


def _parse(request: web.Request, body: bytes) -> Json:
    """Return a JSON body, anything else as text."""
    text = body.decode(errors="replace")
    try:
        parsed: Json = json.loads(text)
    except ValueError:
        return text or None
    return parsed


def _is_write(request: web.Request) -> bool:
    """Return whether a request changes anything."""
    resource = request.match_info.route.resource
    pattern = None if resource is None else resource.canonical
    return (request.method, pattern) in _WRITES


_ROUTES: Final = frozenset(
    (endpoint.method, f"/api/{endpoint.path}") for endpoint in ENDPOINTS
)
_WRITES: Final = frozenset(
    (endpoint.method, f"/api/{endpoint.path}")
    for endpoint in ENDPOINTS
    if endpoint.write
)

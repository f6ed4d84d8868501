"""The application: from a request to the envelope, which has HTTP status 200 even for refusals."""

import json
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from ..calls import LOGGED, LoggedCall, log_middleware
from ..fault_middleware import fault_middleware
from ..jsontypes import Json
from .auth import authenticate, check_content_type
from .call import Call
from .device import VENDOR
from .errors import (
    BAD_BODY,
    MESSAGES,
    OK,
    QUOTA_GONE,
    UNSUPPORTED,
    ApiError,
    EndpointMissing,
)
from .oauth_api import add_oauth_routes
from .routes import ENDPOINTS, Endpoint

if TYPE_CHECKING:
    from .cloud import FoxEssCloud

_WRITES = frozenset(endpoint.path for endpoint in ENDPOINTS if endpoint.write)
# Reading the count costs a call like any other, but works when none is left.
_ACCESS_COUNT = "/op/v0/user/getAccessCount"


def build_app(cloud: FoxEssCloud) -> web.Application:
    """Return the application that serves a cloud."""
    app = web.Application(
        middlewares=[
            log_middleware(cloud.calls, cloud.clock, _parse, _is_write),
            fault_middleware(cloud.switchboard, VENDOR, payload=("result",)),
        ],
    )
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, endpoint.path, _handler(cloud, endpoint))
    add_oauth_routes(app, cloud)
    return app


def _handler(cloud: FoxEssCloud, endpoint: Endpoint) -> Handler:
    """Return the handler of one endpoint."""

    async def handle(request: web.Request) -> web.StreamResponse:
        logged = request[LOGGED]
        result: Json = None
        try:
            result = _answer(cloud, endpoint, request, logged)
        except ApiError as error:
            logged.errno, message = error.errno, error.message
        except EndpointMissing:
            raise web.HTTPNotFound from None
        else:
            logged.errno, message = OK, MESSAGES[OK]
        return web.json_response(
            {"errno": logged.errno, "msg": message, "result": result}
        )

    return handle


def _answer(
    cloud: FoxEssCloud, endpoint: Endpoint, request: web.Request, logged: LoggedCall
) -> Json:
    """Return the result of a call, after every hurdle that it has to take."""
    if endpoint.undocumented and not cloud.undocumented:
        raise EndpointMissing
    account = authenticate(request, cloud.accounts, cloud.oauth)
    logged.token_ok = True
    counting = endpoint.path == _ACCESS_COUNT
    cloud.limits.admit(
        account,
        endpoint.path,
        write=endpoint.write,
        now=cloud.clock.now(),
        always=counting,
    )
    if not counting and cloud.switchboard.is_on(VENDOR, "quota_gone"):
        raise ApiError(QUOTA_GONE)
    if (
        fault := cloud.switchboard.take(VENDOR, endpoint.path, "errno", "unsupported")
    ) is not None:
        raise ApiError(int(fault.number(UNSUPPORTED)))
    check_content_type(request)
    if endpoint.method == "POST" and not isinstance(logged.body, dict):
        raise ApiError(BAD_BODY)
    call = Call(
        path=endpoint.path,
        account=account,
        accounts=cloud.accounts,
        body=logged.body,
        query=logged.query,
        clock=cloud.clock,
        switchboard=cloud.switchboard,
        limits=cloud.limits,
    )
    return endpoint.answer(call)


def _parse(_: web.Request, body: bytes) -> Json:
    """Return a body as JSON, or as text where it is none."""
    try:
        parsed: Json = json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
    return parsed


def _is_write(request: web.Request) -> bool:
    """Return whether a request changes anything."""
    return request.path in _WRITES

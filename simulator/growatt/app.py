"""The application: from a request to an envelope, which has HTTP status 200 even for refusals."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ..calls import LOGGED, LoggedCall, log_middleware
from ..fault_middleware import fault_middleware
from ..jsontypes import Json
from .account import Account
from .call import Call
from .device import VENDOR
from .endpoint import Endpoint, Reply, Style, bad, good
from .errors import (
    OTHER_REGION,
    V1_FORBIDDEN,
    V1_MESSAGES,
    V1_SYSTEM,
    V4_MESSAGES,
    V4_SYSTEM,
    V4_TOKEN,
    ApiError,
    MistakeError,
    Problem,
)
from .limits import too_frequent
from .permissions import Refused
from .routes import ENDPOINTS

if TYPE_CHECKING:
    from .cloud import GrowattCloud

_FORM = "application/x-www-form-urlencoded"


def build_app(cloud: GrowattCloud) -> web.Application:
    """Return the application that serves a cloud; v1 answers under both prefixes."""
    app = web.Application(middlewares=_middlewares(cloud))
    for endpoint in ENDPOINTS:
        for prefix in ("v1", "v4") if endpoint.style is Style.V1 else ("v4",):
            app.router.add_route(
                endpoint.method, f"/{prefix}/{endpoint.path}", _handler(cloud, endpoint)
            )
    return app


def build_other_region(cloud: GrowattCloud) -> web.Application:
    """Return the application of a region where no account is: it names no other."""

    async def move(request: web.Request) -> web.Response:
        style = Style.V4 if "/new-api/" in request.path else Style.V1
        messages = V4_MESSAGES if style is Style.V4 else V1_MESSAGES
        request[LOGGED].errno = OTHER_REGION
        error = ApiError(OTHER_REGION, messages[OTHER_REGION])
        return web.json_response(bad(style, error))

    app = web.Application(middlewares=_middlewares(cloud))
    app.router.add_route("*", "/{path:.*}", move)
    return app


def _middlewares(cloud: GrowattCloud) -> tuple[Middleware, ...]:
    """Return what stands before every answer: the log, and faults."""
    return (
        log_middleware(cloud.calls, cloud.clock, _parse, _is_write),
        fault_middleware(cloud.switchboard, VENDOR, payload=("data", "obj")),
    )


def _handler(cloud: GrowattCloud, endpoint: Endpoint) -> Handler:
    """Return the handler of one endpoint."""

    async def handle(request: web.Request) -> web.StreamResponse:
        logged = request[LOGGED]
        try:
            reply = _answer(cloud, endpoint, request, logged)
        except ApiError as error:
            logged.errno = error.code
            return web.json_response(bad(endpoint.style, error))
        except MistakeError as mistake:
            refusal = endpoint.refusal(mistake)
            logged.errno = refusal.code
            return web.json_response(bad(endpoint.style, refusal))
        logged.errno = 0
        return web.json_response(good(endpoint.style, reply))

    return handle


def _answer(
    cloud: GrowattCloud, endpoint: Endpoint, request: web.Request, logged: LoggedCall
) -> Reply:
    """Return the answer to a call, after every hurdle that it has to take."""
    account = _authenticate(cloud, endpoint, request)
    logged.token_ok = True
    params = _params(endpoint, request, logged)
    now = cloud.clock.now()
    cloud.limits.admit(account.token, endpoint, params, now)
    _play_faults(cloud, endpoint, request.path)
    match cloud.permissions.get(endpoint.path):
        case Refused.DENIED:
            raise MistakeError(Problem.FORBIDDEN)
        case Refused.NO_DATA:
            return Reply()
    if params.keys() - set(endpoint.params):
        raise MistakeError(Problem.SYSTEM)
    call = Call(
        path=request.path,
        endpoint=endpoint,
        params=params,
        account=account,
        cloud=cloud,
    )
    reply = endpoint.answer(call)
    if cloud.switchboard.take(VENDOR, request.path, "no_data") is not None:
        return Reply()
    return reply


def _authenticate(
    cloud: GrowattCloud, endpoint: Endpoint, request: web.Request
) -> Account:
    """Return the account of a token; v1 has the same words for a wrong one as for a closed door."""
    account = cloud.accounts.by_token.get(request.headers.get("token", ""))
    if account is None and endpoint.style is Style.V4:
        raise ApiError(V4_TOKEN, V4_MESSAGES[V4_TOKEN])
    if account is None:
        raise ApiError(V1_FORBIDDEN, V1_MESSAGES[V1_FORBIDDEN])
    return account


def _params(
    endpoint: Endpoint, request: web.Request, logged: LoggedCall
) -> dict[str, str]:
    """Return the parameters of query and form; a GET has no body that counts, and JSON is refused."""
    params = dict(request.query)
    if request.method != "POST":
        return params
    if request.body_exists and request.content_type != _FORM:
        style = endpoint.style
        if style is Style.V4:
            raise ApiError(V4_SYSTEM, V4_MESSAGES[V4_SYSTEM])
        raise ApiError(V1_SYSTEM, V1_MESSAGES[V1_SYSTEM])
    if isinstance(logged.body, dict):
        params |= logged.body
    return params


def _play_faults(cloud: GrowattCloud, endpoint: Endpoint, path: str) -> None:
    """Refuse a call because a fault says so."""
    if cloud.switchboard.is_on(VENDOR, "quota_gone"):
        raise too_frequent(endpoint, endpoint.period)
    fault = cloud.switchboard.take(VENDOR, path, "errno", "unsupported")
    if fault is not None:
        v4 = endpoint.style is Style.V4
        code = int(fault.number(V4_SYSTEM if v4 else V1_SYSTEM))
        messages = V4_MESSAGES if v4 else V1_MESSAGES
        raise ApiError(code, messages.get(code, "error"))


def _parse(request: web.Request, body: bytes) -> Json:
    """Return a form as its fields, anything else as text."""
    text = body.decode(errors="replace")
    if request.content_type == _FORM:
        return dict(parse_qsl(text, keep_blank_values=True))
    return text or None


_WRITES = frozenset(endpoint.path for endpoint in ENDPOINTS if endpoint.write)


def _is_write(request: web.Request) -> bool:
    """Return whether a request changes anything."""
    return request.path.removeprefix("/v1/").removeprefix("/v4/") in _WRITES

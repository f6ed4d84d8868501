"""The application: from a request to an answer or a refusal, each with its HTTP status."""

from collections.abc import Callable, Mapping
import json
from typing import TYPE_CHECKING, Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ..calls import LOGGED, LoggedCall, log_middleware
from ..fault_middleware import fault_middleware
from ..jsontypes import Json
from .call import Call
from .errors import ApiError, InvalidError, MissingError, UnauthorizedError
from .export import export_csv, export_json
from .latest import latest_data
from .paths import EXPORT_JSON, LATEST, STATISTICS, STREAM
from .product import VENDOR
from .products_api import list_products
from .query import Query
from .statistics import statistics

if TYPE_CHECKING:
    from .cloud import VoltStorageCloud

_LOGIN: Final = "/rest/login/password"
_MOST_VALID_S: Final = 31_622_400
_DAY_S: Final = 86_400
_PROVEN: Final[Mapping[str, Callable[[Call], web.Response]]] = {
    "/rest/products": list_products,
    "/rest/data/export.csv": export_csv,
}
_ELSEWHERE: Final[Mapping[str, Callable[[Call], web.Response]]] = {
    EXPORT_JSON: export_json,
    LATEST: latest_data,
    STATISTICS: statistics,
}


def build_app(cloud: VoltStorageCloud) -> web.Application:
    """Return the application that serves a cloud."""

    async def log_in(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise InvalidError("a JSON object is required")
        return _log_in(cloud, request[LOGGED])

    def proven(answer: Callable[[Call], web.Response]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return answer(_call(cloud, request, {}, _token(cloud, request)))

        return handle

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        name, in_path = cloud.paths.find(request.path)
        if name == STREAM:
            # Here the token is a parameter, and the header is nothing.
            call = _call(cloud, request, in_path, request.query.get("token"))
            return await cloud.stream.serve(request, call.product())
        call = _call(cloud, request, in_path, _token(cloud, request))
        return _ELSEWHERE[name](call)

    app = web.Application(
        middlewares=[
            log_middleware(cloud.calls, cloud.clock, _parse, lambda _: False),
            fault_middleware(cloud.switchboard, VENDOR),
            _refuse(cloud),
        ]
    )
    app.router.add_post(_LOGIN, log_in)
    for path, answer in _PROVEN.items():
        app.router.add_get(path, proven(answer), allow_head=False)
    app.router.add_get("/{path:.*}", elsewhere, allow_head=False)
    app.on_shutdown.append(cloud.stream.close_all)
    return app


def _refuse(cloud: VoltStorageCloud) -> Middleware:
    """Return a middleware that says refusals in the cloud's way, and plays some."""

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        logged = request[LOGGED]
        try:
            _play_fault(cloud, request.path)
            response = await handler(request)
        except ApiError as error:
            logged.errno = error.status
            return error.response()
        except web.HTTPNotFound:
            logged.errno = 404
            return MissingError().response()
        logged.errno = 0
        return response

    return refuse


def _play_fault(cloud: VoltStorageCloud, path: str) -> None:
    """Refuse a call because a fault says so."""
    fault = cloud.switchboard.take(VENDOR, path, "errno")
    if fault is not None:
        raise ApiError(int(fault.number(500)), "Something went wrong")


def _log_in(cloud: VoltStorageCloud, logged: LoggedCall) -> web.Response:
    """Answer with a token, or with 400, be it for a missing parameter or a wrong password."""
    body = logged.body
    if not isinstance(body, dict):
        raise InvalidError("a JSON object is required")
    email, password = body.get("email"), body.get("password")
    if not isinstance(email, str) or "@" not in email:
        raise InvalidError("email is required")
    if not isinstance(password, str) or not password:
        raise InvalidError("password is required")
    validity = body.get("validity", _DAY_S)
    if (
        isinstance(validity, bool)
        or not isinstance(validity, int)
        or not 0 <= validity <= _MOST_VALID_S
    ):
        raise InvalidError(f"validity must be 0 to {_MOST_VALID_S}")
    account = cloud.accounts.log_in(email, password)
    if account is None:
        raise InvalidError("Invalid credentials")
    logged.token_ok = True
    token = cloud.accounts.issue(account, validity, cloud.clock.now())
    return web.json_response({"token": token})


def _call(
    cloud: VoltStorageCloud,
    request: web.Request,
    in_path: Mapping[str, str],
    token: str | None,
) -> Call:
    """Return a call of whoever holds a token."""
    account = cloud.accounts.holder(token or "", cloud.clock.now())
    if account is None:
        raise UnauthorizedError
    request[LOGGED].token_ok = True
    return Call(
        path=request.path,
        query=Query(request.query),
        in_path=in_path,
        account=account,
        cloud=cloud,
    )


def _token(cloud: VoltStorageCloud, request: web.Request) -> str | None:
    """Return the token, which is in the header or in the query."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if cloud.takes_header and kind.lower() == "bearer":
        return value
    return request.query.get("token") if cloud.takes_query else None


def _parse(_: web.Request, body: bytes) -> Json:
    """Return a body as JSON, or as text where it is none."""
    try:
        parsed: Json = json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
    return parsed

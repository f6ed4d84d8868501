"""VoltStorage's REST API and its stream, typed."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from aiohttp import ClientWebSocketResponse

from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    ForbiddenError,
    HandshakeError,
    TransientError,
    UnsupportedError,
)
from ...transport.http import Http, Request, Response
from ...transport.limiter import Limit, Limiter, Turn
from ...transport.pages import Pages
from ...transport.told import sending
from ..endpoint import Access
from .endpoints import (
    ENDPOINTS,
    EXPORT_CSV,
    EXPORT_JSON,
    LATEST,
    PRODUCT_ID,
    PRODUCTS,
    STATISTICS,
    STREAM,
    STREAM_PATH,
    VoltStorageEndpoint,
    request_of,
    with_token,
)
from .errors import ShapeError, error_of, json_of
from .login import Login
from .models import Bucket, Product, Sample, Timespan, buckets_in, latest_sample

SERVER: Final = "https://api.voltstorage.com"

# Nothing is documented; this is what one careful person would do.
_LIMIT: Final = Limit("every call", 60, 60.0)
_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 50
_PRECISION: Final = 6
_IN_QUERY: Final = "token_in_query"


class VoltStorageClient:
    """Typed reads; there is nothing to write.

    A token is sent in the header, as the documents say, or in the query, as the
    one program does that was seen at work: whichever the server takes.

    Every method raises ApiError: AuthenticationError if e-mail or password are
    refused, UnsupportedError if there is no such call or the account is not let
    to it, RejectedError if a parameter is refused, LimitError if it is too much,
    TransientError for everything that may pass.
    """

    def __init__(
        self,
        http: Http,
        login: Login,
        *,
        limiter: Limiter,
        clock: Clock,
        paths: Mapping[str, str],
        memory: dict[str, Any],
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            http: The server.
            login: Gives the tokens.
            limiter: The limits of the account.
            clock: The time.
            paths: The paths that a person has given, by the call's name.
            memory: What was learned of the account; it is stored.
        """
        self._http = http
        self._login = login
        self._limiter = limiter
        self._clock = clock
        self._paths = paths
        self._memory = memory

    def path(self, name: str) -> str:
        """Return the path of a call, or of the stream."""
        known = STREAM_PATH if name == STREAM else ENDPOINTS[name].path
        return self._paths.get(name) or known

    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a call of the table, and return its answer."""
        endpoint = ENDPOINTS[name]
        if endpoint.access is Access.REFUSED:
            raise ForbiddenError("Nobody is given this call")
        path, query = endpoint.request(parameters, self.path(name))
        response, token = await self._authorized(endpoint, path, query)
        if endpoint.text and response.status < HTTPStatus.BAD_REQUEST:
            return response.body.decode(errors="replace")
        body = json_of(response)
        with sending(token, query):
            error = error_of(response.status, body, proven=endpoint.proven)
        if error is not None:
            raise error
        if body is None:
            raise ShapeError("The answer is no JSON")
        return body

    async def products(self, **filters: Any) -> list[Product]:
        """Return all products that the account may see, page by page.

        Args:
            filters: Of the documented parameters, all but `page`.
        """
        size = filters.setdefault("count", _PAGE_SIZE)
        found: dict[str, Product] = {}
        pages = Pages()
        for page in range(1, _MAX_PAGES + 1):
            items = await self.call(PRODUCTS, {**filters, "page": page})
            if not isinstance(items, list):
                raise ShapeError("The products are no list")
            parsed = [
                product
                for item in pages.take(items)
                if isinstance(item, dict) and (product := Product.parse(item))
            ]
            new = [product for product in parsed if product.id not in found]
            found |= {product.id: product for product in new}
            # A server that knows no pages repeats the first one.
            if not new or len(items) < size:
                break
        return list(found.values())

    async def export_csv(
        self,
        product: str,
        start: datetime,
        end: datetime | None = None,
        **options: Any,
    ) -> str:
        """Return what a product measured, as rows of text.

        Args:
            product: The vendor's number of it.
            start: The first moment.
            end: The last moment, never in the future; the present if it is left out.
            options: Further documented parameters, such as `fields`, `tz`,
                `precision`, `tolerance` or `separator`.
        """
        text = await self.call(EXPORT_CSV, _range(product, start, end, options))
        if str(text).lstrip().startswith("<"):
            raise ShapeError("The export is no CSV")
        return str(text)

    async def export_json(
        self,
        product: str,
        start: datetime,
        end: datetime | None = None,
        **options: Any,
    ) -> Any:
        """Return the same as JSON, of a shape that nobody has documented."""
        return await self.call(EXPORT_JSON, _range(product, start, end, options))

    async def latest(self, product: str, *, include_time: bool = True) -> Sample:
        """Return the latest value of every field; without a time it is of now."""
        answer = await self.call(
            LATEST, {PRODUCT_ID: product, "includeTime": include_time}
        )
        return latest_sample(answer, self._clock.now())

    async def statistics(
        self, product: str, timespan: Timespan, start: datetime, end: datetime
    ) -> list[Bucket]:
        """Return the statistics of a range, oldest first."""
        answer = await self.call(
            STATISTICS,
            {
                PRODUCT_ID: product,
                "tstart": int(start.timestamp()),
                "tend": int(end.timestamp()),
                "timespan": str(timespan),
            },
        )
        return buckets_in(answer)

    async def stream(self, product: str) -> ClientWebSocketResponse:
        """Open the stream of a product; its token is documented to be in the query."""
        path, query = request_of(self.path(STREAM), {PRODUCT_ID: product})
        token = await self._login.token()
        try:
            return await self._http.socket(path, with_token(query, token))
        except HandshakeError as err:
            if err.status != HTTPStatus.UNAUTHORIZED:
                raise _refusal(err) from None
        token = await self._login.token(refused=token)
        try:
            return await self._http.socket(path, with_token(query, token))
        except HandshakeError as err:
            raise _refusal(err) from None

    async def _authorized(
        self, endpoint: VoltStorageEndpoint, path: str, query: Mapping[str, str]
    ) -> tuple[Response, str]:
        """Send a request with a token that the server takes, where it takes it."""
        in_query = bool(self._memory.get(_IN_QUERY))
        token = await self._login.token()
        response = await self._send(path, query, token, in_query=in_query)
        if response.status != HTTPStatus.UNAUTHORIZED:
            return response, token
        token = await self._login.token(refused=token)
        for way in (in_query, not in_query):
            response = await self._send(path, query, token, in_query=way)
            if response.status < HTTPStatus.BAD_REQUEST:
                self._memory[_IN_QUERY] = way
            if response.status != HTTPStatus.UNAUTHORIZED:
                return response, token
        kind = TransientError if endpoint.proven else UnsupportedError
        raise kind(
            "The server refuses the token that it gave", code=f"HTTP {response.status}"
        )

    async def _send(
        self, path: str, query: Mapping[str, str], token: str, *, in_query: bool
    ) -> Response:
        """Send one request in its turn."""
        request = Request(
            method="GET",
            path=path,
            query=with_token(query, token) if in_query else query,
            headers={} if in_query else {"Authorization": f"Bearer {token}"},
        )
        async with self._limiter.turn(Turn(limits=(_LIMIT,))):
            return await self._http.send(request)


def _refusal(error: HandshakeError) -> ApiError:
    """Return why there is no stream; whatever is no stream is not there."""
    if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnsupportedError("There is no such stream", code=error.code)
    return TransientError("The server failed", code=error.code)


def _range(
    product: str, start: datetime, end: datetime | None, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parameters of an export."""
    until = {} if end is None else {"to": _seconds(end)}
    return {
        PRODUCT_ID: product,
        "from": _seconds(start),
        **until,
        "precision": _PRECISION,
        **options,
    }


def _seconds(moment: datetime) -> str:
    """Return a moment as UNIX time, which the export takes with its fraction."""
    return f"{moment.timestamp():.3f}"

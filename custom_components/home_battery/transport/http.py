"""Requests to a vendor's server, and answers that can be trusted to be small."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson

from .errors import (
    ApiError,
    CertificateError,
    HandshakeError,
    NotSentError,
    TransientError,
)

_MAX_BYTES = 8 * 1024 * 1024
# Empty objects take 60 times the memory of their text.
_MAX_VALUES = 1_000_000
# What has fewer brackets is not nested too deeply.
_DEEP = 200
_CHUNK = 64 * 1024
_MAX_MESSAGE_BYTES = 256 * 1024
_HEARTBEAT_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request.

    Attributes:
        method: The HTTP method.
        path: Path below the base URL, without the query.
        query: Query parameters.
        headers: Header fields of this request alone.
        body: Sent as JSON where it is not `None`.
        form: Sent as a form where it is not `None`, in place of a body.
        timeout: Seconds for the whole exchange.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    timeout: float = 60.0

    @property
    def data(self) -> bytes | aiohttp.FormData | None:
        """Return what is sent after the header."""
        if self.form is not None:
            return aiohttp.FormData(self.form)
        return None if self.body is None else orjson.dumps(self.body)


@dataclass(frozen=True, kw_only=True)
class Response:
    """A complete answer."""

    status: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the decoded body.

        Raises:
            TransientError: The body is no JSON, or holds more than an honest one.
        """
        code = f"HTTP {self.status}"
        if sum(map(self.body.count, (b",", b"[", b"{"))) > _MAX_VALUES:
            raise TransientError("The answer holds too much", code=code)
        with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):
            value = orjson.loads(self.body)
            if self.body.count(b"[") + self.body.count(b"{") > _DEEP:
                # It reads deeper than it writes, and than Python can recurse.
                orjson.dumps(value)
            return value
        # The decoder's own error would keep the whole body.
        raise TransientError("The answer is no JSON", code=code)


class Http:
    """A vendor's server, reached over a session that somebody else owns."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        user_agent: str,
        fingerprint: str | None = None,
    ) -> None:
        """Keep where to send to; nothing is sent yet.

        Args:
            session: Sends the requests.
            base_url: The server's address.
            user_agent: How we call ourselves.
            fingerprint: SHA-256 in hex of the one certificate to trust, whoever
                made it; without it, the usual authorities decide.
        """
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {"User-Agent": user_agent}
        self._ssl: aiohttp.Fingerprint | bool = (
            True
            if fingerprint is None
            else aiohttp.Fingerprint(bytes.fromhex(fingerprint))
        )

    async def send(self, request: Request) -> Response:
        """Send a request and read the answer.

        Redirects are not followed: credentials in a header of the vendor's own
        would travel along to another host.

        Raises:
            CertificateError: It is not the server whose certificate is trusted.
            NotSentError: The server was not reached, so nothing has happened.
            TransientError: The exchange broke, or the answer is of no use.
        """
        try:
            async with self._session.request(
                request.method,
                f"{self._base_url}{request.path}",
                params=request.query,
                headers={**self._headers, **request.headers},
                data=request.data,
                allow_redirects=False,
                ssl=self._ssl,
                timeout=aiohttp.ClientTimeout(total=request.timeout),
            ) as response:
                return await _response(response)
        except (aiohttp.ClientError, OSError) as err:
            error = _error_of(err)
        except ValueError:
            # A token with a control character, which no header can have.
            error = NotSentError("The server gave what cannot be sent back")
        raise error

    async def socket(
        self, path: str, query: Mapping[str, str]
    ) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket, which whoever opens it closes.

        Raises:
            HandshakeError: The server answers, but opens none.
            NotSentError: The server was not reached.
            TransientError: The exchange broke.
        """
        try:
            return await self._session.ws_connect(
                f"{self._base_url}{path}",
                params=query,
                headers=self._headers,
                heartbeat=_HEARTBEAT_SECONDS,
                max_msg_size=_MAX_MESSAGE_BYTES,
                ssl=self._ssl,
            )
        except (aiohttp.ClientError, OSError) as err:
            error = _error_of(err)
        raise error


async def no_stream_elsewhere(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Have no WebSocket opened where an answer points; a session needs this for it.

    aiohttp follows redirects there, and cannot be told not to.
    """
    response = await handler(request)
    if aiohttp.hdrs.UPGRADE in request.headers and _redirects(response.status):
        response.close()
        raise aiohttp.WSServerHandshakeError(
            response.request_info, response.history, status=response.status
        )
    return response


def _redirects(status: int) -> bool:
    """Tell whether an answer points elsewhere."""
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


def _error_of(err: Exception) -> ApiError:
    """Return what an exchange failed of.

    To be raised apart from aiohttp's error, which may name the whole request:
    credentials in its query and header would get into tracebacks.
    """
    match err:
        case aiohttp.ServerFingerprintMismatch():
            return CertificateError(
                "The server shows another certificate", fingerprint=err.got.hex()
            )
        case aiohttp.WSServerHandshakeError():
            return HandshakeError(err.status)
        case aiohttp.ClientConnectorError():
            return NotSentError("The server cannot be reached")
        case TimeoutError():
            return TransientError("The server did not answer in time")
        case _:
            return TransientError("The connection broke")


async def fingerprint_of(
    session: aiohttp.ClientSession, base_url: str, user_agent: str
) -> str:
    """Return the SHA-256 in hex of the certificate that a server shows.

    No request is sent: a server that has to prove to be nobody's fails to.

    Raises:
        TransientError: The server was not reached, or is not encrypted.
    """
    nobody = Http(session, base_url, user_agent, fingerprint="00" * 32)
    try:
        await nobody.send(Request(method="GET", path="/"))
    except CertificateError as err:
        return err.fingerprint
    raise TransientError("The server shows no certificate")


async def _response(response: aiohttp.ClientResponse) -> Response:
    """Read an answer, but no more than an honest one can have."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _MAX_BYTES:
            response.close()
            raise TransientError("The answer is too large")
    if _redirects(response.status):
        raise TransientError(
            "The server redirects elsewhere", code=f"HTTP {response.status}"
        )
    return Response(status=response.status, body=bytes(body))

"""The token of an account: got with e-mail and password, and renewed in time."""

import asyncio
import base64
import binascii
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, NamedTuple, override

import orjson

from ...battery.fields import number
from ...transport.clock import Clock
from ...transport.errors import AuthenticationError, TransientError
from ...transport.http import Http, Request
from .endpoints import ENDPOINTS, LOGIN
from .errors import error_of, json_of
from .models import moment

_VALIDITY: Final = timedelta(days=7)
# A token that is about to end is of no use to a stream.
_MARGIN: Final = 0.1


class Token(NamedTuple):
    """A token, and until when it is worth using."""

    text: str
    until: datetime

    @override
    def __repr__(self) -> str:
        """Return nothing of the token."""
        return f"Token(until={self.until})"


class Login:
    """Logs in when a token is needed and there is none that is good."""

    def __init__(self, http: Http, clock: Clock, *, email: str, password: str) -> None:
        """Keep the means; nothing is sent yet."""
        self._http = http
        self._clock = clock
        self._email = email
        self._password = password
        self._token: Token | None = None
        self._lock = asyncio.Lock()

    async def token(self, refused: str | None = None) -> str:
        """Return a token; logs in if there is none, or only one that was refused.

        Raises:
            AuthenticationError: E-mail or password are wrong.
            ApiError: The vendor did not answer.
        """
        async with self._lock:
            now = self._clock.now()
            known = self._token
            if known is None or known.text == refused or known.until <= now:
                self._token = known = await self._log_in(now)
            return known.text

    async def _log_in(self, now: datetime) -> Token:
        """Log in.

        Wrong credentials are a bad request to this vendor. They are wrong only
        if it is the API that says so, and not whatever stands in its place.
        """
        response = await self._http.send(
            Request(
                method="POST",
                path=ENDPOINTS[LOGIN].path,
                headers={"Content-Type": "application/json"},
                body={
                    "email": self._email,
                    "password": self._password,
                    "validity": int(_VALIDITY.total_seconds()),
                },
            )
        )
        body = json_of(response)
        if response.status == HTTPStatus.BAD_REQUEST and isinstance(body, dict):
            raise AuthenticationError("E-mail or password are refused")
        if (error := error_of(response.status, body, proven=True)) is not None:
            raise TransientError("Logging in failed", code=error.code)
        token = body.get("token") if isinstance(body, dict) else None
        if not isinstance(token, str) or not token:
            raise TransientError("Logging in gave no token")
        end = expiry_of(token) or now + _VALIDITY
        return Token(token, end - max(end - now, timedelta()) * _MARGIN)


def expiry_of(token: str) -> datetime | None:
    """Return when a token ends, as far as it says so itself."""
    payload = token.split(".")[1:2]
    try:
        claims = orjson.loads(
            base64.urlsafe_b64decode("".join(payload).encode() + b"==")
        )
    except binascii.Error, ValueError:
        return None
    if not isinstance(claims, dict) or number(claims.get("exp")) is None:
        return None
    return moment(claims["exp"])

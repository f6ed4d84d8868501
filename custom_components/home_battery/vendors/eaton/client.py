"""The wire to an xStorage Home unit: turns, tokens and envelopes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    ForbiddenError,
    LockedError,
    RejectedError,
    TransientError,
    WatchOnlyError,
)
from ...transport.http import Http, Request, Response
from ...transport.limiter import Limit, Limiter, Turn
from ...transport.told import sending
from ..endpoint import Access
from .credential import Credential
from .endpoint import PREFIX, TIMEOUT, EatonEndpoint
from .endpoints import ENDPOINTS
from .errors import TokenError, error_of, locked, sign_in_error_of

# Its small computer gets one request after the other.
_TURNS: Final = (Limit("every call", 1, 0.0),)
# A token lives for an hour (Eaton notes, 1.2).
_RENEWED_AFTER: Final = timedelta(minutes=50)


class EatonClient:
    """A unit, as one account sees it."""

    def __init__(
        self,
        http: Http,
        *,
        credential: Credential,
        limiter: Limiter,
        clock: Clock,
        watch_only: bool,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._http = http
        self._credential = credential
        self._limiter = limiter
        self._clock = clock
        self._watch_only = watch_only
        self._token: str | None = None
        self._token_since = clock.now()
        self._refused: AuthenticationError | None = None
        self._locked_until: datetime | None = None

    async def call(
        self,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        urgent: bool = False,
    ) -> Any:
        """Make a documented call, and return its result without the envelope.

        Args:
            name: A key of the endpoints.
            parameters: As documented.
            urgent: A write, or what confirms one: it overtakes what else waits.

        Raises:
            ApiError: It failed, or is one that is not to be made.
        """
        endpoint = ENDPOINTS[name]
        if endpoint.access is Access.REFUSED:
            raise ForbiddenError("The call is refused to everybody")
        if endpoint.write and self._watch_only:
            raise WatchOnlyError("Only watching was chosen")
        # What is wrong with the parameters is found before anybody waits.
        endpoint.request(parameters or {}, {})
        async with self._limiter.turn(
            Turn(limits=_TURNS, urgent=urgent or endpoint.write)
        ):
            with sending(self._credential.body, parameters or {}):
                return await self._exchange(endpoint, parameters or {})

    async def _exchange(
        self, endpoint: EatonEndpoint, parameters: Mapping[str, Any]
    ) -> Any:
        """Send a request; with a new token if the one at hand is not taken."""
        token, is_new = await self._valid_token()
        try:
            try:
                return await self._send(endpoint, parameters, token)
            except TokenError:
                if is_new:
                    raise
            self._token = None
            return await self._send(endpoint, parameters, await self._sign_in())
        except TokenError as err:
            # Who has just been signed in is no stranger: it is the unit's trouble.
            self._token = None
            raise TransientError(
                "The unit takes none of its tokens", code=err.code
            ) from err

    async def _send(
        self, endpoint: EatonEndpoint, parameters: Mapping[str, Any], token: str
    ) -> Any:
        """Send one request with a token, and return what it results in."""
        headers = {"Authorization": f"Bearer {token}"}
        response = await self._http.send(endpoint.request(parameters, headers))
        with sending(token):
            if (error := error_of(response)) is not None:
                raise error
            return _result_of(response)

    async def _valid_token(self) -> tuple[str, bool]:
        """Return a token that should be taken, and whether it was just made."""
        if self._token is None:
            return await self._sign_in(), True
        if self._clock.now() - self._token_since >= _RENEWED_AFTER:
            return await self._renew(self._token), True
        return self._token, False

    async def _renew(self, token: str) -> str:
        """Return the next token, by signing in again if it cannot be exchanged."""
        request = Request(
            method="POST",
            path=f"{PREFIX}{ENDPOINTS['refresh'].path}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
        )
        try:
            response = await self._http.send(request)
            answer = response.json() if error_of(response) is None else None
            return self._keep(answer)
        except ApiError:
            return await self._sign_in()

    async def _sign_in(self) -> str:
        """Sign in, unless that is known to be in vain, and return the token.

        Raises:
            AuthenticationError: The account is refused; it is not tried again, as
                six wrong passwords lock it.
            LockedError: The account is locked.
            ApiError: The unit did not answer sensibly.
        """
        self._token = None
        if self._refused is not None:
            raise self._refused
        now = self._clock.now()
        if self._locked_until is not None and now < self._locked_until:
            raise locked((self._locked_until - now).total_seconds())
        response = await self._http.send(
            Request(
                method="POST",
                path=f"{PREFIX}{ENDPOINTS['sign_in'].path}",
                body=self._credential.body,
                timeout=TIMEOUT,
            )
        )
        error = sign_in_error_of(response)
        if isinstance(error, AuthenticationError):
            self._refused = error
        elif isinstance(error, LockedError):
            self._locked_until = now + timedelta(seconds=error.retry_after)
        if error is not None:
            raise error
        return self._keep(_result_of(response))

    def _keep(self, answer: Any) -> str:
        """Keep the token of an answer.

        Raises:
            TransientError: There is none.
        """
        token = answer.get("token") if isinstance(answer, Mapping) else None
        if not isinstance(token, str) or not token:
            raise TransientError("The unit gave no token")
        self._token = token
        self._token_since = self._clock.now()
        return token


def _result_of(response: Response) -> Any:
    """Return the result in an answer; some calls have no envelope, or no body.

    Raises:
        RejectedError: It says of itself that it is no success.
        TransientError: It is no JSON.
    """
    body = response.json() if response.body.strip() else None
    if not isinstance(body, Mapping) or "successful" not in body:
        return body or None
    if body["successful"] is not True:
        raise RejectedError("The unit refuses it", code=str(body.get("message", "")))
    return body.get("result")

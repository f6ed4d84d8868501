"""How any call of the Growatt cloud is made: turns, answers that stand, envelopes."""

from collections.abc import Mapping
from typing import Any, Final

from ...battery.fields import number
from ...transport.errors import (
    ForbiddenError,
    LimitError,
    TransientError,
    WatchOnlyError,
)
from ...transport.http import Http, Request
from ...transport.limiter import Limiter, Turn
from ...transport.pages import Pages
from ...transport.told import sending
from ..endpoint import Access
from .endpoint import GrowattEndpoint
from .endpoints import ENDPOINTS
from .envelope import error_in, opened, result_in
from .errors import error_of_status

_PAGE_SIZE = 100
_MAX_PAGES = 50
# A setting is fetched from the device itself, over its data logger.
_TIMEOUT: Final = 90.0


class GrowattCaller:
    """Calls by name, within every limit of the token.

    An identical read within the window that the vendor sets is answered by what
    came before. What confirms a write asks anew, and where that is not allowed
    yet, the LimitError says how long.

    Every method raises ApiError: AuthenticationError if a list of plants or
    devices refuses the token, NoPermissionError if it does not reach to this
    call, WrongServerError if the account is kept elsewhere, OfflineError if the
    device is, LimitError if the limits forbid the call, RejectedError if it is
    refused as it stands, TransientError for everything that may pass, which
    after a write leaves open whether it took effect.
    """

    def __init__(
        self,
        http: Http,
        *,
        token: str,
        limiter: Limiter,
        watch_only: bool = False,
        urgent: bool = False,
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            http: The server of the account's region.
            token: The API token.
            limiter: The limits of the token.
            watch_only: No write may leave.
            urgent: Every call belongs to a write: it overtakes others, and no
                answer of before will do.
        """
        self._http = http
        self._token = token
        self._limiter = limiter
        self._watch_only = watch_only
        self._urgent = urgent

    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a call of the table in its turn and return what its envelope holds.

        Raises:
            ForbiddenError: It is one that is refused to everybody.
            WatchOnlyError: It is a write, and the person chose to watch.
            ApiError: As the class says.
        """
        endpoint = ENDPOINTS[name]
        if endpoint.access_with(parameters) is Access.REFUSED:
            raise ForbiddenError("Nobody is given this call")
        sent = endpoint.request(parameters)
        with sending(self._token, sent):
            return await self._call(endpoint, sent)

    async def _call(self, endpoint: GrowattEndpoint, sent: Mapping[str, str]) -> Any:
        """Make a call in its turn and return what its envelope holds."""
        if not endpoint.write:
            answer = await self._limiter.shared(
                endpoint.question(sent), lambda: self._read(endpoint, sent)
            )
            return _result(endpoint, sent, answer)
        if self._watch_only:
            raise WatchOnlyError("Only watching was chosen")
        try:
            return _result(endpoint, sent, await self._send(endpoint, sent))
        finally:
            self._limiter.part_flights()
            self._limiter.answers.forget(endpoint.devices_in(sent))

    async def _read(
        self, endpoint: GrowattEndpoint, sent: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return the answer that still stands, or a new one."""
        if not self._urgent:
            known = self._limiter.answers.get(endpoint.question(sent))
            if known is not None:
                return opened(known)
        return await self._send(endpoint, sent)

    async def _send(
        self, endpoint: GrowattEndpoint, sent: Mapping[str, str]
    ) -> dict[str, Any]:
        """Send a request in its turn, and keep the answer where it stands for a while.

        An error is an answer too, unless it only says that it was too soon.
        """
        urgent = self._urgent or endpoint.write
        async with self._limiter.turn(
            Turn(limits=endpoint.limits(sent), urgent=urgent)
        ):
            answer = await self._exchange(endpoint, sent)
            window = endpoint.window(sent)
            if not endpoint.write and window:
                error = error_in(answer, endpoint.envelope, endpoint.meaning, window)
                if not isinstance(error, LimitError):
                    self._limiter.answers.put(
                        endpoint.question(sent),
                        answer,
                        seconds=window,
                        about=endpoint.devices_in(sent),
                    )
            return answer

    async def _exchange(
        self, endpoint: GrowattEndpoint, sent: Mapping[str, str]
    ) -> dict[str, Any]:
        """Send one request and return the envelope of its answer."""
        in_query = endpoint.method == "GET"
        response = await self._http.send(
            Request(
                method=endpoint.method,
                path=endpoint.path,
                query=sent if in_query else {},
                form=None if in_query else sent,
                headers={"token": self._token},
                timeout=_TIMEOUT,
            )
        )
        if (error := error_of_status(response.status)) is not None:
            raise error
        return opened(response.json())

    async def _pages(
        self, name: str, parameters: Mapping[str, Any], key: str
    ) -> list[Mapping[str, Any]]:
        """Return the items of all pages of a list of API v1."""
        items: list[Mapping[str, Any]] = []
        pages = Pages()
        for page in range(1, _MAX_PAGES + 1):
            result = await self.call(
                name, {**parameters, "page": page, "perpage": _PAGE_SIZE}
            )
            if result is None:
                break
            found = result.get(key) if isinstance(result, dict) else None
            if not isinstance(found, list):
                raise TransientError("The answer has no list")
            items += [item for item in pages.take(found) if isinstance(item, dict)]
            if not found or len(items) >= (number(result.get("count")) or 0):
                break
        return items


def _result(
    endpoint: GrowattEndpoint, sent: Mapping[str, str], answer: Mapping[str, Any]
) -> Any:
    """Return what an envelope holds, or raise what it tells of."""
    window = endpoint.window(sent)
    error = error_in(answer, endpoint.envelope, endpoint.meaning, window)
    if error is not None:
        raise error
    return result_in(answer, endpoint.envelope)

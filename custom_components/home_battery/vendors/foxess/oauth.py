"""Signing in with Fox ESS: tokens for codes and for refresh tokens (notes, 1.4).

All parameters stand in the query, the refresh is a GET, and there is no
envelope. What the answers hold is not documented; it is taken to be what OAuth
itself asks for.
"""

from typing import Any, Final

from ...battery.fields import number
from ...transport.errors import AuthenticationError, TransientError
from ...transport.http import Http, Request
from ..oauth import OAuthClient, SignIn, Tokens
from .client import DEFAULT_BASE_URL
from .errors import error_of_status

# OAuth's two ways to say that a code, a token or a client is not good.
_REFUSALS = (400, 401)
_LONGEST_LIFETIME = 366 * 24 * 3600


async def _exchange(http: Http, client: OAuthClient, code: str) -> Tokens:
    """Return the tokens for a code."""
    return await _ask(
        http,
        "POST",
        "/oauth2/token",
        client,
        {"grant_type": "authorization_code", "code": code},
    )


async def _refresh(http: Http, client: OAuthClient, refresh_token: str) -> Tokens:
    """Return the next tokens for a refresh token."""
    return await _ask(
        http,
        "GET",
        "/oauth2/refresh",
        client,
        {"grant_type": "refresh_token", "refresh_token": refresh_token},
    )


async def _ask(
    http: Http, method: str, path: str, client: OAuthClient, query: dict[str, str]
) -> Tokens:
    """Ask for tokens; nothing of what was sent gets into an error."""
    response = await http.send(
        Request(
            method=method,
            path=path,
            query={
                "client_id": client.client_id,
                "client_secret": client.client_secret,
                **query,
            },
        )
    )
    if response.status in _REFUSALS:
        raise AuthenticationError(
            "The sign-in is refused", code=f"HTTP {response.status}"
        )
    if (error := error_of_status(response.status)) is not None:
        raise error
    return tokens_of(response.json())


def tokens_of(answer: Any) -> Tokens:
    """Return the tokens in an answer.

    Raises:
        TransientError: It has none.
    """
    fields = answer if isinstance(answer, dict) else {}
    access_token = _text(fields.get("access_token"))
    if access_token is None:
        raise TransientError("The answer has no access token")
    lifetime = number(fields.get("expires_in")) or 0
    return Tokens(
        access_token=access_token,
        refresh_token=_text(fields.get("refresh_token")),
        lifetime=int(lifetime) if 1 <= lifetime <= _LONGEST_LIFETIME else None,
    )


def _text(value: object) -> str | None:
    """Return a text that is one and is not empty."""
    return value if isinstance(value, str) and value else None


SIGN_IN: Final = SignIn(
    base_url=DEFAULT_BASE_URL,
    page="/h5/auth/foxessIndex",
    scope="data_access",
    exchange=_exchange,
    refresh=_refresh,
)

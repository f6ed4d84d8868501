"""The pages and calls of OAuth 2.0, outside the API and its envelope (Fox ESS notes 1.4).

What the token calls answer is not documented; it is what OAuth itself asks
for, with its words for refusals. Parameters only count in the query string.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from ..jsontypes import JsonObject
from .oauth import Grant, OAuth, OAuthError

if TYPE_CHECKING:
    from .cloud import FoxEssCloud

AUTHORIZE: Final = "/h5/auth/foxessIndex"
TOKEN: Final = "/oauth2/token"
REFRESH: Final = "/oauth2/refresh"
REVOKE: Final = "/oauth2/revoke"
REVOKE_ALL: Final = "/oauth2/revokeAllTokens"


def add_oauth_routes(app: web.Application, cloud: FoxEssCloud) -> None:
    """Serve the pages and calls of OAuth 2.0."""

    async def authorize(request: web.Request) -> web.StreamResponse:
        return _authorize(request, cloud.oauth)

    app.router.add_get(AUTHORIZE, authorize)
    for method, path, answer in (
        ("POST", TOKEN, _exchange),
        ("GET", REFRESH, _refresh),
        ("GET", REVOKE, _revoke),
        ("GET", REVOKE_ALL, _revoke_all),
    ):
        app.router.add_route(method, path, _handler(cloud.oauth, answer))


def _handler(
    oauth: OAuth, answer: Callable[[web.Request, OAuth], JsonObject]
) -> Handler:
    """Return the handler of a call that proves who the client is."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            oauth.check_client(
                _needed(request, "client_id"), _needed(request, "client_secret")
            )
            return web.json_response(answer(request, oauth))
        except OAuthError as error:
            return web.json_response({"error": error.error}, status=error.status)

    return handle


def _authorize(request: web.Request, oauth: OAuth) -> web.StreamResponse:
    """Send the person, who always agrees, back to the client with a code."""
    try:
        location = _location(request, oauth)
    except OAuthError as error:
        return web.Response(status=error.status, text=error.error)
    return web.Response(status=302, headers={"Location": location})


def _location(request: web.Request, oauth: OAuth) -> str:
    """Return where a person is sent who has agreed."""
    if _needed(request, "response_type") != "code":
        raise OAuthError(400, "unsupported_response_type")
    redirect = _needed(request, "redirect_uri")
    try:
        parts = urlsplit(redirect)
    except ValueError:
        raise OAuthError(400, "invalid_request") from None
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.fragment:
        raise OAuthError(400, "invalid_request")
    code = oauth.code_for(_needed(request, "client_id"), _needed(request, "scope"))
    answer = {"code": code}
    if state := request.query.get("state"):
        answer["state"] = state
    separator = "&" if parts.query else "?"
    return f"{redirect}{separator}{urlencode(answer)}"


def _exchange(request: web.Request, oauth: OAuth) -> JsonObject:
    """Answer oauth2/token."""
    _check_grant_type(request, "authorization_code")
    return _tokens(oauth, oauth.exchange(_needed(request, "code")))


def _refresh(request: web.Request, oauth: OAuth) -> JsonObject:
    """Answer oauth2/refresh."""
    _check_grant_type(request, "refresh_token")
    return _tokens(oauth, oauth.refresh(_needed(request, "refresh_token")))


def _revoke(request: web.Request, oauth: OAuth) -> JsonObject:
    """Answer oauth2/revoke."""
    oauth.revoke(_needed(request, "access_token"))
    return {}


def _revoke_all(request: web.Request, oauth: OAuth) -> JsonObject:
    """Answer oauth2/revokeAllTokens."""
    oauth.revoke(_needed(request, "access_token"), every=True)
    return {}


def _tokens(oauth: OAuth, grant: Grant) -> JsonObject:
    """Return tokens as the server sends them."""
    told: JsonObject = {
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "token_type": "Bearer",
        "expires_in": oauth.expires_in(grant),
        "scope": grant.scope,
    }
    return {key: value for key, value in told.items() if key not in oauth.untold}


def _check_grant_type(request: web.Request, expected: str) -> None:
    """Refuse another kind of grant."""
    if _needed(request, "grant_type") != expected:
        raise OAuthError(400, "unsupported_grant_type")


def _needed(request: web.Request, name: str) -> str:
    """Return a parameter of the query string that must be there."""
    if not (value := request.query.get(name)):
        raise OAuthError(400, "invalid_request")
    return value

"""Who calls: headers, signature, token (Fox ESS notes 1.2 and 1.3)."""

from hashlib import md5

from aiohttp import web
from multidict import CIMultiDictProxy

from .account import Account, Accounts
from .errors import BAD_BODY, BAD_HEADER, TOKEN_EXPIRED, TOKEN_INVALID, ApiError
from .oauth import OAuth

# Four characters, backslash r backslash n: the real server refuses a line break here.
_SEPARATOR = r"\r\n"
_LANGUAGES = frozenset({"en", "zh_CN", "de", "pt", "fr", "pl"})


def signature(path: str, token: str, timestamp: str) -> str:
    """Return the signature that the server expects; `path` has no query string."""
    text = _SEPARATOR.join((path, token, timestamp))
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def authenticate(request: web.Request, accounts: Accounts, oauth: OAuth) -> Account:
    """Return the account that a request belongs to, or refuse it.

    An access token signs in the private token's place; a dead one is the one
    refusal that has an HTTP status of its own.
    """
    headers = request.headers
    token = _token(headers)
    given = _header(headers, "signature", "no signature")
    timestamp = _header(headers, "timestamp", "no timestamp")
    if not timestamp.isascii() or not timestamp.isdigit():
        raise ApiError(BAD_HEADER, "illegal timestamp")
    if _header(headers, "lang", "no lang") not in _LANGUAGES:
        raise ApiError(BAD_HEADER, "illegal lang")
    if given != signature(request.path, token, timestamp):
        raise ApiError(BAD_HEADER, "illegal signature")
    if "Authorization" in headers:
        if (granted := oauth.account(token)) is None:
            raise web.HTTPUnauthorized
        return granted
    if token in accounts.revoked:
        raise ApiError(TOKEN_EXPIRED)
    if (account := accounts.by_token.get(token)) is None:
        raise ApiError(TOKEN_INVALID)
    return account


def check_content_type(request: web.Request) -> None:
    """Refuse a body that does not say that it is JSON."""
    if request.method == "POST" and request.content_type != "application/json":
        raise ApiError(BAD_BODY)


def _token(headers: CIMultiDictProxy[str]) -> str:
    """Return the private token or the bearer token, never both."""
    bearer = headers.get("Authorization")
    if bearer is None:
        return _header(headers, "token", "no token")
    if "token" in headers or not bearer.startswith("Bearer "):
        raise ApiError(BAD_HEADER, "illegal Authorization")
    return bearer.removeprefix("Bearer ")


def _header(headers: CIMultiDictProxy[str], name: str, complaint: str) -> str:
    """Return a header that must be there."""
    if not (value := headers.get(name)):
        raise ApiError(BAD_HEADER, complaint)
    return value

"""What a vendor says of signing in with it: the pages and calls of OAuth 2.0."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..transport.http import Http

# Returns the access token that is good now. If it is told that a token was
# refused, it returns another in its place. Raises AuthenticationError if the
# person has to sign in again, NotSentError if the vendor could not be asked.
type AccessToken = Callable[[str | None], Awaitable[str]]


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """The application that a vendor has let in, as it proves itself."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a vendor grants.

    Attributes:
        access_token: What calls are signed with.
        refresh_token: What brings the next tokens; `None` if the former stays.
        lifetime: Seconds for which the access token is good, if that was told.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    lifetime: int | None = None


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """How a person signs in with a vendor instead of entering a key.

    `exchange` and `refresh` ask for tokens, for a code or a refresh token. They
    raise AuthenticationError if that is refused, another ApiError if it is not
    known.

    Attributes:
        base_url: The vendor's server.
        page: The path of the page on which the person agrees.
        scope: What is asked for.
        exchange: Brings the tokens for a code.
        refresh: Brings the next tokens for a refresh token.
    """

    base_url: str
    page: str
    scope: str
    exchange: Callable[[Http, OAuthClient, str], Awaitable[Tokens]]
    refresh: Callable[[Http, OAuthClient, str], Awaitable[Tokens]]

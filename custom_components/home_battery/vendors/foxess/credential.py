"""What Fox ESS calls are signed with: a private token, or an access token (notes, 1.2 to 1.4)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
import hashlib
from typing import override

from ..oauth import AccessToken

# The four characters, not a line break: a real one is refused with 40256.
_SEPARATOR = r"\r\n"


class Credential(ABC):
    """Proves whose calls they are, by a key that may change."""

    @abstractmethod
    async def key(self) -> str:
        """Return the key that is good now.

        Raises:
            AuthenticationError: There is none any more.
            NotSentError: There is one, but the vendor could not be asked for it.
        """

    @abstractmethod
    async def instead_of(self, refused: str) -> str | None:
        """Return another key for one that was refused, `None` if there is none.

        Raises:
            AuthenticationError: As above.
            NotSentError: As above.
        """

    @abstractmethod
    def _proof(self, key: str) -> dict[str, str]:
        """Return the header that shows the key."""

    def headers(self, path: str, key: str, timestamp: str) -> dict[str, str]:
        """Return the signed headers of a call.

        Args:
            path: The path alone, without the query.
            key: A key that this gave.
            timestamp: Milliseconds since the epoch.
        """
        text = _SEPARATOR.join((path, key, timestamp))
        return {
            **self._proof(key),
            "timestamp": timestamp,
            "signature": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
            "lang": "en",
            "Content-Type": "application/json",
        }


@dataclass(frozen=True)
class PrivateToken(Credential):
    """The key of the Open API, which is good until the person makes another."""

    token: str = field(repr=False)

    @override
    async def key(self) -> str:
        """Return the token."""
        return self.token

    @override
    async def instead_of(self, refused: str) -> None:
        """Return nothing: only the person has another."""

    @override
    def _proof(self, key: str) -> dict[str, str]:
        """Return the vendor's own header."""
        return {"token": key}


@dataclass(frozen=True)
class SignedIn(Credential):
    """The access tokens of somebody who has signed in."""

    access_token: AccessToken

    @override
    async def key(self) -> str:
        """Return the access token of the day."""
        return await self.access_token(None)

    @override
    async def instead_of(self, refused: str) -> str:
        """Return the access token that follows one."""
        return await self.access_token(refused)

    @override
    def _proof(self, key: str) -> dict[str, str]:
        """Return OAuth's header; the vendor's own must not stand beside it."""
        return {"Authorization": f"Bearer {key}"}

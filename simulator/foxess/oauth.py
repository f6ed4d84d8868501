"""OAuth 2.0: clients, codes and tokens (Fox ESS notes 1.4). Time is protocol time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from ..clock import Clock
from .account import Account

_CODE_LIVES: Final = timedelta(minutes=10)
_TOKEN_LIVES: Final = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """An application that the vendor has let in."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one person has granted: a pair of tokens for an account."""

    account: Account
    access_token: str
    refresh_token: str
    scope: str
    expires_at: datetime


class OAuthError(Exception):
    """A refusal by the token endpoints, which have HTTP status codes of their own."""

    def __init__(self, status: int, error: str) -> None:
        """Refuse with a status and OAuth's word for it."""
        self.status = status
        self.error = error
        super().__init__(error)


class OAuth:
    """All codes and tokens. Whoever opens the authorize page is `person`, and agrees.

    `untold` names the fields that answers leave out, as OAuth lets a server do
    with `expires_in`, and with `refresh_token` where the former stays good.
    """

    def __init__(self, person: Account, *, clock: Clock, seed: int) -> None:
        """Let one application in."""
        self.person = person
        self.lifetime = _TOKEN_LIVES
        self.untold: frozenset[str] = frozenset()
        self._clock = clock
        self._seed = seed
        self._issued = 0
        self._codes: dict[str, tuple[Account, str, datetime]] = {}
        self._grants: list[Grant] = []
        self.client = OAuthClient(
            client_id=self._new("client"), client_secret=self._new("secret")
        )

    @property
    def grants(self) -> list[Grant]:
        """Return what is granted now, whether its access token has run out or not."""
        return list(self._grants)

    def code_for(self, client_id: str, scope: str) -> str:
        """Return a code for a client, which works once."""
        if client_id != self.client.client_id:
            raise OAuthError(400, "unauthorized_client")
        code = self._new("code")
        self._codes[code] = (self.person, scope, self._clock.now() + _CODE_LIVES)
        return code

    def exchange(self, code: str) -> Grant:
        """Return tokens for a code."""
        account, scope, until = self._codes.pop(code, (None, "", self._clock.now()))
        if account is None or until <= self._clock.now():
            raise OAuthError(400, "invalid_grant")
        return self._grant(account, scope)

    def refresh(self, refresh_token: str) -> Grant:
        """Return new tokens for a refresh token, which works once if another one is told.

        The old access token is dead.
        """
        for grant in self._grants:
            if grant.refresh_token == refresh_token:
                self._grants.remove(grant)
                kept = refresh_token if "refresh_token" in self.untold else None
                return self._grant(grant.account, grant.scope, kept)
        raise OAuthError(400, "invalid_grant")

    def revoke(self, access_token: str, *, every: bool = False) -> None:
        """End a grant, or all of the account that it is for."""
        grant = self._by_access_token(access_token)
        if grant is None:
            raise OAuthError(400, "invalid_token")
        self._grants = [
            held
            for held in self._grants
            if held is not grant and not (every and held.account is grant.account)
        ]

    def expire(self) -> None:
        """Let every access token have run out; refresh tokens are good."""
        now = self._clock.now()
        self._grants = [replace(held, expires_at=now) for held in self._grants]

    def account(self, access_token: str) -> Account | None:
        """Return the account that an access token is good for, or None."""
        grant = self._by_access_token(access_token)
        if grant is None or grant.expires_at <= self._clock.now():
            return None
        return grant.account

    def expires_in(self, grant: Grant) -> int:
        """Return for how many seconds an access token is good."""
        return int((grant.expires_at - self._clock.now()).total_seconds())

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Refuse a client that is not known."""
        if OAuthClient(client_id=client_id, client_secret=client_secret) != self.client:
            raise OAuthError(401, "invalid_client")

    def _grant(
        self, account: Account, scope: str, refresh_token: str | None = None
    ) -> Grant:
        """Return new tokens, all but a refresh token that is kept."""
        grant = Grant(
            account=account,
            access_token=self._new("access"),
            refresh_token=refresh_token or self._new("refresh"),
            scope=scope,
            expires_at=self._clock.now() + self.lifetime,
        )
        self._grants.append(grant)
        return grant

    def _by_access_token(self, access_token: str) -> Grant | None:
        """Return the grant of an access token."""
        return next(
            (grant for grant in self._grants if grant.access_token == access_token),
            None,
        )

    def _new(self, kind: str) -> str:
        """Return something secret that was not issued before."""
        self._issued += 1
        name = f"simulator/foxess/{self._seed}/oauth/{kind}/{self._issued}"
        return uuid5(NAMESPACE_URL, name).hex

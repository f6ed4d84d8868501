"""Accounts with their passwords, and the tokens that logging in gives."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
import hmac
import json
from typing import Final

from ..accounts import Tokens
from .fleet import Group
from .product import Product

_HEADER: Final = {"alg": "HS256", "typ": "JWT"}


@dataclass(kw_only=True, eq=False)
class Account:
    """Who may log in, and which groups that shows."""

    token: str = ""
    email: str
    password: str
    groups: list[Group] = field(default_factory=list)

    def products(self) -> list[tuple[Group, Product]]:
        """Return all products with their groups."""
        return [(group, product) for group in self.groups for product in group.products]


@dataclass(frozen=True, kw_only=True)
class _Pass:
    """What a token is good for."""

    account: Account
    until: float


class Accounts:
    """All accounts of the cloud. `says_expiry` puts the end of a token into it."""

    def __init__(self, vendor: str, seed: int) -> None:
        """Start without accounts."""
        self._ids: Tokens[Account] = Tokens(vendor, seed)
        self._key = self._ids.new_id("key").encode()
        self._passes: dict[str, _Pass] = {}
        self.by_email: dict[str, Account] = {}
        self.says_expiry = True

    def open(self, groups: list[Group]) -> Account:
        """Return a new account."""
        account = Account(
            email=f"owner{len(self.by_email) + 1}@example.com",
            password=self.new_password(),
            groups=groups,
        )
        self.by_email[account.email] = account
        return account

    def new_password(self) -> str:
        """Return a password that was not used before."""
        return self._ids.new_id("password")

    def log_in(self, email: str, password: str) -> Account | None:
        """Return the account that credentials open; the case of the e-mail address is nothing."""
        account = self.by_email.get(email.lower())
        if account is None or not hmac.compare_digest(
            account.password.encode(), password.encode()
        ):
            return None
        return account

    def issue(self, account: Account, validity: float, now: datetime) -> str:
        """Return a token that is good for so many seconds."""
        until = now.timestamp() + validity
        claims: dict[str, str | int] = {
            "sub": account.email,
            "jti": self._ids.new_id("token"),
            "iat": int(now.timestamp()),
        }
        if self.says_expiry:
            claims["exp"] = int(until)
        signed = ".".join(
            _base64(json.dumps(part, separators=(",", ":")).encode())
            for part in (_HEADER, claims)
        )
        signature = hmac.digest(self._key, signed.encode(), "sha256")
        account.token = f"{signed}.{_base64(signature)}"
        self._passes[account.token] = _Pass(account=account, until=until)
        return account.token

    def holder(self, token: str, now: datetime) -> Account | None:
        """Return whose token it is, while it is good."""
        known = self._passes.get(token)
        if known is None or known.until <= now.timestamp():
            return None
        return known.account

    def forget_tokens(self) -> None:
        """Let every token be worth nothing."""
        self._passes.clear()


def _base64(data: bytes) -> str:
    """Return data as a JWT carries it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

"""Accounts, tokens and the lock that follows wrong passwords (xStorage notes 1.2 and 1.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from ..accounts import Tokens
from ..jsontypes import Json
from .body import Struct
from .errors import (
    BAD_CREDENTIALS,
    BAD_REQUEST,
    LOCKED,
    UNAUTHORIZED,
    WRONG_CREDENTIALS,
    WRONG_SERIAL,
    InvalidError,
    refusal,
)

TOKEN_LIFE: Final = timedelta(minutes=60)
LOCK_TIME: Final = timedelta(minutes=10)
MOST_FAILURES: Final = 6


class Role(StrEnum):
    """The two kinds of account, as they are said when signing in."""

    CUSTOMER = "customer"
    TECHNICIAN = "tech"


@dataclass(kw_only=True)
class User:
    """An account, how often in a row it was refused, and until when it is locked."""

    role: Role
    name: str
    password: str
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(kw_only=True)
class Session:
    """A token, whose it is, and until when."""

    token: str
    role: Role
    until: datetime


class SignIn(Tokens[Session]):
    """Who may come in. All times are house time."""

    def __init__(self, serial: str, seed: int) -> None:
        """Open both accounts of a unit."""
        super().__init__(f"eaton/{serial}", seed)
        self._serial = serial
        self.users = {
            Role.CUSTOMER: User(
                role=Role.CUSTOMER, name="resident", password="Kirschbaum-27"
            ),
            Role.TECHNICIAN: User(
                role=Role.TECHNICIAN, name="installer", password="Hutschiene-35"
            ),
        }

    def sign_in(self, body: Json, now: datetime) -> str:
        """Return a token, or refuse."""
        try:
            form = Struct("SigninReq", body)
            role = Role(form.text("userType", required=True, one_of=tuple(Role)))
            name = form.text("username", required=True)
            password = form.text("pwd", required=True)
            serial = form.text("inverterSn", required=role is Role.TECHNICIAN)
            form.text("email", required=role is Role.TECHNICIAN)
        except InvalidError:
            raise refusal(BAD_REQUEST, BAD_CREDENTIALS) from None
        user = self.users[role]
        self._check_lock(user, now)
        if (name, password) != (user.name, user.password):
            raise self._count_failure(user, WRONG_CREDENTIALS, now)
        if role is Role.TECHNICIAN and serial != self._serial:
            raise self._count_failure(user, WRONG_SERIAL, now)
        user.failures = 0
        return self.issue(role, now)

    def issue(self, role: Role, now: datetime) -> str:
        """Return a new token."""
        session = Session(token=self.new_token(), role=role, until=now + TOKEN_LIFE)
        return self.admit(session).token

    def role(self, header: str, now: datetime) -> Role:
        """Return whose token a header bears, or refuse."""
        kind, _, token = header.partition(" ")
        session = self.by_token.get(token)
        if kind != "Bearer" or session is None or now >= session.until:
            raise refusal(UNAUTHORIZED, "err_unauthorized")
        return session.role

    def forget(self) -> None:
        """Forget all tokens."""
        self.by_token.clear()

    def lock(self, role: Role, now: datetime) -> None:
        """Lock an account as so many wrong passwords do."""
        user = self.users[role]
        user.failures = 0
        user.locked_until = now + LOCK_TIME

    def _check_lock(self, user: User, now: datetime) -> None:
        """Refuse whoever is locked out, and say for how many minutes."""
        if user.locked_until is not None and now < user.locked_until:
            left = ceil((user.locked_until - now) / timedelta(minutes=1))
            raise refusal(UNAUTHORIZED, LOCKED, str(left))

    def _count_failure(self, user: User, code: str, now: datetime) -> Exception:
        """Return a refusal, and lock the account after the last one that is borne."""
        user.failures += 1
        if user.failures >= MOST_FAILURES:
            self.lock(user.role, now)
        return refusal(UNAUTHORIZED, code)

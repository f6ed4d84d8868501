"""The accounts of a cloud, by their tokens."""

from typing import Protocol
from uuid import NAMESPACE_URL, uuid5


class HasToken(Protocol):
    """What an account must have."""

    token: str


class Ids:
    """Ids that look random and are the same in every run."""

    def __init__(self, vendor: str, seed: int) -> None:
        """Let the ids follow from the seed."""
        self._vendor = vendor
        self._seed = seed
        self._issued = 0

    def new_id(self, kind: str) -> str:
        """Return an id that was not used before."""
        self._issued += 1
        name = f"simulator/{self._vendor}/{self._seed}/{kind}/{self._issued}"
        return str(uuid5(NAMESPACE_URL, name))


class Tokens[Account: HasToken](Ids):
    """All accounts, and the tokens that were replaced."""

    def __init__(self, vendor: str, seed: int) -> None:
        """Start without accounts; tokens and other ids follow from the seed."""
        super().__init__(vendor, seed)
        self.by_token: dict[str, Account] = {}
        self.revoked: set[str] = set()

    def admit(self, account: Account) -> Account:
        """Let an account in."""
        self.by_token[account.token] = account
        return account

    def rotate(self, account: Account) -> str:
        """Give an account another token; the old one has expired from now on."""
        self.revoked.add(account.token)
        del self.by_token[account.token]
        account.token = self.new_token()
        return self.admit(account).token

    def new_token(self) -> str:
        """Return a token that was not used before."""
        return self.new_id("token")

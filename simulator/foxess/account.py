"""Accounts, and the stations that each of them sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from .device import Inverter


@dataclass(frozen=True, kw_only=True)
class Station:
    """A plant as one account sees it."""

    id: str
    name: str
    inverters: tuple[Inverter, ...]

    @property
    def time_zone(self) -> str:
        """Return the IANA name of the plant's time zone."""
        return self.inverters[0].house.time_zone.key


@dataclass(kw_only=True, eq=False)
class Account:
    """One account: a token and its stations."""

    token: str
    stations: list[Station] = field(default_factory=list)

    @property
    def inverters(self) -> Iterator[Inverter]:
        """Iterate over all inverters that the account sees."""
        return (inverter for station in self.stations for inverter in station.inverters)

    def placed(self) -> Iterator[tuple[Station, Inverter]]:
        """Iterate over all inverters with the station in which the account sees them."""
        return (
            (station, inverter)
            for station in self.stations
            for inverter in station.inverters
        )


class Accounts:
    """All accounts of the cloud, and the tokens that were replaced."""

    def __init__(self, seed: int) -> None:
        """Start without accounts; tokens and station ids follow from the seed."""
        self._seed = seed
        self._issued = 0
        self.by_token: dict[str, Account] = {}
        self.revoked: set[str] = set()

    def open(self, groups: Sequence[Sequence[Inverter]]) -> Account:
        """Open an account with one station per group of inverters."""
        account = Account(token=self._new_id("token"))
        account.stations = [
            Station(
                id=self._new_id("station"),
                name=f"House {number}",
                inverters=tuple(group),
            )
            for number, group in enumerate(groups, 1)
        ]
        self.by_token[account.token] = account
        return account

    def rotate(self, account: Account) -> str:
        """Give an account another token; the old one has expired from now on."""
        self.revoked.add(account.token)
        del self.by_token[account.token]
        account.token = self._new_id("token")
        self.by_token[account.token] = account
        return account.token

    def _new_id(self, kind: str) -> str:
        """Return an id that was not used before."""
        self._issued += 1
        return str(
            uuid5(NAMESPACE_URL, f"simulator/foxess/{self._seed}/{kind}/{self._issued}")
        )

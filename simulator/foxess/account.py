"""Accounts, and the stations that each of them sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from .device import Inverter
from .site import Site
from .uplink import Uplink


@dataclass(frozen=True, kw_only=True)
class Station:
    """A plant as one account sees it."""

    id: str
    name: str
    time_zone: str
    inverters: tuple[Inverter, ...] = ()
    parts: tuple[Uplink, ...] = ()
    country: str = "Germany"
    city: str = "Musterstadt"
    address: str = "Musterweg 1"
    postcode: str = "00000"


@dataclass(kw_only=True, eq=False)
class Account:
    """One account: a token, its stations, and the devices whose plant was deleted."""

    token: str
    stations: list[Station] = field(default_factory=list)
    loose: list[Uplink] = field(default_factory=list)

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

    def parts(self) -> Iterator[tuple[Station, Uplink]]:
        """Iterate over all that is no inverter, with its station."""
        return ((station, part) for station in self.stations for part in station.parts)

    def station(self, station_id: str) -> Station | None:
        """Return a station by its id."""
        return next(
            (station for station in self.stations if station.id == station_id), None
        )


class Accounts:
    """All accounts of the cloud, and the tokens that were replaced."""

    def __init__(self, seed: int) -> None:
        """Start without accounts; tokens and station ids follow from the seed."""
        self._seed = seed
        self._issued = 0
        self.by_token: dict[str, Account] = {}
        self.revoked: set[str] = set()

    def open(self, sites: Sequence[Site]) -> Account:
        """Open an account with one station per site."""
        account = Account(token=self.new_id("token"))
        account.stations = [
            Station(
                id=self.new_id("station"),
                name=f"House {number}",
                time_zone=site.time_zone,
                inverters=site.inverters,
                parts=site.parts,
            )
            for number, site in enumerate(sites, 1)
        ]
        self.by_token[account.token] = account
        return account

    def rotate(self, account: Account) -> str:
        """Give an account another token; the old one has expired from now on."""
        self.revoked.add(account.token)
        del self.by_token[account.token]
        account.token = self.new_id("token")
        self.by_token[account.token] = account
        return account.token

    def new_id(self, kind: str) -> str:
        """Return an id that was not used before."""
        self._issued += 1
        return str(
            uuid5(NAMESPACE_URL, f"simulator/foxess/{self._seed}/{kind}/{self._issued}")
        )

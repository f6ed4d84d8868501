"""Accounts, and the stations that each of them sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..accounts import Tokens
from .device import VENDOR, Inverter
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


class Accounts(Tokens[Account]):
    """All accounts of the cloud."""

    def __init__(self, seed: int) -> None:
        """Start without accounts; tokens and station ids follow from the seed."""
        super().__init__(VENDOR, seed)

    def open(self, sites: Sequence[Site]) -> Account:
        """Open an account with one station per site."""
        account = Account(token=self.new_token())
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
        return self.admit(account)

"""The Fox ESS cloud with its accounts and devices."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from ..calls import LoggedCall
from ..clock import Clock
from ..faults import Switchboard
from ..jsontypes import Json, JsonObject
from ..past import Witness
from ..server import LocalServer
from .account import Accounts
from .app import build_app
from .device import VENDOR, Inverter
from .ems import Ems
from .gmax import Gmax
from .heat_pumps import HeatPump
from .limits import Limits
from .meters import Meter
from .oauth import OAuth, OAuthClient
from .site import Site
from .state import inverter_state, part_state, station_state
from .uplink import Uplink

__all__ = ["VENDOR", "FoxEssCloud"]


class FoxEssCloud:
    """A server that speaks the vendor's Open API for a fleet of inverters."""

    name = VENDOR

    def __init__(
        self,
        sites: Sequence[Site],
        *,
        clock: Clock,
        switchboard: Switchboard,
        seed: int,
        port: int = 0,
        undocumented: bool = True,
    ) -> None:
        """Open one account that sees all sites.

        With `undocumented` off, what the vendor's document no longer lists is gone.
        """
        self.undocumented = undocumented
        self.clock = clock
        self.switchboard = switchboard
        self.accounts = Accounts(seed)
        self.limits = Limits()
        self.calls: list[LoggedCall] = []
        self._sites = tuple(sites)
        self._main = self.accounts.open(sites)
        for station in self._main.stations:
            for device in (*station.inverters, *station.parts):
                device.station_id = station.id
        self.oauth = OAuth(self._main, clock=clock, seed=seed)
        self.server = LocalServer(build_app(self), port=port)
        switchboard.before_change(self.settle)

    @property
    def base_url(self) -> str:
        """Return the server's address."""
        return self.server.base_url

    @property
    def token(self) -> str:
        """Return the token of the first account."""
        return self._main.token

    @property
    def oauth_client(self) -> OAuthClient:
        """Return the application that may ask for access tokens."""
        return self.oauth.client

    @property
    def inverters(self) -> list[Inverter]:
        """Return all inverters, brought up to date."""
        self.settle()
        return [inverter for site in self._sites for inverter in site.inverters]

    @property
    def ems(self) -> list[Ems]:
        """Return all EMS, brought up to date."""
        return self._parts(Ems)

    @property
    def gmaxes(self) -> list[Gmax]:
        """Return all GMAX batteries, brought up to date."""
        return self._parts(Gmax)

    @property
    def meters(self) -> list[Meter]:
        """Return all gateway meters, brought up to date."""
        return self._parts(Meter)

    @property
    def heat_pumps(self) -> list[HeatPump]:
        """Return all heat pumps, brought up to date."""
        return self._parts(HeatPump)

    def inverter(self, serial: str) -> Inverter:
        """Return an inverter by its serial number, brought up to date."""
        for inverter in self.inverters:
            if inverter.serial == serial:
                return inverter
        raise KeyError(serial)

    def add_account(self, serials: Iterable[str]) -> str:
        """Return the token of another account, which sees some of the inverters in a station of its own."""
        wanted = [self.inverter(serial) for serial in serials]
        zone = wanted[0].house.time_zone.key
        return self.accounts.open([Site(time_zone=zone, inverters=tuple(wanted))]).token

    def rotate_token(self) -> str:
        """Return a new token for the first account; the old one has expired."""
        return self.accounts.rotate(self._main)

    def spend(self, calls: int) -> None:
        """Count calls that another program makes with the first account."""
        self.limits.spend(self._main, calls, self.clock.now())

    def _parts[Part: Uplink](self, kind: type[Part]) -> list[Part]:
        """Return all devices of a kind that is no inverter."""
        self.settle()
        return [
            part
            for site in self._sites
            for part in site.parts
            if isinstance(part, kind)
        ]

    def settle(self) -> None:
        """Let every house catch up with house time."""
        for site in self._sites:
            for device in site.devices:
                device.settle()

    async def start(self) -> None:
        """Serve."""
        await self.server.start()

    async def stop(self) -> None:
        """Stop serving."""
        await self.server.stop()

    def describe(self) -> JsonObject:
        """Return what a client needs in order to connect."""
        return {
            "base_url": self.base_url,
            "token": self.token,
            "oauth_client": asdict(self.oauth_client),
            "devices": [
                {
                    "serial": inverter.serial,
                    "model": inverter.model,
                    "station_id": inverter.station_id,
                }
                for site in self._sites
                for inverter in site.inverters
            ],
            "parts": [
                {
                    "serial": part.serial,
                    "kind": type(part).__name__,
                    "station_id": part.station_id,
                }
                for site in self._sites
                for part in site.parts
            ],
        }

    def witnesses(self) -> dict[str, Witness]:
        """Return what each inverter has seen."""
        return {
            inverter.serial: Witness(house=inverter.house, units=(inverter.unit,))
            for inverter in self.inverters
        }

    def state(self) -> JsonObject:
        """Return all that the devices hold, and the calls that arrived."""
        refused: Json = sum(1 for call in self.calls if call.errno)
        return {
            "calls": {
                "total": len(self.calls),
                "writes": sum(call.write for call in self.calls),
                "refused": refused,
                "by_path": dict(Counter(call.path for call in self.calls)),
                "used_today": self.limits.used(self._main, self.clock.now()),
            },
            "inverters": [inverter_state(inverter) for inverter in self.inverters],
            "grants": len(self.oauth.grants),
            "plants": [station_state(station) for station in self._main.stations],
            "parts": [part_state(part) for site in self._sites for part in site.parts],
        }

"""A whole simulation: houses, servers and the control server."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from .clock import Clock
from .control import ControlServer
from .eaton import EatonUnits
from .faults import Switchboard
from .fleet import build_foxess
from .foxess import FoxEssCloud
from .growatt import GrowattCloud
from .jsontypes import JsonObject
from .lot import HISTORY_DAYS, Lot
from .sun import Sun
from .voltstorage import VoltStorageCloud

_FLEET_STATION = 4


class Simulation:
    """An async context manager that runs everything on 127.0.0.1 in the caller's loop.

    `models` names the devices, one station each; models joined by a plus sign
    share one house. `devices` makes a fleet of that many instead, cycling
    through the models, four to a station.
    """

    def __init__(
        self,
        models: Sequence[str] = ("KH8",),
        *,
        devices: int | None = None,
        speed: float = 1.0,
        start: datetime | None = None,
        seed: int = 0,
        time_zone: str = "Europe/Berlin",
        port: int = 0,
        undocumented: bool = True,
        growatt: Sequence[str] = (),
        history_days: int = HISTORY_DAYS,
        eaton: Sequence[str] = (),
        voltstorage: Sequence[str] = (),
    ) -> None:
        """Build the houses; `port` is the first of the ports, or 0 for any free ones.

        `growatt` and `voltstorage` name those vendors' devices in the same way; without any, that cloud is not served.
        `eaton` names local units, each with a house and a server of its own.

        The houses have lived `history_days` before the simulation begins.

        `undocumented` keeps what vendors answer without documenting it.

        A `start` without a time zone is in that of the houses.
        """
        if start is not None and start.tzinfo is None:
            start = start.replace(tzinfo=ZoneInfo(time_zone))
        self.clock = Clock(start=start, speed=speed)
        self.faults = Switchboard()
        self.sun = Sun(seed=seed)
        lot = Lot.open(
            clock=self.clock,
            switchboard=self.faults,
            sun=self.sun,
            time_zone=time_zone,
            seed=seed,
            history_days=history_days,
        )
        self.foxess = FoxEssCloud(
            build_foxess(_stations(models, devices), lot),
            clock=self.clock,
            switchboard=self.faults,
            seed=seed,
            port=port + 1 if port else 0,
            undocumented=undocumented,
        )
        self.growatt = GrowattCloud(growatt, lot, port=port + 2 if port else 0)
        self.voltstorage = VoltStorageCloud(
            voltstorage,
            lot,
            port=port + 4 if port else 0,
            undocumented=undocumented,
        )
        self.eaton = EatonUnits(eaton, lot, port=port + 5 if port else 0)
        self._vendors: tuple[
            FoxEssCloud | GrowattCloud | VoltStorageCloud | EatonUnits, ...
        ] = (self.foxess,)
        if growatt:
            self._vendors += (self.growatt,)
        if voltstorage:
            self._vendors += (self.voltstorage,)
        if eaton:
            self._vendors += (self.eaton,)
        self._control = ControlServer(
            self._vendors, clock=self.clock, switchboard=self.faults, port=port
        )
        self._stack = AsyncExitStack()

    @property
    def control_url(self) -> str:
        """Return the control server's address."""
        return self._control.base_url

    def describe(self) -> JsonObject:
        """Return what a client needs in order to connect."""
        return {
            "control": self.control_url,
            **{vendor.name: vendor.describe() for vendor in self._vendors},
        }

    async def __aenter__(self) -> Self:
        """Start all servers."""
        async with AsyncExitStack() as stack:
            for server in (self._control, *self._vendors):
                stack.push_async_callback(server.stop)
                await server.start()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all servers."""
        await self._stack.aclose()


def _stations(models: Sequence[str], devices: int | None) -> list[list[str]]:
    """Return the models of each station."""
    if devices is None:
        return [[model] for model in models]
    fleet = [models[index % len(models)] for index in range(devices)]
    return [
        fleet[index : index + _FLEET_STATION]
        for index in range(0, devices, _FLEET_STATION)
    ]

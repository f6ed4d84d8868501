"""One authenticated call, as the endpoints see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..clock import Clock
from ..faults import Switchboard
from ..jsontypes import Json, JsonObject
from .account import Account, Accounts, Station
from .device import VENDOR, Inverter
from .errors import BAD_BODY, DEVICE_TIMEOUT, UNKNOWN_DEVICE, WRITE_FAILED, ApiError
from .limits import Limits
from .schema import Fields
from .uplink import Uplink


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of an account. The body is {} where none was sent."""

    path: str
    account: Account
    accounts: Accounts
    body: Json
    query: Mapping[str, str]
    clock: Clock
    switchboard: Switchboard
    limits: Limits

    def fields(self, *required: str, optional: tuple[str, ...] = ()) -> Fields:
        """Return the body's fields."""
        return Fields(self.body, required=required, optional=optional)

    def devices(self) -> list[tuple[Station, Inverter]]:
        """Return the devices that the account has now, brought up to date."""
        known = [
            (station, inverter)
            for station, inverter in self.account.placed()
            if not self.switchboard.affects(VENDOR, "missing_device", inverter.serial)
        ]
        for _, inverter in known:
            inverter.settle()
        return known

    def device(self, serial: str) -> tuple[Station, Inverter]:
        """Return one device of the account, brought up to date."""
        for station, inverter in self.account.placed():
            if inverter.serial == serial and not self.switchboard.affects(
                VENDOR, "missing_device", serial
            ):
                inverter.settle()
                return station, inverter
        raise ApiError(UNKNOWN_DEVICE)

    def parts[Part: Uplink](self, kind: type[Part]) -> list[tuple[Station, Part]]:
        """Return the account's devices of a kind that is no inverter, brought up to date."""
        known = [
            (station, part)
            for station, part in self.account.parts()
            if isinstance(part, kind)
            and not self.switchboard.affects(VENDOR, "missing_device", part.serial)
        ]
        for _, part in known:
            part.settle()
        return known

    def part[Part: Uplink](self, kind: type[Part], serial: str) -> tuple[Station, Part]:
        """Return one device of a kind that is no inverter."""
        for station, part in self.parts(kind):
            if part.serial == serial:
                return station, part
        raise ApiError(UNKNOWN_DEVICE)

    def reach_part[Part: Uplink](
        self, kind: type[Part], serial: str, *, write: bool = False
    ) -> Part:
        """Return such a device when it has to answer itself."""
        return self._reached(self.part(kind, serial)[1], write=write)

    def queried(self, key: str = "sn") -> str:
        """Return the one query parameter of a GET call."""
        if set(self.query) != {key} or not self.query[key]:
            raise ApiError(BAD_BODY)
        return self.query[key]

    def reach(self, serial: str, *, write: bool = False) -> Inverter:
        """Return a device that has to answer itself."""
        return self._reached(self.device(serial)[1], write=write)

    def write(self, device: Uplink, apply: Callable[[], None]) -> JsonObject:
        """Let a device apply a command, unless a fault loses or delays it, and echo the input."""
        device.obey(self.path, apply)
        assert isinstance(self.body, Mapping)
        return self.body

    def now(self) -> datetime:
        """Return house time."""
        return self.clock.house_now()

    @staticmethod
    def _reached[Device: Uplink](device: Device, *, write: bool) -> Device:
        """Return a device if it answers the cloud."""
        if not device.reachable:
            raise ApiError(WRITE_FAILED if write else DEVICE_TIMEOUT)
        return device

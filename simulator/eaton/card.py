"""The communication card: the unit's web server, with its accounts and its certificate."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ..calls import LoggedCall
from ..chance import fraction
from ..clock import Clock
from ..faults import Switchboard
from ..jsontypes import JsonObject
from ..server import HOST, LocalServer
from .alerts import CRITICAL
from .app import build_app
from .certificate import SelfSigned
from .device import XStorage
from .identity import device_info
from .signin import Role, SignIn, User
from .state import unit_state

REBOOT: Final = timedelta(minutes=2)
# How late the status shows what was commanded, in s of protocol time.
_LEAST_LAG_S: Final = 0.4
_MOST_LAG_S: Final = 2.8


class CommCard:
    """One unit on the network, and what a person can do to it by hand."""

    def __init__(self, device: XStorage, *, seed: int, port: int = 0) -> None:
        """Put a unit on the network."""
        self.device = device
        self.clock: Clock = device.clock
        self.switchboard: Switchboard = device.switchboard
        self.calls: list[LoggedCall] = []
        self.sign_in = SignIn(device.serial, seed)
        self.cloud_mode = False
        self.refusing = False
        self._certificate = SelfSigned("xstorage")
        self.server = self._serve(port)
        self.downloads: dict[str, str] = {}
        self._back_at: datetime | None = None
        self._late: dict[str, tuple[datetime, JsonObject]] = {}
        self._writes = 0

    @property
    def base_url(self) -> str:
        """Return the address, without a trailing slash."""
        return self.server.base_url

    @property
    def host(self) -> str:
        """Return the address without scheme and port."""
        return HOST

    @property
    def port(self) -> int:
        """Return the port."""
        return self.server.port

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the present certificate, in hex."""
        return self._certificate.fingerprint

    @property
    def serial(self) -> str:
        """Return the inverter's serial number."""
        return self.device.serial

    @property
    def customer(self) -> User:
        """Return the customer's account."""
        return self.sign_in.users[Role.CUSTOMER]

    @property
    def technician(self) -> User:
        """Return the technician's account."""
        return self.sign_in.users[Role.TECHNICIAN]

    @property
    def reachable(self) -> bool:
        """Return whether the card answers."""
        booting = self._back_at is not None and self.clock.house_now() < self._back_at
        return not (booting or self.refusing) and self.device.reachable

    def refuse(self, on: bool = True) -> None:
        """Hang up on everyone, or talk again; nothing is forgotten meanwhile."""
        self.refusing = on

    def reboot(self, duration: timedelta = REBOOT) -> None:
        """Be away for some house time; all tokens are forgotten, and what was commanded is not."""
        self._back_at = self.clock.house_now() + duration
        self.sign_in.forget()
        self._late.clear()

    def expire_tokens(self) -> None:
        """Let every token have expired."""
        self.sign_in.forget()

    def lock(self, role: Role = Role.CUSTOMER) -> None:
        """Lock an account, as after too many wrong passwords."""
        self.sign_in.lock(role, self.clock.house_now())

    def new_certificate(self) -> str:
        """Take another certificate, and return its fingerprint; connections have to be made anew."""
        fingerprint = self._certificate.renew()
        self.server.hang_up()
        return fingerprint

    def set_cloud_mode(self, on: bool = True) -> None:
        """Connect the unit to the cloud, or take it off; what sets it up is refused meanwhile."""
        self.cloud_mode = on

    def raise_alert(self, sub_type: str, level: str = CRITICAL) -> None:
        """Have a fault, or only say something of a lower level."""
        if level == CRITICAL:
            self.device.raise_faults((*self.device.fault_codes, sub_type))
        else:
            self.device.alerts.add(sub_type, self.clock.house_now(), level=level)

    def resolve_alert(self, sub_type: str) -> None:
        """Be over a fault."""
        self.device.raise_faults(
            tuple(code for code in self.device.fault_codes if code != sub_type)
        )

    def shown(self, name: str, make: Callable[[], JsonObject]) -> JsonObject:
        """Return what an answer shows: for a moment after a command what it showed before."""
        until, body = self._late.get(name, (self.clock.now(), {}))
        return body if self.clock.now() < until else make()

    def device_info(self) -> JsonObject:
        """Return the identity as it is now."""
        return device_info(self.device, connected=self.cloud_mode)

    def offer(self, text: str) -> str:
        """Offer a download to whoever knows its path, and return that."""
        path = f"/downloads/{self.sign_in.new_id('download')}.csv"
        self.downloads[path] = text
        return path

    def lag(self, name: str, body: JsonObject) -> None:
        """Let an answer stay as it is for a moment."""
        self._writes += 1
        late = fraction(self.serial, "lag", self._writes)
        seconds = _LEAST_LAG_S + (_MOST_LAG_S - _LEAST_LAG_S) * late
        self._late[name] = self.clock.now() + timedelta(seconds=seconds), body

    async def move(self) -> None:
        """Take another port, as a unit does whose address changes."""
        await self.stop()
        self.server = self._serve(0)
        await self.start()

    def _serve(self, port: int) -> LocalServer:
        """Return a server with the present certificate."""
        return LocalServer(build_app(self), port=port, tls=self._certificate.context)

    async def start(self) -> None:
        """Listen."""
        await self.server.start()

    async def stop(self) -> None:
        """Stop listening."""
        await self.server.stop()

    def state(self) -> JsonObject:
        """Return all that the unit holds, as it truly is."""
        self.device.settle()
        return unit_state(self)

    def describe(self) -> JsonObject:
        """Return what a client needs in order to connect."""
        return {
            "base_url": self.base_url,
            "host": self.host,
            "port": self.port,
            "fingerprint": self.fingerprint,
            "serial": self.serial,
            "model": self.device.model,
            "users": {
                role: {"username": user.name, "password": user.password}
                for role, user in self.sign_in.users.items()
            },
        }

"""The Growatt cloud with its accounts, plants and devices."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ..calls import LoggedCall
from ..clock import Clock
from ..faults import Switchboard
from ..house import House
from ..jsontypes import Json, JsonObject
from ..lot import Lot
from ..past import Witness
from ..server import LocalServer
from .account import Account, Accounts, Plant, User
from .app import build_app, build_other_region
from .device import VENDOR, Device
from .fleet import build_plants
from .limits import Limits
from .permissions import ALL_PERMITTED, PRESETS
from .state import device_state, plant_state

_FIRST_USER = 3100001
_FIRST_NUMBER = 5000


class GrowattCloud:
    """A server that speaks OpenAPI v1 and v4, and one of a region where the account is not."""

    name = VENDOR

    def __init__(self, stations: Sequence[str], lot: Lot, *, port: int = 0) -> None:
        """Build the plants, and open one account that sees all of them."""
        self.clock: Clock = lot.clock
        self.switchboard: Switchboard = lot.switchboard
        self.accounts = Accounts(VENDOR, lot.seed)
        self.limits = Limits()
        self.permissions = ALL_PERMITTED
        self.calls: list[LoggedCall] = []
        self._lot = lot
        self._numbers = _FIRST_NUMBER
        self._plants = tuple(build_plants(stations, lot))
        self._main = self._open(list(self._plants))
        self.server = LocalServer(build_app(self), port=port)
        self._other = LocalServer(
            build_other_region(self), port=port + 1 if port else 0
        )
        lot.switchboard.before_change(self.settle)

    @property
    def base_url(self) -> str:
        """Return the server's address, without a prefix."""
        return self.server.base_url

    @property
    def other_region_url(self) -> str:
        """Return the address of the region where the account is not."""
        return self._other.base_url

    @property
    def token(self) -> str:
        """Return the token of the first account."""
        return self._main.token

    @property
    def inverters(self) -> list[Device]:
        """Return all devices, brought up to date."""
        self.settle()
        return [device for plant in self._plants for device in plant.devices]

    def device(self, serial: str) -> Device:
        """Return a device by its serial number, brought up to date."""
        for device in self.inverters:
            if device.serial == serial:
                return device
        raise KeyError(serial)

    def first(self, model: str) -> Device:
        """Return the first device of a model, brought up to date."""
        for device in self.inverters:
            if device.model == model:
                return device
        raise KeyError(model)

    def permit(self, preset: str) -> None:
        """Give tokens the permissions of a preset: all, or end_user."""
        self.permissions = PRESETS[preset]

    def add_account(self, serials: Iterable[str]) -> str:
        """Return the token of another account, which sees the plants of some devices."""
        wanted = set(serials)
        plants = [
            plant
            for plant in self._plants
            if wanted & {device.serial for device in plant.devices}
        ]
        return self._open(plants).token

    def portal_token(self) -> str:
        """Return a token that was made on the portal: it is good, and lists nothing."""
        return self._open([]).token

    def rotate_token(self) -> str:
        """Return a new token for the first account; the old one is worth nothing."""
        return self.accounts.rotate(self._main)

    def knows(self, serial: str) -> bool:
        """Return whether anyone has a device or data logger with a serial number."""
        return any(
            serial
            in {
                *(device.serial for device in plant.devices),
                *(logger.serial for logger in plant.loggers),
            }
            for plant in (*self._plants, *self._main.plants)
        )

    def new_number(self) -> int:
        """Return a number that no plant or user has."""
        self._numbers += 1
        return self._numbers

    def spare_house(self) -> House:
        """Return a house in which nothing stands."""
        return self._lot.house(f"{self._lot.seed}/spare", [])

    def settle(self) -> None:
        """Let every house catch up with house time."""
        for plant in self._plants:
            for device in plant.devices:
                device.settle()
            for sensor in plant.sensors:
                sensor.settle()

    async def start(self) -> None:
        """Serve both regions."""
        await self.server.start()
        await self._other.start()

    async def stop(self) -> None:
        """Stop serving."""
        await self._other.stop()
        await self.server.stop()

    def describe(self) -> JsonObject:
        """Return what a client needs in order to connect."""
        return {
            "base_url": self.base_url,
            "other_region_url": self.other_region_url,
            "token": self.token,
            "plants": [plant_state(plant) for plant in self._plants],
        }

    def witnesses(self) -> dict[str, Witness]:
        """Return what devices, meters (by logger and address) and plants have seen."""
        found: dict[str, Witness] = {}
        for plant in self._plants:
            found[str(plant.id)] = Witness(house=plant.house, units=plant.house.units)
            for device in plant.devices:
                found[device.serial] = Witness(house=plant.house, units=(device.unit,))
            for sensor in plant.sensors:
                meter = f"{sensor.logger_serial}-{sensor.address}"
                found[meter] = Witness(house=plant.house)
        return found

    def state(self) -> JsonObject:
        """Return all that the devices hold, and the calls that arrived."""
        refused: Json = sum(1 for call in self.calls if call.errno)
        return {
            "calls": {
                "total": len(self.calls),
                "writes": sum(call.write for call in self.calls),
                "refused": refused,
                "by_path": dict(Counter(call.path for call in self.calls)),
            },
            "devices": [device_state(device) for device in self.inverters],
            "plants": [plant_state(plant) for plant in self._main.plants],
        }

    def _open(self, plants: list[Plant]) -> Account:
        """Open an account; a token has 32 characters."""
        number = len(self.accounts.by_token)
        return self.accounts.admit(
            Account(
                token=self.accounts.new_token(),
                user=User(id=_FIRST_USER + number, name=f"user{number + 1}"),
                plants=plants,
            )
        )

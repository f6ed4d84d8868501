"""Accounts, and the plants that each of them sees."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ..accounts import Tokens
from ..house import House
from .device import Device, Logger
from .sensors import Sensor


@dataclass(kw_only=True, eq=False)
class Plant:
    """A plant: one house with what stands in it. Peak power in kWp."""

    id: int
    name: str
    house: House
    created: date
    devices: tuple[Device, ...] = ()
    loggers: list[Logger] = field(default_factory=list)
    sensors: tuple[Sensor, ...] = ()
    country: str = "Germany"
    city: str = "Musterstadt"
    peak_kw: float = 0.0
    details: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add up the panels."""
        watts = sum(device.profile.pv_peak_w for device in self.devices)
        self.peak_kw = self.peak_kw or watts / 1000


@dataclass(kw_only=True, eq=False)
class User:
    """An end user below an installer's account."""

    id: int
    name: str
    email: str = ""
    phone: str = ""
    registered: str = ""


@dataclass(kw_only=True, eq=False)
class Account:
    """One token: a user, the plants, and whether lists show them.

    A token that was made on the portal instead of in the app is valid, and
    lists nothing (Growatt notes 1.1).
    """

    token: str
    user: User
    plants: list[Plant] = field(default_factory=list)
    users: list[User] = field(default_factory=list)

    def devices(self) -> Iterator[tuple[Plant, Device]]:
        """Iterate over all devices with their plants."""
        return ((plant, device) for plant in self.plants for device in plant.devices)

    def sensors(self) -> Iterator[Sensor]:
        """Iterate over all meters and environment sensors."""
        return (sensor for plant in self.plants for sensor in plant.sensors)

    def loggers(self) -> Iterator[tuple[Plant, Logger]]:
        """Iterate over all data loggers with their plants."""
        return ((plant, logger) for plant in self.plants for logger in plant.loggers)


class Accounts(Tokens[Account]):
    """All accounts of the cloud."""

    def new_token(self) -> str:
        """Return a token of 32 characters."""
        return super().new_token().replace("-", "")

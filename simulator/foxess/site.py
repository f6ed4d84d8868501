"""What stands in one place: the devices that a plant is made of."""

from dataclasses import dataclass

from .device import Inverter
from .uplink import Uplink


@dataclass(frozen=True, kw_only=True)
class Site:
    """Inverters, and the parts beside them that have lists of their own."""

    time_zone: str
    inverters: tuple[Inverter, ...] = ()
    parts: tuple[Uplink, ...] = ()

    @property
    def devices(self) -> tuple[Uplink, ...]:
        """Return all devices."""
        return (*self.inverters, *self.parts)

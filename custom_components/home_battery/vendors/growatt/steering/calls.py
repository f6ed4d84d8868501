"""The calls that write settings: what each wants beside the value (Growatt notes, 1.4 and 1.7)."""

from dataclasses import dataclass
from typing import Final, Protocol

from .values import Write, numbered


class Call(Protocol):
    """A call that writes any of several settings."""

    def write(self, serial: str, name: str, *words: str) -> Write:
        """Return the write of a setting by the vendor's name."""


@dataclass(frozen=True, kw_only=True)
class NamedCall:
    """A call of version 1: the setting's name and numbered values.

    Attributes:
        endpoint: Its name among the vendor's endpoints.
        serial: What the device's serial number is called in it.
        name: What the setting's name is called in it.
        prefix: What the values are called in it, before their number.
        count: How many values it wants, unused ones empty.
    """

    endpoint: str
    serial: str
    name: str = "type"
    prefix: str = "param"
    count: int

    def write(self, serial: str, name: str, *words: str) -> Write:
        """Return the write of a setting by the vendor's name."""
        return Write(
            self.endpoint,
            {
                self.serial: serial,
                self.name: name,
                **numbered(self.prefix, words, self.count),
            },
        )


@dataclass(frozen=True)
class V4Call:
    """The calls of version 4: each setting has one of its own.

    Attributes:
        device_type: The vendor's short word for the family.
    """

    device_type: str

    def write(self, serial: str, name: str, *words: str) -> Write:
        """Return the write of a setting by the name of its call."""
        return self.with_parameters(serial, name, value=words[0])

    def with_parameters(self, serial: str, name: str, **parameters: str) -> Write:
        """Return a call with parameters of its own."""
        device = {"deviceSn": serial, "deviceType": self.device_type}
        return Write(name, device | parameters)


@dataclass(frozen=True)
class VppCall:
    """The parameters of a virtual power plant, `set_param_1` and so on."""

    device_type: str

    def write(self, serial: str, name: str, *words: str) -> Write:
        """Return the write of a parameter by the vendor's name."""
        return V4Call(self.device_type).with_parameters(
            serial, "vpp_parameter_set_v4", setType=name, value=words[0]
        )


INVERTER: Final = NamedCall(
    endpoint="inverter_set",
    serial="device_sn",
    name="paramId",
    prefix="command_",
    count=2,
)
STORAGE: Final = NamedCall(endpoint="storage_set", serial="storage_sn", count=4)
MAX: Final = NamedCall(endpoint="max_set", serial="max_sn", count=19)
SPH: Final = NamedCall(endpoint="sph_set", serial="mix_sn", count=18)
SPA: Final = NamedCall(endpoint="spa_set", serial="spa_sn", count=18)
MIN: Final = NamedCall(endpoint="min_set", serial="tlx_sn", count=19)
NOAH: Final = V4Call("noah")

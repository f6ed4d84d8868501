"""The types that tables of entities are written in."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.components.time import TimeEntityDescription


class Hold(Enum):
    """How long a value stands when no new one comes."""

    SHORT = timedelta(minutes=15)
    LONG = timedelta(hours=1)
    LONGER = timedelta(hours=3)
    LONGEST = timedelta(hours=12)
    DAYS = timedelta(hours=36)


@dataclass(frozen=True, kw_only=True)
class ReadingSensorDescription(SensorEntityDescription):
    """A reading as a sensor; its key is the reading's."""

    hold: Hold = Hold.SHORT


@dataclass(frozen=True, kw_only=True)
class ReadingBinarySensorDescription(BinarySensorEntityDescription):
    """A reading as a binary sensor; its key is the reading's."""

    hold: Hold = Hold.SHORT


@dataclass(frozen=True, kw_only=True)
class ControlNumberDescription(NumberEntityDescription):
    """A control as a number; its key is the control's."""

    hold: Hold = Hold.LONG


@dataclass(frozen=True, kw_only=True)
class ControlSelectDescription(SelectEntityDescription):
    """A control as a select; its key is the control's."""

    hold: Hold = Hold.LONG


@dataclass(frozen=True, kw_only=True)
class ControlSwitchDescription(SwitchEntityDescription):
    """A control as a switch; its key is the control's."""

    hold: Hold = Hold.LONG


@dataclass(frozen=True, kw_only=True)
class ControlTimeDescription(TimeEntityDescription):
    """A control as a time; its key is the control's."""

    hold: Hold = Hold.LONG


type ControlDescription = (
    ControlNumberDescription
    | ControlSelectDescription
    | ControlSwitchDescription
    | ControlTimeDescription
)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The entities that a vendor has beyond the common readings.

    Attributes:
        modes: The vendor's own modes that no common word says.
        field_prefix: What the keys of readings begin with that are known by
            nothing but the vendor's name.
    """

    sensors: tuple[ReadingSensorDescription, ...] = ()
    binary_sensors: tuple[ReadingBinarySensorDescription, ...] = ()
    numbers: tuple[ControlNumberDescription, ...] = ()
    selects: tuple[ControlSelectDescription, ...] = ()
    switches: tuple[ControlSwitchDescription, ...] = ()
    times: tuple[ControlTimeDescription, ...] = ()
    modes: tuple[str, ...] = ()
    field_prefix: str | None = None

    @property
    def counters(self) -> frozenset[str]:
        """Return the keys of the vendor's own energies that only grow."""
        return frozenset(
            sensor.key
            for sensor in self.sensors
            if sensor.device_class is SensorDeviceClass.ENERGY
            and not sensor.key.endswith(("_today", "_month"))
        )

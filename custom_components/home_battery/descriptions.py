"""The types that tables of entities are written in."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorEntityDescription


class Hold(Enum):
    """How long a value stands when no new one comes."""

    SHORT = timedelta(minutes=15)
    LONG = timedelta(hours=1)


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


@dataclass(frozen=True, kw_only=True)
class ControlSelectDescription(SelectEntityDescription):
    """A control as a select; its key is the control's."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The entities that a vendor has beyond the common readings.

    Attributes:
        modes: The vendor's own modes that no common word says.
    """

    sensors: tuple[ReadingSensorDescription, ...] = ()
    binary_sensors: tuple[ReadingBinarySensorDescription, ...] = ()
    numbers: tuple[ControlNumberDescription, ...] = ()
    selects: tuple[ControlSelectDescription, ...] = ()
    modes: tuple[str, ...] = ()

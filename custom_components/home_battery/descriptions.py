"""The types that tables of entities are written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Final, NamedTuple

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.button import ButtonEntityDescription
from homeassistant.components.calendar import CalendarEntityDescription
from homeassistant.components.event import EventEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.components.time import TimeEntityDescription
from homeassistant.const import (
    DEGREE,
    PERCENTAGE,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfReactivePower,
    UnitOfTemperature,
)

from .battery.variables import Quantity, Variable


class Hold(Enum):
    """How long a value stands when no new one comes."""

    SHORT = timedelta(minutes=15)
    LONG = timedelta(hours=1)
    LONGER = timedelta(hours=3)
    LONGEST = timedelta(hours=12)
    DAYS = timedelta(hours=36)


@dataclass(frozen=True, kw_only=True)
class ReadingSensorDescription(SensorEntityDescription):
    """A reading as a sensor; its key is the reading's.

    Attributes:
        hold: How long it stands when no new one comes.
        slow: Nobody needs every step that it takes on its way.
        beside: The reading as long as which it is there, if only unknown.
    """

    hold: Hold = Hold.SHORT
    beside: str | None = None
    slow: bool = False


@dataclass(frozen=True, kw_only=True)
class ReadingBinarySensorDescription(BinarySensorEntityDescription):
    """A reading as a binary sensor; its key is the reading's."""

    hold: Hold = Hold.SHORT


type ReadingDescription = ReadingBinarySensorDescription | ReadingSensorDescription


@dataclass(frozen=True, kw_only=True)
class ControlNumberDescription(NumberEntityDescription):
    """A control as a number; its key is the control's."""

    hold: Hold = Hold.LONG


@dataclass(frozen=True, kw_only=True)
class CommandNumberDescription(NumberEntityDescription):
    """A number of the next command, which is kept in Home Assistant.

    Attributes:
        usual: What it is until a person sets it.
    """

    usual: float = 0


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


@dataclass(frozen=True, kw_only=True)
class ControlButtonDescription(ButtonEntityDescription):
    """A control that is nothing but done, as a button; its key is the control's."""

    hold: Hold = Hold.LONG


@dataclass(frozen=True, kw_only=True)
class HappeningDescription(EventEntityDescription):
    """What happens at a device as an event; its key is the happening's."""


@dataclass(frozen=True, kw_only=True)
class AgendaDescription(CalendarEntityDescription):
    """What a system will do as a calendar."""


type ControlDescription = (
    ControlButtonDescription
    | ControlNumberDescription
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
        integrated: The energies that devices of a kind do not count, so that they
            are integrated from the powers; a counter that comes all the same wins.
        corrected: Those of them that come from powers which devices tell wrong, by
            a factor that a person may have measured.
        begun: The kinds of devices whose energies are known to begin with 0.
    """

    sensors: tuple[ReadingSensorDescription, ...] = ()
    binary_sensors: tuple[ReadingBinarySensorDescription, ...] = ()
    numbers: tuple[ControlNumberDescription, ...] = ()
    selects: tuple[ControlSelectDescription, ...] = ()
    switches: tuple[ControlSwitchDescription, ...] = ()
    times: tuple[ControlTimeDescription, ...] = ()
    buttons: tuple[ControlButtonDescription, ...] = ()
    events: tuple[HappeningDescription, ...] = ()
    modes: tuple[str, ...] = ()
    field_prefix: str | None = None
    integrated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()

    @property
    def counters(self) -> frozenset[str]:
        """Return the keys of the vendor's own energies that only grow."""
        return frozenset(
            sensor.key
            for sensor in self.sensors
            if sensor.device_class is SensorDeviceClass.ENERGY
            and not sensor.key.endswith(("_today", "_month"))
        )


class _Kind(NamedTuple):
    """What Home Assistant has to know of a quantity."""

    device_class: SensorDeviceClass | None
    unit: str | None
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    hold: Hold = Hold.SHORT


_ENERGY: Final = _Kind(
    SensorDeviceClass.ENERGY,
    UnitOfEnergy.KILO_WATT_HOUR,
    SensorStateClass.TOTAL_INCREASING,
    Hold.LONG,
)
_KINDS: Final[Mapping[Quantity, _Kind]] = {
    Quantity.POWER: _Kind(SensorDeviceClass.POWER, UnitOfPower.WATT),
    Quantity.APPARENT_POWER: _Kind(
        SensorDeviceClass.APPARENT_POWER, UnitOfApparentPower.VOLT_AMPERE
    ),
    Quantity.REACTIVE_POWER: _Kind(
        SensorDeviceClass.REACTIVE_POWER, UnitOfReactivePower.VOLT_AMPERE_REACTIVE
    ),
    Quantity.VOLTAGE: _Kind(SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT),
    Quantity.CURRENT: _Kind(SensorDeviceClass.CURRENT, UnitOfElectricCurrent.AMPERE),
    Quantity.FREQUENCY: _Kind(SensorDeviceClass.FREQUENCY, UnitOfFrequency.HERTZ),
    Quantity.TEMPERATURE: _Kind(
        SensorDeviceClass.TEMPERATURE, UnitOfTemperature.CELSIUS
    ),
    Quantity.ENERGY: _ENERGY,
    # Where the records do not tell it, it is asked for every hour.
    Quantity.DAY_ENERGY: _ENERGY._replace(hold=Hold.LONGER),
    Quantity.SOC: _Kind(None, PERCENTAGE),
    Quantity.LOAD: _Kind(None, PERCENTAGE),
    Quantity.HUMIDITY: _Kind(SensorDeviceClass.HUMIDITY, PERCENTAGE),
    Quantity.DIRECTION: _Kind(
        SensorDeviceClass.WIND_DIRECTION, DEGREE, SensorStateClass.MEASUREMENT_ANGLE
    ),
    Quantity.SIGNAL: _Kind(
        SensorDeviceClass.SIGNAL_STRENGTH, SIGNAL_STRENGTH_DECIBELS_MILLIWATT
    ),
    Quantity.RATIO: _Kind(SensorDeviceClass.POWER_FACTOR, None),
    Quantity.COUNT: _Kind(None, None),
    Quantity.CODE: _Kind(None, None, None),
    Quantity.FAULT: _Kind(None, None, None),
}


def variable_sensor(
    variable: Variable, *, enabled: bool = False
) -> ReadingSensorDescription:
    """Describe a vendor's variable, which hardly anyone needs from the start."""
    kind = _KINDS[variable.quantity]
    return ReadingSensorDescription(
        key=variable.key,
        translation_key=variable.text,
        device_class=kind.device_class,
        state_class=kind.state_class,
        native_unit_of_measurement=kind.unit,
        entity_category=None if enabled else EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=enabled,
        translation_placeholders=(
            None if variable.number is None else {"number": str(variable.number)}
        ),
        hold=kind.hold,
        slow=variable.quantity is not Quantity.POWER,
    )

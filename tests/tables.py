"""The entities of all tables, as the code describes them."""

from collections.abc import Iterator
from types import ModuleType

from custom_components.home_battery import (
    binary_sensor,
    button,
    calendar,
    event,
    number,
    select,
    sensor,
    switch,
    time,
)
from custom_components.home_battery.descriptions import Tables
from custom_components.home_battery.vendors import VENDORS
from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.button import ButtonEntityDescription
from homeassistant.components.calendar import CalendarEntityDescription
from homeassistant.components.event import EventEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.components.time import TimeEntityDescription
from homeassistant.helpers.entity import EntityDescription

KINDS: dict[str, type[EntityDescription]] = {
    "binary_sensor": BinarySensorEntityDescription,
    "button": ButtonEntityDescription,
    "calendar": CalendarEntityDescription,
    "event": EventEntityDescription,
    "number": NumberEntityDescription,
    "select": SelectEntityDescription,
    "sensor": SensorEntityDescription,
    "switch": SwitchEntityDescription,
    "time": TimeEntityDescription,
}
PLATFORM_MODULES: tuple[ModuleType, ...] = (
    binary_sensor,
    button,
    calendar,
    event,
    number,
    select,
    sensor,
    switch,
    time,
)


def described(value: object) -> Iterator[EntityDescription]:
    """Yield the entity descriptions in a table, or in a table of tables."""
    match value:
        case EntityDescription():
            yield value
        case Tables():
            yield from described(tuple(vars(value).values()))
        case tuple():
            for item in value:
                yield from described(item)


DESCRIPTIONS = [
    description
    for value in (
        *(value for module in PLATFORM_MODULES for value in vars(module).values()),
        *(vendor.tables for vendor in VENDORS.values()),
    )
    for description in described(value)
]

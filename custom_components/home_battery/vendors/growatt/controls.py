"""The controls that Growatt's devices have, as entities."""

from typing import Final

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfPower

from ...battery.export import DEFAULT_POWER, EXPORT_LIMIT, EXPORT_LIMIT_MODE
from ...descriptions import (
    ControlNumberDescription,
    ControlSelectDescription,
    ControlSwitchDescription,
)
from .steering.settings import (
    AC_CHARGE,
    AC_CHARGE_STOP_SOC,
    ACTIVE_POWER_RATE,
    BATTERY_FIRST,
    CHARGE_POWER_RATE,
    CHARGE_STOP_SOC,
    DISCHARGE_POWER_RATE,
    DISCHARGE_STOP_SOC,
    EPS,
    FORCED_DISCHARGE,
    LOAD_FIRST,
    MAX_SOC,
    MIN_SOC,
    MIN_SOC_ON_GRID,
    OFF_GRID,
    ON_OFF,
    STORAGE_MODE,
)


def _number(
    key: str, *, watts: bool = False, seldom: bool = False
) -> ControlNumberDescription:
    """Describe a number, in % or W; what hardly anyone changes is off at first."""
    return ControlNumberDescription(
        key=key,
        translation_key=key,
        device_class=NumberDeviceClass.POWER if watts else None,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfPower.WATT if watts else PERCENTAGE,
        entity_registry_enabled_default=not seldom,
        # Every stop of a slider on its way would be a write of its own.
        mode=NumberMode.BOX,
    )


def _select(key: str) -> ControlSelectDescription:
    """Describe a choice that hardly anyone changes."""
    return ControlSelectDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
    )


def _switch(key: str, *, seldom: bool = True) -> ControlSwitchDescription:
    """Describe a switch; what hardly anyone changes is off at first."""
    return ControlSwitchDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=not seldom,
    )


NUMBERS: Final = (
    _number(MIN_SOC),
    _number(MIN_SOC_ON_GRID),
    _number(MAX_SOC),
    _number(CHARGE_POWER_RATE),
    _number(DISCHARGE_POWER_RATE),
    _number(CHARGE_STOP_SOC),
    _number(DISCHARGE_STOP_SOC),
    _number(AC_CHARGE_STOP_SOC),
    _number(DEFAULT_POWER, watts=True),
    _number(EXPORT_LIMIT, watts=True, seldom=True),
    _number(ACTIVE_POWER_RATE, seldom=True),
)
SELECTS: Final = (_select(EXPORT_LIMIT_MODE), _select(STORAGE_MODE))
SWITCHES: Final = (
    _switch(AC_CHARGE, seldom=False),
    _switch(EPS),
    _switch(OFF_GRID),
    _switch(FORCED_DISCHARGE),
    _switch(ON_OFF),
)
# What no common word says of a period.
MODES: Final = (LOAD_FIRST, BATTERY_FIRST)

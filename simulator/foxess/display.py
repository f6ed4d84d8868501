"""The hours in which a device's display is dark (Fox ESS notes 1.11)."""

from collections.abc import Mapping
from typing import Final

from ..jsontypes import JsonObject
from .schema import Fields

_SWITCH: Final = ("true", "false")
_HIGHEST: Final = {
    "displaySleepMode": 1,
    "displaySleepModeStartTimeHour": 23,
    "displaySleepModeStartTimeMin": 59,
    "displaySleepModeEndTimeHour": 23,
    "displaySleepModeEndTimeMin": 59,
}
DISPLAY_FIELDS: Final = tuple(_HIGHEST)


def first_display_sleep() -> dict[str, str]:
    """Return the factory values."""
    return {
        name: "false" if name == "displaySleepMode" else "0" for name in DISPLAY_FIELDS
    }


def display_sleep_json(values: Mapping[str, str]) -> JsonObject:
    """Return all values as the server sends them; the switch has a range, too."""
    return {
        name: {
            "value": values[name],
            "unit": "",
            "precision": 1.0,
            "range": {"min": 0.0, "max": float(highest)},
        }
        for name, highest in _HIGHEST.items()
    }


def read_display_sleep(fields: Fields) -> dict[str, str]:
    """Return the values of a request, which must all be there and all be strings."""
    return {
        name: fields.choice(name, _SWITCH)
        if name == "displaySleepMode"
        else str(fields.digits(name, 0, highest))
        for name, highest in _HIGHEST.items()
    }

"""Battery heating (Fox ESS notes 1.11)."""

from collections.abc import Mapping
from typing import Final

from ..jsontypes import Json
from .charging import Window
from .errors import BAD_BODY, ApiError
from .schema import Fields

_SWITCH = ("disable", "enable")
_TIMES: Final = tuple(
    f"time{number}{part}"
    for number in (1, 2, 3)
    for part in ("Enable", "StartHour", "StartMinute", "EndHour", "EndMinute")
)
HEATING_FIELDS: Final = (
    "batteryWarmUpEnable",
    "startTemperature",
    "endTemperature",
    *_TIMES,
)
_LIMITS: Final = {
    "minStartTemperatureRange": "1",
    "maxStartTemperatureRange": "9",
    "minEndTemperatureRange": "10",
    "maxEndTemperatureRange": "15",
}


def first_heating() -> dict[str, str]:
    """Return the factory values of everything that can be set."""
    values = {
        "batteryWarmUpEnable": "disable",
        "startTemperature": "1",
        "endTemperature": "10",
    }
    return values | {
        name: "disable" if name.endswith("Enable") else "0" for name in _TIMES
    }


def warm_up_state(values: Mapping[str, str], *, temperature: float, minute: int) -> str:
    """Return what the heating does with cells of so many °C in a minute of the day.

    It only runs in the windows that are enabled, or at any time if none is.
    """
    if values["batteryWarmUpEnable"] != "enable":
        return "The battery is in a stopped warm up state"
    windows = [
        _window(values, number)
        for number in (1, 2, 3)
        if values[f"time{number}Enable"] == "enable"
    ]
    now = not windows or any(window.covers(minute) for window in windows)
    if now and temperature < float(values["startTemperature"]):
        return "The battery is in the warm up state"
    return "The battery is in a ready warm up state"


def _window(values: Mapping[str, str], number: int) -> Window:
    """Return one of the windows in which the battery may be heated."""
    start, end = (
        int(values[f"time{number}{edge}Hour"]) * 60
        + int(values[f"time{number}{edge}Minute"])
        for edge in ("Start", "End")
    )
    return Window(enabled=True, start=start, end=end)


def heating_list(
    values: Mapping[str, str], *, temperature: float, minute: int
) -> list[Json]:
    """Return all heating parameters as the server sends them."""
    read_only = {
        "batteryWarmUpFunctionEnableFlag": values["batteryWarmUpEnable"],
        "batteryWarmUpState": warm_up_state(
            values, temperature=temperature, minute=minute
        ),
        **_LIMITS,
    }
    return [_entry(name, value) for name, value in {**values, **read_only}.items()]


def read_heating(fields: Fields) -> dict[str, str]:
    """Return the values of a request, which must all be there and all be strings."""
    values = {name: _checked(fields, name) for name in HEATING_FIELDS}
    if int(values["startTemperature"]) >= int(values["endTemperature"]):
        raise ApiError(BAD_BODY)
    return values


def _checked(fields: Fields, name: str) -> str:
    """Return one value after checking its range."""
    if name.endswith("Enable"):
        return fields.choice(name, _SWITCH)
    if name == "startTemperature":
        return str(fields.digits(name, 1, 9))
    if name == "endTemperature":
        return str(fields.digits(name, 10, 15))
    return str(fields.digits(name, 0, _highest(name)))


def _highest(name: str) -> int:
    """Return the highest value of an hour or a minute."""
    return 23 if name.endswith("Hour") else 59


def _entry(name: str, value: str) -> Json:
    """Return one parameter with its unit and range."""
    head: dict[str, Json] = {"name": name, "value": value, "precision": 1.0}
    if "Temperature" in name:
        return {**head, "unit": "℃"}
    if name.endswith(("Hour", "Minute")):
        return {**head, "unit": "", "range": {"min": 0.0, "max": float(_highest(name))}}
    if name.endswith("Enable"):
        return {**head, "unit": "", "enumList": list(_SWITCH)}
    return {**head, "unit": ""}

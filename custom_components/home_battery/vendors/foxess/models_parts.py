"""What the Fox ESS lists of loggers, meters and heat pumps tell (notes, 1.12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from ...battery.fields import Field, number
from ...battery.model import Value
from .models import identity, mapping, text

REGISTRATIONS: Final = ("pending", "approved", "revoked")

type Values = Mapping[str, Value]

_OFFLINE: Final[Values] = {"online": False}
_LOGGER_STATES: Final[Mapping[float | None, Values]] = {
    1: {"online": True},
    2: _OFFLINE,
}
# Of what is offline nobody knows whether it has a problem.
_STATES: Final[Mapping[float | None, Values]] = {
    1: {"online": True, "problem": False},
    2: {"online": True, "problem": True},
    3: _OFFLINE,
}
_SIGNAL: Final = Field(key="signal", names=("signal",), limit=100, least=0)


@dataclass(frozen=True, kw_only=True)
class PartEntry:
    """A row of a list of parts.

    Attributes:
        station: The id of its power station, where the list tells it.
        values: How it is, as readings.
    """

    serial: str
    station: str | None
    model: str | None = None
    version: str | None = None
    values: Values

    @classmethod
    def logger(cls, data: object) -> Self:
        """Read an item of `module/list`, in which only one version may be known."""
        data = mapping(data)
        values = dict(_LOGGER_STATES.get(number(data.get("status")), {}))
        if (signal := _SIGNAL.read(data)) is not None:
            values[_SIGNAL.key] = signal
        return cls(
            serial=identity(data, "moduleSN"),
            station=text(data, "stationID"),
            version=text(data, "softVersion") or text(data, "webVersion"),
            values=values,
        )

    @classmethod
    def meter(cls, data: object) -> Self:
        """Read an item of `gw/list`."""
        data = mapping(data)
        return cls(
            serial=identity(data, "sn"),
            station=text(data, "stationID"),
            values=_STATES.get(number(data.get("status")), {}),
        )

    @classmethod
    def heat_pump(cls, data: object) -> Self:
        """Read an item of `register/heat/list`, which tells no station as a rule."""
        data = mapping(data)
        values = dict(_STATES.get(number(data.get("runningStatus")), {}))
        registration = str(data.get("registerStatus")).lower()
        if registration in REGISTRATIONS:
            values["registration"] = registration
        return cls(
            serial=identity(data, "heatSN"),
            station=text(data, "stationID"),
            model=text(data, "deviceType"),
            version=text(data, "masterVersion"),
            values=values,
        )


class _Setting(NamedTuple):
    """The reading that a meter's setting becomes, and by what for each unit."""

    key: str
    scales: Mapping[str, float]


_WATTS: Final = {"W": 1.0, "kW": 1000.0}
_AMPERES: Final = {"A": 1.0}
_VOLTS: Final = {"V": 1.0}
_SETTINGS: Final[Mapping[str, _Setting]] = {
    "feedinPower": _Setting("feed_in_limit", _WATTS),
    "outputMaxCurrent": _Setting("output_current_limit", _AMPERES),
    "inputMaxCurrent": _Setting("input_current_limit", _AMPERES),
    "overVoltageMaxValue": _Setting("over_voltage_limit", _VOLTS),
    "underVoltageMinValue": _Setting("under_voltage_limit", _VOLTS),
    "sysOnOffPowerValue": _Setting("on_off_power", _WATTS),
    "deviceQuantity": _Setting("device_quantity", {"": 1.0}),
}


def meter_settings(data: object) -> dict[str, Value]:
    """Return what `gw/setting/get` tells; a number in a unit unheard of is none."""
    data = mapping(data)
    values: dict[str, Value] = {}
    if (mode := text(_item(data, "mode"), "value")) is not None:
        values["meter_mode"] = mode
    for name, setting in _SETTINGS.items():
        item = _item(data, name)
        value = number(item.get("value"))
        scale = setting.scales.get(text(item, "unit") or "")
        if value is not None and scale is not None:
            values[setting.key] = round(value * scale, 3)
    return values


def _item(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return one setting of the answer, empty where there is none."""
    item = data.get(name)
    return item if isinstance(item, dict) else {}

"""Gateway meters: one stands at the grid connection of a house (Fox ESS notes 1.12)."""

from dataclasses import dataclass, field
from math import inf
from typing import Final

from ..jsontypes import JsonObject
from .call import Call
from .errors import BAD_BODY, ApiError
from .named import Table, first_values, named_json, ranged, read_named
from .paging import page
from .registers import Register
from .superior import HouseLimits
from .uplink import Uplink

_NORMAL: Final = "normal"
_G100: Final = "G100"
_TABLE: Final[Table] = {
    "mode": Register(default=_NORMAL, options=(_NORMAL, "exportLimit", _G100)),
    "feedinPower": ranged("30000", "W", 100000),
    "outputMaxCurrent": ranged("16", "A", 100),
    "inputMaxCurrent": ranged("32", "A", 100),
    "overVoltageMaxValue": ranged("262", "V", 300, low=200),
    "underVoltageMinValue": ranged("184", "V", 240, low=100),
    "sysOnOffPowerValue": ranged("3680", "W", 100000),
}
_ONLY_G100: Final = frozenset(_TABLE) - {"mode", "feedinPower"}


@dataclass(kw_only=True, eq=False)
class Meter(Uplink):
    """A meter that also keeps the export of its house below a limit, unless in normal mode."""

    inverter_count: int = 0
    settings: dict[str, str] = field(default_factory=lambda: first_values(_TABLE))

    def limits(self) -> HouseLimits:
        """Return the limit of the export."""
        if self.settings["mode"] == _NORMAL:
            return HouseLimits(export_limit=inf)
        return HouseLimits(export_limit=float(self.settings["feedinPower"]))


def meter_list(call: Call) -> JsonObject:
    """Answer gw/list."""
    return page(
        call,
        [
            {
                "sn": meter.serial,
                "stationID": station.id,
                "stationName": station.name,
                "status": 1 if meter.reachable else 3,
            }
            for station, meter in call.parts(Meter)
        ],
    )


def meter_get(call: Call) -> JsonObject:
    """Answer gw/setting/get; how many devices hang on the meter can only be read."""
    meter = call.reach_part(Meter, call.fields("sn").text("sn"))
    count = Register(default=str(meter.inverter_count), low=0, high=10)
    return {
        **named_json(_TABLE, meter.settings),
        "deviceQuantity": count.as_json(count.default),
    }


def meter_set(call: Call) -> JsonObject:
    """Answer gw/setting/set: what a mode does not know must not be sent."""
    optional = tuple(name for name in _TABLE if name != "mode")
    fields = call.fields("sn", "mode", optional=optional)
    meter = call.reach_part(Meter, fields.text("sn"), write=True)
    names = [name for name in _TABLE if name == "mode" or fields.has(name)]
    values = read_named(fields, _TABLE, names)
    if values["mode"] == _NORMAL and len(names) > 1:
        raise ApiError(BAD_BODY)
    if values["mode"] != _G100 and _ONLY_G100 & set(names):
        raise ApiError(BAD_BODY)
    return call.write(meter, lambda: meter.settings.update(values))

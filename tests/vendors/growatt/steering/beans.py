"""Settings records as the vendor sends them, and devices that obey its writes.

The devices are written from the vendor's tables of settings (Growatt notes, 1.6
and 1.7), never from the code that they test.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from custom_components.home_battery.battery.model import Device, Role
from custom_components.home_battery.vendors.growatt.steering.values import Write

MIN: dict[str, Any] = {
    "chargePowerCommand": "100",
    "wchargeSOCLowLimit": 100,
    "disChargePowerCommand": 80,
    "wdisChargeSOCLowLimit": "12",
    "onGridDischargeStopSOC": 20,
    "acChargeEnable": 0,
    "onOff": 1,
    "activeRate": 100,
    "exportLimit": "0",
    "epsFunEn": 1,
    **{
        f"{key}{number}": value
        for number in range(1, 10)
        for key, value in (
            ("forcedTimeStart", "0:0"),
            ("forcedTimeStop", "0:0"),
            ("forcedStopSwitch", 0),
        )
    },
    **{f"time{number}Mode": 0 for number in range(1, 10)},
}
# As a unit without a battery sends it.
PV_ONLY: dict[str, Any] = {
    **MIN,
    "wchargeSOCLowLimit": 0,
    "wdisChargeSOCLowLimit": -1,
    "onGridDischargeStopSOC": 0,
    "epsFunEn": 0,
}
MIX: dict[str, Any] = {
    "chargePowerCommand": 100,
    "disChargePowerCommand": 90,
    "acChargeEnable": 1,
    "wchargeSOCLowLimit1": 100,
    "wchargeSOCLowLimit2": 95,
    "wdisChargeSOCLowLimit1": 15,
    "wdisChargeSOCLowLimit2": 25,
    "exportLimit": 1,
    "exportLimitPowerRate": 50.0,
    "epsFunEn": 1,
    "onOff": 0,
    **{
        f"forced{direction}{key}{number}": value
        for direction in ("Charge", "Discharge")
        for number in (1, 2, 3)
        for key, value in (("TimeStart", "0:0"), ("TimeStop", "0:0"), ("StopSwitch", 1))
    },
}
SPH: dict[str, Any] = {**MIX, "activeRate": 100}
SPA: dict[str, Any] = {
    **{key: value for key, value in MIX.items() if "StopSwitch" not in key},
    "activePRate": 100,
    **{
        f"{key}{number}": value
        for number in (1, 2, 3)
        for key, value in (
            ("batFirstSwitch", 0),
            ("gridFirstSwitch", 0),
            ("loadFirstStartTime", "0:0"),
            ("loadFirstStopTime", "null"),
            ("loadFirstSwitch", 0),
        )
    },
}
NOAH: dict[str, Any] = {
    "chargingSocHighLimit": "100",
    "chargingSocLowLimit": 10,
    "defaultPower": 200,
    "allowGridCharging": "0",
    "gridConnectionControl": 0,
    **{
        f"time{number}{key}": value
        for number in range(1, 10)
        for key, value in (
            ("Enable", 0),
            ("Start", "0:0"),
            ("End", "0:0"),
            ("Mode", 0),
            ("Power", 200),
        )
    },
}

_MIN_TYPES = {
    "charge_power": "chargePowerCommand",
    "charge_stop_soc": "wchargeSOCLowLimit",
    "discharge_power": "disChargePowerCommand",
    "discharge_stop_soc": "wdisChargeSOCLowLimit",
    "on_grid_discharge_stop_soc": "onGridDischargeStopSOC",
    "ac_charge": "acChargeEnable",
    "tlx_on_off": "onOff",
    "tlx_off_grid_enable": "epsFunEn",
    "pv_active_p_rate": "activeRate",
    "backflow_setting": "exportLimit",
}
_MIX_TYPES = {
    "pv_on_off": ("pv_on_off",),
    "pv_active_p_rate": ("activeRate",),
    "mix_off_grid_enable": ("epsFunEn",),
    "spa_off_grid_enable": ("epsFunEn",),
    "mix_load_flast_value_multi": ("loadFirstStopSocSet",),
    "backflow_setting": ("exportLimit", "exportLimitPowerRate"),
}
_HEADS = {
    "charge": ("chargePowerCommand", "wchargeSOCLowLimit2", "acChargeEnable"),
    "discharge": ("disChargePowerCommand", "wdisChargeSOCLowLimit2"),
}
_SPA_SWITCHES = {"charge": "batFirstSwitch", "discharge": "gridFirstSwitch"}
_NOAH_CALLS = {
    "power_set_v4": "defaultPower",
    "high_soc_set_v4": "chargingSocHighLimit",
    "low_soc_set_v4": "chargingSocLowLimit",
    "grid_charge_set_v4": "allowGridCharging",
    "off_grid_set_v4": "gridConnectionControl",
}


def device(kind: str = "min", rated_power: float | None = 5000) -> Device:
    """Return a device of a family."""
    return Device(
        kind=kind, id="SN1", role=Role.SYSTEM, name="Growatt", rated_power=rated_power
    )


def values_of(parameters: Mapping[str, str]) -> list[str]:
    """Return the numbered values of a call, without the unused ones at the end."""
    count = sum(key.startswith("param") for key in parameters)
    words = [parameters[f"param{number}"] for number in range(1, count + 1)]
    assert all(words[: len(words) - words.count("")])
    return [word for word in words if word]


def obey(bean: dict[str, Any], *writes: Write) -> dict[str, Any]:
    """Return a record as the device tells it after some writes."""
    told = dict(bean)
    for write in writes:
        told |= _taken(write)
    return told


def _taken(write: Write) -> dict[str, Any]:
    """Return what a write changes in the record."""
    match write.endpoint, write.parameters:
        case "min_set", {"tlx_sn": "SN1", "type": name, **values}:
            return _taken_by_min(name, values)
        case "sph_set", {"mix_sn": "SN1", "type": name, **values}:
            return _taken_by_mix(name, values, "mix", {})
        case "spa_set", {"spa_sn": "SN1", "type": name, **values}:
            return _taken_by_mix(name, values, "spa", _SPA_SWITCHES)
        case "time_segment_set_v4", {
            "deviceSn": "SN1",
            "deviceType": "noah",
            "type": number,
            **values,
        }:
            return {
                f"time{number}Enable": int(values["enable"]),
                f"time{number}Start": values["startTime"],
                f"time{number}End": values["endTime"],
                f"time{number}Mode": int(values["mode"]),
                f"time{number}Power": int(values["power"]),
            }
        case name, {"deviceSn": "SN1", "deviceType": "noah", "value": value}:
            return {_NOAH_CALLS[name]: value}
        case "power_set_v4", {"deviceSn": "SN1", "value": value}:
            return {"activeRate": value}
    raise AssertionError(write)


def _taken_by_min(name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return what a write of a MIN changes."""
    values = values_of(parameters)
    assert len(parameters) == 19
    if not name.startswith("time_segment"):
        return {_MIN_TYPES[name]: int(values[0])}
    number = name.removeprefix("time_segment")
    mode, start_hour, start_minute, end_hour, end_minute, enabled = values
    return {
        f"time{number}Mode": int(mode),
        f"forcedTimeStart{number}": f"{start_hour}:{start_minute}",
        f"forcedTimeStop{number}": f"{end_hour}:{end_minute}",
        f"forcedStopSwitch{number}": int(enabled),
    }


def _taken_by_mix(
    name: str,
    parameters: Mapping[str, str],
    prefix: str,
    switches: Mapping[str, str],
) -> dict[str, Any]:
    """Return what a write of an SPH or an SPA changes."""
    values = values_of(parameters)
    assert len(parameters) == 18
    for direction, head in _HEADS.items():
        if name == f"{prefix}_ac_{direction}_time_period":
            word = f"forced{direction.capitalize()}"
            switch = switches.get(direction, f"{word}StopSwitch")
            return dict(zip(head, map(int, values), strict=False)) | _three(
                values[len(head) :], f"{word}TimeStart", f"{word}TimeStop", switch
            )
    if name == "spa_load_flast":
        return _three(
            values, "loadFirstStartTime", "loadFirstStopTime", "loadFirstSwitch"
        )
    keys = _MIX_TYPES[name]
    return dict(zip(keys, map(int, values), strict=True))


def _three(values: list[str], start: str, end: str, switch: str) -> dict[str, Any]:
    """Return three periods of a write as the record tells them."""
    assert len(values) == 15
    told: dict[str, Any] = {}
    for number in (1, 2, 3):
        five = values[5 * number - 5 : 5 * number]
        told[f"{start}{number}"] = ":".join(five[:2])
        told[f"{end}{number}"] = ":".join(five[2:4])
        told[f"{switch}{number}"] = int(five[4])
    return told


CLOCKS = st.builds("{}:{}".format, st.integers(0, 23), st.integers(0, 59))
# What has been seen beside times.
BAD_CLOCKS = st.sampled_from(["11:187", "null", "", "30:30", None, 5])
EDGES = st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True).map(sorted)
SPANS = EDGES.map(
    lambda edges: tuple("{}:{}".format(*divmod(edge, 60)) for edge in edges)
)

"""The factory settings of every family."""

from collections.abc import Mapping
from typing import Final

from .catalogue import Profile
from .commands import COMMANDS, SEGMENTS
from .families import NOAH, SPA, SPH
from .settings import Setting

_ALWAYS: Final[Mapping[str, Setting]] = {
    "onOff": 1,
    "activeRate": 100,
    "activePRate": 100,
    "exportLimit": 0,
    "exportLimitPowerRate": 0,
    "pvPfCmdMemoryState": 0,
    "reactiveRate": 0,
    "powerFactor": 1,
    "pf": 1,
    "underExcited": 0,
    "sysTime": "",
    "voltageHighLimit": 253,
    "voltageLowLimit": 195.5,
    "vacHigh": 264.5,
    "vacLow": 184,
    "epsFunEn": 1,
    "epsFreqSet": 0,
    "epsVoltSet": 0,
    "activePowerEnable": 0,
}
_BATTERY: Final[Mapping[str, Setting]] = {
    "chargePowerCommand": 100,
    "disChargePowerCommand": 100,
    "acChargeEnable": 0,
    "wchargeSOCLowLimit": 100,
    "wdisChargeSOCLowLimit": 10,
    "onGridDischargeStopSOC": 10,
    "wchargeSOCLowLimit1": 100,
    "wchargeSOCLowLimit2": 100,
    "wdisChargeSOCLowLimit1": 10,
    "wdisChargeSOCLowLimit2": 10,
    "loadFirstControl": 0,
    "singleExport": 0,
    "storage_cmd_mode": 0,
    # The document has it the other way round than everywhere else: 0 enables.
    "storage_cmd_forced_discharge_enable": 1,
    "storage_lithium_battery": 5,
    "acChargeSocLimit": 80,
    "pv_open_voltage": 400,
    "pv_mpp_share": 0.8,
}


def first_settings(profile: Profile) -> dict[str, Setting]:
    """Return what a new device holds; one without a battery has zeros for it."""
    family = profile.family
    if family is NOAH:
        return _noah()
    known = {**_ALWAYS, **_BATTERY} if profile.has_battery else _ALWAYS
    settings = dict(_ALWAYS)
    for command in COMMANDS.get(family.key, {}).values():
        for spec in command:
            settings |= {
                key: known.get(key, value) for key, value in spec.empty.items()
            }
    if family in {SPH, SPA} and profile.has_battery:
        # The charge limit of load first is shown, and no command sets it.
        settings["wchargeSOCLowLimit1"] = 100
        settings.setdefault("wdisChargeSOCLowLimit1", 10)
    return settings


def _noah() -> dict[str, Setting]:
    """Return what a new NOAH holds: 200 W all day."""
    settings: dict[str, Setting] = {
        "defaultPower": 200,
        "defaultMode": 0,
        "chargingSocHighLimit": 100,
        "chargingSocLowLimit": 10,
        "allowGridCharging": 0,
        "gridConnectionControl": 0,
        "acCouplePowerControl": 1,
        "defaultACCouplePower": 100,
        "antiBackflowEnable": 0,
    }
    for index in SEGMENTS:
        settings |= {
            f"time{index}Enable": 0,
            f"time{index}Start": "0:0",
            f"time{index}End": "0:0",
            f"time{index}Mode": 0,
            f"time{index}Power": 200,
        }
    return settings

"""Every setting that can be written by name (Growatt notes 1.6), family by family.

Where a command is documented without the setting that shows it, the setting
is called like the command.
"""

from collections.abc import Mapping
from typing import Final

from .families import INV, MAX, MIN, SPA, SPH, STORAGE
from .settings import (
    ActivePower,
    Choice,
    Command,
    Commands,
    Moment,
    Number,
    PowerFactor,
    Window,
    switch,
)

SEGMENTS: Final = range(1, 10)
PERIODS: Final = range(1, 4)
_STORAGE_CLOCK: Final = ("%Y-%m-%d %H:%M",)
_CLOCK: Final = ("%H:%M", "%Y-%m-%d %H:%M:%S")


def _grid(low: str, high: str) -> dict[str, Command]:
    """Return the limits of the mains voltage in V."""
    return {
        "pv_grid_voltage_high": (Number(high, 100, 400, whole=False),),
        "pv_grid_voltage_low": (Number(low, 50, 300, whole=False),),
    }


_MIN: Final[Commands] = {
    "tlx_on_off": (switch("onOff"),),
    "backflow_setting": (Number("exportLimit", 0, 2),),
    "pf_sys_year": (Moment("sysTime"),),
    **_grid("voltageLowLimit", "voltageHighLimit"),
    "tlx_off_grid_enable": (switch("epsFunEn"),),
    "tlx_ac_discharge_frequency": (switch("epsFreqSet"),),
    "tlx_ac_discharge_voltage": (Number("epsVoltSet", 0, 2),),
    "pv_active_p_rate": (
        ActivePower("activeRate", "pvPfCmdMemoryState", "activePowerEnable"),
    ),
    "pv_reactive_p_rate": (Number("reactiveRate"), switch("pvPfCmdMemoryState")),
    "pv_power_factor": (PowerFactor("pf"),),
    "charge_power": (Number("chargePowerCommand"),),
    "charge_stop_soc": (Number("wchargeSOCLowLimit"),),
    "discharge_power": (Number("disChargePowerCommand"),),
    "discharge_stop_soc": (Number("wdisChargeSOCLowLimit"),),
    "on_grid_discharge_stop_soc": (Number("onGridDischargeStopSOC"),),
    "ac_charge": (switch("acChargeEnable"),),
    **{
        f"time_segment{index}": (
            Number(f"time{index}Mode", 0, 2),
            Window(
                f"forcedTimeStart{index}",
                f"forcedTimeStop{index}",
                f"forcedStopSwitch{index}",
            ),
        )
        for index in SEGMENTS
    },
}


def _windows(start: str, stop: str, enable: str) -> Command:
    """Return the three windows of a kind."""
    return tuple(
        Window(f"{start}{index}", f"{stop}{index}", f"{enable}{index}")
        for index in PERIODS
    )


def _periods(charge_switch: str, discharge_switch: str) -> tuple[Command, Command]:
    """Return battery first and grid first, each of which is written as a whole."""
    charge = (
        Number("chargePowerCommand"),
        Number("wchargeSOCLowLimit2"),
        switch("acChargeEnable"),
        *_windows("forcedChargeTimeStart", "forcedChargeTimeStop", charge_switch),
    )
    discharge = (
        Number("disChargePowerCommand"),
        Number("wdisChargeSOCLowLimit2"),
        *_windows(
            "forcedDischargeTimeStart", "forcedDischargeTimeStop", discharge_switch
        ),
    )
    return charge, discharge


_SPH_CHARGE, _SPH_DISCHARGE = _periods(
    "forcedChargeStopSwitch", "forcedDischargeStopSwitch"
)
_SPA_CHARGE, _SPA_DISCHARGE = _periods("batFirstSwitch", "gridFirstSwitch")

_REACTIVE: Final[Commands] = {
    "pv_reactive_p_rate": (Number("reactiveRate"),),
    "pv_reactive_p_rate_two": (Choice("underExcited", ("0", "1", "over", "under")),),
    "pv_pf_cmd_memory_state": (switch("pvPfCmdMemoryState"),),
    "pv_power_factor": (PowerFactor("powerFactor"),),
}
_SPH: Final[Commands] = {
    "mix_ac_charge_time_period": _SPH_CHARGE,
    "mix_ac_discharge_time_period": _SPH_DISCHARGE,
    "pv_on_off": (switch("onOff"),),
    "pf_sys_year": (Moment("sysTime", _CLOCK),),
    "backflow_setting": (switch("exportLimit"), Number("exportLimitPowerRate")),
    **_grid("voltageLowLimit", "voltageHighLimit"),
    "mix_off_grid_enable": (switch("epsFunEn"),),
    "mix_ac_discharge_frequency": (switch("epsFreqSet"),),
    "mix_ac_discharge_voltage": (Number("epsVoltSet", 0, 2),),
    "pv_active_p_rate": (Number("activeRate"),),
    **_REACTIVE,
    "mix_load_flast_value_multi": (Number("wdisChargeSOCLowLimit1"),),
    "mix_load_first_control": (switch("loadFirstControl"),),
    "mix_single_export": (switch("singleExport"),),
}
_SPA: Final[Commands] = {
    "spa_load_flast": _windows(
        "loadFirstStartTime", "loadFirstStopTime", "loadFirstSwitch"
    ),
    "spa_ac_charge_time_period": _SPA_CHARGE,
    "spa_ac_discharge_time_period": _SPA_DISCHARGE,
    "pv_on_off": (switch("onOff"),),
    "pf_sys_year": (Moment("sysTime", _CLOCK),),
    "backflow_setting": (switch("exportLimit"), Number("exportLimitPowerRate")),
    **_grid("vacLow", "vacHigh"),
    "spa_off_grid_enable": (switch("epsFunEn"),),
    "spa_ac_discharge_frequency": (switch("epsFreqSet"),),
    "spa_ac_discharge_voltage": (Number("epsVoltSet", 0, 2),),
    "pv_active_p_rate": (Number("activePRate"),),
    **_REACTIVE,
}
_MAX: Final[Commands] = {
    "max_cmd_on_off": (switch("onOff"),),
    "pv_active_p_rate": (Number("activeRate"), switch("pvPfCmdMemoryState")),
    "pv_power_factor": (PowerFactor("pf"),),
}
_INV: Final[Commands] = {
    "pv_on_off": (switch("onOff"),),
    "pv_pf_cmd_memory_state": (switch("pvPfCmdMemoryState"),),
    "pv_active_p_rate": (Number("activeRate"),),
    "pv_reactive_p_rate": (
        Number("reactiveRate"),
        Choice("underExcited", ("over", "under")),
    ),
    "pv_power_factor": (PowerFactor("powerFactor"),),
    "pf_sys_year": (Moment("sysTime"),),
    **_grid("voltageLowLimit", "voltageHighLimit"),
}
_STORAGE: Final[Commands] = {
    "storage_cmd_on_off": (switch("onOff"),),
    "storage_cmd_mode": (switch("storage_cmd_mode"),),
    "storage_cmd_forced_discharge_enable": (
        switch("storage_cmd_forced_discharge_enable"),
    ),
    "storage_lithium_battery": (Number("storage_lithium_battery", 0, 10),),
    "pv_power_factor": (
        Number("pv_open_voltage", 300, 500),
        Number("pv_mpp_share", 0.55, 0.9, whole=False),
    ),
    "storage_cmd_forced_discharge_time1": (
        Window("forcedDischargeTimeStart", "forcedDischargeTimeStop"),
    ),
    "storage_cmd_sys_year": (Moment("sysTime", _STORAGE_CLOCK),),
    "storage_ac_charge_enable_disenable": (switch("acChargeEnable"),),
    "storage_ac_charge_hour_start": (Window("acChargeTimeStart", "acChargeTimeStop"),),
    "storage_ac_charge_soc_limit": (Number("acChargeSocLimit", 10, 80),),
}

COMMANDS: Final[Mapping[str, Commands]] = {
    MIN.key: _MIN,
    SPH.key: _SPH,
    SPA.key: _SPA,
    MAX.key: _MAX,
    INV.key: _INV,
    STORAGE.key: _STORAGE,
}
# All that may be read back by name; for SPH the document names nothing else.
READABLE: Final[Mapping[str, frozenset[str]]] = {
    SPH.key: frozenset({"pv_on_off"}),
    **{
        family: frozenset(
            name for name, command in commands.items() if command[0].width == 1
        )
        for family, commands in COMMANDS.items()
        if family != SPH.key
    },
}

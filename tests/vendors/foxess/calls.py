"""Valid parameters for every call that may be made."""

from datetime import timedelta
from typing import Any

from simulator import Simulation
from tests.conftest import START

PAGE = {"currentPage": 1, "pageSize": 10}
DAY = {
    "begin": int((START - timedelta(hours=2)).timestamp() * 1000),
    "end": int(START.timestamp() * 1000),
}
REPORT = {"year": 2026, "month": 6, "dimension": "month", "variables": ["feedin"]}
HEATING_TIMES = {
    f"time{number}{part}": "disable" if part == "Enable" else "0"
    for number in (1, 2, 3)
    for part in ("Enable", "StartHour", "StartMinute", "EndHour", "EndMinute")
}
GROUP = {"startHour": 1, "startMinute": 0, "endHour": 1, "endMinute": 59}
FLAT = {"minSocOnGrid": 10, "fdSoc": 90, "fdPwr": 3000}

PERIOD = {
    "enable": True,
    "peakWorkMode": 0,
    "peakWeek": 1,
    "peakStopSoc": 90,
    "peakPower": -10,
    "peakStartTime": int(START.timestamp()),
    "peakEndTime": int((START + timedelta(hours=2)).timestamp()),
}

# By name: the model that is asked, the parameter it is named by, and the others.
type Call = tuple[str, str, dict[str, Any]]
READS: dict[str, Call] = {
    "plant_list": ("", "", PAGE),
    "plant_detail": ("plant", "id", {}),
    "device_list": ("", "", PAGE),
    "device_detail_v0": ("KH8", "sn", {}),
    "device_detail_v1": ("KH8", "sn", {}),
    "device_real_time_v0": ("KH8", "sn", {"variables": ["SoC"]}),
    "device_real_time_v1": ("KH8", "sns", {}),
    "device_history": ("KH8", "sn", {**DAY, "variables": ["pvPower"]}),
    "device_report": ("KH8", "sn", REPORT),
    "device_report_statistic": ("KH8", "sn", REPORT),
    "battery_real_time": ("KH8", "sn", {}),
    "device_generation": ("KH8", "sn", {}),
    "device_variables": ("", "", {}),
    "device_fault_codes": ("", "", {}),
    "device_fault_history": ("KH8", "sn", {"date": "2026-06-15"}),
    "battery_soc_get": ("KH8", "sn", {}),
    "force_charge_time_get": ("KH8", "sn", {}),
    "battery_heating_get": ("H3-PRO", "sn", {}),
    "setting_get": ("KH8", "sn", {"key": "GridCode"}),
    "device_time_get": ("KH8", "sn", {}),
    "peak_shaving_get": ("KH8", "sn", {}),
    "meter_reader_get": ("MS", "sn", {}),
    "display_sleep_get": ("MS", "sn", {}),
    "boarding_status_get": ("KH8", "sn", {}),
    "installer_device_count": ("", "", {}),
    "scheduler_flag_get_v0": ("KH8", "deviceSN", {}),
    "scheduler_flag_get_v1": ("KH8", "deviceSN", {}),
    "scheduler_get_v0": ("KH8", "deviceSN", {}),
    "scheduler_get_v1": ("KH8", "deviceSN", {}),
    "scheduler_get_v2": ("KH8", "deviceSN", {}),
    "scheduler_get_v3": ("KH8", "deviceSN", {}),
    "module_list": ("", "", PAGE),
    "module_detail": ("module", "sn", {}),
    "module_signal": ("module", "sn", {}),
    "module_lan_info": ("module", "sn", {}),
    "module_wifi_info": ("module", "sn", {}),
    "ems_list": ("", "", PAGE),
    "ems_real_time": ("EMS", "sns", {"variables": ["totalLoadsPower"]}),
    "ems_history": ("EMS", "sn", {**DAY, "variables": ["totalLoadsPower"]}),
    "ems_ac_output_get": ("EMS", "sn", {}),
    "ems_generator_get": ("EMS", "sn", {}),
    "ems_more_get": ("EMS", "sn", {}),
    "ems_power_limit_get": ("EMS", "sn", {}),
    "ems_rate_get": ("ems_id", "emsID", {"port": 1}),
    "ems_system_get": ("ems_id", "emsID", {}),
    "meter_list": ("", "", PAGE),
    "meter_setting_get": ("METER", "sn", {}),
    "gmax_list": ("", "", PAGE),
    "gmax_real_time": ("GMAX", "sn", {}),
    "gmax_history": ("GMAX", "sn", DAY),
    "gmax_peak_valley_get": ("GMAX", "sn", {}),
    "heat_pump_list": ("HEATPUMP", "sn", PAGE),
    "heat_pump_generic_get": ("HEATPUMP", "sn", {}),
    "heat_pump_heating_get": ("HEATPUMP", "sn", {}),
    "heat_pump_circuits_get": ("HEATPUMP", "sn", {}),
    "heat_pump_dhw_get": ("HEATPUMP", "sn", {}),
    "access_count": ("", "", {}),
}
WRITES: dict[str, Call] = {
    "battery_soc_set": ("KH8", "sn", {"minSoc": 12, "minSocOnGrid": 20}),
    "force_charge_time_set": (
        "KH8",
        "sn",
        {
            f"{key}{number}": False if key == "enable" else {"hour": 0, "minute": 0}
            for key in ("enable", "startTime", "endTime")
            for number in (1, 2)
        },
    ),
    "battery_heating_set": (
        "H3-PRO",
        "sn",
        {
            "batteryWarmUpEnable": "enable",
            "startTemperature": "3",
            "endTemperature": "12",
            **HEATING_TIMES,
        },
    ),
    "setting_set": ("KH8", "sn", {"key": "MaxSoc", "value": "90"}),
    "device_time_set": (
        "KH8",
        "sn",
        {
            "year": "26",
            "month": "6",
            "day": "15",
            "hour": "12",
            "minute": "0",
            "second": "0",
        },
    ),
    "peak_shaving_set": ("KH8", "sn", {"importLimit": 3.5, "soc": 40}),
    "meter_reader_set": ("MS", "sn", {"readerType": 9, "readerInfo": {}}),
    "display_sleep_set": (
        "MS",
        "sn",
        {
            "displaySleepMode": "true",
            **{
                f"displaySleepMode{edge}Time{part}": "1"
                for edge in ("Start", "End")
                for part in ("Hour", "Min")
            },
        },
    ),
    "scheduler_flag_set_v0": ("KH8", "deviceSN", {"enable": 0}),
    "scheduler_flag_set_v1": ("KH8", "deviceSN", {"enable": 0}),
    "scheduler_set_v0": (
        "KH8",
        "deviceSN",
        {"groups": [{**GROUP, "enable": 1, "workMode": "ForceCharge", **FLAT}]},
    ),
    "scheduler_set_v1": (
        "KH8",
        "deviceSN",
        {"groups": [{**GROUP, "enable": 1, "workMode": "ForceCharge", **FLAT}]},
    ),
    "scheduler_set_v2": (
        "KH8",
        "deviceSN",
        {
            "groups": [
                {**GROUP, "enable": 1, "workMode": "ForceCharge", "extraParam": FLAT}
            ]
        },
    ),
    "scheduler_set_v3": (
        "KH8",
        "deviceSN",
        {"groups": [{**GROUP, "workMode": "ForceCharge", "extraParam": FLAT}]},
    ),
    "ems_ac_output_set": (
        "EMS",
        "sn",
        {
            "drmEnable": "enable",
            "rippleControl": "enable",
            **{f"rippleControlPiecewise{number}": "50" for number in (1, 2, 3, 4)},
        },
    ),
    "ems_generator_set": (
        "EMS",
        "sn",
        {
            "genEnable": "enable",
            "startSoc": "15",
            "stopSoc": "85",
            "genCharge": "4000",
            "judgeTime": "20",
            "minimumResetTime": "30",
        },
    ),
    "ems_more_set": (
        "EMS",
        "sn",
        {
            "controlMode": "singlePhase",
            "controlCycle": "500",
            "gridExportControlDelta": "-100",
        },
    ),
    "ems_power_limit_set": (
        "EMS",
        "sn",
        {
            "powerLimitEnable": "enable",
            "gridExportLimit": "4000",
            "gridImportLimit": "9000",
            "gridExportLimitForPeakShaving": "3000",
            "batterySocLimitForPeakShaving": "40",
            "acOutputExportLimit": "20000",
        },
    ),
    "ems_rate_set": (
        "ems_id",
        "emsID",
        {"port": 1, "rate": 9600, "dataBit": 8, "stopBit": 1, "parityBit": 0},
    ),
    "ems_system_set": (
        "ems_id",
        "emsID",
        {
            "general": {
                "drm": True,
                "rippleControl": False,
                "dataReportingCycle": 500,
            },
            "parallelControl": {
                "enable": True,
                "controlMode": "maximumSinglePowerControl",
                "controlPercentage": 80,
                "dataReportingCycle": 0.5,
            },
            "powerLimit": {
                "enable": True,
                "exportPowerLimit": 2500,
                "importPowerLimit": 8000,
                "feedinPowerLimit": 5000,
            },
        },
    ),
    "meter_setting_set": (
        "METER",
        "sn",
        {"mode": "exportLimit", "feedinPower": "1500"},
    ),
    "gmax_peak_valley_set": ("GMAX", "sn", {"peakEnable": False, "datas": [PERIOD]}),
    "heat_pump_generic_set": ("HEATPUMP", "sn", {"mode": "auto"}),
    "heat_pump_heating_set": ("HEATPUMP", "sn", {"targetTemperature": "41"}),
    "heat_pump_circuits_set": ("HEATPUMP", "sn", {"circuit1FlowTemperature": "40"}),
    "heat_pump_dhw_set": ("HEATPUMP", "sn", {"dhwTemperature": "52"}),
}


def parameters_of(sim: Simulation, call: Call) -> dict[str, Any]:
    """Return parameters with the id of the device that is asked."""
    model, key, others = call
    cloud = sim.foxess
    ids = {
        **{device.profile.key: device.serial for device in reversed(cloud.inverters)},
        "plant": cloud.inverters[0].station_id,
        "module": cloud.inverters[0].module_serial,
        "METER": cloud.meters[0].serial,
        "HEATPUMP": cloud.heat_pumps[0].serial,
        "EMS": cloud.ems[0].serial,
        "ems_id": cloud.ems[0].ems_id,
        "GMAX": cloud.gmaxes[0].serial,
    }
    if not key:
        return others
    return {key: [ids[model]] if key == "sns" else ids[model], **others}

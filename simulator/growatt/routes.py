"""The table of endpoints: those that are the same for every family, and the rest of them."""

from collections.abc import Callable
from typing import Final

from . import app_api, mistakes, users, v1_devices, v1_plants, v1_vpp, v4_read, v4_write
from .call import Call
from .endpoint import (
    MINUTES_5,
    SECONDS_5,
    SECONDS_10,
    TEN_A_DAY,
    Endpoint,
    Reply,
    Style,
)
from .family_routes import FAMILY_ENDPOINTS
from .sensors import SmartMeter, Weather

type Answer = Callable[[Call], Reply]

_PAGES: Final = ("page", "perpage")
_SPAN: Final = ("start_date", "end_date")


def _v4(
    name: str,
    answer: Answer,
    *more: str,
    period: float = SECONDS_5,
    noah_period: float = 0.0,
    write: bool = False,
) -> Endpoint:
    """Return a call of the new API."""
    return Endpoint(
        method="POST",
        path=f"new-api/{name}",
        answer=answer,
        params=("deviceSn", "deviceType", *more),
        style=Style.V4,
        period=period,
        noah_period=noah_period,
        write=write,
    )


def _app(word: str, name: str, answer: app_api.Answer, *more: str) -> Endpoint:
    """Return a call of the app about a NOAH or a NEXA."""
    return Endpoint(
        method="POST",
        path=f"noahDeviceApi/{word}/{name}",
        answer=app_api.of_model(word, answer),
        params=("deviceSn", *more),
        style=Style.APP,
    )


_PLANTS: Final = (
    Endpoint(
        method="GET",
        path="plant/list",
        answer=v1_plants.plant_list,
        params=(*_PAGES, "search_type", "search_keyword"),
        period=MINUTES_5,
        per_day=TEN_A_DAY,
    ),
    Endpoint(
        method="POST",
        path="plant/user_plant_list",
        answer=v1_plants.plants_of_user,
        params=("user_name", *_PAGES),
        period=MINUTES_5,
        per_day=TEN_A_DAY,
    ),
    Endpoint(
        method="GET",
        path="plant/details",
        answer=v1_plants.plant_details,
        params=("plant_id",),
        period=MINUTES_5,
        mistakes=mistakes.PLANT,
    ),
    Endpoint(
        method="GET",
        path="plant/data",
        answer=v1_plants.plant_data,
        params=("plant_id",),
        period=MINUTES_5,
        mistakes=mistakes.PLANT,
    ),
    Endpoint(
        method="GET",
        path="plant/power",
        answer=v1_plants.plant_power,
        params=("plant_id", "date"),
        period=MINUTES_5,
        mistakes=mistakes.PLANT_POWER,
    ),
    Endpoint(
        method="GET",
        path="plant/energy",
        answer=v1_plants.plant_energy,
        params=("plant_id", *_SPAN, "time_unit", *_PAGES),
        period=MINUTES_5,
        per_day=TEN_A_DAY,
        mistakes=mistakes.PLANT_ENERGY,
    ),
    Endpoint(
        method="POST",
        path="plant/sn_plant",
        answer=v1_plants.plant_of_device,
        params=("device_sn",),
        period=MINUTES_5,
        mistakes=mistakes.DEVICE_PLANT,
    ),
    Endpoint(
        method="POST",
        path="plant/add",
        answer=users.plant_add,
        params=(
            *("c_user_id", "name", "peak_power", "latitude_f", "latitude_d"),
            *("currency", "longitude", "latitude", "timezone_id", "plant_type"),
            *("createDate", "formulaMoney", "city", "plantAddress"),
        ),
        period=MINUTES_5,
        mistakes=mistakes.PLANT_ADD,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="plant/modify",
        answer=users.plant_modify,
        params=(
            *("c_user_id", "plant_id", "name", "latitude_f", "latitude_d"),
            *("peak_power", "currency", "longitude", "latitude", "timezone_id"),
            "plant_type",
        ),
        per_day=TEN_A_DAY,
        mistakes=mistakes.PLANT_MODIFY,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="plant/delete",
        answer=users.plant_delete,
        params=("plant_id",),
        mistakes=mistakes.PLANT_DELETE,
        write=True,
    ),
)
_DEVICES: Final = (
    Endpoint(
        method="GET",
        path="device/list",
        answer=v1_devices.device_list,
        params=("plant_id", *_PAGES),
        period=MINUTES_5,
        mistakes=mistakes.OF_PLANT,
    ),
    Endpoint(
        method="GET",
        path="device/datalogger/list",
        answer=v1_devices.logger_list,
        params=("plant_id", *_PAGES),
        period=MINUTES_5,
        mistakes=mistakes.OF_PLANT,
    ),
    Endpoint(
        method="GET",
        path="device/check/sn",
        answer=v1_devices.type_of_serial,
        params=("dataloggerSn",),
        period=MINUTES_5,
    ),
    Endpoint(
        method="POST",
        path="device/sn_datalog",
        answer=v1_devices.logger_of_device,
        params=("device_sn",),
        mistakes=mistakes.DEVICE_PLANT,
    ),
    Endpoint(
        method="POST",
        path="device/all/create_date",
        answer=v1_devices.created,
        params=("devices", "pageNum"),
        period=MINUTES_5,
    ),
    Endpoint(
        method="POST",
        path="device/datalogger/validate",
        answer=users.logger_validate,
        params=("datalogSn", "valiCode"),
        mistakes=mistakes.LOGGER_CHECK,
    ),
    Endpoint(
        method="POST",
        path="device/datalogger/add",
        answer=users.logger_add,
        params=("plant_id", "sn", "c_user_id"),
        period=MINUTES_5,
        mistakes=mistakes.LOGGER_ADD,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="device/datalogger/delete",
        answer=users.logger_delete,
        params=("plant_id", "sn"),
        period=MINUTES_5,
        mistakes=mistakes.LOGGER_DELETE,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="device/sn/add",
        answer=users.device_add,
        params=("plant_id", "sn", "c_user_id"),
        period=MINUTES_5,
        write=True,
    ),
)
_SENSORS: Final = tuple(
    endpoint
    for word, kind, listed, last, past in (
        ("ammeter", SmartMeter, "meter_list", "meter_last_data", "meter_data"),
        ("env", Weather, "env_list", "env_last_data", "env_data"),
    )
    for endpoint in (
        Endpoint(
            method="GET",
            path=f"device/{word}/{listed}",
            answer=v1_devices.sensor_list(kind),
            params=("datalog_sn", *_PAGES),
            period=MINUTES_5,
            mistakes=mistakes.SENSORS,
        ),
        Endpoint(
            method="GET",
            path=f"device/{word}/{last}",
            answer=v1_devices.sensor_last(kind),
            params=("datalog_sn", "address"),
            period=MINUTES_5,
            mistakes=mistakes.SENSOR,
        ),
        Endpoint(
            method="GET",
            path=f"device/{word}/{past}",
            answer=v1_devices.sensor_history(kind),
            params=("datalog_sn", "address", *_SPAN, *_PAGES),
            period=MINUTES_5,
            mistakes=mistakes.SENSOR_HISTORY,
        ),
    )
)
_USERS: Final = (
    Endpoint(
        method="GET",
        path="user/c_user_list",
        answer=users.user_list,
        params=_PAGES,
        period=MINUTES_5,
        per_day=TEN_A_DAY,
    ),
    Endpoint(
        method="POST",
        path="user/user_register",
        answer=users.user_register,
        params=(
            *("user_name", "user_password", "user_email", "user_type"),
            *("user_country", "agent_code", "user_tel", "time"),
        ),
        mistakes=mistakes.USER,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="user/modify",
        answer=users.user_modify,
        params=("c_user_id", "mobile", "agent_code"),
        mistakes=mistakes.USER_MODIFY,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="user/check_user",
        answer=users.user_check,
        params=("user_name",),
        mistakes=mistakes.USER_CHECK,
    ),
)
_VPP: Final = (
    Endpoint(
        method="POST",
        path="device/vpp/getSocData",
        answer=v1_vpp.vpp_soc,
        params=("vppSn",),
        period=SECONDS_10,
        mistakes=mistakes.VPP_SOC,
    ),
    Endpoint(
        method="POST",
        path="vppRemoteSetNew",
        answer=v1_vpp.vpp_now,
        params=("vppSn", "time", "percentage"),
        period=SECONDS_10,
        mistakes=mistakes.VPP_WRITE,
        write=True,
    ),
    Endpoint(
        method="POST",
        path="vppSetNew",
        answer=v1_vpp.vpp_plan,
        params=("vppSn", "timePeriods"),
        period=SECONDS_10,
        mistakes=mistakes.VPP_WRITE,
        write=True,
    ),
)
_NEW_API: Final = (
    Endpoint(
        method="POST",
        path="new-api/queryDeviceList",
        answer=v4_read.device_list,
        params=("page",),
        style=Style.V4,
        period=SECONDS_5,
    ),
    _v4("queryDeviceInfo", v4_read.device_info, period=MINUTES_5),
    _v4("queryLastData", v4_read.last_data, period=MINUTES_5, noah_period=60.0),
    _v4("queryHistoricalData", v4_read.history, "date", period=MINUTES_5),
    _v4("queryDevicesHistoricalData", v4_read.histories, "date", period=MINUTES_5),
    _v4("queryDfcData", v4_read.high_frequency, period=0.0),
    _v4("queryDeviceInfoParam", v4_read.device_param, period=0.0),
    _v4("readPower", v4_read.power_limit),
    _v4("getWiFiSignalByDevice", v4_read.wifi_signal),
    _v4("readVppParameter", v4_write.read_vpp, "setType"),
    _v4("setOnOrOff", v4_write.set_on_off, "value", write=True),
    _v4("setPower", v4_write.set_power, "value", write=True),
    _v4(
        "setHighLimitSoc",
        v4_write.set_noah("chargingSocHighLimit", 0, 100),
        "value",
        write=True,
    ),
    _v4(
        "setLowLimitSoc",
        v4_write.set_noah("chargingSocLowLimit", 0, 100),
        "value",
        write=True,
    ),
    _v4(
        "setTimeSegment",
        v4_write.set_segment,
        *("type", "startTime", "endTime", "mode", "power", "enable"),
        write=True,
    ),
    _v4(
        "setGridCharge",
        v4_write.set_noah("allowGridCharging", 0, 1),
        "value",
        write=True,
    ),
    _v4(
        "setOffGrid",
        v4_write.set_noah("gridConnectionControl", 0, 1),
        "value",
        write=True,
    ),
    _v4("setDevice", v4_write.set_device, "value", write=True),
    _v4("setVppParameter", v4_write.set_vpp, "setType", "value", write=True),
    _v4("setNewVppParameter", v4_write.set_vpp, "setType", "value", write=True),
    _v4("removeVppTimePeriod", v4_write.remove_vpp_periods, "setType", write=True),
)
_APP: Final = tuple(
    endpoint
    for word in ("noah", "nexa")
    for endpoint in (
        _app(word, "getSystemStatus", app_api.system_status),
        _app(word, "getBatteryData", app_api.battery_data),
        _app(word, f"get{word.capitalize()}InfoBySn", app_api.info),
        _app(word, f"get{word.capitalize()}ChartData", app_api.power_chart, "date"),
        _app(word, "getDataChart", app_api.energy_chart, "dateTime", "dateType"),
        _app(word, f"checkUpgrade{word.capitalize()}", app_api.firmware),
    )
)

ENDPOINTS: Final = (
    *_PLANTS,
    *_DEVICES,
    *FAMILY_ENDPOINTS,
    *_SENSORS,
    *_USERS,
    *_VPP,
    *_NEW_API,
    *_APP,
)

"""Every call of Growatt's API v1 (notes, 1.4 and appendix)."""

from collections.abc import Mapping
from typing import Final

from ..endpoint import Access
from .endpoint import FIVE_MINUTES, TEN_SECONDS, GrowattEndpoint
from .envelope import Envelope
from .errors import Meaning

_TEN_A_DAY = 10
_PAGE = ("page", "perpage")
_DAYS = ("start_date", "end_date")
_HISTORY = (*_DAYS, "timezone_id", *_PAGE)
_REGISTERS = frozenset({"any_reg"})
# What concerns the grid's operator, and raw registers.
_GRID = frozenset(
    {"any_reg", "voltage", "frequency", "reactive", "power_factor", "pf_cmd"}
)


def _read(
    method: str,
    path: str,
    *parameters: str,
    seconds: float = FIVE_MINUTES,
    per_day: int | None = None,
    meaning: Meaning = Meaning.DATA,
    envelope: Envelope = Envelope.V1,
) -> GrowattEndpoint:
    """Return a call that changes nothing."""
    return GrowattEndpoint(
        access=Access.READ,
        method=method,
        path=f"/v1/{path}",
        parameters=parameters,
        seconds=seconds,
        per_day=per_day,
        meaning=meaning,
        envelope=envelope,
    )


def _refused(
    method: str,
    path: str,
    *parameters: str,
    seconds: float = 0.0,
    per_day: int | None = None,
) -> GrowattEndpoint:
    """Return a call that is nobody's business here."""
    return GrowattEndpoint(
        access=Access.REFUSED,
        method=method,
        path=f"/v1/{path}",
        parameters=parameters,
        seconds=seconds,
        per_day=per_day,
    )


def _records(
    family: str,
    word: str,
    *,
    details: float = 0.0,
    last: float,
    many: float | None = None,
    history: float,
) -> dict[str, GrowattEndpoint]:
    """Return the calls for the records of a family, each with its window in s."""
    path, serial = f"device/{word}/{word}", f"{word}_sn"
    calls = {
        f"{family}_details": _read(
            "GET", f"{path}_data_info", "device_sn", seconds=details
        ),
        f"{family}_last_data": _read("POST", f"{path}_last_data", serial, seconds=last),
        f"{family}_history": _read(
            "POST", f"{path}_data", serial, *_HISTORY, seconds=history
        ),
    }
    if many is not None:
        calls[f"{family}_last_data_many"] = _read(
            "POST",
            f"{path}s_data",
            f"{word}s",
            "pageNum",
            seconds=many,
            envelope=Envelope.V1_MANY,
        )
    return calls


def _alarms(word: str, *paging: str, seconds: float) -> GrowattEndpoint:
    """Return the call for a day's alarms of a device."""
    path = f"device/{word}/alarm_data"
    return _read("POST", path, f"{word}_sn", "date", *paging, seconds=seconds)


def _parameter(path: str) -> GrowattEndpoint:
    """Return the call that has a device asked for one of its settings."""
    return GrowattEndpoint(
        access=Access.READ,
        path=f"/v1/{path}",
        parameters=("device_sn", "paramId", "startAddr", "endAddr"),
        unused={"startAddr": "0", "endAddr": "0"},
        meaning=Meaning.PARAMETER,
        refused_words=_REGISTERS,
    )


def _setting(path: str, serial: str, name: str, *values: str) -> GrowattEndpoint:
    """Return the call that sets one of a device's settings, all values at once."""
    return GrowattEndpoint(
        access=Access.WRITE,
        path=f"/v1/{path}",
        parameters=(serial, name, *values),
        unused=dict.fromkeys(values, ""),
        meaning=Meaning.SETTING,
        refused_words=_GRID,
    )


def _params(count: int) -> tuple[str, ...]:
    """Return the names of so many values of a setting."""
    return tuple(f"param{number}" for number in range(1, count + 1))


def _vpp(path: str, *parameters: str) -> GrowattEndpoint:
    """Return the call that has a device charge or discharge from afar."""
    return GrowattEndpoint(
        access=Access.WRITE,
        path=f"/v1/{path}",
        parameters=("vppSn", *parameters),
        meaning=Meaning.SETTING,
        seconds=TEN_SECONDS,
    )


V1: Final[Mapping[str, GrowattEndpoint]] = {
    "user_list": _refused(
        "GET", "user/c_user_list", *_PAGE, seconds=FIVE_MINUTES, per_day=_TEN_A_DAY
    ),
    "user_register": _refused(
        "POST",
        "user/user_register",
        *("user_name", "user_password", "user_email", "user_type"),
        *("user_country", "agent_code", "user_tel", "time"),
    ),
    "user_modify": _refused("POST", "user/modify", "c_user_id", "mobile", "agent_code"),
    "user_check": _refused("POST", "user/check_user", "user_name"),
    "plant_list": _read(
        "GET",
        "plant/list",
        *_PAGE,
        "search_type",
        "search_keyword",
        per_day=_TEN_A_DAY,
        meaning=Meaning.PLANTS,
    ),
    "plant_list_of_user": _read(
        "POST", "plant/user_plant_list", "user_name", *_PAGE, per_day=_TEN_A_DAY
    ),
    "plant_details": _read("GET", "plant/details", "plant_id"),
    "plant_data": _read("GET", "plant/data", "plant_id"),
    "plant_power": _read("GET", "plant/power", "plant_id", "date"),
    "plant_energy": _read(
        "GET",
        "plant/energy",
        "plant_id",
        *_DAYS,
        "time_unit",
        *_PAGE,
        per_day=_TEN_A_DAY,
    ),
    "plant_of_device": _read("POST", "plant/sn_plant", "device_sn"),
    "plant_add": _refused(
        "POST",
        "plant/add",
        *("c_user_id", "name", "peak_power", "latitude_f", "latitude_d", "currency"),
        *("longitude", "latitude", "timezone_id", "plant_type", "createDate"),
        *("formulaMoney", "city", "plantAddress"),
        seconds=FIVE_MINUTES,
    ),
    "plant_modify": _refused(
        "POST",
        "plant/modify",
        *("c_user_id", "plant_id", "name", "latitude_f", "latitude_d", "peak_power"),
        *("currency", "longitude", "latitude", "timezone_id", "plant_type"),
        per_day=_TEN_A_DAY,
    ),
    "plant_delete": _refused("POST", "plant/delete", "plant_id"),
    "device_list": _read("GET", "device/list", "plant_id", *_PAGE),
    "device_check": _read(
        "GET", "device/check/sn", "dataloggerSn", envelope=Envelope.CHECK
    ),
    "device_created": _read("POST", "device/all/create_date", "pageNum", "devices"),
    "device_add": _refused(
        "POST", "device/sn/add", "plant_id", "sn", "c_user_id", seconds=FIVE_MINUTES
    ),
    "datalogger_list": _read("GET", "device/datalogger/list", "plant_id", *_PAGE),
    "datalogger_of_device": _read("POST", "device/sn_datalog", "device_sn"),
    "datalogger_validate": _refused(
        "POST", "device/datalogger/validate", "datalogSn", "valiCode"
    ),
    "datalogger_add": _refused(
        "POST",
        "device/datalogger/add",
        *("plant_id", "sn", "c_user_id"),
        seconds=FIVE_MINUTES,
    ),
    "datalogger_remove": _refused(
        "POST", "device/datalogger/delete", "plant_id", "sn", seconds=FIVE_MINUTES
    ),
    "meter_list": _read("GET", "device/ammeter/meter_list", "datalog_sn", *_PAGE),
    "meter_last_data": _read(
        "GET", "device/ammeter/meter_last_data", "datalog_sn", "address"
    ),
    "meter_history": _read(
        "GET", "device/ammeter/meter_data", "datalog_sn", "address", *_DAYS, *_PAGE
    ),
    "env_list": _read("GET", "device/env/env_list", "datalog_sn", *_PAGE),
    "env_last_data": _read("GET", "device/env/env_last_data", "datalog_sn", "address"),
    "env_history": _read(
        "GET", "device/env/env_data", "datalog_sn", "address", *_DAYS, *_PAGE
    ),
    "inverter_details": _read("GET", "device/inverter/inv_data_info", "device_sn"),
    "inverter_last_data": _read("GET", "device/inverter/last_new_data", "device_sn"),
    "inverter_last_data_many": _read(
        "POST",
        "device/inverter/invs_data",
        "inverters",
        "pageNum",
        envelope=Envelope.V1_MANY,
    ),
    "inverter_history": _read("GET", "device/inverter/data", "device_sn", *_HISTORY),
    "inverter_alarms": _read(
        "GET", "device/inverter/alarm", "device_sn", "date", *_PAGE
    ),
    "inverter_day_energy": _read(
        "GET", "device/inverter/day_energy", "device_sn", "date"
    ),
    **_records("storage", "storage", details=10, last=10, history=10),
    "storage_alarms": _alarms("storage", seconds=10),
    **_records("max", "max", last=300, many=300, history=300),
    "max_alarms": _alarms("max", *_PAGE, seconds=0),
    **_records("sph", "mix", last=10, many=10, history=300),
    "sph_alarms": _alarms("mix", *_PAGE, seconds=10),
    **_records("spa", "spa", last=10, many=10, history=10),
    "spa_alarms": _alarms("spa", *_PAGE, seconds=10),
    **_records("min", "tlx", details=300, last=300, many=300, history=10),
    "min_settings": _read("GET", "device/tlx/tlx_set_info", "device_sn", seconds=0),
    "min_alarms": _alarms("tlx", *_PAGE, seconds=300),
    **_records("pcs", "pcs", last=300, history=300),
    "pcs_alarms": _alarms("pcs", *_PAGE, seconds=300),
    **_records("hps", "hps", details=10, last=10, history=10),
    "hps_alarms": _alarms("hps", *_PAGE, seconds=10),
    **_records("pbd", "pbd", details=10, last=300, history=300),
    "pbd_alarms": _alarms("pbd", *_PAGE, seconds=300),
    **_records("boost", "boost", details=10, last=10, many=10, history=10),
    "inverter_parameter": _parameter("readInverterParam"),
    "storage_parameter": _parameter("readStorageParam"),
    "max_parameter": _parameter("readMaxParam"),
    "sph_parameter": _parameter("readMixParam"),
    "spa_parameter": _parameter("readSpaParam"),
    "min_parameter": _parameter("readMinParam"),
    "inverter_set": _setting(
        "inverterSet", "device_sn", "paramId", "command_1", "command_2"
    ),
    "storage_set": _setting("storageSet", "storage_sn", "type", *_params(4)),
    "max_set": _setting("maxSet", "max_sn", "type", *_params(19)),
    "sph_set": _setting("mixSet", "mix_sn", "type", *_params(18)),
    "spa_set": _setting("spaSet", "spa_sn", "type", *_params(18)),
    "min_set": _setting("tlxSet", "tlx_sn", "type", *_params(19)),
    "vpp_soc": _read(
        "POST",
        "device/vpp/getSocData",
        "vppSn",
        seconds=TEN_SECONDS,
        envelope=Envelope.V1_ROOT,
    ),
    "vpp_set": _vpp("vppRemoteSetNew", "time", "percentage"),
    "vpp_set_periods": _vpp("vppSetNew", "timePeriods"),
}

"""The table of endpoints."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..jsontypes import Json
from . import (
    batch,
    ems_api,
    extras,
    gmax_api,
    heat_pumps,
    identity,
    loggers,
    meters,
    plants,
    quota,
    readings,
    reports,
    scheduler,
    settings,
    undocumented,
    vpp,
)
from .call import Call
from .ems_settings import GROUPS


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint; `write` gives it the longer window, and `undocumented` lets it be switched off."""

    method: str
    path: str
    answer: Callable[[Call], Json]
    write: bool = False
    undocumented: bool = False


def _get(path: str, answer: Callable[[Call], Json]) -> Endpoint:
    """Return a query by GET."""
    return Endpoint(method="GET", path=path, answer=answer)


def _post(path: str, answer: Callable[[Call], Json]) -> Endpoint:
    """Return a query by POST."""
    return Endpoint(method="POST", path=path, answer=answer)


def _write(path: str, answer: Callable[[Call], Json]) -> Endpoint:
    """Return an insert or update."""
    return Endpoint(method="POST", path=path, answer=answer, write=True)


def _forgotten(path: str, answer: Callable[[Call], Json]) -> Endpoint:
    """Return a query by POST that the vendor no longer documents."""
    return Endpoint(method="POST", path=path, answer=answer, undocumented=True)


ENDPOINTS: Final = (
    _post("/op/v0/plant/list", plants.plant_list),
    _get("/op/v0/plant/detail", plants.plant_detail),
    _write("/op/v0/plant/create", plants.plant_create),
    _write("/op/v0/plant/update", plants.plant_update),
    _write("/op/v0/plant/delete", plants.plant_delete),
    _post("/op/v0/device/list", identity.device_list),
    _get("/op/v0/device/detail", identity.device_detail_v0),
    _get("/op/v1/device/detail", identity.device_detail_v1),
    _post("/op/v0/device/real/query", readings.real_query_v0),
    _post("/op/v1/device/real/query", readings.real_query_v1),
    _post("/op/v0/device/history/query", readings.history_query),
    _post("/op/v0/device/report/query", reports.report_query),
    _forgotten("/op/v0/device/report/statistic", undocumented.report_statistic),
    _forgotten("/op/v0/device/battery/real/query", undocumented.battery_real),
    _get("/op/v0/device/generation", reports.generation),
    _get("/op/v0/device/variable/get", readings.variable_table),
    _get("/op/v0/device/fault/get", reports.fault_table),
    _post("/op/v0/device/fault/history", reports.fault_history),
    _get("/op/v0/device/battery/soc/get", settings.soc_get),
    _write("/op/v0/device/battery/soc/set", settings.soc_set),
    _get("/op/v0/device/battery/forceChargeTime/get", settings.charge_times_get),
    _write("/op/v0/device/battery/forceChargeTime/set", settings.charge_times_set),
    _post("/op/v0/device/setting/get", settings.setting_get),
    _write("/op/v0/device/setting/set", settings.setting_set),
    _post("/op/v0/device/time/get", settings.time_get),
    _write("/op/v0/device/time/set", settings.time_set),
    _post("/op/v0/device/peakShaving/get", settings.peak_shaving_get),
    _write("/op/v0/device/peakShaving/set", settings.peak_shaving_set),
    _post("/op/v0/device/batteryHeating/get", settings.heating_get),
    _write("/op/v0/device/batteryHeating/set", settings.heating_set),
    _post("/op/v0/device/getMeterReader", extras.meter_reader_get),
    _write("/op/v0/device/setMeterReader", extras.meter_reader_set),
    _post("/op/v0/device/displaySleep/get", extras.display_sleep_get),
    _write("/op/v0/device/displaySleep/set", extras.display_sleep_set),
    _get("/op/v0/device/boarding/status", extras.boarding_get),
    _write("/op/v0/device/boarding/status/set", extras.boarding_set),
    _post("/op/v0/device/installer/count", extras.installer_count),
    *(
        endpoint
        for version in (0, 1)
        for endpoint in (
            _post(
                f"/op/v{version}/device/scheduler/get/flag", scheduler.flag_get(version)
            ),
            _write(
                f"/op/v{version}/device/scheduler/set/flag", scheduler.flag_set(version)
            ),
        )
    ),
    *(
        endpoint
        for version in (0, 1, 2, 3)
        for endpoint in (
            _post(
                f"/op/v{version}/device/scheduler/get", scheduler.schedule_get(version)
            ),
            _write(
                f"/op/v{version}/device/scheduler/enable",
                scheduler.schedule_set(version),
            ),
        )
    ),
    _write("/op/v3/device/scheduler/enable/batch", batch.schedule_batch),
    _post("/op/v0/module/list", loggers.module_list),
    _get("/op/v0/module/detail", loggers.module_detail),
    _post("/op/v0/module/getSignal", loggers.module_signal),
    _post("/op/v0/module/getLanInfo", loggers.module_lan),
    _post("/op/v0/module/getWifiInfo", loggers.module_wifi),
    _write("/op/v0/module/modbus/commands", loggers.modbus_commands),
    _post("/op/v0/ems/list", ems_api.ems_list),
    _post("/op/v0/ems/real/query", ems_api.ems_real),
    _post("/op/v0/ems/history/query", ems_api.ems_history),
    *(
        endpoint
        for group in GROUPS
        for endpoint in (
            _get(f"/op/v0/ems/setting/{group}/get", ems_api.group_get(group)),
            _write(f"/op/v0/ems/setting/{group}/set", ems_api.group_set(group)),
        )
    ),
    _get("/op/v0/ems/setting/system/get", ems_api.system_get),
    _write("/op/v0/ems/setting/system/set", ems_api.system_set),
    _post("/op/v0/ems/setting/rate/get", ems_api.rate_get),
    _write("/op/v0/ems/setting/rate/set", ems_api.rate_set),
    _post("/op/v0/gw/list", meters.meter_list),
    _post("/op/v0/gw/setting/get", meters.meter_get),
    _write("/op/v0/gw/setting/set", meters.meter_set),
    _post("/op/v0/gmax/list", gmax_api.gmax_list),
    _post("/op/v0/gmax/real/query", gmax_api.gmax_real),
    _post("/op/v0/gmax/history/query", gmax_api.gmax_history),
    _post("/op/v0/gmax/peakValleyPower/get", gmax_api.plan_get),
    _write("/op/v0/gmax/peakValleyPower/set", gmax_api.plan_set),
    _write("/op/v0/heat/register", heat_pumps.heat_register),
    # The words of this path stand the other way round, and are right so.
    _post("/op/v0/register/heat/list", heat_pumps.heat_list),
    _write("/op/v0/heat/register/status/change", heat_pumps.heat_status),
    *(
        endpoint
        for group in heat_pumps.CONTROLS
        for endpoint in (
            _post(f"/op/v0/heat/{group}Controls/get", heat_pumps.controls_get(group)),
            _write(f"/op/v0/heat/{group}Controls/set", heat_pumps.controls_set(group)),
        )
    ),
    _write("/op/v0/vpp/oauth2/client/onboard", vpp.operators_only),
    _write("/op/v0/vpp/oauth2/client/offboard", vpp.operators_only),
    _write("/op/v0/vpp/oauth2/code/offboard/device", vpp.operators_only),
    _get("/op/v0/user/getAccessCount", quota.access_count),
)

"""Every call of the Fox ESS Open API: where it goes, and who may make it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...transport.limiter import Limit
from ..endpoint import Access, Endpoint

_READ_SPACING = 1.0
_WRITE_SPACING = 2.0


@dataclass(frozen=True, kw_only=True)
class FoxEssEndpoint(Endpoint):
    """One call of the Open API.

    Attributes:
        method: GET or POST.
        path: The path, which is also what is signed.
        in_query: Its parameters travel in the query, not in the body.
        signed: It wants token and signature.
        urgent: It may use the calls that are kept for writes.
    """

    method: str = "POST"
    path: str
    in_query: bool = False
    signed: bool = True
    urgent: bool = False
    names_device: frozenset[str] = frozenset({"sn", "deviceSN", "emsID"})

    @property
    def write(self) -> bool:
        """Return whether it changes something."""
        return self.access is not Access.READ

    @property
    def limit(self) -> Limit:
        """Return the documented spacing: 1 s for queries, 2 s for changes."""
        return Limit(self.path, 1, _WRITE_SPACING if self.write else _READ_SPACING)


def _get(path: str, *secrets: str, urgent: bool = False) -> FoxEssEndpoint:
    """Return a query by GET."""
    return FoxEssEndpoint(
        access=Access.READ,
        method="GET",
        path=path,
        in_query=True,
        urgent=urgent,
        secrets=frozenset(secrets),
    )


def _ask(path: str, *secrets: str) -> FoxEssEndpoint:
    """Return a query by POST."""
    return FoxEssEndpoint(access=Access.READ, path=path, secrets=frozenset(secrets))


def _set(path: str, *secrets: str, never: str | None = None) -> FoxEssEndpoint:
    """Return a change, which the vendor echoes; `never` is what it must not be about."""
    return FoxEssEndpoint(
        access=Access.WRITE,
        path=path,
        secrets=frozenset(secrets),
        refused_words=frozenset({never} if never else ()),
    )


def _refused(path: str) -> FoxEssEndpoint:
    """Return a change that is nobody's business here."""
    return FoxEssEndpoint(access=Access.REFUSED, path=path)


def _oauth(method: str, path: str) -> FoxEssEndpoint:
    """Return a call about tokens, with all parameters in the query."""
    return FoxEssEndpoint(
        access=Access.REFUSED, method=method, path=path, in_query=True, signed=False
    )


# Where an API has versions, the name tells which, so that a new one renames none.
ENDPOINTS: Final[Mapping[str, FoxEssEndpoint]] = {
    "plant_list": _ask("/op/v0/plant/list"),
    "plant_detail": _get("/op/v0/plant/detail", "user", "installer"),
    "plant_create": _refused("/op/v0/plant/create"),
    "plant_update": _refused("/op/v0/plant/update"),
    "plant_delete": _refused("/op/v0/plant/delete"),
    "device_list": _ask("/op/v0/device/list"),
    "device_detail_v0": _get("/op/v0/device/detail"),
    "device_detail_v1": _get("/op/v1/device/detail"),
    "device_real_time_v0": _ask("/op/v0/device/real/query"),
    "device_real_time_v1": _ask("/op/v1/device/real/query"),
    "device_history": _ask("/op/v0/device/history/query"),
    "device_report": _ask("/op/v0/device/report/query"),
    # The vendor's document no longer has these two; they may still answer.
    "device_report_statistic": _ask("/op/v0/device/report/statistic"),
    "battery_real_time": _ask("/op/v0/device/battery/real/query"),
    "device_generation": _get("/op/v0/device/generation"),
    "device_variables": _get("/op/v0/device/variable/get"),
    "device_fault_codes": _get("/op/v0/device/fault/get"),
    "device_fault_history": _ask("/op/v0/device/fault/history"),
    "battery_soc_get": _get("/op/v0/device/battery/soc/get"),
    "battery_soc_set": _set("/op/v0/device/battery/soc/set"),
    "force_charge_time_get": _get("/op/v0/device/battery/forceChargeTime/get"),
    "force_charge_time_set": _set("/op/v0/device/battery/forceChargeTime/set"),
    "battery_heating_get": _ask("/op/v0/device/batteryHeating/get"),
    "battery_heating_set": _set("/op/v0/device/batteryHeating/set"),
    "setting_get": _ask("/op/v0/device/setting/get"),
    "setting_set": _set("/op/v0/device/setting/set", never="gridcode"),
    "device_time_get": _ask("/op/v0/device/time/get"),
    "device_time_set": _set("/op/v0/device/time/set"),
    "peak_shaving_get": _ask("/op/v0/device/peakShaving/get"),
    "peak_shaving_set": _set("/op/v0/device/peakShaving/set"),
    # Its key is the foreign meter's password.
    "meter_reader_get": _ask("/op/v0/device/getMeterReader", "key"),
    "meter_reader_set": _set("/op/v0/device/setMeterReader", "key"),
    "display_sleep_get": _ask("/op/v0/device/displaySleep/get"),
    "display_sleep_set": _set("/op/v0/device/displaySleep/set"),
    "boarding_status_get": _get("/op/v0/device/boarding/status"),
    "boarding_status_set": _refused("/op/v0/device/boarding/status/set"),
    "installer_device_count": _ask("/op/v0/device/installer/count"),
    "scheduler_flag_get_v0": _ask("/op/v0/device/scheduler/get/flag"),
    "scheduler_flag_get_v1": _ask("/op/v1/device/scheduler/get/flag"),
    "scheduler_flag_set_v0": _set("/op/v0/device/scheduler/set/flag"),
    "scheduler_flag_set_v1": _set("/op/v1/device/scheduler/set/flag"),
    "scheduler_get_v0": _ask("/op/v0/device/scheduler/get"),
    "scheduler_get_v1": _ask("/op/v1/device/scheduler/get"),
    "scheduler_get_v2": _ask("/op/v2/device/scheduler/get"),
    "scheduler_get_v3": _ask("/op/v3/device/scheduler/get"),
    "scheduler_set_v0": _set("/op/v0/device/scheduler/enable"),
    "scheduler_set_v1": _set("/op/v1/device/scheduler/enable"),
    "scheduler_set_v2": _set("/op/v2/device/scheduler/enable"),
    "scheduler_set_v3": _set("/op/v3/device/scheduler/enable"),
    "scheduler_set_batch_v3": _refused("/op/v3/device/scheduler/enable/batch"),
    "module_list": _ask("/op/v0/module/list"),
    "module_detail": _get("/op/v0/module/detail"),
    "module_signal": _ask("/op/v0/module/getSignal"),
    "module_lan_info": _ask("/op/v0/module/getLanInfo"),
    "module_wifi_info": _ask("/op/v0/module/getWifiInfo"),
    "module_modbus_commands": _refused("/op/v0/module/modbus/commands"),
    "ems_list": _ask("/op/v0/ems/list"),
    "ems_real_time": _ask("/op/v0/ems/real/query"),
    "ems_history": _ask("/op/v0/ems/history/query"),
    "ems_ac_output_get": _get("/op/v0/ems/setting/acOutput/get"),
    "ems_ac_output_set": _set("/op/v0/ems/setting/acOutput/set"),
    "ems_generator_get": _get("/op/v0/ems/setting/gen/get"),
    "ems_generator_set": _set("/op/v0/ems/setting/gen/set"),
    "ems_more_get": _get("/op/v0/ems/setting/more/get"),
    "ems_more_set": _set("/op/v0/ems/setting/more/set"),
    "ems_power_limit_get": _get("/op/v0/ems/setting/powerLimit/get"),
    "ems_power_limit_set": _set("/op/v0/ems/setting/powerLimit/set"),
    "ems_rate_get": _ask("/op/v0/ems/setting/rate/get"),
    "ems_rate_set": _set("/op/v0/ems/setting/rate/set"),
    "ems_system_get": _get("/op/v0/ems/setting/system/get"),
    "ems_system_set": _set("/op/v0/ems/setting/system/set"),
    "meter_list": _ask("/op/v0/gw/list"),
    "meter_setting_get": _ask("/op/v0/gw/setting/get"),
    "meter_setting_set": _set("/op/v0/gw/setting/set"),
    "gmax_list": _ask("/op/v0/gmax/list"),
    "gmax_real_time": _ask("/op/v0/gmax/real/query"),
    "gmax_history": _ask("/op/v0/gmax/history/query"),
    "gmax_peak_valley_get": _ask("/op/v0/gmax/peakValleyPower/get"),
    "gmax_peak_valley_set": _set("/op/v0/gmax/peakValleyPower/set"),
    # The words of this path stand the other way round, and are right so.
    "heat_pump_list": _ask("/op/v0/register/heat/list"),
    "heat_pump_register": _refused("/op/v0/heat/register"),
    "heat_pump_status_change": _refused("/op/v0/heat/register/status/change"),
    "heat_pump_generic_get": _ask("/op/v0/heat/genericControls/get"),
    "heat_pump_generic_set": _set("/op/v0/heat/genericControls/set"),
    "heat_pump_heating_get": _ask("/op/v0/heat/heatingControls/get"),
    "heat_pump_heating_set": _set("/op/v0/heat/heatingControls/set"),
    "heat_pump_circuits_get": _ask("/op/v0/heat/heatingCircuitsControls/get"),
    "heat_pump_circuits_set": _set("/op/v0/heat/heatingCircuitsControls/set"),
    "heat_pump_dhw_get": _ask("/op/v0/heat/dhwControls/get"),
    "heat_pump_dhw_set": _set("/op/v0/heat/dhwControls/set"),
    # Urgent, or a spent day would never be found to be over.
    "access_count": _get("/op/v0/user/getAccessCount", urgent=True),
    "vpp_client_onboard": _refused("/op/v0/vpp/oauth2/client/onboard"),
    "vpp_client_offboard": _refused("/op/v0/vpp/oauth2/client/offboard"),
    "vpp_device_offboard": _refused("/op/v0/vpp/oauth2/code/offboard/device"),
    "oauth_token": _oauth("POST", "/oauth2/token"),
    "oauth_refresh": _oauth("GET", "/oauth2/refresh"),
    "oauth_revoke": _oauth("GET", "/oauth2/revoke"),
    "oauth_revoke_all": _oauth("GET", "/oauth2/revokeAllTokens"),
}

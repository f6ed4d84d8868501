"""Every call of Growatt's API v4, and those of the app that take a token.

Growatt notes, 1.7, 1.8 and appendix.
"""

from collections.abc import Mapping
from typing import Final

from ..endpoint import Access
from .endpoint import FIVE_MINUTES, FIVE_SECONDS, MINUTE, GrowattEndpoint
from .envelope import Envelope
from .errors import Meaning

_DEVICE = ("deviceSn", "deviceType")
# Frequency, voltage and reactive power (notes, 1.7).
_GRID = frozenset({r"set_param_0*(8|9|10|11|12)\b"})


def _read(
    path: str,
    *parameters: str,
    seconds: float = FIVE_SECONDS,
    envelope: Envelope = Envelope.V4,
) -> GrowattEndpoint:
    """Return a call that changes nothing."""
    return GrowattEndpoint(
        access=Access.READ,
        path=f"/v4/new-api/{path}",
        parameters=(*_DEVICE, *parameters),
        envelope=envelope,
        meaning=Meaning.V4,
        seconds=seconds,
    )


def _set(
    path: str,
    *parameters: str,
    access: Access = Access.WRITE,
    refused_words: frozenset[str] = frozenset(),
) -> GrowattEndpoint:
    """Return a call that sets something of a device."""
    return GrowattEndpoint(
        access=access,
        path=f"/v4/new-api/{path}",
        parameters=(*_DEVICE, *parameters),
        envelope=Envelope.V4,
        meaning=Meaning.V4,
        seconds=FIVE_SECONDS,
        refused_words=refused_words,
    )


def _app(word: str, path: str, *parameters: str) -> GrowattEndpoint:
    """Return a call of the app, which documents no limits."""
    return GrowattEndpoint(
        access=Access.READ,
        path=f"/v4/noahDeviceApi/{word}/{path}",
        parameters=("deviceSn", *parameters),
        envelope=Envelope.APP,
        meaning=Meaning.APP,
    )


def _apps(word: str) -> dict[str, GrowattEndpoint]:
    """Return the app's calls about a NOAH or a NEXA."""
    name = word.capitalize()
    return {
        f"{word}_app_status": _app(word, "getSystemStatus"),
        f"{word}_app_batteries": _app(word, "getBatteryData"),
        f"{word}_app_settings": _app(word, f"get{name}InfoBySn"),
        f"{word}_app_power_chart": _app(word, f"get{name}ChartData", "date"),
        f"{word}_app_energy_chart": _app(word, "getDataChart", "dateTime", "dateType"),
        f"{word}_app_firmware": _app(word, f"checkUpgrade{name}"),
    }


V4: Final[Mapping[str, GrowattEndpoint]] = {
    "device_list_v4": GrowattEndpoint(
        access=Access.READ,
        path="/v4/new-api/queryDeviceList",
        parameters=("page",),
        envelope=Envelope.V4,
        meaning=Meaning.V4_DEVICES,
        seconds=FIVE_SECONDS,
    ),
    "details_v4": _read("queryDeviceInfo", seconds=FIVE_MINUTES),
    "last_data_v4": GrowattEndpoint(
        access=Access.READ,
        path="/v4/new-api/queryLastData",
        parameters=_DEVICE,
        envelope=Envelope.V4,
        meaning=Meaning.V4,
        seconds=FIVE_MINUTES,
        noah_seconds=MINUTE,
    ),
    "history_v4": _read("queryHistoricalData", "date", seconds=FIVE_MINUTES),
    "histories_v4": _read("queryDevicesHistoricalData", "date", seconds=FIVE_MINUTES),
    # Nothing is documented of the limits of these two.
    "real_time_v4": _read("queryDfcData"),
    "nameplate_v4": _read("queryDeviceInfoParam"),
    "power_v4": _read("readPower"),
    "wifi_v4": _read("getWiFiSignalByDevice", envelope=Envelope.V4_SWAPPED),
    "vpp_parameter_v4": _read("readVppParameter", "setType"),
    "on_off_set_v4": _set("setOnOrOff", "value"),
    "power_set_v4": _set("setPower", "value"),
    "high_soc_set_v4": _set("setHighLimitSoc", "value"),
    "low_soc_set_v4": _set("setLowLimitSoc", "value"),
    "time_segment_set_v4": _set(
        "setTimeSegment", "type", "startTime", "endTime", "mode", "power", "enable"
    ),
    "grid_charge_set_v4": _set("setGridCharge", "value"),
    "off_grid_set_v4": _set("setOffGrid", "value"),
    "vpp_parameter_set_v4": _set(
        "setVppParameter", "setType", "value", refused_words=_GRID
    ),
    "vpp_parameter_set_new_v4": _set(
        "setNewVppParameter", "setType", "value", refused_words=_GRID
    ),
    "vpp_periods_remove_v4": _set(
        "removeVppTimePeriod", "setType", refused_words=_GRID
    ),
    "inverter_assign_v4": _set("setDevice", "value", access=Access.REFUSED),
    **_apps("noah"),
    **_apps("nexa"),
}

"""Alerts: what began, what is over, and what is still wrong (Eaton notes, 1.5).

A customer's account learns of faults by nothing else.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ...battery.model import Happening, Record, Value
from .models import Alert

ALERT: Final = "alert"
UNKNOWN: Final = "unknown_fault"
# All that the unit's own portal has texts for.
KINDS: Final = (
    "app_update_fail",
    "battery_over_temp",
    "battery_under_temp",
    "battery_voltage_high",
    "battery_voltage_low",
    "bms_contactor_disconnected",
    "bms_contactor_welded",
    "bms_deep_uv",
    "bms_ext_comms_fail",
    "bms_fault",
    "bms_fuse_blown",
    "bms_fw_update_fail",
    "bms_int_comms_fail",
    "bms_temp_sensor_fail",
    "bms_volt_sensor_fail",
    "bms_wrong_product_type",
    "bus_fail",
    "bus_high_fail",
    "bus_low_fail",
    "bus_start_fail",
    "dc_sensor_fault",
    "device_fault",
    "eeprom_fail",
    "emergency_off",
    "ens_fac_fail",
    "ens_gfci_fail",
    "ens_iac_fail",
    "ens_vac_fail",
    "fan_lock",
    "filesystem_fault",
    "grid_fac_fail",
    "grid_vac_fail",
    "inverter_curr_fail",
    "inverter_fw_update_fail",
    "m_s_version_fail",
    "master_slave_fail",
    "no_battery",
    "no_utility",
    "offset_iac_fail",
    "over_load",
    "over_power",
    "pv_over_power",
    "rcmu_curr_fail",
    "rcmu_device_fail",
    "ref_voltage_fault",
    "relay_fail",
    "temperature_fail",
    "test_fail",
    UNKNOWN,
    "vpv_max_fail",
    "zpv_pe_fail",
)

_SEEN: Final = "alerts_seen"
_NO_FAULT: Final = "none"
_MAX_TEXT: Final = 255


def record_of(alerts: Iterable[Alert]) -> Record:
    """Return what all alerts come to."""
    alerts = list(alerts)
    active = Alert.active(alerts)
    values: dict[str, Value] = {
        "problem": bool(active),
        "fault": ", ".join(alert.kind for alert in active)[:_MAX_TEXT] or _NO_FAULT,
        "unread_alerts": sum(not alert.read for alert in alerts),
    }
    if critical := [alert for alert in alerts if alert.level == "CRITICAL"]:
        values["last_fault"] = critical[-1].kind
        values["last_fault_at"] = _moment(critical[-1])
    return Record(values=values)


def news(alerts: Iterable[Alert], memory: dict[str, Any]) -> list[Happening]:
    """Return what has happened since the last time, and remember it.

    The first time, nothing has: what is long past alarms nobody.
    """
    alerts = list(alerts)
    seen: list[str] | None = memory.get(_SEEN)
    memory[_SEEN] = [alert.id for alert in alerts]
    if seen is None:
        return []
    return [
        Happening(key=ALERT, type=_kind(alert), attributes=_attributes(alert))
        for alert in alerts
        if alert.id not in seen
    ]


def _kind(alert: Alert) -> str:
    """Return the kind of an alert, as far as it is known."""
    kind = alert.kind.lower()
    return kind if kind in KINDS else UNKNOWN


def _attributes(alert: Alert) -> Mapping[str, str | bool]:
    """Return what else is told of an alert."""
    return {
        "level": alert.level.lower(),
        "resolved": alert.previous is not None,
        "code": alert.kind,
        "at": _moment(alert).isoformat(),
    }


def _moment(alert: Alert) -> datetime:
    """Return when an alert came; a time that cannot be is the first of all."""
    try:
        return datetime.fromtimestamp(alert.created / 1000, UTC)
    except OverflowError, OSError, ValueError:
        return datetime.fromtimestamp(0, UTC)

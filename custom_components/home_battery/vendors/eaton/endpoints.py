"""Every documented call of an xStorage Home unit (Eaton notes, 1.4)."""

from collections.abc import Mapping
from typing import Final

from ..endpoint import Access
from .endpoint import EatonEndpoint

_SPAN: Final = ("from", "to")
_EXPORT: Final = (*_SPAN, "field")
_EVENT: Final = ("command", "startTime", "endTime", "recurrence", "parameters")


def _read(path: str, *parameters: str) -> EatonEndpoint:
    """Describe a call that only reads."""
    return EatonEndpoint(access=Access.READ, path=path, parameters=parameters)


def _write(
    method: str, path: str, *parameters: str, form: bool = False
) -> EatonEndpoint:
    """Describe a call that changes something."""
    return EatonEndpoint(
        access=Access.WRITE, method=method, path=path, parameters=parameters, form=form
    )


def _refused(method: str, path: str) -> EatonEndpoint:
    """Describe a call that is nobody's: sign-in, accounts, installers' matters."""
    return EatonEndpoint(access=Access.REFUSED, method=method, path=path)


ENDPOINTS: Final[Mapping[str, EatonEndpoint]] = {
    "config_state": _read("/config/state"),
    "device": _read("/device"),
    "status": _read("/device/status"),
    "settings": _read("/settings/"),
    "schedule": _read("/schedule/"),
    "schedule_event": _read("/schedule/event/{event_id}"),
    "metrics": _read("/metrics/", *_SPAN),
    "metrics_daily": _read("/metrics/daily", *_SPAN),
    "metrics_weekly": _read("/metrics/weekly", *_SPAN),
    "metrics_export": _read("/metrics/export", *_EXPORT),
    "metrics_export_daily": _read("/metrics/export/daily", *_EXPORT),
    "metrics_export_weekly": _read("/metrics/export/weekly", *_EXPORT),
    "notifications": _read("/notifications/", "status", "size", "offset"),
    "notifications_unread": _read("/notifications/unread", "status"),
    "technical_status": _read("/technical/status"),
    "diagnostics": _read("/device/maintenance/diagnostics"),
    "date_time": _read("/device/maintenance/date-time"),
    "comm_card_logs": _read("/commcard/logs"),
    "default_mode": _read("/settings/default_opmode"),
    "topology": _read("/settings/topology"),
    "meter": _read("/settings/meter"),
    "meter_status": _read("/settings/topology/meter/{position}/status"),
    "time": _read("/settings/time"),
    "time_zones": _read("/settings/time/timezones"),
    "location": _read("/settings/location"),
    "countries": _read("/geo/country"),
    "cities": _read("/geo/country/{country_id}/city"),
    "command": _write("POST", "/device/command", "command", "duration", "parameters"),
    "power": _write("POST", "/device/power", "parameters"),
    "settings_write": _write("PUT", "/settings/", "settings"),
    "schedule_event_create": _write("POST", "/schedule/event", *_EVENT),
    "schedule_event_update": _write("PUT", "/schedule/event/{event_id}", *_EVENT),
    "schedule_event_delete": _write("DELETE", "/schedule/event/{event_id}"),
    "notifications_read": _write("POST", "/notifications/read", "id", form=True),
    "notifications_read_all": _write("POST", "/notifications/read/all"),
    "notifications_delete": _write("POST", "/notifications/delete", "id", form=True),
    "comm_card_reboot": _write("POST", "/commcard/reboot"),
    "free_disk_space": _write("POST", "/device/maintenance/free-disk-space"),
    "sign_in": _refused("POST", "/auth/signin"),
    "refresh": _refused("POST", "/auth/refresh"),
    "config_state_write": _refused("PATCH", "/config/state"),
    "config_finish": _refused("POST", "/config/finish"),
    "default_mode_write": _refused("PUT", "/settings/default_opmode"),
    "topology_write": _refused("PUT", "/settings/topology"),
    "meter_set_up": _refused("POST", "/settings/topology/meter/{position}/setup"),
    "meter_auto_set_up": _refused(
        "POST", "/settings/topology/meter/{position}/auto_setup"
    ),
    "time_write": _refused("PUT", "/settings/time"),
    "location_write": _refused("PUT", "/settings/location"),
    "date_time_write": _refused("POST", "/device/maintenance/date-time"),
    "network": _refused("GET", "/v2/settings/network/"),
    "network_write": _refused("PUT", "/v2/settings/network/"),
    "comm_card_update": _refused("POST", "/commcard/update"),
    "comm_card_logs_write": _refused("POST", "/commcard/logs"),
    "tunnel": _refused("GET", "/technical/tunnel"),
}

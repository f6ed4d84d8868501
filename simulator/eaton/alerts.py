"""Notifications: a fault is raised as a critical alert, and an informational one says that it is over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from ..accounts import Ids
from ..jsontypes import Json, JsonObject
from .times import millis

CRITICAL: Final = "CRITICAL"
INFO: Final = "INFO"
UNREAD: Final = "NORMAL"
READ: Final = "READ"
NO_GRID: Final = "NO_UTILITY"

# The battery's own codes, which technicians see, for the alerts that have one.
BATTERY_CODES: Final[Mapping[str, str]] = {
    "BATTERY_VOLTAGE_HIGH": "OVER_VOLTAGE",
    "BATTERY_VOLTAGE_LOW": "UNDER_VOLTAGE",
    "BATTERY_OVER_TEMP": "OVER_TEMPERATURE",
    "BATTERY_UNDER_TEMP": "UNDER_TEMPERATURE",
    "BMS_FAULT": "GENERAL",
}


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One notification; `previous` is the alert that it puts an end to."""

    id: str
    level: str
    sub_type: str
    created: datetime
    updated: datetime
    previous: str = ""
    status: str = UNREAD

    def as_json(self) -> JsonObject:
        """Return the alert as it is listed."""
        return {
            "updatedAt": millis(self.updated),
            "createdAt": millis(self.created),
            "alertId": self.id,
            "previousAlertId": self.previous,
            "level": self.level,
            "type": "DEVICES",
            "subType": self.sub_type,
            "status": self.status,
        }


@dataclass(kw_only=True)
class Alerts:
    """All notifications, the newest last."""

    ids: Ids
    kept: list[Alert] = field(default_factory=list)

    def add(self, sub_type: str, now: datetime, *, level: str = CRITICAL) -> Alert:
        """Raise an alert."""
        return self._keep(sub_type, level, now, "")

    def resolve(self, sub_type: str, now: datetime) -> None:
        """Say that a fault is over, if it was raised and is still listed."""
        for alert in reversed(self.kept):
            if (alert.sub_type, alert.level) == (sub_type, CRITICAL):
                self._keep(sub_type, INFO, now, alert.id)
                return

    def page(self, status: str, size: int, offset: int) -> JsonObject:
        """Return a page of the alerts with a status, or of all, the newest first."""
        found = [alert for alert in reversed(self.kept) if status in {"", alert.status}]
        rows: list[Json] = [alert.as_json() for alert in found[offset : offset + size]]
        return {
            "total": len(found),
            "start": offset,
            "sort": "",
            "order": "",
            "size": size,
            "results": rows,
        }

    def count(self, status: str) -> int:
        """Return how many alerts have a status."""
        return sum(alert.status == status for alert in self.kept)

    def read(self, now: datetime, ids: Collection[str] | None = None) -> None:
        """Mark some alerts, or all, as read."""
        self.kept = [
            replace(alert, status=READ, updated=now)
            if alert.status == UNREAD and (ids is None or alert.id in ids)
            else alert
            for alert in self.kept
        ]

    def delete(self, ids: Collection[str]) -> None:
        """Delete some alerts."""
        self.kept = [alert for alert in self.kept if alert.id not in ids]

    def _keep(self, sub_type: str, level: str, now: datetime, previous: str) -> Alert:
        """Keep a new alert."""
        alert = Alert(
            id=self.ids.new_id("alert"),
            level=level,
            sub_type=sub_type,
            created=now,
            updated=now,
            previous=previous,
        )
        self.kept.append(alert)
        return alert

"""The settings, which are written as a whole (xStorage notes 1.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..jsontypes import JsonObject
from .body import Struct
from .operations import BASIC, Operation, read_operation
from .times import seconds

COUNTRIES: Final[Mapping[str, str]] = {
    "2635167": "United Kingdom",
    "2782113": "Austria",
    "2921044": "Germany",
}
_CITIES: Final[Mapping[str, str]] = {
    "2643743": "London",
    "2761369": "Vienna",
    "2950159": "Berlin",
}
_LOWEST_THRESHOLD: Final = 300
_HIGHEST_THRESHOLD: Final = 1000


@dataclass(frozen=True, kw_only=True)
class EnergySaving:
    """Whether the unit rests while the house draws less than so many W."""

    enabled: bool = False
    threshold: int = _LOWEST_THRESHOLD

    def as_json(self) -> JsonObject:
        """Return what identity and settings show."""
        return {
            "enabled": self.enabled,
            "houseConsumptionThreshold": self.threshold,
        }


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One document of settings; every write makes another. The default mode keeps its own id until it changes."""

    id: str
    changed: datetime
    name: str = ""
    country: str = ""
    city: str = ""
    postal_code: str = ""
    time_zone: str = "UTC"
    backup_level: int = 0
    update_blocked: bool = False
    default_mode: Operation
    default_id: str = ""
    default_changed: datetime
    energy_saving: EnergySaving | None = None

    def place(self) -> JsonObject:
        """Return name and place, as identity and settings show them."""
        return {
            "name": self.name,
            "description": "",
            "address": "",
            "country": _named(self.country, COUNTRIES),
            "city": _named(self.city, _CITIES),
            "postalCode": self.postal_code,
            "latitude": 0,
            "longitude": 0,
            "timezone": {
                "id": self.time_zone,
                "updatedAt": 0,
                "createdAt": 0,
                "timezone": self.time_zone,
                "countryId": "",
                "name": self.time_zone,
                "version": "",
            },
            "updateBlockedState": self.update_blocked,
            "bmsBackupLevel": self.backup_level,
            **(
                {}
                if self.energy_saving is None
                else {"energySavingMode": self.energy_saving.as_json()}
            ),
        }

    def default_json(self) -> JsonObject:
        """Return the default mode as the settings show it."""
        return {
            "id": self.default_id,
            "updatedAt": seconds(self.default_changed),
            "createdAt": seconds(self.default_changed),
            "user": None,
            "command": self.default_mode.command,
            "parameters": self.default_mode.parameters,
        }


def read_settings(body: Struct, before: Settings, rated_w: float) -> Settings:
    """Return what a body makes of the settings: what it leaves out falls back to nothing."""
    settings = body.inner("settings")
    mode = Operation(command=BASIC)
    if "defaultMode" in settings:
        mode = read_operation(settings.inner("defaultMode"), rated_w)
    saving = before.energy_saving and EnergySaving()
    if saving is not None and "energySavingMode" in settings:
        saving = _read_saving(settings.inner("energySavingMode"))
    return replace(
        before,
        name=settings.text("name"),
        country=settings.text("country"),
        city=settings.text("city"),
        postal_code=settings.text("postalCode"),
        time_zone=_read_zone(settings),
        backup_level=settings.whole("bmsBackupLevel", 0, 100, required=False),
        update_blocked=settings.flag("updateBlockedState"),
        default_mode=mode,
        energy_saving=saving,
    )


def _read_zone(settings: Struct) -> str:
    """Return a time zone that the unit knows."""
    name = settings.text("timezone") or "UTC"
    try:
        return ZoneInfo(name).key
    except ZoneInfoNotFoundError, ValueError:
        raise settings.complain("timezone", "timezone") from None


def _read_saving(body: Struct) -> EnergySaving:
    """Return the energy saving mode, whose threshold counts only while it is on."""
    enabled = body.flag("enabled")
    if not enabled:
        return EnergySaving(
            threshold=body.whole("houseConsumptionThreshold", 0, required=False)
        )
    return EnergySaving(
        enabled=True,
        threshold=body.whole(
            "houseConsumptionThreshold", _LOWEST_THRESHOLD, _HIGHEST_THRESHOLD
        ),
    )


def _named(geoname: str, names: Mapping[str, str]) -> JsonObject:
    """Return a place with its name."""
    return {"geonameId": geoname, "name": names.get(geoname, "")}

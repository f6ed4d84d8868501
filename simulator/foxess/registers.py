"""The settings that can be read and set by key (Fox ESS notes 1.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..jsontypes import JsonObject
from .catalogue import Profile
from .errors import BAD_BODY, ApiError

KEYS: Final = (
    "WorkMode",
    "MinSoc",
    "MinSocOnGrid",
    "MaxSoc",
    "ExportLimit",
    "ExportLimitPower",
    "ActivePowerLimit",
    "MaxSetChargeCurrent",
    "MaxSetDischargeCurrent",
    "EpsOutPut",
    "ECOMode",
    "Meter1Enable",
    "Meter2Enable",
    "SysSwitch",
    "GroundProtection",
    "LowPowerMode",
    "GridCode",
)
_SWITCH = ("disable", "enable")


@dataclass(frozen=True, kw_only=True)
class Register:
    """One setting: its first value, and what it may be set to."""

    default: str
    unit: str = ""
    precision: float = 1.0
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()
    read_only: bool = False

    def check(self, value: str) -> None:
        """Refuse a value that the device would not take."""
        if self.low is None or self.high is None:
            if value not in self.options:
                raise ApiError(BAD_BODY)
            return
        try:
            number = float(value)
        except ValueError:
            raise ApiError(BAD_BODY) from None
        steps = number / self.precision
        if not self.low <= number <= self.high or abs(steps - round(steps)) > 1e-6:
            raise ApiError(BAD_BODY)

    def as_json(self, value: str) -> JsonObject:
        """Return the setting as the server sends it."""
        head: JsonObject = {
            "value": value,
            "unit": self.unit,
            "precision": self.precision,
        }
        if self.low is not None and self.high is not None:
            return {**head, "range": {"min": self.low, "max": self.high}}
        return {**head, "enumList": list(self.options)}


def registers_of(profile: Profile) -> Mapping[str, Register]:
    """Return the settings that a device type has."""
    lowest = profile.lowest_soc
    amperes = 50 if profile.rated_w > 4000 else 35
    work_modes = profile.work_modes or ("SelfUse",)
    table = {
        "WorkMode": Register(default="SelfUse", options=work_modes),
        "MinSoc": Register(default="10", unit="%", low=lowest, high=100),
        "MinSocOnGrid": Register(default="10", unit="%", low=lowest, high=100),
        "MaxSoc": Register(default="100", unit="%", low=10, high=100),
        "ExportLimit": Register(default="30000", unit="W", low=0, high=30000),
        "ExportLimitPower": Register(default="100", unit="%", low=0, high=100),
        "ActivePowerLimit": Register(default="100", unit="%", low=0, high=100),
        "MaxSetChargeCurrent": Register(
            default=f"{amperes}.0", unit="A", precision=0.1, low=0, high=amperes
        ),
        "MaxSetDischargeCurrent": Register(
            default=f"{amperes}.0", unit="A", precision=0.1, low=0, high=amperes
        ),
        "EpsOutPut": Register(default="enable", options=_SWITCH),
        "ECOMode": Register(default="disable", options=_SWITCH),
        "Meter1Enable": Register(default="enable", options=_SWITCH),
        "Meter2Enable": Register(default="disable", options=_SWITCH),
        "SysSwitch": Register(default="enable", options=_SWITCH),
        "GroundProtection": Register(default="enable", options=_SWITCH),
        "LowPowerMode": Register(default="disable", options=_SWITCH),
        "GridCode": Register(
            default="VDE4105", options=("VDE4105", "EN50549"), read_only=True
        ),
    }
    refused = set(profile.settings_refused)
    if profile.work_modes is None:
        refused.add("WorkMode")
    return {key: register for key, register in table.items() if key not in refused}

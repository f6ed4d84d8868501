"""What the unit says of itself: identity, settings and the state of its set-up."""

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ..jsontypes import Json, JsonObject
from ..server import HOST
from .times import seconds

if TYPE_CHECKING:
    from .device import XStorage

FIRMWARE: Final = "00.01.0017-0-g72006700"
_BUNDLE: Final = "v1.17"
_INVERTER_FIRMWARE: Final = "00.06.0069"
_BATTERY_FIRMWARE: Final = "4004"
_REMOTE_ID: Final = "47221"
# The firmware's language has a zero of its own: the year 1.
_NEVER: Final = -62135596800


def config_state(*, connected: bool) -> JsonObject:
    """Return the state of the set-up, which has no envelope."""
    return {
        "setupComplete": True,
        "missingSteps": [],
        "version": FIRMWARE,
        "onboardState": "onboarded" if connected else "not_onboarded",
        "onboard": {
            "onboardedBy": {"name": " ", "email": ""},
            "onboardedAt": _NEVER,
            "techEmail": "",
        },
        "connected": connected,
    }


def device_info(unit: XStorage, *, connected: bool) -> JsonObject:
    """Return the identity."""
    profile, settings = unit.profile, unit.settings
    return {
        "id": "",
        "updatedAt": seconds(settings.changed),
        "createdAt": seconds(settings.changed),
        **settings.place(),
        **_hardware(unit),
        "bmsModel": "RESIDENCIAL",
        "bmsAvgTemperature": 0,
        "inverterManufacturer": "EATON",
        "inverterModelName": profile.model_name,
        "inverterVaRating": profile.rated_w,
        "inverterNominalVpv": profile.rated_w,
        "powerState": unit.powered,
        "connected": connected,
        "deviceLastScheduleUpdate": seconds(unit.schedule.changed),
        "deviceLastUpdate": seconds(settings.changed),
        "updateStatus": "",
    }


def settings_document(unit: XStorage) -> JsonObject:
    """Return the settings, in the form in which they are read."""
    settings = unit.settings
    return {
        "id": settings.id,
        "updatedAt": seconds(settings.changed),
        "createdAt": seconds(settings.changed),
        **settings.place(),
        **_hardware(unit),
        "inverterPowerRating": 0,
        "defaultMode": settings.default_json(),
    }


def _hardware(unit: XStorage) -> JsonObject:
    """Return what identity and settings both say of the hardware."""
    profile = unit.profile
    number = sha256(unit.serial.encode()).hexdigest()
    mac = ":".join(number[index : index + 2] for index in (0, 2, 4))
    return {
        "firmwareVersion": FIRMWARE,
        "commCardFirmwareVersion": "",
        "inverterFirmwareVersion": _INVERTER_FIRMWARE,
        "inverterSerialNumber": unit.serial,
        "inverterIsSinglePhase": True,
        "bmsFirmwareVersion": _BATTERY_FIRMWARE,
        "bmsSerialNumber": f"SB{number[:8].upper()}",
        "bmsCapacity": profile.capacity_kwh,
        "dns": "192.0.2.1",
        "networkInterfaces": [
            _interface("eth0", f"02:00:5e:{mac}", HOST),
            _interface("wlan0", f"02:01:5e:{mac}", ""),
        ],
        "powerMeters": [
            {
                "id": "",
                "updatedAt": 0,
                "createdAt": 0,
                "position": position,
                "model": model,
                "singlePhase": profile.single_phase,
            }
            for position, model in enumerate(profile.meters, 1)
        ],
        "hasPv": profile.has_pv,
        "hasBattery": True,
        "bundleVersion": _BUNDLE,
        "localPortalRemoteId": _REMOTE_ID,
    }


def _interface(name: str, mac: str, address: str) -> Json:
    """Return a network interface."""
    return {
        "id": "",
        "updatedAt": 0,
        "createdAt": 0,
        "name": name,
        "macAddress": mac,
        "ipAddress": address,
    }

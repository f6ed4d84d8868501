"""What the demonstration has to know about each vendor: how an account is added, and what to write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
import re
from typing import Any

from .flow import Answers
from .writes import Write, clear_schedule, select_option, set_number, set_schedule

COMMON_READINGS = (
    "battery_soc",
    "battery_power",
    "battery_energy_charged",
    "battery_energy_charged_today",
    "battery_energy_discharged",
    "battery_energy_discharged_today",
    "pv_power",
    "pv_energy",
    "pv_energy_today",
    "grid_power",
    "grid_energy_imported",
    "grid_energy_imported_today",
    "grid_energy_exported",
    "grid_energy_exported_today",
    "load_power",
    "load_energy",
    "load_energy_today",
)


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """One vendor.

    Attributes:
        answers: The answers to the steps of its config flow.
        devices: The devices of its account.
        readings: What a device must tell, by its model, where that is not the usual.
        writes: Changes, in an order in which the first device takes them.
        kept: What of a device must be as before once an override is over.
        steered: What of a device an override changes meanwhile.
    """

    answers: Callable[[dict[str, Any]], Answers]
    devices: Callable[[dict[str, Any]], list[dict[str, Any]]] = itemgetter("devices")
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writes: tuple[Write, ...] = ()
    kept: Callable[[dict[str, Any]], Any] = itemgetter("settings")
    steered: Callable[[dict[str, Any]], Any] = itemgetter("settings")

    def readings_of(self, device: dict[str, Any]) -> tuple[str, ...]:
        """Return what a device must tell, by its model."""
        return self.readings.get(device["model"], COMMON_READINGS)


# The switches of a Growatt device's times, and what means nothing while one is off.
_TIMES: Mapping[str, tuple[str, ...]] = {
    r"time(\d)Enable": ("time{}Start", "time{}End", "time{}Mode", "time{}Power"),
    r"forcedStopSwitch(\d)": (
        *("time{}Mode", "forcedTimeStart{}", "forcedTimeStop{}"),
    ),
    r"forcedChargeStopSwitch(\d)": (
        *("forcedChargeTimeStart{}", "forcedChargeTimeStop{}"),
    ),
    r"forcedDischargeStopSwitch(\d)": (
        *("forcedDischargeTimeStart{}", "forcedDischargeTimeStop{}"),
    ),
}


def _foxess_answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of a Fox ESS cloud account."""
    return {
        "user": {"next_step_id": "foxess"},
        "foxess_token": {
            "token": account["token"],
            "server": {"base_url": account["base_url"]},
        },
        "found": {"next_step_id": "control"},
    }


def _scheduled_modes(device: dict[str, Any]) -> list[str]:
    """Return the modes that a Fox ESS device runs by its schedule, in the day's order."""
    scheduler = device["scheduler"]
    if not scheduler["enabled"]:
        return []
    groups = sorted(scheduler["groups"], key=itemgetter("start"))
    return [group["work_mode"] for group in groups if group["enabled"]]


def _foxess_kept(device: dict[str, Any]) -> Any:
    """Return what a Fox ESS device holds, but for groups that are not in force."""
    return device["settings"], _scheduled_modes(device)


def _growatt_answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of a Growatt cloud account."""
    return {
        "user": {"next_step_id": "growatt"},
        "growatt": {
            "token": account["token"],
            "server": {"base_url": account["base_url"]},
        },
        "found": {"next_step_id": "control"},
    }


def _growatt_devices(account: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the devices of all plants, meters by logger and address, and the plants, which are houses."""
    return [
        device
        for plant in account["plants"]
        for device in (
            *plant["devices"],
            *(
                # One device shows by itself what its house has.
                {"serial": str(plant["plant_id"]), "model": "plant"}
                for _ in plant["devices"][1:2]
            ),
            *(
                {
                    "serial": f"{sensor['logger']}-{sensor['address']}",
                    "model": "METER",
                }
                for sensor in plant["sensors"]
            ),
        )
    ]


def _segments(device: dict[str, Any]) -> list[tuple[int, str]]:
    """Return mode and start of the time segments that a Growatt MIN follows."""
    settings = device["settings"]
    return [
        (int(settings[f"time{index}Mode"]), settings[f"forcedTimeStart{index}"])
        for index in range(1, 10)
        if int(settings[f"forcedStopSwitch{index}"])
    ]


def _growatt_kept(device: dict[str, Any]) -> dict[str, Any]:
    """Return what a Growatt device holds, but for times that are not in force."""
    settings = device["settings"]
    idle = [
        pattern.format(match[1])
        for key, value in settings.items()
        for switch, patterns in _TIMES.items()
        if (match := re.fullmatch(switch, key)) and not int(value)
        for pattern in patterns
    ]
    return {key: value for key, value in settings.items() if key not in idle}


def _eaton_answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of an xStorage Home unit; its certificate is confirmed."""
    unit = account["units"][0]
    return {
        "user": {"next_step_id": "eaton"},
        "eaton": {
            "host": f"{unit['host']}:{unit['port']}",
            "user_type": "customer",
            **unit["users"]["customer"],
        },
        "eaton_certificate": {},
        "found": {"next_step_id": "control"},
    }


def _events(device: dict[str, Any]) -> list[tuple[int, str]]:
    """Return start and recurrence of the events in an xStorage Home's schedule."""
    return sorted(
        (event["startTime"], event["recurrence"]) for event in device["schedule"]
    )


def _voltstorage_answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of a VoltStorage cloud account, which can only be watched."""
    return {
        "user": {"next_step_id": "voltstorage"},
        "voltstorage": {
            "email": account["email"],
            "password": account["password"],
            "server": {"base_url": account["base_url"]},
        },
        "found": {"next_step_id": "watch"},
    }


def _voltstorage_devices(account: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the groups, which are houses, and their products, by their ids."""
    return [
        device
        for group in account["groups"]
        for device in (
            {"serial": str(group["id"]), "model": "house"},
            *(
                {"serial": str(product["id"]), "model": "product"}
                for product in group["products"]
            ),
        )
    ]


_GRID = ("grid_power", "grid_energy_imported", "grid_energy_exported")
_PV = ("pv_power", "pv_energy", "pv_energy_today")
_BATTERY = (
    *("battery_soc", "battery_power"),
    *("battery_energy_charged", "battery_energy_discharged"),
)

VENDORS: dict[str, Vendor] = {
    "foxess": Vendor(
        answers=_foxess_answers,
        kept=_foxess_kept,
        steered=_scheduled_modes,
        writes=(
            select_option(
                "operating_mode",
                "feed_in_first",
                held=lambda device: device["settings"]["WorkMode"] == "Feedin",
            ),
            set_number(
                "min_soc_on_grid",
                23,
                held=lambda device: device["settings"]["MinSocOnGrid"] == "23",
            ),
            set_schedule(
                {
                    "start": "02:00",
                    "end": "05:00",
                    "mode": "force_charge",
                    "power": 3000,
                    "target_soc": 90,
                },
                {
                    "start": "18:00",
                    "end": "20:00",
                    "mode": "force_discharge",
                    "power": 2500,
                    "target_soc": 30,
                },
                held=lambda device: (
                    _scheduled_modes(device) == ["ForceCharge", "ForceDischarge"]
                ),
            ),
            clear_schedule(held=lambda device: not _scheduled_modes(device)),
            select_option(
                "operating_mode",
                "self_consumption",
                held=lambda device: device["settings"]["WorkMode"] == "SelfUse",
            ),
        ),
    ),
    "growatt": Vendor(
        answers=_growatt_answers,
        devices=_growatt_devices,
        kept=_growatt_kept,
        readings={
            # What the house uses it does not know while other inverters feed in.
            "NOAH": (
                *("battery_soc", "battery_power", "battery_energy_charged"),
                *("battery_energy_discharged", "grid_power"),
                *_PV,
            ),
            "INV": _PV,
            "METER": _GRID,
            "plant": (*_GRID, *_PV, *_BATTERY[1:], "load_power", "load_energy"),
        },
        writes=(
            set_number(
                "min_soc_on_grid",
                23,
                held=lambda device: (
                    int(device["settings"]["onGridDischargeStopSOC"]) == 23
                ),
            ),
            set_schedule(
                {
                    "start": "02:00",
                    "end": "05:00",
                    "mode": "force_charge",
                    "power": 3000,
                    "target_soc": 90,
                },
                {
                    "start": "18:00",
                    "end": "20:00",
                    "mode": "force_discharge",
                    "power": 1500,
                    "target_soc": 30,
                },
                held=lambda device: _segments(device) == [(1, "2:0"), (2, "18:0")],
            ),
            clear_schedule(held=lambda device: not _segments(device)),
        ),
    ),
    "eaton": Vendor(
        answers=_eaton_answers,
        devices=itemgetter("units"),
        kept=itemgetter("settings", "schedule"),
        steered=itemgetter("mode"),
        writes=(
            set_number(
                "min_soc",
                23,
                held=lambda device: device["settings"]["bmsBackupLevel"] == 23,
            ),
            select_option(
                "operating_mode",
                "eaton_basic",
                held=lambda device: (
                    device["settings"]["defaultMode"]["command"] == "SET_BASIC_MODE"
                ),
            ),
            set_schedule(
                {
                    "start": "23:00",
                    "end": "05:00",
                    "mode": "force_charge",
                    "power": 2300,
                    "target_soc": 90,
                },
                {
                    "start": "17:00",
                    "end": "20:00",
                    "mode": "peak_shaving",
                    "power": 4000,
                },
                held=lambda device: (
                    _events(device)
                    == [(0, "EVERYDAY"), (1700, "EVERYDAY"), (2300, "EVERYDAY")]
                ),
            ),
            clear_schedule(held=lambda device: not _events(device)),
        ),
    ),
    "voltstorage": Vendor(
        answers=_voltstorage_answers,
        devices=_voltstorage_devices,
        readings={
            "house": (*_GRID, *_PV, "load_power", "load_energy"),
            "product": _BATTERY,
        },
    ),
}

"""What the demonstration has to know about each vendor: how an account is added, and what to write."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
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
    """One vendor; `writes` stand in an order in which the device takes them."""

    answers: Callable[[dict[str, Any]], Answers]
    readings: tuple[str, ...] = COMMON_READINGS
    writes: tuple[Write, ...]


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


VENDORS: dict[str, Vendor] = {
    "foxess": Vendor(
        answers=_foxess_answers,
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
}

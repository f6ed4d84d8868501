"""The periods of the day in which a device does something else (Growatt notes 1.6 and 1.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

from .catalogue import Profile
from .commands import PERIODS, SEGMENTS
from .families import MIN, NOAH, SPA, SPH, STORAGE, Family
from .settings import Settings, minute

LOAD_FIRST, BATTERY_FIRST, GRID_FIRST = 0, 1, 2
SMART: Final = 2


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A period of the day in minutes, its end included, and which mode it asks for."""

    start: int
    end: int
    mode: int
    power: float = inf


def slots_of(profile: Profile, settings: Settings) -> Iterator[Slot]:
    """Return the periods that are switched on, the first of which that holds decides."""
    family = profile.family
    if family is MIN and profile.has_battery:
        for index in SEGMENTS:
            if settings[f"forcedStopSwitch{index}"] == 1:
                yield _slot(
                    settings,
                    f"forcedTimeStart{index}",
                    f"forcedTimeStop{index}",
                    int(value(settings, f"time{index}Mode")),
                )
    elif family in _PERIOD_SWITCHES:
        for kind, switch, mode in _PERIOD_SWITCHES[family]:
            for index in PERIODS:
                if settings[f"{switch}{index}"] == 1:
                    yield _slot(
                        settings,
                        f"forced{kind}TimeStart{index}",
                        f"forced{kind}TimeStop{index}",
                        mode,
                    )
    elif family is STORAGE:
        if settings["acChargeEnable"] == 1:
            yield _slot(
                settings, "acChargeTimeStart", "acChargeTimeStop", BATTERY_FIRST
            )
        if settings["storage_cmd_forced_discharge_enable"] == 0:
            yield _slot(
                settings,
                "forcedDischargeTimeStart",
                "forcedDischargeTimeStop",
                GRID_FIRST,
            )
    elif family is NOAH:
        for index in SEGMENTS:
            if settings[f"time{index}Enable"] == 1:
                yield _slot(
                    settings,
                    f"time{index}Start",
                    f"time{index}End",
                    int(value(settings, f"time{index}Mode")),
                    value(settings, f"time{index}Power"),
                )


_PERIOD_SWITCHES: Final[Mapping[Family, tuple[tuple[str, str, int], ...]]] = {
    SPH: (
        ("Charge", "forcedChargeStopSwitch", BATTERY_FIRST),
        ("Discharge", "forcedDischargeStopSwitch", GRID_FIRST),
    ),
    SPA: (
        ("Charge", "batFirstSwitch", BATTERY_FIRST),
        ("Discharge", "gridFirstSwitch", GRID_FIRST),
    ),
}


def _slot(
    settings: Settings, start: str, end: str, mode: int, power: float = inf
) -> Slot:
    """Return one period."""
    return Slot(
        start=minute(settings, start), end=minute(settings, end), mode=mode, power=power
    )


def value(settings: Settings, key: str) -> float:
    """Return a setting that is a number."""
    return float(settings[key])

"""A system's schedule and override as plain data, for actions and for the card."""

from dataclasses import asdict
from typing import Any, Final

import probatio

from homeassistant.helpers import config_validation as cv

from .battery.model import Device
from .battery.running import Running
from .battery.schedule import ALL_DAYS, Period, ScheduleState
from .coordinator import HomeBatteryConfigEntry

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Templates send numbers as text; ranges are the device's own and checked there.
_NUMBER: Final = probatio.Coerce(float)
PERIOD_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required("start"): cv.time,
        probatio.Required("end"): cv.time,
        probatio.Required("mode"): cv.string,
        probatio.Optional("days"): probatio.All(
            probatio.EnsureList(), [probatio.In(_DAYS)]
        ),
        probatio.Optional("power"): _NUMBER,
        probatio.Optional("target_soc"): _NUMBER,
        probatio.Optional("min_soc"): _NUMBER,
        probatio.Optional("max_soc"): _NUMBER,
        probatio.Optional("enabled"): cv.boolean,
    }
)


def period_from(data: dict[str, Any]) -> Period:
    """Return a period from what a person or an automation sent."""
    days = data.get("days")
    return Period(
        **{
            **data,
            "days": ALL_DAYS if days is None else frozenset(map(_DAYS.index, days)),
        }
    )


def period_data(period: Period) -> dict[str, Any]:
    """Return a period in the form in which it can be sent back."""
    data = {key: value for key, value in asdict(period).items() if value is not None}
    return {
        **data,
        "start": period.start.strftime("%H:%M"),
        "end": period.end.strftime("%H:%M"),
        "days": [_DAYS[day] for day in sorted(period.days)],
    }


def schedule_data(
    entry: HomeBatteryConfigEntry, device: Device, state: ScheduleState
) -> dict[str, Any]:
    """Return the schedule that people see and edit, and what it can hold."""
    runtime = entry.runtime_data
    base = runtime.overrides.base(device.key, state)
    tenure = runtime.schedules.tenure(device.key, base)
    return {
        "enabled": base.enabled,
        "periods": [period_data(period) for period in base.periods],
        "valid_until": tenure and tenure.until and tenure.until.isoformat(),
        "set_here": tenure is not None,
        "capabilities": asdict(state.capabilities),
    }


def override_data(running: Running) -> dict[str, Any]:
    """Return what runs over a schedule, or is planned."""
    wanted = running.wanted
    return {
        "mode": wanted.mode,
        "direction": wanted.direction,
        "start": wanted.start.isoformat(),
        "end": wanted.end and wanted.end.isoformat(),
        "device_until": running.until and running.until.isoformat(),
        "power": wanted.power,
        "target_soc": wanted.target_soc,
        "pace": wanted.pace,
        "began_soc": running.began_soc,
        "planned": running.ending is None,
    }

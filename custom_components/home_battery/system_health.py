"""What system health tells of each account: cost, age of data, pace, and what went wrong."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Have it told."""
    register.async_register_info(async_info)


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return each thing for all accounts that are set up, by their vendor's name."""
    entries: list[HomeBatteryConfigEntry] = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.state is ConfigEntryState.LOADED
    ]
    return {
        name: "; ".join(
            f"{entry.runtime_data.vendor.name}: {tell(entry)}" for entry in entries
        )
        for name, tell in (
            ("calls", _calls),
            ("data_age", _data_age),
            ("pace", _pace),
            ("last_error", _last_error),
        )
    }


def _calls(entry: HomeBatteryConfigEntry) -> str:
    """Return the calls of the last 24 hours, and those that are left if that is known."""
    limiter = entry.runtime_data.limiter
    left = "?" if limiter.calls_left is None else limiter.calls_left
    return f"{limiter.calls_today} / {left}"


def _data_age(entry: HomeBatteryConfigEntry) -> str:
    """Return how old the newest record is, by our own clock."""
    received = [
        data.received
        for data in entry.runtime_data.readings.data.values()
        if data.received is not None
    ]
    now = dt_util.utcnow()
    return f"{(now - max(received, default=now)).total_seconds():.0f} s"


def _pace(entry: HomeBatteryConfigEntry) -> str:
    """Return when readings are next asked for, and how far rounds are stretched."""
    readings = entry.runtime_data.readings
    interval = readings.update_interval
    wait = "-" if interval is None else f"{interval.total_seconds():.0f} s"
    following = readings.following
    return wait if following is None else f"{wait}, ×{following.rhythm.stretch:.1f}"


def _last_error(entry: HomeBatteryConfigEntry) -> str:
    """Return what kind of error the readings had last, without what it may name."""
    error = entry.runtime_data.readings.last_exception
    cause = error if error is None else error.__cause__ or error
    return "-" if cause is None else type(cause).__name__

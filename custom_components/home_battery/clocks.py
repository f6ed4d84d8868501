"""The devices' clocks, by which schedules run: a wrong one is a repair issue."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .battery.model import Device
from .const import DOMAIN

if TYPE_CHECKING:
    from .coordinator import HomeBatteryConfigEntry

CLOCK_OFFSET: Final = "clock_offset"

_TOLERANCE_S: Final = 120
# Zones differ by whole numbers of these, and by no more than the other.
_QUARTER_HOUR_S: Final = 900
_MAX_ZONES_S: Final = 26 * 3600
_TIME: Final = "%Y-%m-%d %H:%M:%S"


def is_right(offset: float) -> bool:
    """Tell whether a clock that is so many seconds ahead is right enough."""
    return abs(offset) <= _TOLERANCE_S


def _is_other_zone(offset: float) -> bool:
    """Tell whether a clock that is so many seconds ahead shows another zone's time."""
    rest = abs(offset - _QUARTER_HOUR_S * round(offset / _QUARTER_HOUR_S))
    return rest <= _TOLERANCE_S < abs(offset) <= _MAX_ZONES_S


@callback
def async_watch_clock(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device, offset: float
) -> None:
    """Raise or clear the repair issue that a device's clock is wrong.

    Args:
        hass: Home Assistant.
        entry: Whose device it is.
        device: Whose clock it is.
        offset: How many seconds it is ahead.
    """
    issue_id = f"clock_{entry.entry_id}_{device.key}"
    if is_right(offset):
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    now = dt_util.now(entry.runtime_data.readings.zone(device)).replace(tzinfo=None)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "device": device.key},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="clock_zone" if _is_other_zone(offset) else "clock_wrong",
        translation_placeholders={
            "device": device.name,
            "device_time": f"{now + timedelta(seconds=offset):{_TIME}}",
            "right_time": f"{now:{_TIME}}",
        },
    )

"""What is told of overrides: events, repairs, and what is shown anew."""

from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .battery.model import Device, Happening
from .battery.running import Running
from .coordinator import HomeBatteryConfigEntry
from .doubts import IGNORED, UNREACHABLE
from .errors import async_report_fight

EVENT: Final = "override"
# The types of that event, in the order in which they can come.
STARTED: Final = "started"
TARGET_REACHED: Final = "target_reached"
ENDED: Final = "ended"
CANCELLED: Final = "cancelled"
SUPERSEDED: Final = "superseded"
RESTORE_FAILED: Final = "restore_failed"
EVENT_TYPES: Final = (
    *(STARTED, TARGET_REACHED, ENDED, CANCELLED, SUPERSEDED),
    *(UNREACHABLE, IGNORED, RESTORE_FAILED),
)

_FIGHT_WITHIN: Final = timedelta(days=1)


class Tidings:
    """Tells of the overrides of one entry."""

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Keep where to tell."""
        self._hass = hass
        self._entry = entry

    @callback
    def tell_of_start(self, device: Device, running: Running) -> None:
        """Tell that it has begun, once."""
        if STARTED not in running.said:
            running.said.add(STARTED)
            self.tell(device, STARTED, running)

    @callback
    def tell(self, device: Device, event: str, running: Running) -> None:
        """Tell of what happened."""
        wanted = running.wanted
        attributes = {
            "mode": str(wanted.mode),
            "end": "" if wanted.end is None else wanted.end.isoformat(),
        }
        if event in (ENDED, TARGET_REACHED):
            # It was left to run, so nobody fights with us any more.
            async_report_fight(self._hass, self._entry, device, None)
        for tell in self._entry.runtime_data.on_happening:
            tell(device.key, Happening(key=EVENT, type=event, attributes=attributes))
        self.show(device)

    @callback
    def note_superseded(self, device: Device, running: Running) -> None:
        """Remember that somebody else ended it; say so if that happens again."""
        store, now = self._entry.runtime_data.store, dt_util.utcnow()
        lately = [
            moment
            for moment in store.superseded.get(device.key, ())
            if now - moment < _FIGHT_WITHIN
        ]
        store.superseded[device.key] = [*lately, now]
        if lately:
            settings = self._entry.runtime_data.settings.record(device.key)
            async_report_fight(self._hass, self._entry, device, running, settings)

    @callback
    def show(self, device: Device) -> None:
        """Have shown what has changed."""
        self._entry.runtime_data.readings.async_derive([device.key])
        self._entry.runtime_data.readings.async_show(device.key)

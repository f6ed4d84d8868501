"""The past on its way into the statistics: one device of an entry after the other."""

from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .battery.bringing import IMPORT_PROGRESS, Bringing, End
from .battery.hours import midnight
from .battery.model import Device, Role, Value
from .coordinator import HomeBatteryConfigEntry
from .importing import DeviceImport, async_sources
from .importing_house import HouseImport
from .store import EntryStore


class Imports:
    """Brings in the past of an entry's devices, and goes on after a restart.

    How far it has come, the statistics themselves tell best; what is stored is
    what was wanted.
    """

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Begin with nothing under way."""
        self._hass = hass
        self._entry = entry
        self._running: DeviceImport | None = None
        self._device: str | None = None
        self._is_going = False
        self._wait: CALLBACK_TYPE | None = None

    @property
    def _store(self) -> EntryStore:
        """Return the entry's store."""
        return self._entry.runtime_data.store

    @callback
    def async_go_on(self) -> None:
        """Go on where a restart came between, until the entry is unloaded."""
        self._entry.async_on_unload(self._async_stop_waiting)
        self._async_go()

    @callback
    def async_start(
        self, device: Device, start: datetime, keys: tuple[str, ...]
    ) -> None:
        """Bring in the past of a device; what runs for it is replaced."""
        if self._device == device.key:
            self._running = None
        now = dt_util.utcnow()
        runtime = self._entry.runtime_data
        start = midnight(start, runtime.readings.zone(device))
        self._store.bringing[device.key] = Bringing(
            keys=keys, start=start, since=now, reached=now
        )
        house = runtime.inventory.devices.get(device.parent or "")
        if house is not None and (
            sources := async_sources(self._hass, self._entry, house)
        ):
            self.async_start(house, start, tuple(sources))
        self._async_tell()
        self._async_go()

    @callback
    def async_cancel(self, device: Device) -> bool:
        """Bring in no more of a device; tell whether there was something to cancel."""
        bringing = self._store.bringing.get(device.key)
        if bringing is None or bringing.ended is not None:
            return False
        bringing.ended = End.CANCELLED
        self._async_tell()
        return True

    def of(self, device: Device) -> Bringing | None:
        """Return what is, or was last, brought in of a device."""
        return self._store.bringing.get(device.key)

    def readings(self, device: Device) -> dict[str, Value]:
        """Return how far it has come, once it was asked for."""
        bringing = self.of(device)
        return {} if bringing is None else {IMPORT_PROGRESS: bringing.progress}

    @callback
    def _async_go(self) -> None:
        """Go on in the background, unless that is under way."""
        self._async_stop_waiting()
        if not self._is_going and self._next() is not None:
            self._is_going = True
            self._entry.async_create_background_task(
                self._hass, self._async_run(), name="bringing in the past"
            )

    def _next(self) -> str | None:
        """Return the first device that something is still to be done for.

        What a house comes to is made of what its systems have by then.
        """
        waiting = [key for key, item in self._store.bringing.items() if not item.ended]
        return min(waiting, key=self._is_house, default=None)

    def _is_house(self, key: str) -> bool:
        """Tell whether a device is a house."""
        device = self._entry.runtime_data.inventory.devices.get(key)
        return device is not None and device.role is Role.HOUSE

    async def _async_run(self) -> None:
        """Bring in window after window, until all is done or a time to wait comes."""
        try:
            while (key := self._next()) is not None:
                wait = await self._async_step(key)
                if wait:
                    self._wait = async_call_later(self._hass, wait, self._async_waited)
                    return
        finally:
            self._is_going = False

    async def _async_step(self, key: str) -> float | None:
        """Bring in one window of a device; return how long to wait then."""
        bringing = self._store.bringing[key]
        device = self._entry.runtime_data.inventory.devices.get(key)
        if device is None:
            bringing.ended = End.CANCELLED
            return None
        if self._device != key or self._running is None:
            self._device = key
            kind = HouseImport if device.role is Role.HOUSE else DeviceImport
            self._running = kind(self._hass, self._entry, device, bringing)
        wait = await self._running.async_advance()
        if wait is None:
            bringing.ended = bringing.ended or End.DONE
        if bringing.ended is not None:
            self._running = None
        self._async_tell()
        return wait

    @callback
    def _async_waited(self, _now: datetime) -> None:
        """Go on after a while."""
        self._wait = None
        self._async_go()

    @callback
    def _async_stop_waiting(self) -> None:
        """Wait no longer."""
        if self._wait is not None:
            self._wait()
            self._wait = None

    @callback
    def _async_tell(self) -> None:
        """Store how far it has come, and show it."""
        self._store.async_schedule_save()
        runtime = self._entry.runtime_data
        runtime.readings.async_derive(runtime.inventory.devices)

"""What an entry must not forget, in one typed and versioned store."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
import logging
import math
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .battery.bringing import Bringing
from .battery.energy import EnergyCounter
from .battery.integral import EnergyIntegrator
from .battery.model import Device, Inventory
from .battery.override import Override
from .battery.running import Running, override_as_dict, override_of
from .battery.taper import Taper
from .battery.tenure import Tenure
from .const import DOMAIN
from .transport.rhythm import Rhythm

_LOGGER = logging.getLogger(__name__)

# The device that tells most tells some 400.
_MOST_KEYS: Final = 1000
_LONGEST_KEY: Final = 100
_VERSION: Final = 1
_SAVE_DELAY: Final = 15


class EntryStore:
    """The stored side of one config entry.

    Attributes:
        inventory: Every device that the account has been seen to have.
        memory: What the vendor's part learned of each device.
        learned: The keys of every reading and control that a device has had.
        counters: The guarded energy counters, by device and key.
        integrals: The energies that are integrated from powers, by device and key.
        last_full: When a battery was last full, by device.
        reached_at: When the vendor last answered a question about readings.
        writes: How often each device's settings were written, by day.
        overrides: What runs over the schedule of each device.
        reached: The last override of each device that has reached its target.
        superseded: When others ended an override of ours lately, by device.
        tenures: The schedules that were set here, by device.
        tapers: What the battery of each device is known to take and give.
        wishes: The numbers of the next command, by device.
        moved: The first hour of our own statistics, by the sensors in front of which
            those of another integration were put.
        bringing: The past that is brought into the statistics, or was, by device.
        rhythms: When the devices of each feed upload, by its name.
        said_full: Whether it was said that the vendor tells of more than can be.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Start empty; `async_load` fills it."""
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}", private=True
        )
        self.inventory = Inventory()
        self.memory: dict[str, dict[str, Any]] = {}
        self.learned: dict[str, set[str]] = {}
        self.counters: dict[str, dict[str, EnergyCounter]] = {}
        self.integrals: dict[str, dict[str, EnergyIntegrator]] = {}
        self.last_full: dict[str, datetime] = {}
        self.reached_at: datetime | None = None
        self.writes: dict[str, dict[date, int]] = {}
        self.overrides: dict[str, Running] = {}
        self.reached: dict[str, Override] = {}
        self.superseded: dict[str, list[datetime]] = {}
        self.tenures: dict[str, Tenure] = {}
        self.tapers: dict[str, Taper] = {}
        self.wishes: dict[str, dict[str, float]] = {}
        self.moved: dict[str, datetime] = {}
        self.bringing: dict[str, Bringing] = {}
        self.rhythms: dict[str, Rhythm] = {}
        self._due = math.inf
        self.said_full = False

    async def async_load(self) -> None:
        """Take over what was stored."""
        if (data := await self._store.async_load()) is None:
            return
        self.inventory = Inventory.of(map(Device.from_dict, data["inventory"]))
        self.memory.update(data["memory"])
        self.learned = {key: set(keys) for key, keys in data["learned"].items()}
        self.counters = {
            device: {key: EnergyCounter.from_dict(item) for key, item in items.items()}
            for device, items in data["counters"].items()
        }
        self.integrals = {
            device: {
                key: EnergyIntegrator.from_dict(item) for key, item in items.items()
            }
            for device, items in data["integrals"].items()
        }
        self.last_full = {
            key: datetime.fromisoformat(moment)
            for key, moment in data["last_full"].items()
        }
        reached_at = data.get("reached_at")
        self.reached_at = reached_at and datetime.fromisoformat(reached_at)
        self.writes = {
            key: {date.fromisoformat(day): count for day, count in days.items()}
            for key, days in data["writes"].items()
        }
        self.overrides = {
            key: Running.from_dict(item)
            for key, item in data.get("overrides", {}).items()
        }
        self.reached = {
            key: override_of(item) for key, item in data.get("reached", {}).items()
        }
        self.superseded = {
            key: [datetime.fromisoformat(moment) for moment in moments]
            for key, moments in data.get("superseded", {}).items()
        }
        self.tenures = {
            key: Tenure.from_dict(item) for key, item in data.get("tenures", {}).items()
        }
        self.tapers = {
            key: Taper.from_dict(item) for key, item in data.get("tapers", {}).items()
        }
        self.wishes = data.get("wishes", {})
        self.moved = {
            entity_id: datetime.fromisoformat(moment)
            for entity_id, moment in data.get("moved", {}).items()
        }
        self.bringing = {
            key: Bringing.from_dict(item)
            for key, item in data.get("bringing", {}).items()
        }
        self.rhythms = {
            name: Rhythm.from_dict(item)
            for name, item in data.get("rhythms", {}).items()
        }

    @callback
    def async_schedule_save(self, delay: float = _SAVE_DELAY) -> None:
        """Have everything written after some seconds, and in any case before a stop.

        What is asked for again meanwhile is written then: records that come
        faster would else put it off for ever.
        """
        due = self._hass.loop.time() + delay
        if due < self._due:
            self._due = due
            self._store.async_delay_save(self._as_dict, delay)

    async def async_save(self) -> None:
        """Write everything now."""
        await self._store.async_save(self._as_dict())

    async def async_remove(self) -> None:
        """Forget everything."""
        await self._store.async_remove()

    @callback
    def async_learn(self, device: str, keys: Mapping[str, object]) -> bool:
        """Remember that a device has these keys; tell whether any was new."""
        known = self.learned.setdefault(device, set())
        if keys.keys() <= known:
            return False
        known.update(keys)
        self.async_schedule_save()
        return True

    def refused(self, device: str, keys: Mapping[str, object]) -> set[str]:
        """Return which keys a device is not believed to have: there is an end to all.

        It is said once.
        """
        known = self.learned.get(device, set())
        if keys.keys() <= known:
            return set()
        new = sorted(keys.keys() - known)
        fitting = [key for key in new if len(key) <= _LONGEST_KEY]
        refused = {*new} - {*fitting[: max(_MOST_KEYS - len(known), 0)]}
        if refused and not self.said_full:
            self.said_full = True
            _LOGGER.warning(
                "A %s tells of %d readings more than can be",
                device.split("_", maxsplit=1)[0],
                len(refused),
            )
        return refused

    def writes_on(self, device: str, day: date) -> int:
        """Return how often a device's settings were written on a day."""
        return self.writes.get(device, {}).get(day, 0)

    @callback
    def async_count_write(self, device: str, day: date) -> int:
        """Count a write, forget former days, and return the day's count."""
        count = self.writes_on(device, day) + 1
        self.writes[device] = {day: count}
        self.async_schedule_save()
        return count

    def _as_dict(self) -> dict[str, Any]:
        """Return everything as JSON."""
        self._due = math.inf
        return {
            "inventory": [asdict(device) for device in self.inventory.devices.values()],
            "memory": self.memory,
            "learned": {key: sorted(keys) for key, keys in self.learned.items()},
            "counters": {
                device: {key: item.as_dict() for key, item in items.items()}
                for device, items in self.counters.items()
            },
            "integrals": {
                device: {key: item.as_dict() for key, item in items.items()}
                for device, items in self.integrals.items()
            },
            "last_full": {
                key: moment.isoformat() for key, moment in self.last_full.items()
            },
            "reached_at": self.reached_at and self.reached_at.isoformat(),
            "writes": {
                key: {day.isoformat(): count for day, count in days.items()}
                for key, days in self.writes.items()
            },
            "overrides": {key: item.as_dict() for key, item in self.overrides.items()},
            "reached": {
                key: override_as_dict(item) for key, item in self.reached.items()
            },
            "superseded": {
                key: [moment.isoformat() for moment in moments]
                for key, moments in self.superseded.items()
            },
            "tenures": {key: item.as_dict() for key, item in self.tenures.items()},
            "tapers": {key: item.as_dict() for key, item in self.tapers.items()},
            "wishes": self.wishes,
            "moved": {key: moment.isoformat() for key, moment in self.moved.items()},
            "bringing": {key: item.as_dict() for key, item in self.bringing.items()},
            "rhythms": {name: item.as_dict() for name, item in self.rhythms.items()},
        }

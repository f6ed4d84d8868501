"""What people and the weather of networks do to the accounts, by chance but the same for a seed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import aiohttp

from custom_components.home_battery.battery.model import Role
from custom_components.home_battery.const import CONF_PERMITTED_EXPORT, DOMAIN
from custom_components.home_battery.coordinator import HomeBatteryConfigEntry
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    STATE_UNAVAILABLE,
    Platform,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from scripts.house_demo.houses import Houses

# The setting that is written now and then, and what the simulator calls it.
_SETTINGS: Final[Mapping[str, tuple[str, str]]] = {
    "foxess": ("min_soc_on_grid", "MinSocOnGrid"),
    "growatt": ("min_soc_on_grid", "onGridDischargeStopSOC"),
    "eaton": ("min_soc", "bmsBackupLevel"),
}
_FAULTS: Final[Sequence[Mapping[str, Any]]] = (
    *({"kind": "status", "value": status} for status in (500, 502, 503)),
    *({"kind": kind} for kind in ("html", "empty", "truncated", "refuse", "reset")),
    *({"kind": kind} for kind in ("reset_in_body", "wrong_types", "nulls")),
    *({"kind": kind} for kind in ("no_result", "stale", "offline", "missing_device")),
    {"kind": "glitch"},
    {"kind": "timeout", "value": 0.1},
    {"kind": "slow", "value": 0.05},
    {"kind": "oversized", "value": 9},
)
_STRIKES: Final = (1, 2, 3, 8, 40)


@dataclass
class Written:
    """What came of the writes to one account.

    Attributes:
        value: What the setting shall be, once it was written.
        doubtful: Whether the last write may have come through or not.
        done: How many were acknowledged.
        failed: How many were not, while something was wrong.
        wrong: What was acknowledged and not held, or the other way round.
        calls: How many writes of the server one took, when all was well.
    """

    value: float | None = None
    doubtful: bool = False
    done: int = 0
    failed: int = 0
    wrong: list[str] = field(default_factory=list)
    calls: Counter[int] = field(default_factory=Counter)


class Doings:
    """Does things to the accounts."""

    def __init__(
        self,
        hass: HomeAssistant,
        houses: Houses,
        session: aiohttp.ClientSession,
        entries: Mapping[str, HomeBatteryConfigEntry],
        rng: Random,
    ) -> None:
        """Have done nothing yet."""
        self._hass = hass
        self._houses = houses
        self._session = session
        self._entries = entries
        self._rng = rng
        self._until = 0
        # What there is, as it was found while all was well.
        self.systems = {
            name: entry.runtime_data.inventory.with_role(Role.SYSTEM)[0]
            for name, entry in entries.items()
        }
        self.faults: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.written = {name: Written() for name in entries if name in _SETTINGS}

    @property
    def troubled(self) -> bool:
        """Return whether something is wrong at the moment."""
        return self._until > 0

    async def step(self) -> None:
        """Do what chance wants; most of the time that is nothing."""
        rng = self._rng
        if self._until:
            self._until -= 1
            if not self._until:
                await self.clear()
        elif rng.random() < 0.05:
            await self._go_wrong()
        name = rng.choice(sorted(self._entries))
        entry = self._entries[name]
        if entry.state is not ConfigEntryState.LOADED:
            return
        chance = rng.random()
        if chance < 0.004:
            self.counts["reloads"] += 1
            await self._hass.config_entries.async_reload(entry.entry_id)
        elif chance < 0.006:
            self.counts["options"] += 1
            options = {**entry.options, CONF_PERMITTED_EXPORT: rng.choice((0, 5000))}
            self._hass.config_entries.async_update_entry(entry, options=options)
            await self._hass.config_entries.async_reload(entry.entry_id)
        elif chance < 0.03 and name in self.written:
            await self._write(name, entry)
        elif chance < 0.04 and name in self.written:
            await self._override(name, entry)

    async def restart(self) -> None:
        """Take all accounts down, as Home Assistant does when it restarts."""
        self.counts["restarts"] += 1
        for entry in self._entries.values():
            await self._hass.config_entries.async_unload(entry.entry_id)

    async def start(self) -> None:
        """Set all accounts up again."""
        for entry in self._entries.values():
            if entry.state is ConfigEntryState.NOT_LOADED:
                await self._hass.config_entries.async_setup(entry.entry_id)

    async def clear(self) -> None:
        """Have nothing be wrong any more."""
        self._until = 0
        async with self._session.delete(f"{self._houses.control_url}/faults") as done:
            done.raise_for_status()

    async def _go_wrong(self) -> None:
        """Have something go wrong with a vendor for a while."""
        vendor = self._rng.choice(sorted(self._entries))
        fault = {"vendor": vendor, **self._rng.choice(_FAULTS)}
        if self._rng.random() < 0.7:
            fault["count"] = self._rng.choice(_STRIKES)
        url = f"{self._houses.control_url}/faults"
        async with self._session.post(url, json=fault) as done:
            done.raise_for_status()
        self.faults[fault["kind"]] += 1
        self._until = self._rng.randint(1, 18)

    async def _write(self, name: str, entry: HomeBatteryConfigEntry) -> None:
        """Set a number, and see whether the device holds it."""
        key, _ = _SETTINGS[name]
        system = self.systems[name]
        entity_id = er.async_get(self._hass).async_get_entity_id(
            Platform.NUMBER, DOMAIN, f"{name}_{system.key}_{key}"
        )
        value, written = float(self._rng.randint(15, 40)), self.written[name]
        if value == written.value or entity_id is None:
            return
        steered = bool(entry.runtime_data.store.overrides)
        quiet = not self.troubled and not steered
        before = await self._writes(name)
        # Home Assistant passes over an entity that is unavailable, without an error.
        if (state := self._hass.states.get(entity_id)) is None or (
            state.state == STATE_UNAVAILABLE
        ):
            self.counts["unavailable"] += 1
            return
        try:
            await self._hass.services.async_call(
                Platform.NUMBER,
                "set_value",
                {ATTR_ENTITY_ID: entity_id, "value": value},
                blocking=True,
            )
        except HomeAssistantError as error:
            written.failed += 1
            written.doubtful = True
            if quiet:
                written.wrong.append(f"{name} refused {value}: {error}")
            return
        written.done += 1
        written.value, written.doubtful = value, False
        # What lies below an override is brought to the device when it ends.
        if not steered and (is_held := await self.setting(name)) != value:
            written.wrong.append(f"{name} was to hold {value}, and holds {is_held}")
        if quiet:
            written.calls[await self._writes(name) - before] += 1

    def serial(self, name: str) -> str:
        """Return the serial number of an account's first system."""
        return self.systems[name].id

    async def setting(self, name: str) -> float:
        """Return what the device holds."""
        state = await self._houses.device(name, self.serial(name))
        return float(state["settings"][_SETTINGS[name][1]])

    async def _writes(self, name: str) -> int:
        """Return how many writes have arrived."""
        writes: int = (await self._houses.state())[name]["calls"]["writes"]
        return writes

    async def _override(self, name: str, entry: HomeBatteryConfigEntry) -> None:
        """Have a battery hold for a while."""
        device_id = entry.runtime_data.device_ids.get(self.systems[name].key)
        if device_id is None:
            return
        self.counts["overrides"] += 1
        try:
            await self._hass.services.async_call(
                DOMAIN,
                "hold",
                {
                    ATTR_DEVICE_ID: device_id,
                    "duration": self._rng.choice((30, 60, 120)),
                },
                blocking=True,
            )
        except HomeAssistantError:
            self.counts["overrides_refused"] += 1

"""A Home Assistant with one account, the simulated house behind it, and what a cell can do with both."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
import json
from pathlib import Path
from typing import Any, Final, override
from unittest.mock import PropertyMock, patch

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.coordinator import (
    FeedCoordinator,
    HomeBatteryConfigEntry,
)
from custom_components.home_battery.entity import HomeBatteryEntity
from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from scripts.house_bench.home import add_account, home, walk
from scripts.house_demo.flow import Answers
from simulator import Simulation
from simulator.calls import LoggedCall
from simulator.faults import Fault as Cause
from simulator.server import LocalServer

from .journal import Journal
from .model import Brand, Fault, Feed, Write
from .net import NAME, Net
from .time import START, MovedClock

_ROOT: Final = Path(__file__).parents[2]
# Connections that nobody needs are closed by then, as they would be before the next poll.
_IDLE: Final = timedelta(seconds=20)
_SOON: Final = timedelta(seconds=3)


class Stage:
    """Where all cells of a vendor are played."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HomeBatteryConfigEntry,
        sim: Simulation,
        clock: MovedClock,
        *,
        net: Net,
        brand: Brand,
    ) -> None:
        """Take what runs."""
        self.hass = hass
        self.entry = entry
        self.sim = sim
        self.clock = clock
        self.net = net
        self.brand = brand
        self.journal = Journal()
        self._entities: dict[str, str] = {}

    @property
    def server(self) -> LocalServer:
        """Return the vendor's server."""
        return server_of(self.sim, self.brand)

    @property
    def calls(self) -> list[LoggedCall]:
        """Return what has arrived at the vendor's server."""
        calls: list[LoggedCall] = self.brand.cloud(self.sim).calls
        return calls

    def called(self, since: int, paths: Iterable[str]) -> list[LoggedCall]:
        """Return what has arrived at some paths since so many calls."""
        return [
            call
            for call in self.calls[since:]
            if any(fnmatchcase(call.path, path) for path in paths)
        ]

    def now(self) -> datetime:
        """Return the present time."""
        return self.clock.now()

    async def settle(self) -> None:
        """Let be done what is due, in the time that it takes."""
        with self.clock.flowing():
            await asyncio.sleep(_SOON.total_seconds())
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def leap(self, delta: timedelta) -> None:
        """Let time pass, what is due meanwhile being done at its end.

        What is under way is waited for: it would be told that it took all that time.
        """
        end = self.now() + delta
        with self.clock.flowing():
            await asyncio.sleep(min(_IDLE, delta).total_seconds())
            await self.hass.async_block_till_done(wait_background_tasks=True)
        if (left := end - _SOON - self.now()) > timedelta(0):
            self.clock.advance(left.total_seconds())
        await self.settle()

    async def until(self, moment: datetime) -> None:
        """Let time pass up to a moment, if that is still to come."""
        if (left := moment - self.now()) > _IDLE + _SOON:
            await self.leap(left)

    def feed(self, column: Feed) -> FeedCoordinator:
        """Return what polls a feed."""
        runtime = self.entry.runtime_data
        return next(
            feed
            for feed in (runtime.readings, runtime.settings, *runtime.others)
            if feed.feed.name == column.coordinator
        )

    def entity(self, name: str) -> str:
        """Return the entity id of `domain.kind.key`."""
        if name not in self._entities:
            domain, kind, key = name.split(".")
            unique_id = f"{self.brand.key}_{self._device(kind)}_{key}"
            entity_id = er.async_get(self.hass).async_get_entity_id(
                domain, DOMAIN, unique_id
            )
            if entity_id is None:
                raise LookupError(f"there is no {name}")
            self._entities[name] = entity_id
        return self._entities[name]

    def _device(self, kind: str) -> str:
        """Return the key of a device of some kind; `kind:2` is the second of a kind."""
        kind, _, number = kind.partition(":")
        return self.devices(kind)[int(number or 1) - 1]

    def devices(self, kind: str) -> list[str]:
        """Return the keys of the devices of a kind; numbers count as such."""
        keys = (
            device.key
            for device in self.entry.runtime_data.inventory.devices.values()
            if device.kind == kind
        )
        return sorted(keys, key=lambda key: (len(key), key))

    def state(self, name: str) -> str | None:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity(name))
        return None if state is None else state.state

    def number(self, name: str) -> float:
        """Return the state of an entity as a number, 0 if it is none."""
        try:
            return float(self.state(name) or 0)
        except ValueError:
            return 0

    def is_there(self, name: str) -> bool:
        """Tell whether an entity shows something."""
        return self.state(name) not in (None, STATE_UNAVAILABLE, STATE_UNKNOWN)

    def issues(self) -> set[str]:
        """Return the repair issues of the entry, without its id."""
        return {
            issue_id.partition(f"_{self.entry.entry_id}")[0]
            for (domain, issue_id), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN and issue.active
        }

    @property
    def reauths(self) -> list[ConfigFlowResult]:
        """Return the flows that ask a person for credentials."""
        return [
            flow
            for flow in self.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
            if flow["context"]["source"] == SOURCE_REAUTH
        ]

    async def sign_in_again(self) -> None:
        """Answer the flows that ask for credentials with those that are right."""
        with self.clock.flowing():
            for flow in self.reauths:
                await walk(self.hass, flow, answers(self.sim, self.brand))
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def begin(
        self, fault: Fault, paths: Iterable[str], method: str | None = None
    ) -> None:
        """Bring a fault about."""
        if fault.kind is not None:
            for path in paths:
                self.sim.faults.add(
                    Cause(
                        vendor=self.brand.key,
                        kind=fault.kind,
                        path=path,
                        value=fault.value,
                        method=method,
                    )
                )
        if fault.begin is not None and (waiting := fault.begin(self)) is not None:
            await waiting

    async def end(self, fault: Fault) -> None:
        """End a fault."""
        self.sim.faults.clear()
        if fault.end is not None and (waiting := fault.end(self)) is not None:
            await waiting

    def held(self, write: Write) -> int | None:
        """Return which value of a write the device holds."""
        return write.held(self.brand.state(self.sim))

    async def write(self, write: Write, index: int) -> str | None:
        """Make a change, and return the translation key of what went wrong."""
        data = dict(write.values[index])
        if write.target is not None:
            data["entity_id"] = self.entity(write.target)
        else:
            data["device_id"] = [self._device_id]
        domain, *names = write.action
        name = names[index % len(names)]
        try:
            with self.clock.flowing():
                await self.hass.services.async_call(domain, name, data, blocking=True)
                await self.hass.async_block_till_done()
        except HomeAssistantError as err:
            return err.translation_key or repr(err)
        return None

    @property
    def _device_id(self) -> str:
        """Return the device that is written to."""
        return self.entry.runtime_data.device_ids[self._device(self.brand.steered)]


def server_of(sim: Simulation, brand: Brand) -> LocalServer:
    """Return the server of a vendor, or of its first unit."""
    server: LocalServer = brand.cloud(sim).server
    return server


def answers(sim: Simulation, brand: Brand) -> Answers:
    """Return the answers to the steps of the flow, with a name in the server's address."""
    text = json.dumps(sim.describe()[brand.key])
    account: dict[str, Any] = json.loads(text.replace("127.0.0.1", NAME))
    agreed = {} if brand.agree is None else {"auth": brand.agree(sim)}
    return {**brand.answers(account), **agreed}


def sends(calls: Iterable[LoggedCall]) -> Counter[str]:
    """Return how often each change was sent that was not refused."""
    return Counter(
        f"{call.method} {call.path} {json.dumps(call.body, sort_keys=True)}"
        for call in calls
        # What means the same twice, HTTP itself may repeat.
        if call.write and not call.errno and call.method == "POST"
    )


class _Enabled(PropertyMock):
    """Has entities enabled that a person would have to enable first."""

    def __init__(self, keys: frozenset[str], usual: property) -> None:
        """Know which."""
        super().__init__()
        self._keys, self._usual = keys, usual

    @override
    def __get__(self, obj: Any, obj_type: Any = None) -> Any:
        """Tell whether an entity is enabled."""
        if obj.entity_description.key in self._keys:
            return True
        assert self._usual.fget is not None
        return self._usual.fget(obj)


@asynccontextmanager
async def staged(brand: Brand, folder: Path, clock: MovedClock) -> AsyncIterator[Stage]:
    """Start the houses and Home Assistant, and add the account."""
    net = Net(folder)
    sim = Simulation(start=START, history_days=0, **brand.simulation)
    keys = frozenset(
        name.split(".")[2]
        for name in (
            *(name for feed in brand.feeds for name in feed.shows),
            *(write.target for write in brand.writes if write.target),
        )
    )
    name = "entity_registry_enabled_default"
    enabled = _Enabled(keys, getattr(HomeBatteryEntity, name))
    net.guard(server_of(sim, brand))
    with net.used(), patch.object(HomeBatteryEntity, name, enabled):
        async with sim, home(_ROOT, folder / "config", recorder=False) as hass:
            brand.start(sim)
            with clock.flowing():
                if brand.prepare is not None:
                    await brand.prepare(hass, sim)
                entry = await add_account(hass, answers(sim, brand))
            stage = Stage(hass, entry, sim, clock, net=net, brand=brand)
            with stage.journal.kept():
                await stage.leap(timedelta(minutes=10))
                yield stage

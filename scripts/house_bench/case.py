"""One case, in a process of its own: so many inverters, these entities, with or without recorder."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from functools import partial
import gc
import json
import logging
import os
from pathlib import Path
import resource
import sys
import tempfile
from time import perf_counter, time
from unittest.mock import patch

import aiohttp

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.coordinator import (
    FeedCoordinator,
    HomeBatteryConfigEntry,
    HomeBatteryData,
)
from custom_components.home_battery.entity import HomeBatteryEntity
from custom_components.home_battery.vendors.vendor import FeedResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.runner import create_event_loop
from scripts.house_demo.houses import Houses, running_houses
from scripts.house_demo.vendors import VENDORS

from .home import add_account, home
from .meter import metered
from .plain import PlainCoordinator, Values, add_plain_sensors
from .results import Cost, Result
from .time import START, MovedClock, moved_time

_ROOT = Path(__file__).parents[2]
_DAY_SECONDS = 86400
_UPLOAD_SECONDS = 300
type _Way = Callable[[], Awaitable[dict[str, Cost]]]
_PAGE_KIB = resource.getpagesize() // 1024


class Case:
    """A running Home Assistant with an account, which is asked again and again."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HomeBatteryConfigEntry,
        houses: Houses,
        clock: MovedClock,
    ) -> None:
        """Take what runs."""
        self._hass = hass
        self._entry = entry
        self._houses = houses
        self._clock = clock

    @property
    def runtime(self) -> HomeBatteryData:
        """Return the runtime data, which a new set-up replaces."""
        return self._entry.runtime_data

    def entities(self) -> list[HomeBatteryEntity]:
        """Return all entities that are there."""
        return [
            entity
            for platform in async_get_platforms(self._hass, DOMAIN)
            for entity in platform.entities.values()
            if isinstance(entity, HomeBatteryEntity)
        ]

    async def settle(self) -> None:
        """Wait until nothing is left to be done."""
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def cost(self, work: Callable[[], Awaitable[object]]) -> Cost:
        """Return what some work and all that follows from it cost."""
        began = time()
        async with metered() as blocks:
            await work()
            await self.settle()
        told = sum(
            state.last_reported_timestamp >= began
            for state in self._hass.states.async_all()
        )
        return Cost(ms=blocks.ms, longest_ms=blocks.longest_ms, states=told)

    async def requests(self, work: Callable[[], Awaitable[object]]) -> int:
        """Return how many requests some work takes, as the vendor counts them."""
        before = await self._requests()
        await work()
        await self.settle()
        return await self._requests() - before

    async def _requests(self) -> int:
        """Return how many requests have arrived."""
        calls: int = (await self._houses.state())["foxess"]["calls"]["total"]
        return calls

    async def set_up_anew(self) -> tuple[float, float, float]:
        """Unload, and set up as after a restart: seconds, seconds waited, longest block in ms."""
        await self._hass.config_entries.async_unload(self._entry.entry_id)
        waited = self._clock.waited
        began = perf_counter()
        async with metered() as blocks:
            await self._hass.config_entries.async_setup(self._entry.entry_id)
            seconds = perf_counter() - began
        waited = self._clock.waited - waited
        await self.settle()
        return seconds, waited, blocks.longest_ms

    async def polls(self, count: int) -> dict[str, Cost]:
        """Return what polls of the readings cost, here and in the plain way."""
        entities = [
            entity
            for entity in self.entities()
            if entity.coordinator is self.runtime.readings
        ]
        plain = await add_plain_sensors(self._hass, self._entry, entities)
        costs: dict[str, list[Cost]] = {}
        for index in range(count):
            # Plain sensors show what was read the time before, so that either can be the first.
            plain.given = self._values()
            await self._clock.advance(_UPLOAD_SECONDS)
            ways: list[_Way] = [self._poll, partial(self._plain_poll, plain)]
            for way in reversed(ways) if index % 2 else ways:
                for name, cost in (await way()).items():
                    costs.setdefault(name, []).append(cost)
        return {name: Cost.best(found) for name, found in costs.items()}

    async def _plain_poll(self, plain: PlainCoordinator) -> dict[str, Cost]:
        """Return what one poll costs in the plain way."""
        return {
            "plain_new": await self.cost(plain.async_refresh),
            "plain_repeated": await self.cost(plain.async_refresh),
        }

    async def _poll(self) -> dict[str, Cost]:
        """Return what one poll costs.

        What was fetched is handed to the coordinator again, so that the network
        is told apart and a repeated record is one of every device.
        """
        readings = self.runtime.readings
        feed, found = readings.feed, FeedResult()

        async def fetch() -> None:
            """Fetch the readings as the coordinator does."""
            nonlocal found
            found = await feed.fetch(readings.devices())

        async def again(_devices: object) -> FeedResult:
            """Return what was fetched."""
            return found

        fetched = await self.cost(fetch)
        readings.feed = replace(feed, fetch=again)
        # All at once, which is the worst: their rhythm would spread them.
        with patch.object(FeedCoordinator, "following", None):
            new = await self.cost(readings.async_refresh)
            repeated = await self.cost(readings.async_refresh)
        readings.feed = feed
        return {"fetch": fetched, "new": new, "repeated": repeated}

    def _values(self) -> Values:
        """Return the values that are shown, by device."""
        return {key: data.values for key, data in self.runtime.readings.data.items()}

    async def others(self, count: int) -> dict[str, Cost]:
        """Return what goes on beside the polls of the readings."""

        async def minute() -> None:
            """Let a minute pass."""
            self.runtime.readings.async_derive(self.runtime.inventory.devices)

        costs: dict[str, list[Cost]] = {"minute": [], "settings": [], "store": []}
        for _ in range(count):
            costs["minute"].append(await self.cost(minute))
            await self._clock.advance(_seconds(self.runtime.settings))
            settings = await self.cost(self.runtime.settings.async_refresh)
            costs["settings"].append(settings)
            costs["store"].append(await self.cost(self.runtime.store.async_save))
        return {name: Cost.best(found) for name, found in costs.items()}

    async def requests_per_day(self) -> tuple[int, int]:
        """Return the requests of a poll of the readings, and of a day by a round of each feed."""
        readings = self.runtime.readings
        per_day = 0.0
        for feed in (readings, self.runtime.settings, *self.runtime.others):
            await self._clock.advance(_UPLOAD_SECONDS)
            with patch.object(FeedCoordinator, "following", None):
                made = await self.requests(feed.async_refresh)
            per_day += made * _DAY_SECONDS / _seconds(feed)
            if feed is readings:
                per_poll = made
        return per_poll, round(per_day)


def _seconds(feed: FeedCoordinator) -> float:
    """Return how often a feed is asked."""
    return feed.feed.interval.total_seconds()


def _memory_kib() -> int:
    """Return how much memory the process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KIB


async def measure(
    directory: Path, *, inverters: int, all_entities: bool, recorder: bool, polls: int
) -> Result:
    """Measure one case."""
    async with (
        aiohttp.ClientSession() as session,
        running_houses(
            session,
            _ROOT,
            models={"models": "KH8"},
            devices=inverters,
            history_days=0,
            start=START,
        ) as houses,
        moved_time(houses) as clock,
        home(_ROOT, directory, recorder=recorder) as hass,
    ):
        before, began = _memory_kib(), perf_counter()
        answers = VENDORS["foxess"].answers(houses.accounts["foxess"])
        entry = await add_account(hass, answers)
        added, after = perf_counter() - began, _memory_kib()
        case = Case(hass, entry, houses, clock)
        seconds, waited, longest = await case.set_up_anew()
        here = case.entities()
        costs = await case.polls(polls) | await case.others(max(1, polls // 3))
        per_poll, per_day = await case.requests_per_day()
        return Result(
            inverters=inverters,
            all_entities=all_entities,
            recorder=recorder,
            entities=len(here),
            on_readings=sum(
                entity.coordinator is case.runtime.readings for entity in here
            ),
            add_seconds=round(added, 2),
            setup_seconds=round(seconds, 2),
            setup_waited_seconds=round(waited, 1),
            setup_longest_ms=round(longest, 1),
            memory_kib_per_device=round((after - before) / inverters),
            requests_per_poll=per_poll,
            requests_per_day=per_day,
            **costs,
        )


def main() -> None:
    """Measure, and print what came out as one line of JSON."""
    parser = argparse.ArgumentParser(prog="scripts.house_bench.case")
    parser.add_argument("--inverters", type=int, required=True)
    parser.add_argument("--polls", type=int, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--recorder", action="store_true")
    options = parser.parse_args()
    # What Home Assistant misses in this place, such as a camera's library, is of no matter here.
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="home-battery-") as directory:
        if options.all:
            # Before there are any: whoever enables them one by one reloads the account.
            patch.object(
                HomeBatteryEntity, "entity_registry_enabled_default", True
            ).start()
        work = measure(
            Path(directory) / "home",
            inverters=options.inverters,
            all_entities=options.all,
            recorder=options.recorder,
            polls=options.polls,
        )
        with asyncio.Runner(loop_factory=create_event_loop) as runner:
            result = runner.run(work)
    print(json.dumps(asdict(result)), flush=True)
    sys.stdout.flush()
    # Home Assistant's threads do not always end by themselves.
    os._exit(0)


if __name__ == "__main__":
    main()

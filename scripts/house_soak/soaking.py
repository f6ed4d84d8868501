"""The soak itself: days, and what is left of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
import logging
from pathlib import Path
from random import Random
import sys
from time import monotonic
from typing import Any, Final

import aiohttp

from custom_components.home_battery.coordinator import HomeBatteryConfigEntry
from homeassistant.core import HomeAssistant
from scripts.house_bench.home import add_account, home
from scripts.house_demo.houses import running_houses
from scripts.house_demo.vendors import VENDORS

from .doings import Doings
from .energies import Energy, energies, ledgers
from .leaks import Held, held, left, slope
from .time import START, MovedTime, moved_time

_ROOT: Final = Path(__file__).parents[2]
MODELS: Final[Mapping[str, str]] = {
    "foxess": "KH8",
    "growatt": "MIN-XH",
    "eaton": "AC",
    "voltstorage": "SMART",
}
_DAY_MINUTES: Final = 1440
# An account comes back from its worst failure, and an override ends, in so long.
_RECOVERY_MINUTES: Final = 240
# What was stored late and connections that are kept for a while are gone after so long.
_REST_STEPS: Final = 4
_DOWN_MINUTES: Final = (1, 30, 300)
# The first days fill caches.
_WARM_SHARE: Final = 1 / 3


class _Unhandled(logging.Handler):
    """Keeps what nobody had thought of."""

    def __init__(self) -> None:
        """Hear of errors only."""
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an error with a trace, or of the event loop."""
        if record.exc_info or record.name == "asyncio":
            error = record.exc_info[1] if record.exc_info else None
            self.found.append(f"{record.name}: {record.getMessage()} {error!r}"[:500])


@dataclass
class Found:
    """What came of a soak.

    Attributes:
        memory: What the process held after each day.
        left: What was left when all was unloaded.
        errors: What nobody had thought of.
        energies: What was shown in the end, beside the ledgers.
        wrong: What writes and overrides have come to that they should not.
        counts: How often what was done.
        faults: How often what went wrong.
        writes: How many writes were acknowledged, and how many failed.
    """

    seconds: float = 0.0
    memory: list[Held] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    energies: list[Energy] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    writes: tuple[int, int] = (0, 0)

    def growth(self) -> tuple[float, float]:
        """Return by how many KiB and blocks a day the process grows when it is warm."""
        warm = self.memory[int(len(self.memory) * _WARM_SHARE) :]
        return slope([one.kib for one in warm]), slope([one.blocks for one in warm])


class Soak:
    """Accounts in a Home Assistant, and time."""

    def __init__(
        self, hass: HomeAssistant, clock: MovedTime, step: int, rng: Random
    ) -> None:
        """Keep what is needed."""
        self._hass = hass
        self._clock = clock
        self._step = step
        self._rng = rng

    async def pass_time(self, minutes: int) -> None:
        """Let time pass in steps, and all that is due be done."""
        for _ in range(0, minutes, self._step):
            await self._clock.sleep(self._step * 60)
            # Something may have begun meanwhile.
            await self.settle()
            self._clock.go_off()
            await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is left to be done now."""
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def day(self, doings: Doings) -> None:
        """Let a day pass in which things happen, and now and then a restart."""
        restart = self._rng.randrange(0, 2 * _DAY_MINUTES, self._step)
        for minute in range(0, _DAY_MINUTES, self._step):
            await self.pass_time(self._step)
            await doings.step()
            await self.settle()
            if minute == restart:
                await doings.restart()
                await self.pass_time(self._rng.choice(_DOWN_MINUTES))
                await doings.start()
                await self.settle()


async def soak(
    directory: Path,
    *,
    days: float,
    seed: str,
    step: int,
    vendors: Sequence[str],
) -> Found:
    """Let days pass, and look at what is left of them."""
    found, rng, began = Found(), Random(seed), monotonic()
    unhandled = _Unhandled()
    models = {name: model for name, model in MODELS.items() if name in vendors}
    # The simulator's option for Fox ESS bears no name.
    models["models"] = models.pop("foxess", MODELS["foxess"])
    async with (
        # What is asked of the houses leaves no connection open.
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True)
        ) as session,
        running_houses(
            session, _ROOT, models=models, history_days=0, start=START
        ) as houses,
        home(_ROOT, directory, recorder=False) as hass,
        moved_time(houses) as clock,
    ):
        logging.getLogger().addHandler(unhandled)
        run = Soak(hass, clock, step, rng)
        before = {name: await ledgers(houses, name) for name in houses.accounts}
        entries: dict[str, HomeBatteryConfigEntry] = {}
        for name in vendors:
            account = houses.accounts[name]
            entries[name] = await add_account(hass, VENDORS[name].answers(account))
        doings = Doings(hass, houses, session, entries, rng)
        await run.pass_time(2 * step)
        await doings.restart()
        await run.pass_time(_REST_STEPS * step)
        at_rest = await left(hass)
        await doings.start()
        steered = await _steered(doings, houses)
        whole, rest = divmod(round(days * _DAY_MINUTES), _DAY_MINUTES)
        for day in range(whole):
            await run.day(doings)
            found.memory.append(held())
            print(
                f"day {day + 1}: {monotonic() - began:.0f} s, {found.memory[-1].kib} KiB,"
                f" {found.memory[-1].blocks} blocks",
                file=sys.stderr,
                flush=True,
            )
        for _ in range(0, rest, step):
            await run.pass_time(step)
            await doings.step()
        await doings.clear()
        await run.pass_time(_RECOVERY_MINUTES)
        for name, entry in entries.items():
            found.energies += await energies(
                hass, houses, entry, before[name], timedelta(minutes=step)
            )
        found.wrong = await _wrong(doings, entries)
        if (now := await _steered(doings, houses)) != steered:
            found.wrong.append(f"schedules were {steered}, and are {now}")
        await doings.restart()
        await run.pass_time(_REST_STEPS * step)
        found.left = (await left(hass)).more_than(at_rest)
    logging.getLogger().removeHandler(unhandled)
    found.errors = unhandled.found
    found.counts, found.faults = dict(doings.counts), dict(doings.faults)
    found.writes = (
        sum(written.done for written in doings.written.values()),
        sum(written.failed for written in doings.written.values()),
    )
    found.seconds = monotonic() - began
    return found


async def _steered(doings: Doings, houses: Any) -> dict[str, Any]:
    """Return what of each system an override changes."""
    return {
        name: VENDORS[name].steered(await houses.device(name, doings.serial(name)))
        for name in ("foxess",)
        if name in doings.written
    }


async def _wrong(
    doings: Doings, entries: Mapping[str, HomeBatteryConfigEntry]
) -> list[str]:
    """Return what writes and overrides have come to that they should not."""
    wrong = [
        f"{name} is {entry.state}"
        for name, entry in entries.items()
        if not entry.state.recoverable or entry.state.value != "loaded"
    ]
    for name, written in doings.written.items():
        wrong += written.wrong
        if len(written.calls) > 1:
            wrong.append(f"{name} took so many calls a write: {dict(written.calls)}")
        holds = await doings.setting(name)
        if (
            written.value is not None
            and not written.doubtful
            and holds != written.value
        ):
            wrong.append(f"{name} held {written.value}, and now {holds}")
        if running := entries[name].runtime_data.store.overrides:
            wrong.append(f"{name} has not ended {running}")
    return wrong


def as_report(found: Found, *, days: float, seed: str) -> dict[str, Any]:
    """Return what came of it, and whether the bars are held."""
    kib, blocks = found.growth()
    bars = {
        "memory_flat": kib <= _MOST_KIB and blocks <= _MOST_BLOCKS,
        "nothing_left": not found.left,
        "no_error": not found.errors,
        "energies_right": bool(found.energies)
        and all(energy.ok for energy in found.energies),
        "writes_right": not found.wrong,
    }
    return {
        "ok": all(bars.values()),
        "bars": bars,
        "seed": seed,
        "days": days,
        "seconds": round(found.seconds, 1),
        "kib_per_day": round(kib, 1),
        "blocks_per_day": round(blocks, 1),
        "left": found.left,
        "errors": found.errors,
        "wrong": found.wrong,
        "counts": found.counts,
        "faults": found.faults,
        "writes": {"done": found.writes[0], "failed": found.writes[1]},
        "energies": [
            {**asdict(energy), "error": round(energy.error, 3), "ok": energy.ok}
            for energy in found.energies
        ],
    }


# Fragments of the heap and the houses' growing statistics are some of it.
_MOST_KIB: Final = 256.0
_MOST_BLOCKS: Final = 500.0

"""What an account must not leave behind: memory, tasks, timers, listeners and sockets."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
import ctypes
import gc
from pathlib import Path
import resource
import sys
from typing import Final, NamedTuple

from homeassistant.core import HomeAssistant

_PAGE_KIB: Final = resource.getpagesize() // 1024
_OURS: Final = "home_battery"


class Held(NamedTuple):
    """What the process holds.

    Attributes:
        kib: Resident memory.
        blocks: What Python has allocated.
    """

    kib: int
    blocks: int


def held() -> Held:
    """Return what the process holds when the rubbish is gone.

    What the C library keeps for later is not held; not every one can let go of it.
    """
    gc.collect()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Held(pages * _PAGE_KIB, sys.getallocatedblocks())


def slope(values: Sequence[float]) -> float:
    """Return by how much values grow from one to the next, by least squares."""
    if len(values) < 2:
        return 0.0
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    return sum(
        (index - middle) * (value - mean) for index, value in enumerate(values)
    ) / sum((index - middle) ** 2 for index in range(len(values)))


class Left(NamedTuple):
    """What is about at a moment when no account is set up."""

    tasks: frozenset[str]
    timers: frozenset[str]
    listeners: frozenset[tuple[str, int]]
    sockets: int

    def more_than(self, before: Left) -> list[str]:
        """Return what there was not before."""
        more = [f"task {name}" for name in sorted(self.tasks - before.tasks)]
        more += [f"timer {name}" for name in sorted(self.timers - before.timers)]
        known = dict(before.listeners)
        more += [
            f"{count - known.get(name, 0)} listeners to {name}"
            for name, count in sorted(self.listeners)
            if count > known.get(name, 0)
        ]
        if self.sockets > before.sockets:
            more.append(f"{self.sockets - before.sockets} sockets")
        return more


def _sockets() -> int:
    """Return how many sockets are open."""
    return sum(
        path.readlink().name.startswith("socket:")
        for path in Path("/proc/self/fd").iterdir()
        if path.is_symlink()
    )


async def left(hass: HomeAssistant) -> Left:
    """Return what is about now."""
    sockets = await hass.async_add_executor_job(_sockets)
    gc.collect()
    return Left(
        frozenset(
            f"{task.get_name()} {task.get_coro()!r}"
            for task in asyncio.all_tasks()
            if _OURS in repr(task.get_coro())
        ),
        frozenset(
            repr(timer)
            for timer in gc.get_objects()
            if isinstance(timer, asyncio.TimerHandle)
            and not timer.cancelled()
            and timer.when() > hass.loop.time()
            and _OURS in repr(timer)
        ),
        frozenset(
            (str(name), count) for name, count in hass.bus.async_listeners().items()
        ),
        sockets,
    )

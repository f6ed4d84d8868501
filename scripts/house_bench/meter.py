"""What the event loop does, callback by callback."""

from asyncio import Handle, sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import gc
from time import thread_time
from unittest.mock import patch


@dataclass
class Blocks:
    """The stretches of time in which the loop served nobody else.

    Attributes:
        spans: Seconds of each callback, in their order.
    """

    spans: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """Return how long the loop was busy."""
        return sum(self.spans) * 1000

    @property
    def longest_ms(self) -> float:
        """Return how long it was busy without a break."""
        return max(self.spans, default=0.0) * 1000


@asynccontextmanager
async def metered() -> AsyncIterator[Blocks]:
    """Time every callback that the loop runs meanwhile, each step of a task being one.

    What counts is the processor time of the loop's thread: neither waiting for the
    network, nor what other programs take of the machine. What is there already is
    kept from the garbage collector, whose walk over all of Home Assistant would
    count for whoever happens to be measured.
    """
    blocks = Blocks()
    run = Handle._run  # noqa: SLF001 - it is the one place that all callbacks come by

    def timed(handle: Handle) -> None:
        """Run a callback."""
        start = thread_time()
        run(handle)
        blocks.spans.append(thread_time() - start)

    gc.freeze()
    with patch.object(Handle, "_run", timed):
        # The present callback began before anybody looked at the clock, and the last one has to end.
        await sleep(0)
        yield blocks
        await sleep(0)

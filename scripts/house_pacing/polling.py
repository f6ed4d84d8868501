"""Polls an account through a trace, by its own feed and limits."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from random import Random
from typing import Final, cast

import aiohttp

from custom_components.home_battery.battery.model import Device, Inventory, Role
from custom_components.home_battery.following import Following
from custom_components.home_battery.transport.errors import LimitError, QuotaError
from custom_components.home_battery.transport.limiter import Limit, Limiter, Turn
from custom_components.home_battery.transport.rhythm import Rhythm
from custom_components.home_battery.vendors.foxess.account import FoxEssAccount
from custom_components.home_battery.vendors.growatt.account import GrowattAccount
from custom_components.home_battery.vendors.vendor import (
    QUOTA,
    READINGS,
    Account,
    Connection,
    FeedResult,
)

from .clock import SimulatedClock
from .clouds import Cloud, FoxEssCloud, GrowattCloud
from .trace import Trace

_HOUR: Final = 3600.0
# What an inverter takes each hour beside its readings, by the README.
_OTHER_CALLS: Final = 16
# Home Assistant's timers come so much late.
_TIMER: Final = (0.05, 1.5)
_VENDORS: Final[
    Mapping[str, tuple[type[Cloud], Callable[[Connection], Account], str]]
] = {
    "foxess": (FoxEssCloud, FoxEssAccount, "inverter"),
    "growatt": (GrowattCloud, GrowattAccount, "min"),
}


@dataclass(kw_only=True)
class Watched:
    """What came of a device, and when: the numbers of records in its trace."""

    trace: Trace
    at: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def note(self, now: float, stamp: float) -> None:
        """Keep that a record was shown."""
        number = bisect_left(self.trace.stamps, stamp)
        if not self.numbers or number != self.numbers[-1]:
            self.at.append(now)
            self.numbers.append(number)


@dataclass(kw_only=True)
class Run:
    """What a run has shown.

    Attributes:
        watched: By serial number.
        calls: The calls for readings.
        all_calls: Those for anything.
        refused: The calls that the vendor refused.
        held_back: The rounds that our own limits forbade.
        stretched: The share of the rounds that were put further apart.
    """

    watched: Mapping[str, Watched]
    calls: int = 0
    all_calls: int = 0
    refused: int = 0
    held_back: int = 0
    stretched: float = 0.0


async def poll(
    vendor: str,
    traces: Sequence[Trace],
    start: float,
    end: float,
    *,
    seed: str,
    blind: timedelta | None = None,
    used: float = 0.0,
    worth: float | None = None,
    lone: bool = False,
) -> Run:
    """Poll through traces, following them, or blindly at an interval.

    Args:
        vendor: Whose cloud it is.
        traces: One for each device.
        start: The first moment, in seconds since the epoch.
        end: The last.
        seed: Decides how long calls take.
        blind: The interval; without it, the uploads are followed.
        used: The share of the day's calls that another app takes, evenly.
        worth: What a call is taken to be worth, in place of what the feed says.
        lone: One call has to do, where others might tell of the devices too.
    """
    make_cloud, make_account, kind = _VENDORS[vendor]
    clock = SimulatedClock(start)
    limiter = Limiter(clock)
    random = Random(f"{seed} polling")
    cloud = make_cloud(
        clock=clock, traces={trace.serial: trace for trace in traces}, random=random
    )
    if isinstance(cloud, GrowattCloud):
        cloud.lone = lone
    devices = [
        Device(kind=kind, id=trace.serial, role=Role.SYSTEM, name=trace.serial)
        for trace in traces
    ]
    account = make_account(
        Connection(
            session=cast("aiohttp.ClientSession", cloud),
            clock=clock,
            limiter=limiter,
            data={"base_url": "http://cloud", "token": "pacing"},
            inventory=lambda: Inventory.of(devices),
            zone=lambda _device: UTC,
            user_agent="pacing",
        )
    )
    feeds = {feed.name: feed for feed in account.feeds}
    feed, quota = feeds[READINGS], feeds.get(QUOTA)
    pace = feed.pace
    assert pace is not None
    following = Following(
        lambda device: (
            replace(pace(device), worth=worth) if worth is not None else pace(device)
        ),
        Rhythm(),
        limiter,
        clock,
    )
    run = Run(watched={trace.serial: Watched(trace=trace) for trace in traces})
    rounds = stretched = 0
    hourly = start
    while clock.time < end:
        while quota is not None and hourly <= clock.time:
            with suppress(QuotaError):
                await quota.fetch(devices)
            await _live(limiter, cloud, _OTHER_CALLS * len(devices), used)
            hourly += _HOUR
        asked = following.turns(devices) if blind is None else devices
        wait = blind or feed.interval
        try:
            result = await feed.fetch(asked)
        except LimitError:
            run.held_back += 1
        else:
            _note(run, clock.time, asked, result)
            following.heard(asked, result)
            if blind is None:
                wait = following.wait(devices)
        rounds += 1
        stretched += following.rhythm.stretch > 1
        clock.time += wait.total_seconds() + random.uniform(*_TIMER)
    run.calls, run.all_calls = cloud.calls, cloud.all_calls
    run.refused, run.stretched = cloud.refused, stretched / rounds
    return run


async def _live(limiter: Limiter, cloud: Cloud, calls: int, used: float) -> None:
    """Take the calls of everything else, and another app's."""
    turn = Turn(limits=(Limit("others", 1, 0.0),), urgent=True)
    with suppress(QuotaError):
        for _ in range(calls):
            async with limiter.turn(turn):
                cloud.all_calls += 1
    if isinstance(cloud, FoxEssCloud):
        cloud.spent += calls + round(60 * used * len(cloud.traces))


def _note(run: Run, now: float, devices: Sequence[Device], result: FeedResult) -> None:
    """Keep what a round has shown, where it was new."""
    for device in devices:
        record = result.records.get(device.key)
        if record is not None and record.time is not None:
            run.watched[device.id].note(now, record.time.timestamp())

"""VoltStorage where it also tells at once: its stream, and its latest data (VoltStorage notes, 1.4 and 1.8).

Whatever becomes of either, the export tells the same a little later.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from simulator import Simulation
from simulator.faults import HTTP_KINDS

from .faults import LIMITED, common
from .model import HOUR, NOTHING, POWER, Brand, Fault, Feed
from .stage import Stage
from .voltstorage import VOLTSTORAGE

_SOME: Final = timedelta(minutes=5)
_MESSAGES: Final = ("stall", "garbage", "unknown_type", "close", "burst")


def _hang_up(stage: Stage) -> None:
    """Have whoever listens connect anew."""
    stage.server.hang_up()


async def _listen(stage: Stage) -> None:
    """Let some messages come: in a leap whoever listens hears nothing, and hangs up."""
    with stage.clock.flowing():
        await asyncio.sleep(_SOME.total_seconds())


_HTTP: Final = tuple(
    replace(fault, outcome=NOTHING, begin=_hang_up)
    for fault in common(VOLTSTORAGE)
    if fault.kind in HTTP_KINDS
)


def _source(name: str, path: str) -> Feed:
    """Return what the readings are told by besides the export."""
    return Feed(
        name=name,
        part_of="readings",
        paths=(path,),
        every=HOUR,
        shows={
            "sensor.product.battery_power": POWER,
            "sensor.product.battery_soc": HOUR,
        },
    )


def _no_latest(sim: Simulation) -> None:
    """Serve the stream without latest data."""
    sim.voltstorage.paths.serve(latest=None)


def _no_stream(sim: Simulation) -> None:
    """Serve latest data without the stream."""
    sim.voltstorage.paths.serve(stream=None)


STREAM: Final = replace(
    VOLTSTORAGE,
    way="stream",
    start=_no_latest,
    feeds=(_source("stream", "/ws"),),
    faults=(
        *_HTTP,
        *(
            Fault(name=kind, kind=kind, begin=_listen, outcome=NOTHING)
            for kind in _MESSAGES
        ),
        Fault(
            name="broken off",
            kind="close",
            value=1006,
            begin=_listen,
            outcome=NOTHING,
        ),
    ),
)
LATEST: Final[Brand] = replace(
    VOLTSTORAGE,
    way="latest data",
    start=_no_stream,
    feeds=(_source("latest data", "/rest/products/*/data"),),
    faults=tuple(
        replace(fault, outcome=LIMITED) if fault.value == 429 else fault
        for fault in _HTTP
    ),
)

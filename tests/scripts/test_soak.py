"""A simulated day, and proof that what goes wrong in one is found."""

import asyncio
from dataclasses import replace
import json
from pathlib import Path
import sys

import pytest

from scripts.house_soak.energies import Energy
from scripts.house_soak.leaks import Held, Left, slope
from scripts.house_soak.soaking import Found, as_report

ROOT = Path(__file__).parents[2]
ENERGY = Energy(name="x", shown=10.0, real=10.1, grown=4.0, counted=True, watched=True)
GOOD = Found(memory=[Held(100_000, 1_000_000)] * 30, energies=[ENERGY])
GROWING = [Held(100_000 + 1_000 * day, 1_000_000 + 9_000 * day) for day in range(30)]
LEFT = Left(frozenset({"a"}), frozenset(), frozenset({("stop", 2)}), 3)


def bars(found: Found) -> set[str]:
    """Return which bars are missed."""
    report = as_report(found, days=30, seed="a")
    missed = {name for name, ok in report["bars"].items() if not ok}
    assert report["ok"] is (not missed)
    return missed


@pytest.mark.parametrize(
    ("found", "missed"),
    [
        (GOOD, set()),
        (replace(GOOD, memory=GROWING), {"memory_flat"}),
        (replace(GOOD, left=["1 sockets"]), {"nothing_left"}),
        (replace(GOOD, errors=["asyncio: x"]), {"no_error"}),
        (replace(GOOD, wrong=["growatt refused 12"]), {"writes_right"}),
        (replace(GOOD, energies=[]), {"energies_right"}),
        (replace(GOOD, energies=[replace(ENERGY, shown=9.0)]), {"energies_right"}),
        (replace(GOOD, energies=[replace(ENERGY, shown=9.0, counted=False)]), set()),
    ],
)
def test_bars(found: Found, missed: set[str]) -> None:
    """Each bar is missed for its own reason."""
    assert bars(found) == missed


def test_growth_counts_when_warm() -> None:
    """What fills in the first days is no leak."""
    warming = [Held(min(day, 9) * 10_000, 1) for day in range(30)]
    assert slope([held.kib for held in warming]) > 1_000
    assert bars(replace(GOOD, memory=warming)) == set()


@pytest.mark.parametrize(
    ("now", "more"),
    [
        (LEFT, []),
        (LEFT._replace(tasks=frozenset({"a", "b"})), ["task b"]),
        (LEFT._replace(timers=frozenset({"t"})), ["timer t"]),
        (LEFT._replace(listeners=frozenset({("stop", 3)})), ["1 listeners to stop"]),
        (LEFT._replace(sockets=5), ["2 sockets"]),
        (LEFT._replace(sockets=2, listeners=frozenset()), []),
    ],
)
def test_what_is_left(now: Left, more: list[str]) -> None:
    """Whatever there was not before is told."""
    assert now.more_than(LEFT) == more


@pytest.mark.usefixtures("socket_enabled")
async def test_a_day() -> None:
    """One vendor lives through a day, into the night, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "scripts.house_soak"),
        *("--days", "0.85", "--seed", "a", "--vendors", "foxess", "--step", "15"),
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"{ROOT}:{ROOT}/scripts/house_demo/voice_stubs",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(100):
        printed, told = await process.communicate()
    assert told.startswith(b"seed a\n")
    report = json.loads(printed.splitlines()[-1])
    assert process.returncode == 0, report
    assert all(report["bars"].values())
    assert len(report["energies"]) == 6

"""The matrix of faults: one feed and one write of one vendor, and the table that it makes."""

from collections import defaultdict
import json
import os
from pathlib import Path
import subprocess
import sys

from aiohttp import ClientSession
import pytest

from custom_components.home_battery.transport.clock import SystemClock
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors import VENDORS
from custom_components.home_battery.vendors.vendor import Connection
from scripts.house_faults.brands import BRANDS
from scripts.house_faults.matrix import Cell, failures, rows, table
from scripts.house_faults.outages import groups
from simulator.faults import KINDS

ROOT = Path(__file__).parents[2]
GOOD = Cell(vendor="foxess", fault="HTML", column="readings", problems=[])
BAD = Cell(vendor="foxess", fault="HTML", column="a number", problems=["sent twice"])
ACCOUNT = {
    "base_url": "https://127.0.0.1",
    "user_type": "tech",
    "fingerprint": "00" * 32,
}
# What a refusal of one call means is played by its code, a device's own limit is tested
# with the writes, no feed asks for a plant's power, and the quota is the whole account's.
ELSEWHERE = {"unsupported", "below_minimum", "plant_power", "quota_gone"}
OTHER = Cell(vendor="foxess", fault="write lost", column="a number", problems=[])


def test_matrix() -> None:
    """A time-out takes nothing down too early, loses no write and doubles none."""
    stubs = ROOT / "scripts" / "house_demo" / "voice_stubs"
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "scripts.house_faults.case"),
            *("--vendor", "eaton", "--only", "time-out"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{stubs}"},
        capture_output=True,
        check=True,
        timeout=100,
    )
    cells = json.loads(done.stdout.splitlines()[-1])
    columns = {cell["column"]: cell["problems"] for cell in cells}
    assert {"readings", "settings", "a command"} <= columns.keys()
    assert not any(columns.values())


def test_table() -> None:
    """Rows are faults, columns feeds and writes; what makes no sense is a dash."""
    header, first, second = table([GOOD, BAD, OTHER]).splitlines()
    assert header.split() == ["foxess", "(3", "cells)", "readings", "a", "number"]
    assert first.split() == ["HTML", "ok", "FAILED"]
    assert second.split() == ["write", "lost", "—", "ok"]


def test_failures() -> None:
    """Failed cells say what they saw."""
    assert failures([GOOD, BAD]) == "foxess, HTML, a number: sent twice"
    assert failures([GOOD]) == ""


@pytest.mark.parametrize("vendor", VENDORS)
async def test_every_feed_is_a_column(vendor: str) -> None:
    """Every feed that asks for anything has its faults played."""
    clock = SystemClock()
    async with ClientSession() as session:
        account = VENDORS[vendor].connect(
            Connection(
                session=session,
                clock=clock,
                limiter=Limiter(clock),
                data=defaultdict(str, ACCOUNT),
                user_agent="tests/1.0",
            )
        )
        feeds = {feed.name for feed in account.feeds if feed.roles}
    columns = {feed.coordinator for feed in BRANDS[vendor].feeds}
    assert columns == feeds


def test_every_fault_of_the_simulator_is_played() -> None:
    """Every fault of the simulator is in a row, but for a few that are no server's."""
    played = {fault.kind for brand in BRANDS.values() for fault in rows(brand)}
    assert KINDS - played == ELSEWHERE


@pytest.mark.parametrize("vendor", BRANDS)
def test_every_pair_of_feeds_is_apart(vendor: str) -> None:
    """Each feed fails without each other one, if not under every fault."""
    feeds = BRANDS[vendor].feeds
    apart = {
        (one.name, other.name)
        for number in range(4)
        for half in groups(feeds, number)
        for one in half
        for other in feeds
        if other not in half
    }
    assert apart == {
        (one.name, other.name) for one in feeds for other in feeds if one is not other
    }


@pytest.mark.parametrize("vendor", BRANDS)
def test_faults_have_names_of_their_own(vendor: str) -> None:
    """A table has no row twice."""
    names = [fault.name for fault in rows(BRANDS[vendor])]
    assert len(names) == len(set(names))

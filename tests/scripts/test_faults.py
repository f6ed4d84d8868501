"""The matrix of faults: one feed and one write of one vendor, and the table that it makes."""

import json
import os
from pathlib import Path
import subprocess
import sys

import pytest

from scripts.house_faults.brands import BRANDS
from scripts.house_faults.matrix import Cell, failures, rows, table
from scripts.house_faults.outages import groups

ROOT = Path(__file__).parents[2]
GOOD = Cell(vendor="foxess", fault="HTML", column="readings", problems=[])
BAD = Cell(vendor="foxess", fault="HTML", column="a number", problems=["sent twice"])
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

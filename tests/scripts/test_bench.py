"""Tests of what is measured, and of the smallest measurement."""

import asyncio
import json
from pathlib import Path
import sys
from typing import Any

import pytest

from scripts.house_bench.results import Cost, Result, as_json, bars

ROOT = Path(__file__).parents[2]

COST = Cost(ms=10, longest_ms=5, states=8)
RESULT = Result(
    inverters=1,
    all_entities=False,
    recorder=False,
    entities=50,
    on_readings=45,
    add_seconds=1,
    setup_seconds=0.5,
    setup_waited_seconds=1,
    setup_longest_ms=10,
    memory_kib_per_device=900,
    fetch=COST,
    new=COST,
    repeated=Cost(ms=2, longest_ms=2),
    plain_new=COST,
    plain_repeated=COST,
    minute=COST,
    settings=COST,
    store=COST,
    requests_per_poll=1,
    requests_per_day=600,
)
KEYS = set(RESULT.__dataclass_fields__)


def changed(**fields: Any) -> Result:
    """Return the result with something else in it."""
    return Result(**{**vars(RESULT), **fields})


def test_result_comes_through_a_pipe() -> None:
    """What a case prints is read back as it was."""
    (case,) = json.loads(as_json([RESULT], {}))["cases"]
    assert Result.from_json(json.dumps(case)) == RESULT


def test_best_of_several() -> None:
    """The least counts, but for the states, of which none may be missed."""
    slow = Cost(ms=20, longest_ms=3, states=9)
    assert Cost.best([COST, slow]) == Cost(ms=10, longest_ms=3, states=9)


@pytest.mark.parametrize(
    ("other", "missed"),
    [
        (
            changed(
                inverters=10,
                new=Cost(ms=90, longest_ms=9),
                plain_new=Cost(ms=90, longest_ms=90),
            ),
            set(),
        ),
        (changed(new=Cost(ms=11, longest_ms=9)), {"new_no_more_than_plain"}),
        (changed(repeated=Cost(ms=3, longest_ms=3)), {"repeated_a_quarter_of_plain"}),
        (changed(store=Cost(ms=21, longest_ms=21)), {"no_block_over_20_ms"}),
        (
            changed(
                inverters=2,
                new=Cost(ms=31, longest_ms=9),
                plain_new=Cost(ms=31, longest_ms=9),
            ),
            {"in_proportion"},
        ),
    ],
)
def test_bars(other: Result, missed: set[str]) -> None:
    """A bar is held only if it is in every case."""
    held = bars([RESULT, other])
    assert {name for name, ok in held.items() if not ok} == missed


@pytest.mark.usefixtures("socket_enabled")
async def test_smallest_measurement() -> None:
    """One inverter is measured in a process of its own, and the last line is one JSON object."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "scripts.house_bench"),
        *("--inverters", "1", "--entities", "default", "--polls", "1"),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(100):
        printed, _ = await process.communicate()
    assert process.returncode == 0
    report = json.loads(printed.splitlines()[-1])
    assert report.keys() == {"ok", "bars", "machine", "cases"}
    assert [case["recorder"] for case in report["cases"]] == [False, True]
    for case in report["cases"]:
        assert case.keys() == KEYS
        assert case["inverters"] == 1
        assert 40 < case["on_readings"] <= case["entities"] < 80
        assert case["requests_per_poll"] == 1
        assert 400 < case["requests_per_day"] < 700
        assert 0 < case["new"]["states"] <= case["on_readings"]
        assert case["repeated"]["states"] == 0
        assert case["plain_new"]["states"] == case["on_readings"]
        assert 0 < case["new"]["longest_ms"] <= case["new"]["ms"]

"""A few hundred broken answers, and proof that what breaks is found."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
import json
import sys
from typing import Any
from unittest.mock import patch

import pytest
from pytest_socket import enable_socket

from custom_components.home_battery.battery.model import Device, Record, Role
from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.vendors.foxess.models import AccessCount
from scripts.house_fuzz import __main__ as fuzz
from scripts.house_fuzz.__main__ import report
from scripts.house_fuzz.corpus import Corpus, record
from scripts.house_fuzz.parsers import Parser
from scripts.house_fuzz.readings import fresh
from scripts.house_fuzz.reducing import smallest
from scripts.house_fuzz.running import Tally, feed, groups
from scripts.house_fuzz.subject import outcome, watched_time

MODELS = {"foxess": ("KH8",)}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Return what a KH8 and its account say."""
    enable_socket()
    with patch("scripts.house_fuzz.accounts._WRITES", 2):
        return asyncio.run(record(MODELS))


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Return a loop of its own."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def fed(corpus: Corpus, loop: asyncio.AbstractEventLoop, cases: int) -> Tally:
    """Return what comes of some cases."""
    with patch("scripts.house_fuzz.reducing._SECONDS", 0.5):
        return feed(
            groups(corpus, loop),
            seed="a",
            first=0,
            step=1,
            cases=cases,
            until=float("inf"),
        )


@pytest.mark.usefixtures("socket_enabled")
def test_nothing_breaks(corpus: Corpus, loop: asyncio.AbstractEventLoop) -> None:
    """Some are understood, some refused, none breaks; the same seed makes the same."""
    tally = fed(corpus, loop, 600)
    found = report(tally, seed="a", seconds=1)
    assert found["ok"], found["defects"]
    assert found["cases"] == 600
    assert tally.cases.keys() == {"parsers", "accounts", "readings", "http"}
    assert tally.understood["parsers"] < tally.cases["parsers"]
    assert fed(corpus, loop, 60).understood == fed(corpus, loop, 60).understood


def careless(data: object) -> object:
    """Read an answer as if it were always good."""
    return data["total"]  # type: ignore[index]


@pytest.mark.usefixtures("socket_enabled")
def test_defect_is_found(corpus: Corpus, loop: asyncio.AbstractEventLoop) -> None:
    """A parser that trusts what it is told is found out, and the case is small."""
    parser = Parser("careless", careless)
    parser.remember({"data": {"total": 1, "remaining": {"of": [2, 3]}}})
    tally = fed(replace(corpus, parsers=[parser], talks=[]), loop, 300)
    assert not report(tally, seed="a", seconds=1)["ok"]
    (missing,) = [what for what in tally.defects if "KeyError" in what]
    assert tally.defects[missing].endswith('[0, {"data": {}}]')


@pytest.mark.usefixtures("socket_enabled")
def test_defect_of_an_account_is_found(
    corpus: Corpus, loop: asyncio.AbstractEventLoop
) -> None:
    """What a parser raises comes through the whole account."""
    talks = [talk for talk in corpus.talks if talk.name == "feed quota"]
    with patch.object(AccessCount, "parse", side_effect=RecursionError):
        tally = fed(replace(corpus, parsers=[], talks=talks), loop, 20)
    assert any("RecursionError" in what for what in tally.defects)


def test_hang_is_found() -> None:
    """What never ends is interrupted."""
    with patch("scripts.house_fuzz.subject._PATIENCE", 0.05), watched_time():
        assert "HangError" in (outcome(spin, None).defect or "")


def spin(_case: Any) -> None:
    """Never end."""
    while True:
        pass


@pytest.mark.parametrize(
    ("case", "least"),
    [
        ({"a": [1, {"b": "x"}], "c": 2}, {"a": [{"b": ""}]}),
        ([1, 200, b"abcBdef"], [1, 200, b"B"]),
    ],
)
def test_smallest(case: Any, least: Any) -> None:
    """What takes no part in a failure is left out."""

    def fails(smaller: Any) -> bool:
        """Tell whether it still has what it is about."""
        text = repr(smaller)
        return "B" in text or "{'b': " in text

    assert smallest(case, fails, 1) == least


def test_typed_errors_are_none() -> None:
    """An answer that is refused is no defect."""

    def refuse(_case: Any) -> None:
        raise TransientError("no")

    came = outcome(refuse, None)
    assert (came.refused, came.defect) == (True, None)


@pytest.mark.usefixtures("socket_enabled")
def test_report(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    """The seed is told, the last line is one JSON object, and all is well."""

    async def recorded() -> Corpus:
        return corpus

    with (
        patch.object(fuzz, "record", recorded),
        patch.object(
            sys, "argv", ["fuzz", "--seed", "b", "--cases", "200", "--processes", "1"]
        ),
    ):
        assert fuzz.main() == 0
    out, err = capsys.readouterr()
    found = json.loads(out.splitlines()[-1])
    assert (found["seed"], found["cases"], found["ok"]) == ("b", 200, True)
    assert err.startswith("seed b\n")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e300])
@pytest.mark.parametrize(
    "key", ["battery_power", "battery_soc", "battery_capacity", "pv_energy"]
)
def test_no_number_is_no_state(key: str, value: float) -> None:
    """What is no number, or one of nothing that there is, is no reading."""
    readings = fresh()
    device = Device(kind="inverter", id="1", role=Role.SYSTEM, name="KH8")
    sound = readings.guard(device, Record(values={key: 1.0}))
    assert sound.values == {key: 1.0}
    assert readings.guard(device, Record(values={key: value})).values == {}

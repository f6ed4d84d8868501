"""The control server, the clock, and the program."""

import asyncio
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import signal
import sys
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator import Simulation
from simulator.clock import Clock

from .client import Client
from .conftest import START, Connect


async def control(
    client: Client, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    """Call the control server."""
    async with client.session.request(
        method, client.sim.control_url + path, json=body
    ) as response:
        return response.status, await response.json()


async def test_state(client: Client) -> None:
    """The state shows clocks, devices, power, energy and calls."""
    await client.post("/op/v0/device/list", {})
    status, state = await control(client, "GET", "/state")
    assert status == 200
    assert state["house_now"].startswith("2026-06-15T10:00")
    assert state["foxess"]["calls"] == {
        "total": 1,
        "writes": 0,
        "refused": 1,
        "by_path": {"/op/v0/device/list": 1},
        "used_today": 1,
    }
    device = state["foxess"]["inverters"][0]
    assert device["serial"] == client.serial
    assert device["settings"]["WorkMode"] == "SelfUse"
    assert device["scheduler"] == {"enabled": False, "groups": []}
    power = device["power"]
    assert power["load"] == pytest.approx(power["generation"] + power["grid"])
    assert device["ledger"]["pv"] > 0


async def test_faults(client: Client) -> None:
    """Faults are added, listed and cleared."""
    fault = {
        "vendor": "foxess",
        "kind": "errno",
        "path": "*/list",
        "count": 3,
        "value": 41200,
    }
    told = {**fault, "method": None}
    assert await control(client, "POST", "/faults", fault) == (200, told)
    assert (await control(client, "GET", "/faults"))[1] == [told]
    assert (await client.post("/op/v0/device/list", {})).errno == 41200
    await control(client, "DELETE", "/faults")
    assert (await control(client, "GET", "/faults"))[1] == []


async def test_time(client: Client) -> None:
    """Time moves forward."""
    before = client.sim.clock.now()
    assert (await control(client, "POST", "/time", {"advance": 3600}))[0] == 200
    assert client.sim.clock.now() - before > timedelta(hours=1)


async def test_calls(client: Client) -> None:
    """The request log shows what arrived."""
    await client.get("/op/v1/device/detail", sn=client.serial)
    _, calls = await control(client, "GET", "/calls?vendor=foxess")
    assert len(calls) == 1
    assert calls[0]["query"] == {"sn": client.serial}
    assert (calls[0]["errno"], calls[0]["write"], calls[0]["token_ok"]) == (
        0,
        False,
        True,
    )


async def test_house(client: Client) -> None:
    """SOC, load and sun can be set, and load and sun given back."""
    body = {"serial": client.serial, "soc": 77, "load": 1234, "pv": 0}
    assert (await control(client, "POST", "/house", body))[1]["soc"] == 77
    client.sim.clock.advance(60)
    inverter = client.sim.foxess.inverters[0]
    assert (inverter.house.load_w, inverter.unit.flow.pv) == (1234, 0)
    await control(
        client, "POST", "/house", {"serial": client.serial, "load": None, "pv": None}
    )
    client.sim.clock.advance(60)
    inverter = client.sim.foxess.inverters[0]
    assert inverter.house.load_w != 1234
    assert inverter.unit.flow.pv > 0


async def test_clock(client: Client) -> None:
    """A device's own clock can be ahead or behind."""
    body = {"serial": client.serial, "clock": -3600}
    assert (await control(client, "POST", "/house", body))[0] == 200
    read = (await client.post("/op/v0/device/time/get", {"sn": client.serial})).result
    assert read["hour"] == "11"
    state = (await control(client, "GET", "/state"))[1]
    assert state["foxess"]["inverters"][0]["clock_offset"] == -3600


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/faults", {"vendor": "foxess", "kind": "rain"}),
        ("POST", "/faults", {"vendor": "acme", "kind": "html"}),
        ("POST", "/faults", {"vendor": "foxess", "kind": "html", "count": "1"}),
        ("POST", "/faults", {"vendor": "foxess", "kind": "html", "value": []}),
        ("POST", "/faults", {"vendor": "foxess", "kind": "html", "times": 1}),
        ("POST", "/faults", {"vendor": "foxess", "kind": 1}),
        ("POST", "/faults", []),
        ("POST", "/time", {}),
        ("POST", "/time", {"advance": -1}),
        ("POST", "/time", {"advance": "1"}),
        ("POST", "/house", {"serial": "SIM000000000000"}),
        ("POST", "/house", {"serial": "SIMKH8000000001", "soc": 101}),
        ("POST", "/house", {"serial": "SIMKH8000000001", "load": True}),
        ("POST", "/house", {"serial": "SIMKH8000000001", "colour": 1}),
        ("POST", "/house", {"serial": "SIMKH8000000001", "faults": "4001"}),
        ("POST", "/house", {"serial": "SIMKH8000000001", "clock": "fast"}),
        ("GET", "/calls?vendor=acme", None),
    ],
)
async def test_mistakes_are_explained(
    client: Client, method: str, path: str, body: object
) -> None:
    """A request that cannot be understood is answered with the reason."""
    status, answer = await control(client, method, path, body)
    assert status == 400
    assert answer["error"]


async def test_a_week_is_quick(connect: Connect) -> None:
    """A jump of a week takes no more than two seconds."""
    client = await connect()
    await client.latest()
    begun = time.perf_counter()
    client.sim.clock.advance(7 * 86400)
    answer = await client.post("/op/v1/device/real/query", {"sns": [client.serial]})
    assert time.perf_counter() - begun < 2
    assert answer.result[0]["time"].startswith(("2026-06-22 11:5", "2026-06-22 12:0"))


async def test_runs_are_alike(connect: Connect) -> None:
    """The same seed gives the same day, another seed another one."""
    one, same, other = [await connect(seed=seed) for seed in (1, 1, 2)]
    records = []
    for client in (one, same, other):
        client.sim.clock.advance(6 * 3600)
        values = await client.latest()
        records.append((values["PVEnergyTotal"], values["loads"], round(values["SoC"])))
    assert records[0] == records[1] != records[2]


def test_unknown_model() -> None:
    """A model that is not in the catalogue is a mistake."""
    with pytest.raises(ValueError, match="known are KH8"):
        Simulation(("KH9",))


async def test_start_on_the_wall_clock(connect: Connect) -> None:
    """A start without a zone is in that of the houses."""
    client = await connect(start=datetime(2026, 6, 15, 12))
    assert client.sim.clock.start == START


def test_clocks(freezer: FrozenDateTimeFactory) -> None:
    """Protocol time is real time and an offset; house time may run faster."""
    freezer.move_to("2026-01-01T00:00:00+00:00")
    clock = Clock(start=START, speed=60)
    freezer.tick(10)
    assert clock.now() == datetime(2026, 1, 1, 0, 0, 10, tzinfo=UTC)
    assert clock.house_now() == START + timedelta(seconds=600)
    clock.advance(5)
    assert clock.now() == datetime(2026, 1, 1, 0, 0, 15, tzinfo=UTC)
    assert clock.house_now() == START + timedelta(seconds=605)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="speed"):
        Clock(speed=-1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_program(socket_enabled: None, number: signal.Signals) -> None:
    """The program says where it is on one line, and ends cleanly."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--devices", "5", "--models", "KH8,EVO", "--speed", "60",
        "--start", "2026-06-15T12:00",
        stdout=asyncio.subprocess.PIPE,
        cwd=Path.cwd(),
    )  # fmt: skip
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    assert told["control"].startswith("http://127.0.0.1:")
    assert [device["model"] for device in told["foxess"]["devices"]] == [
        "KH8",
        "EVO",
        "KH8",
        "EVO",
        "KH8",
    ]
    assert len({device["station_id"] for device in told["foxess"]["devices"]}) == 2
    process.send_signal(number)
    assert await process.stdout.read() == b""
    assert await process.wait() == 0

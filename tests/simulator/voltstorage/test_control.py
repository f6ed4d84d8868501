"""The control server and the program know the cloud."""

import asyncio
import json
from pathlib import Path
import signal
import sys
from typing import Any

from aiohttp import ClientSession
import pytest

from simulator import Simulation

from .client import Client


async def control(
    client: Client, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    """Call the control server."""
    async with client.session.request(
        method, client.sim.control_url + path, json=body
    ) as response:
        return response.status, await response.json()


async def test_house(client: Client) -> None:
    """SOC, load, the house's panels, errors and temperature can be set, and are measured."""
    body = {
        "serial": client.product.serial,
        "soc": 50,
        "load": 800,
        "pv": 300,
        "faults": ["leak"],
        "temperature": 41,
    }
    assert (await control(client, "POST", "/house", body))[0] == 200
    client.pass_time(minutes=4)
    values, unit = client.product.values, client.product.unit
    assert values["Power_Household"] == 800
    assert values["Power_PV"] == pytest.approx(300 * client.product.panels.efficiency)
    assert values["inverterPower"] == pytest.approx(800 - values["Power_PV"])
    assert values["Power_Grid"] == pytest.approx(0, abs=0.01)
    assert unit.flow.pv == 0
    assert values["SOC_State of Charge"] == pytest.approx(0.5, abs=0.02)
    assert client.product.records[-1].electrolyte == 41
    row = (await client.get("/products")).data[0]
    assert row["errors"] == ["leak"]


async def test_state(client: Client) -> None:
    """The state shows products, energies, calls and who listens."""
    socket = await client.listen()
    state = (await control(client, "GET", "/state"))[1]["voltstorage"]
    assert state["listeners"] == [77]
    (product,) = state["products"]
    assert product["id"] == client.product.id
    assert product["totals"]["pv"] > 0
    assert state["calls"]["by_path"] == {"/rest/login/password": 1, "/ws": 1}
    await socket.close()


async def test_faults_and_calls(client: Client) -> None:
    """Faults are switched on from outside, and calls are logged."""
    body = {"vendor": "voltstorage", "kind": "errno", "value": 403, "count": 1}
    assert (await control(client, "POST", "/faults", body))[0] == 200
    assert (await client.get("/products", count=5)).status == 403
    calls = (await control(client, "GET", "/calls?vendor=voltstorage"))[1]
    assert calls[-1]["path"] == "/rest/products"
    assert (calls[-1]["query"], calls[-1]["errno"]) == ({"count": "5"}, 403)


async def test_unknown_model() -> None:
    """A model that does not exist is refused, with those that do."""
    with pytest.raises(ValueError, match="SMART, SMART-LAB"):
        Simulation(voltstorage=("WALL",))


async def test_program(socket_enabled: None) -> None:
    """The program serves the cloud, and says how to connect."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator", "--voltstorage", "SMART+SMART,SMART"),
        *("--history-days", "3"),
        cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    account = json.loads(await process.stdout.readline())["voltstorage"]
    assert [len(group["products"]) for group in account["groups"]] == [2, 1]
    login = {name: account[name] for name in ("email", "password")}
    async with (
        ClientSession() as session,
        session.post(account["base_url"] + "/login/password", json=login) as answer,
    ):
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0

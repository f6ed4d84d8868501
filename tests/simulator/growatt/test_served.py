"""How the Growatt part is started, watched and disturbed."""

from typing import Any

from aiohttp import ClientSession
import pytest

from simulator import Fault, Simulation
from simulator.__main__ import main

from .client import Client
from .conftest import Connect


async def test_describes_itself(connect: Connect) -> None:
    """Everything that a client needs is said, and nothing of it where there is no such device."""
    client = await connect("SPH+METER")
    known: Any = client.sim.describe()["growatt"]
    assert known["token"] == client.token
    assert known["base_url"] != known["other_region_url"]
    (plant,) = known["plants"]
    assert [device["model"] for device in plant["devices"]] == ["SPH"]
    assert plant["sensors"][0]["name"] == "SDM_THREE"
    assert "growatt" not in Simulation().describe()


async def control(client: Client, path: str, **query: str) -> Any:
    """Ask the control server."""
    async with client.session.get(
        client.sim.control_url + path, params=query
    ) as answer:
        return await answer.json()


async def test_control_sees_it(client: Client) -> None:
    """The control server shows devices and calls, and sets the house."""
    await client.about("setOnOrOff", value="0")
    state = (await control(client, "/state"))["growatt"]
    assert state["devices"][0]["settings"]["onOff"] == 0
    assert state["devices"][0]["mode"] == "off"
    assert state["calls"]["writes"] == 1
    calls = await control(client, "/calls", vendor="growatt")
    assert calls[0]["path"] == "/v4/new-api/setOnOrOff"
    assert (calls[0]["write"], calls[0]["token_ok"], calls[0]["errno"]) == (
        True,
        True,
        0,
    )
    body = {"serial": client.device.serial, "soc": 33, "load": 400, "pv": 0}
    async with client.session.post(
        client.sim.control_url + "/house", json=body
    ) as answer:
        assert (await answer.json())["soc"] == 33


async def test_forms_are_logged(client: Client) -> None:
    """A form is logged as its fields."""
    await client.post(
        "readMinParam", device_sn=client.device.serial, paramId="ac_charge"
    )
    body: Any = client.sim.growatt.calls[-1].body
    assert body["paramId"] == "ac_charge"


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [("errno", 10012, 10012), ("errno", None, 10001), ("quota_gone", None, 10012)],
)
async def test_refusals(
    client: Client, kind: str, value: int | None, code: int
) -> None:
    """Any code may be switched on for a path."""
    client.sim.faults.add(
        Fault(vendor="growatt", kind=kind, path="*/plant/list", value=value)
    )
    assert (await client.get("plant/list")).code == code


@pytest.mark.parametrize("code", [1, 15, 101, 105])
async def test_refusals_of_v4(client: Client, code: int) -> None:
    """The new API's codes come with their words."""
    client.sim.faults.add(Fault(vendor="growatt", kind="errno", value=code, count=1))
    answer = await client.v4("queryDeviceList", page="1")
    assert answer.code == code
    assert answer.message.isupper()
    assert (await client.v4("queryDeviceList", page="1")).code == 0


async def test_no_data(client: Client) -> None:
    """An answer may be good and empty."""
    client.sim.faults.add(Fault(vendor="growatt", kind="no_data", count=1))
    answer = await client.about("queryLastData")
    assert (answer.code, answer.data) == (0, "")


async def test_values_go_bad(client: Client) -> None:
    """Values go bad inside the envelope's data, whichever envelope it is."""
    fault = Fault(vendor="growatt", kind="nulls", value="ppv*", count=1)
    client.sim.faults.add(fault)
    record = await client.latest()
    assert record["ppv1"] is None
    assert record["pac"] is not None


async def test_lost_connections(client: Client) -> None:
    """HTTP may fail as it does for any vendor."""
    client.sim.faults.add(Fault(vendor="growatt", kind="status", value=502, count=1))
    assert (await client.get("plant/list")).status == 502
    client.sim.faults.add(Fault(vendor="foxess", kind="status", value=502))
    assert (await client.get("plant/list")).code == 0


def test_unknown_models() -> None:
    """A model that is not known is refused with those that are."""
    with pytest.raises(ValueError, match=r"NOAH.*METER"):
        Simulation(growatt=("SPX",))


async def test_stays_away(socket_enabled: None) -> None:
    """Without Growatt devices nothing listens for that cloud."""
    async with (
        Simulation() as sim,
        ClientSession() as session,
        session.get(sim.control_url + "/state") as answer,
    ):
        assert "growatt" not in await answer.json()


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The models are told on the command line, too."""
    with pytest.raises(SystemExit):
        main(["--growatt", "SPX"])
    assert "unknown model" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "MIN-XH" in capsys.readouterr().out.replace("\n", "").replace(" ", "")

"""How units are started, trusted, watched and disturbed."""

from typing import Any

from aiohttp import (
    ClientConnectorCertificateError,
    ClientError,
    ServerFingerprintMismatch,
)
import pytest

from simulator import Fault, Simulation
from simulator.__main__ import main

from .client import Client
from .conftest import Connect


async def control(client: Client, path: str, body: object = None) -> Any:
    """Ask the control server."""
    method = "GET" if body is None else "POST"
    url = client.sim.control_url + path
    async with client.session.request(method, url, json=body) as answer:
        return await answer.json()


async def test_describes_itself(connect: Connect) -> None:
    """Everything that a client needs is said, and nothing of it where there is no unit."""
    client = await connect("AC", "HYBRID")
    known: Any = client.sim.describe()["eaton"]
    first, second = known["units"]
    assert first["base_url"] == client.card.base_url
    assert first["base_url"] == f"https://{first['host']}:{first['port']}"
    assert {key: known[key] for key in first} == first
    assert first["port"] != second["port"]
    assert first["fingerprint"] != second["fingerprint"]
    assert (first["model"], second["model"]) == ("AC", "HYBRID")
    assert first["serial"] == client.card.serial
    assert first["users"].keys() == {"customer", "tech"}
    assert "eaton" not in Simulation().describe()


def test_no_published_passwords() -> None:
    """The passwords are of 8 to 16 characters, of three kinds at least, and differ."""
    users = Simulation(eaton=("AC",)).eaton.first.sign_in.users.values()
    words = [user.password for user in users]
    assert len(set(words)) == 2
    for word in words:
        assert 8 <= len(word) <= 16
        assert word != word.lower() != word.upper()
        assert any(letter.isdigit() for letter in word)


async def test_self_signed(client: Client) -> None:
    """Nobody vouches for the certificate; who knows its fingerprint may trust it."""
    with pytest.raises(ClientConnectorCertificateError):
        await client.session.get(client.card.base_url)
    with pytest.raises(ServerFingerprintMismatch):
        await client.call("GET", "device", fingerprint="00" * 32)
    assert (await client.call("GET", "device")).status == 200


async def test_new_certificate(client: Client) -> None:
    """Another certificate is seen at once."""
    before = client.card.fingerprint
    assert client.card.new_certificate() == client.card.fingerprint != before
    with pytest.raises(ServerFingerprintMismatch):
        await client.call("GET", "device", fingerprint=before)
    assert (await client.call("GET", "device")).status == 200


async def test_reboot(client: Client) -> None:
    """A unit that reboots is away for a while, and forgets tokens but not what it does."""
    await client.command("SET_BASIC_MODE", 2)
    client.card.reboot()
    with pytest.raises(ClientError):
        await client.call("GET", "device")
    client.sim.clock.advance(119)
    with pytest.raises(ClientError):
        await client.sign_in()
    client.sim.clock.advance(2)
    assert (await client.call("GET", "device")).status == 401
    client.token = (await client.sign_in()).result["token"]
    assert (await client.status())["currentMode"]["type"] == "MANUAL"


async def test_reboot_through_the_api(technician: Client) -> None:
    """Technicians may have the card reboot; it answers first."""
    answer = await technician.call("POST", "commcard/reboot")
    assert answer.result is None
    with pytest.raises(ClientError):
        await technician.call("GET", "device")


async def test_reboot_in_the_middle_of_a_write(client: Client) -> None:
    """A write may be done and never answered."""
    client.sim.faults.add(Fault(vendor="eaton", kind="reboot", path="*/event", count=1))
    event = {
        "command": "SET_BASIC_MODE",
        "startTime": 100,
        "endTime": 200,
        "recurrence": "EVERYDAY",
        "parameters": {},
    }
    with pytest.raises(ClientError):
        await client.call("POST", "schedule/event", event)
    assert not client.card.reachable
    client.sim.clock.advance(121)
    client.token = (await client.sign_in()).result["token"]
    assert len((await client.get("schedule/"))["results"]) == 1


async def test_offline(connect: Connect) -> None:
    """One unit may be out of reach while another answers."""
    client = await connect("AC", "HYBRID")
    other = client.sim.eaton.units[1]
    fault = Fault(vendor="eaton", kind="offline", value=other.serial)
    client.sim.faults.add(fault)
    assert (await client.call("GET", "device")).status == 200
    assert (client.card.reachable, other.reachable) == (True, False)
    client.sim.faults.clear()
    client.sim.faults.add(
        Fault(vendor="eaton", kind="offline", value=client.card.serial)
    )
    with pytest.raises(ClientError):
        await client.call("GET", "device")


async def test_refuses(client: Client) -> None:
    """A unit may hang up on everyone, and talk again as if nothing had been."""
    client.card.refuse()
    with pytest.raises(ClientError):
        await client.call("GET", "device")
    client.card.refuse(False)
    assert (await client.call("GET", "device")).status == 200
    assert client.card.state()["reachable"] is True


async def test_moves(client: Client) -> None:
    """A unit may be found under another address, with the same certificate and the same tokens."""
    before = client.card.base_url
    await client.card.move()
    assert client.card.base_url != before
    assert (await client.call("GET", "device")).status == 200
    with pytest.raises(ClientError):
        await client.session.get(before, ssl=False)


async def test_missing_feature(client: Client) -> None:
    """Firmware may lack a page."""
    fault = Fault(vendor="eaton", kind="unsupported", path="*/schedule/*", count=1)
    client.sim.faults.add(fault)
    answer = await client.call("GET", "schedule/")
    assert (answer.status, answer.text) == (404, "404 page not found")


@pytest.mark.parametrize(
    ("value", "status", "code"),
    [
        (None, 500, "err_internal"),
        (503, 503, "err_internal"),
        ("err_communication_failed", 500, "err_communication_failed"),
        ("err_invalid_inverter_sn", 500, "err_invalid_inverter_sn"),
    ],
)
async def test_broken(
    client: Client, value: int | str | None, status: int, code: str
) -> None:
    """The unit may fail in its own words."""
    fault = Fault(vendor="eaton", kind="errno", path="*/status", value=value, count=1)
    client.sim.faults.add(fault)
    answer = await client.call("GET", "device/status")
    assert (answer.status, answer.error["errCode"]) == (status, code)
    assert (await client.call("GET", "device/status")).status == 200


async def test_values_go_bad(client: Client) -> None:
    """Values go bad inside the envelope."""
    fault = Fault(vendor="eaton", kind="nulls", value="gridValue", count=1)
    client.sim.faults.add(fault)
    flow = (await client.get("device/status"))["energyFlow"]
    assert flow["gridValue"] is None
    assert flow["stateOfCharge"] is not None


async def test_control_sees_it(client: Client) -> None:
    """The control server shows what the unit holds and what arrived, and sets the house."""
    await client.command("SET_BASIC_MODE")
    state = (await control(client, "/state"))["eaton"]
    (unit,) = state["devices"]
    assert unit["mode"]["command"] == "SET_BASIC_MODE"
    assert unit["settings"]["bmsBackupLevel"] == 10
    assert state["calls"]["writes"] == 1
    assert state["calls"]["refused"] == 0
    (first, last) = (await control(client, "/calls?vendor=eaton"))[:2]
    assert (first["path"], first["write"]) == ("/api/auth/signin", False)
    assert (last["path"], last["write"]) == ("/api/device/command", True)
    assert (last["body"]["command"], last["errno"]) == ("SET_BASIC_MODE", 0)
    body = {
        "serial": client.card.serial,
        "soc": 33,
        "load": 400,
        "faults": ["FAN_LOCK"],
    }
    assert (await control(client, "/house", body))["soc"] == 33
    assert (await client.get("notifications/unread"))["total"] == 1
    assert (await control(client, "/house", {**body, "faults": []}))["soc"] == 33
    assert (await client.get("notifications/unread"))["total"] == 2


async def test_writes_are_told_from_reads(client: Client) -> None:
    """One path may be read and written."""
    await client.get("settings/")
    await client.call("PUT", "settings/", {})
    read, written = client.card.calls[-2:]
    assert (read.write, written.write) == (False, True)
    assert (read.errno, written.errno) == (0, 400)
    assert client.sim.eaton.calls == client.card.calls


@pytest.mark.parametrize(
    ("order", "value"),
    [
        ("refuse", True),
        ("expire_tokens", None),
        ("lock", None),
        ("lock", "tech"),
        ("cloud_mode", True),
        ("raise_alert", "FAN_LOCK"),
        ("resolve_alert", "FAN_LOCK"),
        ("new_certificate", None),
        ("reboot", None),
        ("reboot", 30),
    ],
)
async def test_orders(client: Client, order: str, value: object) -> None:
    """A person handles a unit through the control server."""
    body = {"vendor": "eaton", "order": order, "value": value}
    assert "result" in await control(client, "/order", body)


@pytest.mark.parametrize(
    "body",
    [
        {"vendor": "eaton", "order": "explode"},
        {"vendor": "eaton", "order": "cloud_mode", "value": "yes"},
        {"vendor": "eaton", "order": "reboot", "serial": "SE00000000"},
        {"vendor": "foxess", "order": "reboot"},
        {"vendor": "eaton", "order": "reboot", "now": True},
    ],
)
async def test_no_such_order(client: Client, body: dict[str, Any]) -> None:
    """What cannot be done is said."""
    assert "error" in await control(client, "/order", body)
    assert client.card.reachable


async def test_orders_take_effect(client: Client) -> None:
    """What was ordered is what happens."""
    order = {"vendor": "eaton", "serial": client.card.serial}
    told = await control(client, "/order", {**order, "order": "new_certificate"})
    assert told["result"] == client.card.fingerprint
    await control(client, "/order", {**order, "order": "cloud_mode", "value": True})
    assert (await client.get("device"))["connected"] is True
    await control(client, "/order", {**order, "order": "expire_tokens"})
    assert (await client.call("GET", "device")).status == 401
    await control(client, "/order", {**order, "order": "reboot", "value": 10})
    assert not client.card.reachable
    client.sim.clock.advance(10)
    assert client.card.reachable


def test_unknown_models() -> None:
    """A model that is not known is refused with those that are."""
    with pytest.raises(ValueError, match=r"HYBRID.*BARE"):
        Simulation(eaton=("XL",))


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The models are told on the command line, too."""
    with pytest.raises(SystemExit):
        main(["--eaton", "XL"])
    assert "unknown model" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "HYBRID" in capsys.readouterr().out

"""Settings: read in one form, written whole in another."""

from typing import Any

import pytest

from .client import Client
from .conftest import Connect

VOLATILE = {"id", "createdAt", "updatedAt"}


def written(read: dict[str, Any]) -> dict[str, Any]:
    """Return settings in the form in which they are written."""
    return {
        "name": read["name"],
        "country": read["country"]["geonameId"],
        "timezone": read["timezone"]["id"],
        "city": read["city"]["geonameId"],
        "postalCode": read["postalCode"],
        "bmsBackupLevel": read["bmsBackupLevel"],
        "updateBlockedState": read["updateBlockedState"],
        "defaultMode": {
            "command": read["defaultMode"]["command"],
            "parameters": read["defaultMode"]["parameters"] or {},
        },
        "energySavingMode": read["energySavingMode"],
    }


@pytest.fixture
async def known(client: Client) -> dict[str, Any]:
    """Return the settings in the form in which they are written."""
    return written(await client.get("settings"))


async def put(client: Client, settings: dict[str, Any]) -> Any:
    """Write settings."""
    return await client.call("PUT", "settings/", {"settings": settings})


async def test_same_again(client: Client, known: dict[str, Any]) -> None:
    """Writing the same makes a new document that says the same; the default mode keeps its id."""
    before = await client.get("settings")
    client.pass_time(minutes=1)
    after = (await put(client, known)).result
    changed = {key for key in before if before[key] != after[key]}
    assert changed == VOLATILE
    assert after == await client.get("settings/")


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"bmsBackupLevel": 35}, {"bmsBackupLevel": 35}),
        ({"bmsBackupLevel": 0}, {"bmsBackupLevel": 0}),
        ({"name": "Keller"}, {"name": "Keller"}),
        ({"postalCode": "1010"}, {"postalCode": "1010"}),
        ({"updateBlockedState": True}, {"updateBlockedState": True}),
        (
            {"country": "2635167"},
            {"country": {"geonameId": "2635167", "name": "United Kingdom"}},
        ),
        (
            {"energySavingMode": {"enabled": True, "houseConsumptionThreshold": 600}},
            {"energySavingMode": {"enabled": True, "houseConsumptionThreshold": 600}},
        ),
        (
            {"energySavingMode": {"enabled": False, "houseConsumptionThreshold": 50}},
            {"energySavingMode": {"enabled": False, "houseConsumptionThreshold": 50}},
        ),
    ],
)
async def test_change(
    client: Client, known: dict[str, Any], change: Any, shown: Any
) -> None:
    """One change is one change, in identity and status as well."""
    before = await client.get("settings")
    after = (await put(client, {**known, **change})).result
    assert {key for key in before if before[key] != after[key]} - VOLATILE == {*change}
    assert {key: after[key] for key in shown} == shown
    told = await client.get("device")
    assert {key: told[key] for key in shown} == shown


@pytest.mark.parametrize(
    ("command", "parameters"),
    [
        ("SET_BASIC_MODE", {}),
        ("SET_VARIABLE_GRID_INJECTION", {"maximumPower": 200}),
        ("SET_PEAK_SHAVING", {"maxHousePeakConsumption": 3000}),
        ("SET_FREQUENCY_REGULATION", {"powerAllocation": 0, "optimalSoc": 28}),
        ("SET_CHARGE", {"action": "ACTION_CHARGE", "power": 10, "soc": 90}),
        ("SET_CHARGE", {"action": "ACTION_DISCHARGE", "power": 10, "soc": 10}),
    ],
)
async def test_default_mode(
    client: Client, known: dict[str, Any], command: str, parameters: dict[str, Any]
) -> None:
    """Another default mode has an id of its own, and runs when nothing else does."""
    before = (await client.get("settings"))["defaultMode"]
    mode = {"command": command, "parameters": parameters}
    after = (await put(client, {**known, "defaultMode": mode})).result["defaultMode"]
    assert after["id"] != before["id"]
    assert (after["command"], after["parameters"] or {}) == (command, parameters)
    current = (await client.status())["currentMode"]
    assert (current["id"], current["type"]) == (after["id"], "DEFAULT")
    assert current["command"] == command


async def test_left_out(client: Client, known: dict[str, Any]) -> None:
    """What is left out falls back."""
    await put(client, {**known, "bmsBackupLevel": 40})
    after = (await put(client, {"name": "Keller"})).result
    assert after["bmsBackupLevel"] == 0
    assert after["defaultMode"]["command"] == "SET_BASIC_MODE"
    assert after["country"]["geonameId"] == ""
    assert after["energySavingMode"]["enabled"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"country": {"geonameId": "2635167", "name": "United Kingdom"}},
        {"timezone": {"id": "Europe/London"}},
        {"timezone": "Mars/Olympus"},
        {"bmsBackupLevel": "20"},
        {"bmsBackupLevel": 101},
        {"bmsBackupLevel": -1},
        {"updateBlockedState": "false"},
        {"defaultMode": {"command": "SET_NOTHING", "parameters": {}}},
        {"defaultMode": {"command": "SET_CHARGE", "parameters": {}}},
        {"energySavingMode": {"enabled": "true", "houseConsumptionThreshold": 400}},
        {"energySavingMode": {"enabled": True, "houseConsumptionThreshold": 299}},
        {"energySavingMode": {"enabled": True, "houseConsumptionThreshold": 1001}},
    ],
)
async def test_refused(client: Client, known: dict[str, Any], change: Any) -> None:
    """The form in which settings are read is refused, and so is what is out of range."""
    before = await client.get("settings")
    assert (await put(client, {**known, **change})).status == 400
    assert await client.get("settings") == before


async def test_needs_the_wrapper(client: Client, known: dict[str, Any]) -> None:
    """Settings stand under a key."""
    assert (await client.call("PUT", "settings/", known)).status == 400


async def test_time_zone(client: Client, known: dict[str, Any]) -> None:
    """Another time zone moves the unit's clock."""
    await put(client, {**known, "timezone": "Europe/London"})
    assert (await client.command("SET_BASIC_MODE")).result["startTime"] == 1100


async def test_energy_saving(connect: Connect) -> None:
    """The battery rests while the house draws little, and only then."""
    client = await connect("NO-PV")
    settings = written(await client.get("settings"))
    settings["defaultMode"]["command"] = "SET_MAXIMIZE_AUTO_CONSUMPTION"
    settings["energySavingMode"] = {"enabled": True, "houseConsumptionThreshold": 500}
    assert (await put(client, settings)).status == 200
    seen = []
    for load in (400, 800):
        client.unit.house.load_override_w = load
        client.pass_time(minutes=10)
        flow = (await client.status())["energyFlow"]
        seen.append((flow["energySavingModeActivated"], flow["batteryStatus"]))
    assert seen == [(True, "BAT_IDLE"), (False, "BAT_DISCHARGING")]


async def test_cloud_mode(client: Client, known: dict[str, Any]) -> None:
    """A unit on the cloud refuses to be set up; all else goes on."""
    client.card.set_cloud_mode()
    for method, path, body in (
        ("PUT", "settings/", {"settings": known}),
        ("GET", "settings/default_opmode", None),
        ("PUT", "settings/default_opmode", {"defaultMode": known["defaultMode"]}),
    ):
        answer = await client.call(method, path, body)
        assert answer.status == 412
        assert answer.error["errCode"] == "err_invalid_request_unit_connected"
    assert (await client.get("device"))["connected"] is True
    assert (await client.call("GET", "config/state")).body["connected"] is True
    assert (await client.command("SET_BASIC_MODE")).status == 200
    client.card.set_cloud_mode(False)
    assert (await put(client, known)).status == 200


async def test_default_alone(client: Client) -> None:
    """The default mode may be written alone."""
    mode = {"command": "SET_PEAK_SHAVING", "parameters": {"maxHousePeakConsumption": 9}}
    body = {"defaultMode": mode}
    assert (await client.call("PUT", "settings/default_opmode", body)).result == body
    assert await client.get("settings/default_opmode") == body
    assert (await client.get("settings"))["defaultMode"]["command"] == mode["command"]


@pytest.mark.parametrize(
    ("command", "parameters", "error"),
    [
        ("SET_NOTHING", {}, ("invalid_op_mode", "")),
        (
            "SET_CHARGE",
            {"action": "ACTION_CHARGE", "power": 10, "soc": 90},
            ("invalid_op_mode", ""),
        ),
        (
            "SET_VARIABLE_GRID_INJECTION",
            {"maximumPower": 40000},
            ("out_of_range_arg", "30000"),
        ),
    ],
)
async def test_default_alone_refused(
    client: Client, command: str, parameters: dict[str, Any], error: tuple[str, str]
) -> None:
    """It is refused under another key, with the most that would do."""
    body = {"defaultMode": {"command": command, "parameters": parameters}}
    answer = await client.call("PUT", "settings/default_opmode", body)
    assert answer.status == 400
    assert (answer.error["err_code"], answer.error["description"]) == error

"""Commands: what is taken, what is refused, what they do and when they are over."""

from typing import Any

import pytest

from simulator import Fault

from .client import LAG, Client
from .conftest import Connect

CHARGE = {"action": "ACTION_CHARGE", "power": 50, "soc": 90}
DISCHARGE = {"action": "ACTION_DISCHARGE", "power": 40, "soc": 30}


@pytest.mark.parametrize(
    ("name", "parameters", "stored"),
    [
        ("SET_BASIC_MODE", {}, None),
        ("SET_CHARGE", CHARGE, CHARGE),
        ("SET_CHARGE", DISCHARGE, DISCHARGE),
        ("SET_DISCHARGE", DISCHARGE, DISCHARGE),
        ("SET_MAXIMIZE_AUTO_CONSUMPTION", {}, None),
        (
            "SET_VARIABLE_GRID_INJECTION",
            {"maximumPower": -1000},
            {"maximumPower": -1000},
        ),
        (
            "SET_VARIABLE_GRID_INJECTION",
            {"maximumPower": 30000},
            {"maximumPower": 30000},
        ),
        (
            "SET_FREQUENCY_REGULATION",
            {"powerAllocation": 0, "optimalSoc": 50},
            {"powerAllocation": 0, "optimalSoc": 50},
        ),
        (
            "SET_PEAK_SHAVING",
            {"maxHousePeakConsumption": 0},
            {"maxHousePeakConsumption": 0},
        ),
    ],
)
async def test_taken(
    client: Client, name: str, parameters: dict[str, Any], stored: Any
) -> None:
    """Each command is answered with the mode as it is stored; a discharge is stored as a charge."""
    answer = (await client.command(name, 3, **parameters)).result
    assert answer["command"] == name.replace("DISCHARGE", "CHARGE")
    assert answer["parameters"] == stored
    assert answer["duration"] == 3
    assert (answer["startTime"], answer["endTime"]) == (1200, 1500)
    assert (answer["type"], answer["recurrence"]) == ("MANUAL", "MANUAL_EVENT")
    assert (await client.status())["currentMode"] == answer


REFUSED = [
    ("SET_NOTHING", 1, {}, "Command", "oneof"),
    ("", 1, {}, "Command", "required"),
    ("SET_BASIC_MODE", 0, {}, "Duration", "min"),
    ("SET_BASIC_MODE", None, {}, "Duration", "required"),
    ("SET_BASIC_MODE", 13, {}, "Duration", "max"),
    ("SET_CHARGE", 1, {}, "Action", "required"),
    ("SET_CHARGE", 1, {**CHARGE, "action": "ACTION"}, "Action", "oneof"),
    ("SET_DISCHARGE", 1, CHARGE, "Action", "oneof"),
    ("SET_CHARGE", 1, {**CHARGE, "power": 4}, "Power", "min"),
    ("SET_CHARGE", 1, {**CHARGE, "power": 101}, "Power", "max"),
    ("SET_CHARGE", 1, {**CHARGE, "soc": 101}, "Soc", "max"),
    ("SET_VARIABLE_GRID_INJECTION", 1, {}, "MaximumPower", "required"),
    ("SET_VARIABLE_GRID_INJECTION", 1, {"maximumPower": -1001}, "MaximumPower", "min"),
    ("SET_VARIABLE_GRID_INJECTION", 1, {"maximumPower": 30001}, "MaximumPower", "max"),
    (
        "SET_FREQUENCY_REGULATION",
        1,
        {"powerAllocation": 101, "optimalSoc": 5},
        "PowerAllocation",
        "max",
    ),
    (
        "SET_FREQUENCY_REGULATION",
        1,
        {"powerAllocation": 5, "optimalSoc": 101},
        "OptimalSoc",
        "max",
    ),
    (
        "SET_PEAK_SHAVING",
        1,
        {"maxHousePeakConsumption": -1},
        "MaxHousePeakConsumption",
        "min",
    ),
]


@pytest.mark.parametrize(("name", "hours", "parameters", "field", "tag"), REFUSED)
async def test_refused(
    client: Client,
    name: str,
    hours: object,
    parameters: dict[str, Any],
    field: str,
    tag: str,
) -> None:
    """What is out of range is refused in the words of a validator, and changes nothing."""
    answer = await client.command(name, hours, **parameters)
    assert answer.status == 400
    assert answer.error["step"] == "set_manual_command"
    said = answer.error["errCode"]
    assert said.startswith("Key: 'ManualCommandReq.")
    assert said.endswith(f"for '{field}' failed on the '{tag}' tag")
    assert (await client.status())["currentMode"]["type"] == "DEFAULT"


@pytest.mark.parametrize(
    ("hours", "parameters"),
    [("2", {}), (1.5, {}), (True, {}), (1, []), (1, {"action": 5})],
)
async def test_wrong_types(client: Client, hours: object, parameters: object) -> None:
    """Wrong types are refused by the parser."""
    body = {"command": "SET_CHARGE", "duration": hours, "parameters": parameters}
    answer = await client.call("POST", "device/command", body)
    assert answer.status == 400
    assert answer.error["errCode"]


async def test_null_parameters(client: Client) -> None:
    """Parameters may be null where there are none."""
    body = {"command": "SET_BASIC_MODE", "duration": 2, "parameters": None}
    assert (await client.call("POST", "device/command", body)).result["duration"] == 2


async def test_not_for_the_largest(connect: Connect) -> None:
    """The largest unit does not regulate the grid's frequency."""
    client = await connect("HYBRID")
    answer = await client.command(
        "SET_FREQUENCY_REGULATION", powerAllocation=10, optimalSoc=50
    )
    assert answer.status == 400


async def test_status_is_late(client: Client) -> None:
    """The status follows a command only after a while."""
    client.sim.clock.advance(LAG)
    before = (await client.get("device/status"))["currentMode"]
    sent = (await client.command("SET_BASIC_MODE")).result
    assert (await client.get("device/status"))["currentMode"] == before != sent
    assert (await client.status())["currentMode"] == sent


async def test_ends(connect: Connect) -> None:
    """A command ends by itself, over midnight too, and what was before goes on."""
    client = await connect()
    client.pass_time(hours=11, minutes=32)
    sent = (await client.command("SET_BASIC_MODE", 4)).result
    assert (sent["startTime"], sent["endTime"]) == (2332, 332)
    client.pass_time(hours=3, minutes=58)
    assert (await client.status())["currentMode"] == sent
    client.pass_time(minutes=3)
    mode = (await client.status())["currentMode"]
    assert (mode["type"], mode["recurrence"]) == ("DEFAULT", "DEFAULT_EVENT")
    assert mode["command"] == "SET_MAXIMIZE_AUTO_CONSUMPTION"
    assert {mode[key] for key in ("duration", "startTime", "endTime")} == {None}
    assert mode["parameters"] is None


@pytest.mark.parametrize(
    ("at", "name", "parameters", "doing", "said"),
    [
        (50, "SET_CHARGE", CHARGE, "BAT_CHARGING", "CHARGING"),
        (50, "SET_CHARGE", DISCHARGE, "BAT_DISCHARGING", "DISCHARGING"),
        (95, "SET_CHARGE", CHARGE, "BAT_IDLE", "CHARGING"),
        (25, "SET_CHARGE", DISCHARGE, "BAT_IDLE", "DISCHARGING"),
        (50, "SET_BASIC_MODE", {}, "BAT_IDLE", "BASIC"),
        (
            50,
            "SET_MAXIMIZE_AUTO_CONSUMPTION",
            {},
            "BAT_DISCHARGING",
            "MAXIMIZE_AUTO_CONSUMPTION",
        ),
        (
            50,
            "SET_PEAK_SHAVING",
            {"maxHousePeakConsumption": 1500},
            "BAT_DISCHARGING",
            "PEAK_SHAVING",
        ),
        (
            50,
            "SET_PEAK_SHAVING",
            {"maxHousePeakConsumption": 2500},
            "BAT_IDLE",
            "PEAK_SHAVING",
        ),
        (
            50,
            "SET_FREQUENCY_REGULATION",
            {"powerAllocation": 30, "optimalSoc": 60},
            "BAT_CHARGING",
            "FREQUENCY_REGULATION",
        ),
        (
            50,
            "SET_FREQUENCY_REGULATION",
            {"powerAllocation": 0, "optimalSoc": 60},
            "BAT_IDLE",
            "FREQUENCY_REGULATION",
        ),
    ],
)
async def test_battery_obeys(
    connect: Connect,
    at: float,
    name: str,
    parameters: dict[str, Any],
    doing: str,
    said: str,
) -> None:
    """The battery does what the command says: the house draws 2000 W, and there is no sun."""
    client = await connect("NO-PV")
    client.battery.soc = at
    client.unit.house.load_override_w = 2000
    await client.command(name, **parameters)
    client.pass_time(minutes=2)
    flow = (await client.status())["energyFlow"]
    assert (flow["batteryStatus"], flow["operationMode"]) == (doing, said)
    assert flow["batteryEnergyFlow"] >= 0


async def test_power_and_target(connect: Connect) -> None:
    """Power is a share of the rating, and charging ends at the target."""
    client = await connect("NO-PV")
    client.battery.soc = 50
    await client.command("SET_CHARGE", 4, action="ACTION_CHARGE", power=50, soc=60)
    client.pass_time(minutes=1)
    assert client.unit.unit.flow.battery == pytest.approx(-1800)
    shown = (await client.status())["energyFlow"]["batteryEnergyFlow"]
    assert shown == pytest.approx(1800 * client.unit.profile.reads_high, abs=1)
    client.pass_time(hours=2)
    assert client.battery.soc == pytest.approx(60, abs=0.1)


async def test_backup_level_is_kept(connect: Connect) -> None:
    """No discharge goes below the backup level."""
    client = await connect("HYBRID")
    client.unit.unit.pv_override_w = 0
    client.unit.house.load_override_w = 3000
    await client.command("SET_CHARGE", 12, action="ACTION_DISCHARGE", power=100, soc=0)
    client.pass_time(hours=11)
    assert client.battery.soc == pytest.approx(20, abs=0.1)


@pytest.mark.parametrize(("most", "grid"), [(500, -500), (0, 0), (-700, 700)])
async def test_injection(connect: Connect, most: int, grid: float) -> None:
    """What goes to the grid is limited, or something has to come from there."""
    client = await connect("HYBRID")
    client.battery.soc = 100
    client.unit.unit.pv_override_w = 5000
    client.unit.house.load_override_w = 1000
    await client.command("SET_VARIABLE_GRID_INJECTION", maximumPower=most)
    client.pass_time(minutes=1)
    assert client.unit.house.grid_w == pytest.approx(grid, abs=1)


async def test_no_critical_loads_while_regulating(client: Client) -> None:
    """Critical loads hang on the unit, except while it regulates the grid's frequency."""
    flow = (await client.status())["energyFlow"]
    assert flow["criticalLoadRole"] == "CONSUMER"
    await client.command("SET_FREQUENCY_REGULATION", powerAllocation=9, optimalSoc=50)
    client.pass_time(minutes=1)
    flow = (await client.status())["energyFlow"]
    assert (flow["criticalLoadRole"], flow["criticalLoadValue"]) == ("NONE", 0)


@pytest.mark.parametrize("on", [True, False])
async def test_power(client: Client, on: bool) -> None:
    """Switching is answered with an empty text, and shows a moment later."""
    answer = await client.call("POST", "device/power", {"parameters": {"state": on}})
    assert (answer.status, answer.text) == (200, '""')
    client.pass_time(minutes=1)
    assert (await client.get("device"))["powerState"] is on
    assert bool((await client.status())["currentMode"]) is on


async def test_off_is_off(client: Client) -> None:
    """Without power nothing flows, and there is no mode."""
    await client.call("POST", "device/power", {"parameters": {"state": False}})
    client.pass_time(minutes=1)
    status = await client.status()
    assert status["currentMode"] == {}
    assert status["energyFlow"]["batteryStatus"] == "BAT_IDLE"
    assert status["energyFlow"]["operationMode"] == "IDLE"
    assert client.unit.unit.flow.battery == 0


@pytest.mark.parametrize(
    "body", [{}, {"parameters": {}}, {"parameters": {"state": "true"}}]
)
async def test_power_needs_a_boolean(client: Client, body: dict[str, Any]) -> None:
    """A state that is missing or a text is refused."""
    assert (await client.call("POST", "device/power", body)).status == 400
    assert client.unit.powered


@pytest.mark.parametrize("kind", ["write_lost", "write_delayed"])
async def test_taken_and_not_done(client: Client, kind: str) -> None:
    """A command may be answered well, and lost or late."""
    fault = Fault(vendor="eaton", kind=kind, path="*/command", count=1, value=120)
    client.sim.faults.add(fault)
    assert (await client.command("SET_BASIC_MODE")).status == 200
    assert (await client.status())["currentMode"]["type"] == "DEFAULT"
    client.pass_time(minutes=3)
    late = {"write_lost": "DEFAULT", "write_delayed": "MANUAL"}
    assert (await client.status())["currentMode"]["type"] == late[kind]

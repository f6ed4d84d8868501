"""What technicians see."""

import pytest

from simulator import Fault

from .client import Client
from .conftest import Connect

FAILS = {
    "inverterTemperature",
    "bmsVoltage",
    "bmsTemperature",
    "bmsMaxTemperature",
    "bmsMinTemperature",
    "bmsTotalCharge",
    "bmsTotalDischarge",
    "bmsHighestCellVoltage",
}


async def as_technician(connect: Connect, model: str) -> Client:
    """Return a technician's client."""
    client = await connect(model)
    client.token = (await client.sign_in_technician()).result["token"]
    return client


async def test_battery(technician: Client) -> None:
    """Cells, voltage, current and counted charge fit together."""
    technician.battery.soc = 60
    await technician.command("SET_CHARGE", action="ACTION_CHARGE", power=50, soc=95)
    technician.pass_time(minutes=3)
    told = await technician.get("technical/status")
    cells = (told["bmsHighestCellVoltage"] + told["bmsLowestCellVoltage"]) / 2
    assert told["bmsVoltage"] == pytest.approx(cells * 24 / 1000, abs=0.2)
    watts = told["bmsVoltage"] * told["bmsCurrent"]
    assert watts == pytest.approx(2300, rel=0.02)
    assert told["bmsState"] == "BAT_CHARGING"
    assert told["bmsStateOfCharge"] == round(technician.battery.soc)
    ledger = technician.unit.unit.ledger
    assert told["bmsTotalCharge"] == pytest.approx(ledger.charge * 1000 / 92, rel=0.01)
    assert told["bmsAvgTemperature"] == 0
    assert told["inverterPowerRating"] == 0


async def test_strings(connect: Connect) -> None:
    """A hybrid has two strings, which make its power."""
    client = await as_technician(connect, "HYBRID")
    client.unit.unit.pv_override_w = 4000
    client.pass_time(minutes=2)
    told = await client.get("technical/status")
    assert told["tidaProtocolVersion"] == "1.1"
    watts = sum(told[f"pv{n}Voltage"] * told[f"pv{n}Current"] for n in (1, 2))
    shown = (await client.status())["energyFlow"]["dcPvValue"]
    assert watts == pytest.approx(shown, rel=0.02)


@pytest.mark.parametrize(
    ("model", "meters", "phases"),
    [("AC", [1, 2], "R"), ("AC-3P", [1, 2], "RST"), ("HYBRID", [1], "R")],
)
async def test_meters(
    connect: Connect, model: str, meters: list[int], phases: str
) -> None:
    """Meters show their phases, which add up to what flows."""
    client = await as_technician(connect, model)
    client.pass_time(minutes=1)
    told = (await client.get("technical/status"))["meters"]
    assert [meter["number"] for meter in told] == meters
    for meter in told:
        assert "".join(phase["phaseType"] for phase in meter["phases"]) == phases
    watts = sum(phase["activePower"] for phase in told[0]["phases"])
    assert watts == pytest.approx(client.unit.house.grid_w, abs=1)
    assert told[0]["phases"][0].keys() == {
        "phaseType",
        "voltage",
        "current",
        "activePower",
        "reactivePower",
        "powerFactor",
        "frequency",
    }


async def test_no_meters(connect: Connect) -> None:
    """Without meters there is nothing to show."""
    client = await as_technician(connect, "BARE")
    assert (await client.get("technical/status"))["meters"] is None


async def test_failed_reads(technician: Client) -> None:
    """What cannot be read is 0, or a text; the grid's frequency is never so."""
    fault = Fault(vendor="eaton", kind="glitch", value=technician.card.serial)
    technician.sim.faults.add(fault)
    told = await technician.get("technical/status")
    assert {key for key in FAILS if told[key] == 0} == FAILS
    assert told["bmsLowestCellVoltage"] == "n/a"
    assert told["gridFrequency"] > 49
    technician.sim.faults.clear()
    told = await technician.get("technical/status")
    assert {key for key in FAILS if told[key] == 0} == set()


async def test_reads_fail_now_and_then(technician: Client) -> None:
    """Without any fault a value is missing now and then, never many at once."""
    missing = []
    for _ in range(60):
        technician.pass_time(minutes=1)
        told = await technician.get("technical/status")
        missing.append(sum(told[key] == 0 for key in FAILS))
    assert 0 < sum(missing) < 20
    assert max(missing) < 4


async def test_diagnostics(technician: Client) -> None:
    """Partitions add up."""
    told = await technician.get("device/maintenance/diagnostics")
    for partition in told["diskUsage"]["partition"]:
        assert partition["free"] + partition["used"] == partition["size"]
    assert 0 < told["cpuUsage"]["used"] < 100
    assert told["ramUsage"]["used"] < told["ramUsage"]["total"]


async def test_clock(technician: Client) -> None:
    """The card tells its clock, which may be wrong."""
    first = (await technician.get("device/maintenance/date-time"))["time"]
    technician.unit.clock_offset += technician.unit.upload_period
    later = (await technician.get("device/maintenance/date-time"))["time"]
    assert later - first == pytest.approx(300, abs=2)

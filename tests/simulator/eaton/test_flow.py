"""The status: roles, directions, what is measured too high, and energies."""

import pytest

from simulator.eaton.catalogue import PROFILES

from .client import Client
from .conftest import Connect


@pytest.mark.parametrize(
    ("load", "sun", "grid", "others"),
    [(2000, 0, "PRODUCER", "CONSUMER"), (200, 3000, "CONSUMER", "CONSUMER")],
)
async def test_roles(
    connect: Connect, load: int, sun: int, grid: str, others: str
) -> None:
    """The role is that of the element itself: the grid produces what is imported."""
    client = await connect("AC")
    await client.command("SET_BASIC_MODE")
    client.unit.house.load_override_w = load
    client.foreign.pv_override_w = sun
    client.pass_time(minutes=2)
    flow = (await client.status())["energyFlow"]
    assert flow["gridRole"] == grid
    assert flow["gridValue"] == pytest.approx(abs(client.unit.house.grid_w), abs=1)
    assert (flow["nonCriticalLoadRole"], flow["criticalLoadRole"]) == (others, others)
    assert flow["acPvRole"] == {0: "NONE", 3000: "PRODUCER"}[sun]
    assert flow["dcPvRole"] == "DISCONNECTED"


async def test_foreign_panels_without_meter(connect: Connect) -> None:
    """A plant that no meter sees makes the house push back."""
    client = await connect("AC-1M")
    await client.command("SET_BASIC_MODE")
    client.unit.house.load_override_w = 300
    client.foreign.pv_override_w = 3000
    client.pass_time(minutes=2)
    flow = (await client.status())["energyFlow"]
    assert flow["acPvRole"] == "DISCONNECTED"
    assert flow["nonCriticalLoadRole"] == "PRODUCER"
    assert flow["nonCriticalLoadValue"] > 2000


async def test_no_meters(connect: Connect) -> None:
    """Without meters nothing is known of the house, and the battery cannot follow it."""
    client = await connect("BARE")
    await client.command("SET_MAXIMIZE_AUTO_CONSUMPTION")
    client.pass_time(minutes=2)
    status = await client.status()
    flow = status["energyFlow"]
    for name in ("grid", "criticalLoad", "nonCriticalLoad"):
        assert (flow[f"{name}Role"], flow[f"{name}Value"]) == ("NONE", 0)
    assert flow["batteryStatus"] == "BAT_IDLE"
    assert status["today"]["gridConsumption"] == 0


async def test_reads_high(connect: Connect) -> None:
    """The inverter overstates what it measures itself, by 10 to 30 %; a meter does not."""
    client = await connect("HYBRID")
    client.unit.house.load_override_w = 1000
    client.unit.unit.pv_override_w = 4000
    await client.command("SET_BASIC_MODE")
    client.pass_time(minutes=2)
    flow = (await client.status())["energyFlow"]
    assert 4400 <= flow["dcPvValue"] <= 5200
    assert flow["gridValue"] == pytest.approx(abs(client.unit.house.grid_w), abs=1)


@pytest.mark.parametrize("watts", [1500, -1500])
async def test_battery_power_has_no_sign(client: Client, watts: int) -> None:
    """The battery's power is positive whichever way it flows."""
    client.battery.soc = 50
    action = {1500: "ACTION_DISCHARGE", -1500: "ACTION_CHARGE"}[watts]
    soc = {1500: 20, -1500: 90}[watts]
    await client.command("SET_CHARGE", action=action, power=30, soc=soc)
    client.pass_time(minutes=2)
    flow = (await client.status())["energyFlow"]
    assert flow["batteryEnergyFlow"] > 1000
    doing = {1500: "BAT_DISCHARGING", -1500: "BAT_CHARGING"}[watts]
    assert flow["batteryStatus"] == doing


async def test_energies(client: Client) -> None:
    """Today's energies are Wh, and begin anew at the unit's midnight; those of the month go on."""
    client.unit.house.load_override_w = 1000
    client.foreign.pv_override_w = 0
    await client.command("SET_BASIC_MODE", 12)
    before = await client.status()
    client.pass_time(hours=2)
    after = await client.status()
    for block in ("today", "last30daysEnergyFlow"):
        rise = after[block]["gridConsumption"] - before[block]["gridConsumption"]
        assert rise == pytest.approx(2000, rel=0.01)
    client.pass_time(hours=10.5)
    night = await client.status()
    assert night["today"]["gridConsumption"] < after["today"]["gridConsumption"]
    month = night["last30daysEnergyFlow"]["gridConsumption"]
    assert month > after["last30daysEnergyFlow"]["gridConsumption"]


@pytest.mark.parametrize(("model", "counted"), [("HYBRID", True), ("AC", False)])
async def test_injection_is_optional(
    connect: Connect, model: str, counted: bool
) -> None:
    """Only some units count what goes to the grid."""
    client = await connect(model)
    assert ("gridInjection" in (await client.status())["today"]) is counted


async def test_shares(client: Client) -> None:
    """Shares are percentages."""
    for _ in range(4):
        client.pass_time(hours=4)
        status = await client.status()
        for block in ("today", "last30daysEnergyFlow", "energyFlow"):
            for key in ("selfConsumption", "selfSufficiency"):
                assert 0 <= status[block][key] <= 100


@pytest.mark.parametrize("model", sorted(PROFILES))
async def test_counters_are_never_negative(connect: Connect, model: str) -> None:
    """Whatever stands in a house, its counters are positive, and they balance."""
    client = await connect(model)
    client.pass_time(hours=30)
    unit, house = client.unit, client.unit.house
    made = 0.0
    for part in house.units:
        assert min(part.ledger.as_dict().values()) >= 0
        made += part.ledger.generation - part.ledger.absorbed
    meter = house.ledger
    assert min(meter.as_dict().values()) >= 0
    assert meter.load == pytest.approx(made + meter.imported - meter.exported, abs=0.01)
    assert 0 <= (unit.soc or 0) <= 100

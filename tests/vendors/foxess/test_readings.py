"""From the vendor's records to the common readings, checked against the houses."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.battery.house import Member, house_readings
from custom_components.home_battery.battery.model import Record, Role, Value
from custom_components.home_battery.vendors.foxess.models import RealTime
from custom_components.home_battery.vendors.foxess.readings import record_of
from custom_components.home_battery.vendors.vendor import READINGS
from simulator import Simulation
from tests.conftest import Simulate

from .conftest import MakeAccount, break_calls

SYSTEMS = ["KH8", "KH10-V2", "H3-V1", "H1-V0", "EVO"]
COMMON = {
    "battery_soc",
    "battery_power",
    "battery_energy_charged",
    "battery_energy_discharged",
    "battery_soh",
    "battery_temperature",
    "battery_voltage",
    "battery_current",
    "battery_max_charge_power",
    "battery_max_discharge_power",
    "pv_power",
    "pv_energy",
    "grid_power",
    "grid_energy_imported",
    "grid_energy_exported",
    "load_power",
    "load_energy",
    "inverter_power",
    "inverter_temperature",
    "status",
    "problem",
    "grid_connected",
    "last_data",
}


def record(has_battery: bool = True, **values: Any) -> dict[str, Value]:
    """Return the readings of a record with these variables."""
    datas = [{"variable": name, "value": value} for name, value in values.items()]
    real_time = RealTime.parse({"deviceSN": "SN", "datas": datas})
    return dict(record_of(real_time, has_battery=has_battery).values)


async def records_of(sim: Simulation, make_account: MakeAccount) -> dict[str, Record]:
    """Return the records of all inverters, by serial."""
    account = make_account(sim)
    inventory = await account.discover()
    devices = [d for d in inventory.devices.values() if d.role is not Role.HOUSE]
    feed = next(feed for feed in account.feeds if feed.name == READINGS)
    result = await feed.fetch(devices)
    return {key.partition("_")[2]: record for key, record in result.records.items()}


@pytest.mark.parametrize("model", SYSTEMS)
@pytest.mark.parametrize(
    ("load", "pv", "battery_sign", "grid_sign"),
    [
        pytest.param(300.0, 3000.0, -1, 0, id="charging from PV"),
        pytest.param(1500.0, 0.0, 1, 0, id="discharging"),
        pytest.param(20000.0, 0.0, 1, 1, id="importing"),
        pytest.param(0.0, 20000.0, -1, -1, id="exporting"),
    ],
)
async def test_signs_and_units(
    simulate: Simulate,
    make_account: MakeAccount,
    freezer: FrozenDateTimeFactory,
    model: str,
    load: float,
    pv: float,
    battery_sign: int,
    grid_sign: int,
) -> None:
    """W and kWh, discharge and import positive, and all of it in balance."""
    sim = await simulate(model)
    (inverter,) = sim.foxess.inverters
    inverter.house.load_override_w, inverter.unit.pv_override_w = load, pv
    assert inverter.unit.battery is not None
    inverter.unit.battery.soc = 50.0
    freezer.tick(timedelta(minutes=6))
    (record,) = (await records_of(sim, make_account)).values()
    values: dict[str, Any] = dict(record.values)
    flow, house, ledger = inverter.unit.flow, inverter.house, inverter.unit.ledger
    assert values["pv_power"] == pytest.approx(flow.pv, abs=60)
    assert values["battery_power"] == pytest.approx(flow.battery, abs=60)
    assert values["grid_power"] == pytest.approx(house.grid_w, abs=60)
    assert values["load_power"] == pytest.approx(load, abs=60)
    assert values["battery_power"] * battery_sign > 0
    assert (values["grid_power"] > 60) - (values["grid_power"] < -60) == grid_sign
    assert values["battery_current"] * battery_sign > 0
    assert values["battery_soc"] == pytest.approx(inverter.soc, abs=7)
    assert values["pv_energy"] == pytest.approx(ledger.pv, abs=2)
    assert values["battery_energy_charged"] == pytest.approx(ledger.charge, abs=2)
    assert values["battery_energy_discharged"] == pytest.approx(ledger.discharge, abs=2)
    assert values["grid_energy_imported"] == pytest.approx(house.ledger.imported, abs=4)
    assert values["grid_energy_exported"] == pytest.approx(house.ledger.exported, abs=4)
    assert values["load_power"] == pytest.approx(
        values["inverter_power"] + values["grid_power"], abs=2
    )
    losses = values["pv_power"] + values["battery_power"] - values["inverter_power"]
    assert 0 <= losses <= 0.05 * (values["pv_power"] + abs(values["battery_power"])) + 5


@pytest.mark.parametrize("model", SYSTEMS)
async def test_every_system_has_the_common_readings(
    simulate: Simulate, make_account: MakeAccount, model: str
) -> None:
    """Whatever the names on the wire, one or two packs, the readings are the same."""
    sim = await simulate(model)
    (record,) = (await records_of(sim, make_account)).values()
    assert record.values.keys() >= COMMON
    assert record.values["status"] == "running"
    assert record.values["problem"] is False
    assert record.time == record.values["last_data"]


async def test_house_of_several_inverters(
    simulate: Simulate, make_account: MakeAccount, freezer: FrozenDateTimeFactory
) -> None:
    """Master, slave and a PV inverter on one meter are one house in balance."""
    sim = await simulate("KH8+EVO+PV")
    first, *_ = sim.foxess.inverters
    first.house.load_override_w = 2500.0
    for inverter in sim.foxess.inverters:
        inverter.unit.pv_override_w = 1200.0
    freezer.tick(timedelta(minutes=11))
    records = await records_of(sim, make_account)
    members = [
        Member(serial, record.values, frozenset(record.values))
        for serial, record in sorted(records.items(), reverse=True)
    ]
    house: dict[str, Any] = house_readings(members, set())
    assert house["pv_power"] == pytest.approx(3600, abs=60)
    assert house["grid_power"] == pytest.approx(first.house.grid_w, abs=150)
    # What the inverters lose on the way counts as load.
    assert house["load_power"] == pytest.approx(2500, abs=300)


async def test_producer_without_a_meter(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """An inverter without a meter tells nothing of grid and load, not even zeros."""
    sim = await simulate("PV")
    (record,) = (await records_of(sim, make_account)).values()
    assert not [
        key
        for key in record.values
        if key.startswith(("grid_p", "grid_e", "load_", "bat"))
    ]
    assert record.values["pv_energy"] == pytest.approx(
        sim.foxess.inverters[0].unit.ledger.generation, abs=2
    )


async def test_glitch_is_dropped(sim: Simulation, make_account: MakeAccount) -> None:
    """Counters with noise in their upper bits are no readings."""
    break_calls(sim, "glitch")
    (record,) = (await records_of(sim, make_account)).values()
    # This one is no counter.
    assert {key for key in record.values if "energy" in key} == {"residual_energy"}
    assert "battery_soc" in record.values


@pytest.mark.parametrize(
    ("values", "key", "expected"),
    [
        pytest.param({"SoC": 50.0}, "battery_soc", 50.0, id="one pack"),
        pytest.param({"SoC_1": 40.0}, "battery_soc", 40.0, id="one of two"),
        pytest.param({"SoC_1": 40.0, "Soc_2": 50.0}, "battery_soc", 45.0, id="two"),
        pytest.param({"SoC": 50, "SoC_1": 1}, "battery_soc", 50.0, id="the whole"),
        pytest.param({"SoC": 101}, "battery_soc", None, id="over full"),
        pytest.param({"SoC": -1}, "battery_soc", None, id="under empty"),
        pytest.param({"SOH": "99"}, "battery_soh", 99.0, id="text"),
        pytest.param(
            {"invBatPower_1": 1.0, "invBatPower_2": -0.25},
            "battery_power",
            750.0,
            id="packs",
        ),
        pytest.param(
            {"batChargePower": 2.0, "batDischargePower": 0.0},
            "battery_power",
            -2000.0,
            id="parts",
        ),
        pytest.param({"batChargePower": 2.0}, "battery_power", None, id="half"),
        pytest.param({"meterPower": -1.5}, "grid_power", -1500.0, id="meter"),
        pytest.param({"feedinPower": 1.5}, "grid_power", None, id="export alone"),
        pytest.param(
            {"feedinPower": 1.5, "gridConsumptionPower": 0, "meterPower": 9},
            "grid_power",
            -1500.0,
            id="import and export",
        ),
        pytest.param({"pvPower": 1e6}, "pv_power", None, id="too much power"),
        pytest.param({"batTemperature": 6553.5}, "battery_temperature", None, id="hot"),
        pytest.param(
            {"batVolt": 400, "maxChargeCurrent": 25},
            "battery_max_charge_power",
            10000,
            id="limit",
        ),
        pytest.param(
            {"batVolt": 1e200, "maxChargeCurrent": 1e200},
            "battery_max_charge_power",
            None,
            id="garbage",
        ),
        pytest.param(
            {"maxChargeCurrent": 25}, "battery_max_charge_power", None, id="no voltage"
        ),
        pytest.param({"runningState": "164"}, "grid_connected", False, id="off grid"),
        pytest.param(
            {"runningState": "161"}, "grid_connected", None, id="unknown grid"
        ),
        pytest.param({"runningState": "166"}, "problem", True, id="fault state"),
        pytest.param({"currentFaultCount": "2"}, "problem", True, id="faults"),
        pytest.param({"currentFaultCount": "0"}, "problem", False, id="no faults"),
        pytest.param({}, "problem", None, id="nothing known"),
        pytest.param({"runningState": "999"}, "status", None, id="unknown state"),
        pytest.param(
            {"PVEnergyTotal": 0, "generation": 5}, "pv_energy", 0.0, id="hybrid"
        ),
    ],
)
def test_reading(values: dict[str, Any], key: str, expected: Value | None) -> None:
    """Single variables become readings, or nothing."""
    assert record(**values).get(key) == expected


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("160", "checking"),
        ("161", "waiting"),
        ("162", "checking"),
        ("163", "running"),
        ("164", "off_grid"),
        ("165", "fault"),
        ("166", "fault"),
        ("167", "standby"),
        ("168", "updating"),
        ("169", "checking"),
        ("170", "fault"),
    ],
)
def test_status(state: str, status: str) -> None:
    """All documented states are known."""
    assert record(runningState=state)["status"] == status


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"PVEnergyTotal": 0, "generation": 5}, 5.0),
        ({"generation": 5}, 5.0),
        ({"PVEnergyTotal": 7, "generation": 5}, 7.0),
    ],
)
def test_pv_energy_of_a_producer(values: dict[str, Any], expected: float) -> None:
    """Without a battery the yield is the PV, where the cloud keeps no PV total."""
    assert record(has_battery=False, **values)["pv_energy"] == expected


def test_metered_producer_keeps_its_meter() -> None:
    """A producer that has counted at a meter tells of the grid."""
    values = record(
        has_battery=False, meterPower=0, gridConsumption=12.5, feedin=0, loadsPower=1
    )
    assert values["grid_power"] == 0
    assert values["load_power"] == 1000

"""What is true of every house, whatever its settings and weather."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from simulator.battery import Battery
from simulator.foxess.errors import MESSAGES
from simulator.foxess.routes import ENDPOINTS
from simulator.house import House, OrdersFn
from simulator.load import Household
from simulator.orders import Mode, Orders
from simulator.sun import Sun
from simulator.unit import Unit

from .client import group
from .conftest import START, Connect

BEGIN = datetime(2026, 6, 15, tzinfo=UTC)
watts = st.floats(0, 15000)
limits = st.one_of(st.just(float("inf")), st.floats(0, 12000))

all_orders = st.builds(
    Orders,
    until=st.just(BEGIN + timedelta(days=400)),
    mode=st.sampled_from(Mode),
    floor=st.floats(5, 100),
    ceiling=st.floats(10, 100),
    target=st.floats(5, 100),
    power=limits,
    charge_limit=limits,
    discharge_limit=limits,
    export_limit=limits,
    import_limit=limits,
    pv_limit=limits,
    output_limit=limits,
    peak_soc=st.floats(0, 100),
)


def unit(soc: float) -> Unit:
    """Return an inverter of 8 kW with a battery."""
    battery = Battery(
        capacity_wh=10360, soc=soc, max_charge_w=8000, max_discharge_w=7000
    )
    return Unit(rated_w=8000, pv_peak_w=9000, battery=battery)


def standing(orders: Orders) -> OrdersFn:
    """Return firmware that never changes its mind."""
    return lambda at: replace(orders, until=at + timedelta(hours=1))


@given(
    all_orders,
    st.floats(0, 100),
    st.floats(0, 1),
    st.floats(-5000, 15000),
    st.floats(1, 300),
)
def test_no_order_breaks_physics(
    orders: Orders, soc: float, light: float, load: float, seconds: float
) -> None:
    """Whatever is ordered, ratings, limits and SOC bounds hold."""
    inverter = unit(soc)
    flow = inverter.solve(orders, light=light, load=load, seconds=seconds)
    assert 0 <= flow.pv <= 9000 * light + 1e-6
    assert -8000 - 1e-6 <= flow.battery <= 7000 + 1e-6
    assert -8000 - 1e-6 <= flow.generation <= 8000 + 1e-6
    assert flow.generation == pytest.approx(
        inverter.to_ac(flow.pv + flow.battery), abs=1e-6
    )
    if orders.mode is not Mode.OFF and flow.generation > max(0, load):
        assert flow.generation <= max(0, load + orders.export_limit) + 1e-6
    inverter.run(flow, seconds)
    assert inverter.battery is not None
    after = inverter.battery.soc
    if flow.battery > 0:
        assert after >= min(soc, orders.floor) - 1e-6
    if flow.battery < 0:
        assert after <= max(soc, orders.ceiling) + 1e-6


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(all_orders, st.one_of(st.none(), watts), st.floats(10, 20000)),
        min_size=1,
        max_size=6,
    ),
    st.floats(0, 100),
    st.integers(1, 2),
    st.integers(0, 5),
)
def test_energy_balances(
    spans: list[tuple[Orders, float | None, float]], soc: float, count: int, seed: int
) -> None:
    """Load is always generation and import less export, in power and in the ledger."""
    units = [unit(soc) for _ in range(count)]
    house = House(
        sun=Sun(seed=seed),
        time_zone=ZoneInfo("Europe/Berlin"),
        household=Household(seed=seed),
        units=units,
        begin=BEGIN,
    )
    stored = sum(part.battery.stored_wh for part in units if part.battery)
    for orders, load, seconds in spans:
        for part in units:
            house.connect(part, standing(orders))
        house.load_override_w = load
        house.advance_to(house.at + timedelta(seconds=seconds))
        generation = sum(part.flow.generation for part in units)
        assert house.load_w == pytest.approx(generation + house.grid_w, abs=1e-6)
    ledgers = [part.ledger for part in units]
    assert house.ledger.load == pytest.approx(
        sum(ledger.generation - ledger.absorbed for ledger in ledgers)
        + house.ledger.imported
        - house.ledger.exported,
        abs=1e-6,
    )
    gained = sum(part.battery.stored_wh for part in units if part.battery) - stored
    charge, discharge = (
        sum(part.charge for part in ledgers),
        sum(part.discharge for part in ledgers),
    )
    assert gained == pytest.approx(
        (charge * 0.975 - discharge / 0.975) * 1000, abs=1e-3
    )
    dc = sum(ledger.pv + ledger.discharge - ledger.charge for ledger in ledgers)
    assert (
        sum(part.generation for part in ledgers)
        <= dc + sum(part.absorbed for part in ledgers) + 1e-6
    )


@settings(max_examples=25)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)), st.integers(0, 9))
def test_sun(moment: datetime, seed: int) -> None:
    """Light is a share, and there is none at night."""
    at = moment.replace(tzinfo=UTC)
    sun = Sun(seed=seed)
    assert 0 <= sun.light(at) <= sun.clear_sky(at) <= 1
    assert (sun.light(at) > 0) is (sun.elevation(at) > 0)


minutes = st.integers(0, 1430)
any_group = st.builds(
    lambda start, length, mode, power, floor, more: group(
        3,
        f"{start // 60}:{start % 60}",
        f"{min(1439, start + length) // 60}:{min(1439, start + length) % 60}",
        mode,
        fdPwr=power,
        minSocOnGrid=floor,
        fdSoc=min(100, floor + more),
    ),
    minutes,
    st.integers(1, 600),
    st.sampled_from(["SelfUse", "Feedin", "ForceCharge", "ForceDischarge"]),
    st.integers(0, 10500),
    st.integers(10, 100),
    st.integers(0, 90),
)


def seconds_of(entry: dict[str, Any]) -> tuple[int, int]:
    """Return the minutes that a group covers."""
    return entry["startHour"] * 60 + entry["startMinute"], entry[
        "endHour"
    ] * 60 + entry["endMinute"]


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    groups=st.lists(any_group, max_size=4),
    jump=st.integers(60, 100_000),
    seed=st.integers(0, 3),
)
async def test_balance_over_http(
    connect: Connect, groups: list[dict[str, Any]], jump: int, seed: int
) -> None:
    """Whatever schedule was accepted, records and lifetime counters balance, and no floor is crossed."""
    client = await connect(seed=seed, start=START)
    spans = sorted(seconds_of(entry) for entry in groups)
    overlapping = any(later[0] <= earlier[1] for earlier, later in pairwise(spans))
    assert (await client.schedule(3, groups)).errno == (42023 if overlapping else 0)
    await client.set_flag(1)
    first = await client.latest()
    client.sim.clock.advance(jump)
    last = await client.latest()
    risen = {
        name: last[name] - first[name]
        for name in (
            "loads",
            "generation",
            "gridConsumption",
            "feedin",
            "chargeEnergyToTal",
            "PVEnergyTotal",
        )
    }
    assert all(value >= 0 for value in risen.values())
    assert last["loadsPower"] == pytest.approx(
        last["generationPower"] + last["gridConsumptionPower"] - last["feedinPower"]
    )
    inverter = client.sim.foxess.inverters[0]
    ledger, meter = inverter.unit.ledger, inverter.house.ledger
    assert meter.load == pytest.approx(
        ledger.generation - ledger.absorbed + meter.imported - meter.exported, abs=1e-6
    )
    assert inverter.soc is not None
    assert 10 - 1e-6 <= inverter.soc <= 100


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "sn",
        "deviceSN",
        "emsID",
        "stationID",
        "sns",
        "key",
        "value",
        "groups",
        "enable",
        "variables",
        "begin",
        "end",
        "year",
        "month",
        "day",
        "dimension",
        "currentPage",
        "pageSize",
        "minSoc",
        "minSocOnGrid",
        "importLimit",
        "soc",
        "hour",
        "minute",
        "second",
        "date",
        "status",
        "mode",
        "port",
        "data",
        "datas",
        "details",
        "timezone",
        "readerType",
        "readerInfo",
        "deviceSNList",
        "notifyChannel",
        "general",
    ]
)


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    bodies=st.lists(st.dictionaries(names, junk, max_size=6), min_size=2, max_size=2)
)
async def test_no_body_is_too_strange(
    connect: Connect, bodies: list[dict[str, Any]]
) -> None:
    """Whatever the body, every endpoint answers with a code of the vendor's."""
    client = await connect("KH8+EMS+GMAX+METER+HEATPUMP")
    cloud = client.sim.foxess
    parts = {
        "/ems/": cloud.ems[0].serial,
        "/gmax/": cloud.gmaxes[0].serial,
        "/gw/": cloud.meters[0].serial,
        "/heat": cloud.heat_pumps[0].serial,
        "/module/": cloud.inverters[0].module_serial,
    }
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET":
            continue
        serial = next(
            (held for part, held in parts.items() if part in endpoint.path),
            client.serial,
        )
        for body in bodies:
            given_keys = {
                "sn": serial,
                "deviceSN": serial,
                "emsID": cloud.ems[0].ems_id,
                "stationID": cloud.inverters[0].station_id,
            }
            known = {key: given_keys.get(key, value) for key, value in body.items()}
            answer = await client.post(endpoint.path, known)
            assert answer.status == 200
            assert answer.errno in MESSAGES

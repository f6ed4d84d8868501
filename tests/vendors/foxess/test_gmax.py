"""GMAX: found, read one by one, and left to its own plan."""

from contextlib import suppress
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.history import HistoryRequest, Resolution
from custom_components.home_battery.battery.model import Device, Role
from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.vendors.foxess.account import FoxEssAccount
from custom_components.home_battery.vendors.foxess.ems import EmsEntry
from custom_components.home_battery.vendors.foxess.ems_settings import (
    Generator,
    PowerLimits,
)
from custom_components.home_battery.vendors.foxess.gmax import (
    PLAN,
    READINGS as KEYS,
    GmaxEntry,
    GmaxPlan,
    gmax_values,
)
from custom_components.home_battery.vendors.foxess.series import parse_moments
from custom_components.home_battery.vendors.vendor import READINGS, SETTINGS
from simulator import Simulation
from simulator.foxess.gmax import PeakPeriod, PeakPlan
from tests.conftest import START, Simulate

from .conftest import MakeAccount, break_calls, calls_to, writes
from .systems import discovered, fetch
from .wire import JSON, objects


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return the simulation of an inverter and two GMAX in houses of their own."""
    return await simulate("KH8", "GMAX", "GMAX")


async def gmaxes_of(account: FoxEssAccount) -> list[Device]:
    """Return the GMAX of an account."""
    devices = (await discovered(account)).devices.values()
    return [device for device in devices if device.kind == "gmax"]


async def test_discovery(sim: Simulation, make_account: MakeAccount) -> None:
    """A GMAX is a system of its station, known by the serial number of the machine."""
    assert await gmaxes_of(make_account(sim)) == [
        Device(
            kind="gmax",
            id=gmax.serial,
            role=Role.SYSTEM,
            name=f"Fox ESS GMAX {gmax.serial[-4:]}",
            model="GMAX",
            serial=gmax.serial,
            parent=f"station_{gmax.station_id}",
            time_zone="Europe/Berlin",
        )
        for gmax in sim.foxess.gmaxes
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            {"chargingPower": "2.5", "dischargingPower": "0", "status": "1"},
            {"battery_power": -2500, "status": "running", "problem": False},
        ),
        (
            {"chargingPower": "0", "dischargingPower": "40.25", "status": 2},
            {"battery_power": 40250, "status": "running", "problem": False},
        ),
        ({"status": "3.0"}, {"status": "standby", "problem": False}),
        ({"status": "0"}, {"status": "off", "problem": False}),
        ({"status": "4"}, {"status": "fault", "problem": True}),
        ({"status": "9", "chargingPower": "1"}, {}),
        ({"soc": 51.5, "soh": 99}, {"battery_soc": 51.5, "battery_soh": 99}),
        ({"soc": 255, "soh": "--"}, {}),
    ],
)
def test_values(told: dict[str, Any], expected: dict[str, Any]) -> None:
    """Two powers are one with a sign, states are common words, and nothing is guessed."""
    assert (
        gmax_values({name.lower(): value for name, value in told.items()}) == expected
    )


async def test_readings(sim: Simulation, make_account: MakeAccount) -> None:
    """Each is asked by itself; one that fails takes only itself down."""
    account = make_account(sim)
    devices = await gmaxes_of(account)
    result = await fetch(account, READINGS, devices)
    assert [record.values for record in result.records.values()] == [
        {
            "battery_power": 0,
            "battery_soc": 50,
            "battery_soh": 100,
            "status": "standby",
            "problem": False,
        }
    ] * 2
    break_calls(sim, "errno", path="*/gmax/real/query", value=41203, count=1)
    result = await fetch(account, READINGS, devices)
    assert set(result.failed) == {devices[0].key}
    assert set(result.records) == {devices[1].key}


async def test_offline(
    sim: Simulation, make_account: MakeAccount, freezer: FrozenDateTimeFactory
) -> None:
    """What one told before it fell silent is not taken for news: it has no time."""
    account = make_account(sim)
    devices = await gmaxes_of(account)
    break_calls(sim, "offline", value=devices[0].id)
    for _ in range(3):
        result = await fetch(account, READINGS, devices)
        assert set(result.records) == {devices[1].key}
        assert result.failed == {}
    assert len(calls_to(sim, "gmax/list")) == 2
    assert len(calls_to(sim, "gmax/real")) == 3
    sim.faults.clear()
    freezer.tick(timedelta(minutes=15))
    result = await fetch(account, READINGS, devices)
    assert set(result.records) == {device.key for device in devices}


async def test_inverters_go_on(sim: Simulation, make_account: MakeAccount) -> None:
    """Without the list of GMAX, the inverter tells its readings."""
    account = make_account(sim)
    systems = (await discovered(account)).with_role(Role.SYSTEM)
    break_calls(sim, "errno", path="*/gmax/*", value=41200)
    result = await fetch(account, READINGS, systems)
    assert {key.partition("_")[0] for key in result.records} == {"inverter"}
    assert {key.partition("_")[0] for key in result.failed} == {"gmax"}


async def test_plan(sim: Simulation, make_account: MakeAccount) -> None:
    """Whether a plan is on, and how many of its periods are, is told."""
    account = make_account(sim)
    devices = await gmaxes_of(account)
    period = PeakPeriod(
        enable=True, work_mode=0, week_day=1, stop_soc=20, power=5, start=0, end=60
    )
    rest = PeakPeriod(
        enable=False, work_mode=0, week_day=1, stop_soc=20, power=5, start=0, end=60
    )
    sim.foxess.gmaxes[1].plan = PeakPlan(enabled=True, periods=(period, rest, period))
    result = await fetch(account, PLAN, devices)
    assert [record.values for record in result.records.values()] == [
        {"peak_valley_plan": False, "peak_valley_periods": 0},
        {"peak_valley_plan": True, "peak_valley_periods": 2},
    ]


async def test_nothing_to_set(sim: Simulation, make_account: MakeAccount) -> None:
    """A GMAX has no settings, and asking for them takes no call."""
    account = make_account(sim)
    device, _ = await gmaxes_of(account)
    sim.foxess.calls.clear()
    record = (await fetch(account, SETTINGS, [device])).records[device.key]
    assert (record.controls, record.schedule) == ({}, None)
    assert sim.foxess.calls == []


async def test_history(sim: Simulation, make_account: MakeAccount) -> None:
    """The past is told as it was, in windows of a day."""
    account = make_account(sim)
    device, _ = await gmaxes_of(account)
    assert account.history_keys(device, Resolution.RECORDS) == KEYS
    assert account.history_keys(device, Resolution.DAY) == frozenset()
    request = HistoryRequest(
        start=START - timedelta(hours=30),
        end=START,
        resolution=Resolution.RECORDS,
        keys=frozenset({"battery_soc", "status"}),
        time_zone=ZoneInfo("Europe/Berlin"),
    )
    assert account.history_calls(device, request) == 2
    history = await account.history(device, request)
    records = [
        record
        for record in sim.foxess.gmaxes[0].records
        if request.start <= record.at.replace(microsecond=0) < request.end
    ]
    assert [
        (one.start.astimezone(UTC), one.value) for one in history.points["battery_soc"]
    ] == [(record.at.replace(microsecond=0), record.soc) for record in records]
    assert {one.value for one in history.points["status"]} == {"standby"}
    assert len(calls_to(sim, "gmax/history")) == 2
    assert writes(sim) == []


@pytest.mark.parametrize(
    ("parse", "answers"),
    [
        pytest.param(
            EmsEntry.parse,
            objects("emsSN", "emsID", "plantID", "productType"),
            id="ems",
        ),
        pytest.param(
            GmaxEntry.parse, objects("sn", "plantID", "communication"), id="gmax"
        ),
        pytest.param(GmaxPlan.parse, objects("peakEnable", "datas"), id="plan"),
        pytest.param(
            lambda data: parse_moments(data, "G"),
            st.one_of(JSON, st.lists(objects("datas"), max_size=2)),
            id="history",
        ),
        *(
            pytest.param(
                group.parse,
                st.one_of(
                    JSON,
                    st.fixed_dictionaries(
                        {name: objects("value", "range") for name in group.names}
                    ),
                ),
                id=group.__name__,
            )
            for group in (PowerLimits, Generator)
        ),
    ],
)
@given(data=st.data())
def test_any_answer(parse: Any, answers: Any, data: st.DataObject) -> None:
    """Whatever comes, it is understood or said to be unreadable."""
    with suppress(TransientError):
        assert parse(data.draw(answers)) is not None


@given(objects("soc", "soh", "status", "chargingpower", "dischargingpower"))
def test_any_moment(data: Any) -> None:
    """Whatever a moment holds, its readings are sound."""
    raw = dict(data) if isinstance(data, dict) else {}
    values = gmax_values(raw)
    assert values.keys() <= KEYS
    assert 0 <= float(values.get("battery_soc", 0)) <= 100  # type: ignore[arg-type]

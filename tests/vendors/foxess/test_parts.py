"""Batteries, loggers, meters and heat pumps as the cloud tells of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from custom_components.home_battery.battery.model import Device, Inventory, Role
from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    TransientError,
)
from custom_components.home_battery.vendors.foxess.models import DeviceDetail
from custom_components.home_battery.vendors.foxess.models_parts import (
    PartEntry,
    meter_settings,
)
from custom_components.home_battery.vendors.foxess.parts import batteries
from custom_components.home_battery.vendors.naming import distinct
from custom_components.home_battery.vendors.vendor import IDENTITY
from simulator import Simulation
from tests.conftest import Simulate, TickingClock

from .conftest import MakeAccount, break_calls, calls_to
from .systems import discovered, fetch

INVERTER = Device(kind="inverter", id="SN", role=Role.SYSTEM, name="KH8", serial="SN")
LISTED = ("module", "meter", "heat_pump")
HOUR = 3600
LISTS = ("*/module/list", "*/gw/list", "*/heat/list")


def of_kind(inventory: Inventory, *kinds: str) -> list[Device]:
    """Return the devices of some kinds."""
    return [device for device in inventory.devices.values() if device.kind in kinds]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param(
            [
                {"batterySN": "C", "type": "bcu", "model": "EP11", "version": "1.005"},
                {"batterySN": "P", "type": "bmu", "model": "EP11", "capacity": 10360},
                {"batterySN": "V", "type": "ivu", "version": "0.00"},
            ],
            [
                ("C", "Fox ESS EP11 controller", "1.005", None),
                ("P", "Fox ESS EP11", None, 10.36),
            ],
            id="controller and pack, but not the inverter's side",
        ),
        pytest.param(
            [
                {"batterySN": "--", "type": "bmu", "capacity": 5000},
                {"batterySN": "", "type": "bmu"},
                {"type": "bmu"},
                {"batterySN": None},
                {"batterySN": "SN", "type": "bmu"},
                None,
            ],
            [],
            id="no serial of its own",
        ),
        pytest.param(
            [
                {"batterySN": "A", "type": "bcu", "model": "X", "version": "--"},
                {"batterySN": "A", "type": "bmu", "model": "Y", "capicty": "5200"},
                {"batterySN": 7, "type": "bmu", "model": "--"},
            ],
            [
                ("A", "Fox ESS X controller", None, 5.2),
                ("7", "Fox ESS battery", None, None),
            ],
            id="one serial for both",
        ),
    ],
)
def test_batteries(listed: list[Any], expected: list[tuple[Any, ...]]) -> None:
    """What has a serial number of its own is a device below its inverter."""
    units = DeviceDetail.parse({"batteryList": listed}).batteries
    assert units is not None
    devices = batteries(INVERTER, units)
    assert [
        (device.id, device.name, device.sw_version, device.capacity)
        for device in devices
    ] == expected
    assert {device.parent for device in devices} <= {"inverter_SN"}


def test_names_stay_distinct() -> None:
    """Equals carry the serial's end as long as they are equals, and only once."""
    pair = [
        Device(kind="battery", id=serial, role=Role.PART, name="EP11", serial=serial)
        for serial in ("A0001", "A0002")
    ]
    named = distinct(pair)
    assert [device.name for device in named] == ["EP11 0001", "EP11 0002"]
    assert distinct(named) == named
    assert distinct(named[:1]) == pair[:1]


@pytest.mark.parametrize(
    ("data", "version", "values"),
    [
        (
            {"status": 1, "signal": 76, "softVersion": "--", "webVersion": "1.27"},
            "1.27",
            {"online": True, "signal": 76},
        ),
        (
            {"status": "2", "signal": "0", "softVersion": "2.1", "webVersion": "1.27"},
            "2.1",
            {"online": False, "signal": 0},
        ),
        ({"status": 3, "signal": 101, "softVersion": ""}, None, {}),
        ({"signal": -60, "status": None}, None, {}),
    ],
)
def test_logger(
    data: dict[str, Any], version: str | None, values: Mapping[str, Any]
) -> None:
    """What is no percentage and no known state is left out."""
    entry = PartEntry.logger({"moduleSN": "M", "stationID": "S", **data})
    assert (entry.serial, entry.station, entry.version) == ("M", "S", version)
    assert entry.values == values


@pytest.mark.parametrize(
    ("status", "values"),
    [
        (1, {"online": True, "problem": False}),
        ("2", {"online": True, "problem": True}),
        (3, {"online": False}),
        (4, {}),
        (None, {}),
    ],
)
def test_states(status: object, values: Mapping[str, Any]) -> None:
    """Meters and heat pumps have the same states; offline nobody knows of problems."""
    assert PartEntry.meter({"sn": "G", "status": status}).values == values
    pump = PartEntry.heat_pump({"heatSN": "H", "runningStatus": status})
    assert pump.values == values


@pytest.mark.parametrize(
    ("status", "values"),
    [
        ("pending", {"registration": "pending"}),
        ("Approved", {"registration": "approved"}),
        ("revoked", {"registration": "revoked"}),
        ("lost", {}),
        (None, {}),
    ],
)
def test_registration(status: object, values: Mapping[str, Any]) -> None:
    """A word that nobody knows is none."""
    pump = PartEntry.heat_pump({"heatSN": "H", "registerStatus": status})
    assert pump.values == values


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ({}, {}),
        ({"mode": {"value": "G100"}}, {"meter_mode": "G100"}),
        ({"feedinPower": {"value": "3.68", "unit": "kW"}}, {"feed_in_limit": 3680}),
        ({"feedinPower": {"value": 70, "unit": "%"}}, {}),
        ({"feedinPower": {"value": "70"}}, {}),
        ({"outputMaxCurrent": {"value": "--", "unit": "A"}}, {}),
        ({"inputMaxCurrent": {"value": 32, "unit": "A"}}, {"input_current_limit": 32}),
        ({"deviceQuantity": {"value": "2", "unit": ""}}, {"device_quantity": 2}),
        ({"overVoltageMaxValue": None, "mode": "normal"}, {}),
    ],
)
def test_meter_settings(data: dict[str, Any], values: dict[str, Any]) -> None:
    """Numbers are in the unit that the answer names, or not at all."""
    assert meter_settings(data) == values


@pytest.mark.parametrize(
    ("kind", "value"), [("errno", 41200), ("nulls", "batteryList")]
)
async def test_batteries_stay(
    simulate: Simulate, make_account: MakeAccount, kind: str, value: Any
) -> None:
    """A detail that fails, or lacks the list, takes no battery away."""
    sim = await simulate("H3-V1")
    known = Inventory()
    account = make_account(sim, inventory=lambda: known)
    known = await discovered(account)
    assert len(of_kind(known, "battery")) == 3
    break_calls(sim, kind, path="*/device/detail", value=value)
    result = await fetch(account, IDENTITY, known.with_role(Role.SYSTEM))
    assert of_kind(result.inventory, "battery") == of_kind(known, "battery")


async def test_battery_that_was_taken_out(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """An inverter that says that it has no battery any more has none."""
    known = Inventory()
    account = make_account(sim, inventory=lambda: known)
    known = await discovered(account)
    (inverter,) = sim.foxess.inverters
    inverter.profile = replace(inverter.profile, packs=())
    result = await fetch(account, IDENTITY, known.with_role(Role.SYSTEM))
    assert of_kind(result.inventory, "battery") == []


async def test_logger_of_several_inverters(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """A logger that inverters share stands below their station."""
    sim = await simulate("KH8+EVO")
    first, second = sim.foxess.inverters
    second.module_serial = first.module_serial
    (logger,) = of_kind(await discovered(make_account(sim)), "module")
    assert logger.parent == f"station_{first.station_id}"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", [IDENTITY, "parts"])
@pytest.mark.parametrize(
    ("code", "kind"), [(41808, AuthenticationError), (40402, LimitError)]
)
async def test_lists_stop(
    simulate: Simulate,
    make_account: MakeAccount,
    clock: TickingClock,
    path: str,
    name: str,
    code: int,
    kind: type[ApiError],
) -> None:
    """Without credentials or calls there is no sense in asking on."""
    sim = await simulate("KH8+METER+HEATPUMP")
    account = make_account(sim)
    parts = of_kind(await discovered(account), *LISTED)
    await clock.sleep(HOUR)
    break_calls(sim, "errno", path=path, value=code)
    with pytest.raises(kind):
        await fetch(account, name, parts)


async def test_refused_list_is_tried_again(
    sim: Simulation, make_account: MakeAccount, clock: TickingClock
) -> None:
    """What was refused once is asked for again with the next look at the account."""
    account = make_account(sim)
    loggers = of_kind(await discovered(account), "module")
    await clock.sleep(HOUR)
    break_calls(sim, "errno", path="*/module/list", value=42015, count=1)
    sim.foxess.calls.clear()
    for _ in range(3):
        result = await fetch(account, "parts", loggers)
        assert (result.records, result.failed) == ({}, {})
    assert len(calls_to(sim, "module/list")) == 1
    await discovered(account)
    result = await fetch(account, "parts", loggers)
    assert set(result.records) == {loggers[0].key}


async def test_what_was_just_listed_is_not_asked_for(
    sim: Simulation, make_account: MakeAccount, clock: TickingClock
) -> None:
    """One answer serves both who wants to know what is there, and how it is."""
    account = make_account(sim)
    loggers = of_kind(await discovered(account), "module")
    for calls in (1, 2):
        result = await fetch(account, "parts", loggers)
        assert result.records[loggers[0].key].values["online"] is True
        assert len(calls_to(sim, "module/list")) == calls
        await clock.sleep(HOUR)


async def test_one_list_fails(
    simulate: Simulate, make_account: MakeAccount, clock: TickingClock
) -> None:
    """A list that fails says so of its own parts only."""
    sim = await simulate("KH8+METER+HEATPUMP")
    account = make_account(sim)
    parts = of_kind(await discovered(account), *LISTED)
    await clock.sleep(HOUR)
    break_calls(sim, "errno", path="*/gw/list", value=41203)
    result = await fetch(account, "parts", parts)
    assert {key.split("_")[0] for key in result.failed} == {"meter"}
    assert {key.split("_")[0] for key in result.records} == {"module", "heat"}
    assert {type(error) for error in result.failed.values()} == {TransientError}


@pytest.mark.parametrize(
    ("code", "failed"), [(40257, 0), (41811, 0), (42015, 0), (44096, 0), (41203, 1)]
)
async def test_meter_without_settings(
    simulate: Simulate, make_account: MakeAccount, code: int, failed: int
) -> None:
    """A meter that tells no settings is no error, one that does not answer is."""
    sim = await simulate("KH8+METER")
    account = make_account(sim)
    meters = of_kind(await discovered(account), "meter")
    break_calls(sim, "errno", path="*/gw/setting/get", value=code)
    result = await fetch(account, "meter_settings", meters)
    assert (result.records, len(result.failed)) == ({}, failed)

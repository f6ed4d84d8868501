"""EMS: found, read as totals, and steered by two groups of settings."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.home_battery.battery.change import ControlChange, ScheduleChange
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.history import HistoryRequest, Resolution
from custom_components.home_battery.battery.model import Device, Role
from custom_components.home_battery.battery.schedule import Schedule
from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    QuotaError,
    TransientError,
)
from custom_components.home_battery.vendors.foxess.account import FoxEssAccount
from custom_components.home_battery.vendors.foxess.ems import (
    DOCUMENTED,
    VARIABLES,
    ems_record,
)
from custom_components.home_battery.vendors.foxess.ems_settings import Generator
from custom_components.home_battery.vendors.foxess.models import RealTime
from custom_components.home_battery.vendors.vendor import READINGS
from simulator import Simulation
from tests.conftest import START, Simulate

from .conftest import MakeAccount, break_calls, calls_to, writes
from .systems import bring, discovered, fetch

REAL = "*/ems/real/query"
LIMITS = {
    "powerLimitEnable": "disable",
    "gridExportLimit": "30000",
    "gridImportLimit": "100000",
    "gridExportLimitForPeakShaving": "30000",
    "batterySocLimitForPeakShaving": "50",
    "acOutputExportLimit": "100000",
}
GENERATOR = {
    "genEnable": "disable",
    "startSoc": "20",
    "stopSoc": "80",
    "genCharge": "5000",
    "judgeTime": "10",
    "minimumResetTime": "60",
    "meterCompensation": "0",
}


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return the simulation of an EMS with its two inverters."""
    return await simulate("EMS")


async def ems_of(account: FoxEssAccount) -> Device:
    """Return the EMS of an account."""
    devices = (await discovered(account)).devices.values()
    return next(device for device in devices if device.kind == "ems")


def asked(sim: Simulation) -> list[Any]:
    """Return which variables were asked for."""
    return [call.body["variables"] for call in calls_to(sim, "ems/real")]  # type: ignore[index,call-overload]


async def test_discovery(sim: Simulation, make_account: MakeAccount) -> None:
    """An EMS is a system of its station, beside its inverters, that tells totals."""
    (ems,) = sim.foxess.ems
    assert await ems_of(make_account(sim)) == Device(
        kind="ems",
        id=ems.serial,
        role=Role.SYSTEM,
        name="Fox ESS EMS",
        model="EMS",
        serial=ems.serial,
        parent=f"station_{ems.station_id}",
        time_zone="Europe/Berlin",
        totals=True,
        vendor_id=ems.ems_id,
    )


async def test_several(simulate: Simulate, make_account: MakeAccount) -> None:
    """Of several, each carries the end of its serial number; one call reads them all."""
    sim = await simulate("EMS", "EMS")
    account = make_account(sim)
    devices = [
        device
        for device in (await discovered(account)).devices.values()
        if device.kind == "ems"
    ]
    assert {device.name for device in devices} == {
        f"Fox ESS EMS {device.id[-4:]}" for device in devices
    }
    sim.foxess.calls.clear()
    result = await fetch(account, READINGS, devices)
    assert set(result.records) == {device.key for device in devices}
    assert len(sim.foxess.calls) == 1


async def test_readings(sim: Simulation, make_account: MakeAccount) -> None:
    """Texts in kW become W, with the signs that all readings have."""
    account = make_account(sim)
    record = (await fetch(account, READINGS, [await ems_of(account)])).records.popitem()
    (ems,) = sim.foxess.ems
    told = ems.records[-1]
    values = {name: value * 1000 for name, value in told.values.items()}
    assert record[1].time == told.at.replace(microsecond=0)
    assert record[1].values == {
        "last_data": told.at.replace(microsecond=0),
        "pv_power": pytest.approx(values["totalPVPower"]),
        "load_power": pytest.approx(values["totalLoadsPower"]),
        "battery_power": pytest.approx(values["totalInvBatPower"]),
        "battery_soc": pytest.approx(told.values["SoC"], abs=0.05),
        "grid_power": pytest.approx(
            values["totalGridConsumptionPower"] - values["totalFeedinPower"]
        ),
    }
    assert asked(sim) == [list(VARIABLES)]


async def test_undocumented_totals_refused(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """Where the wider list is refused, the documented one is asked for, and that is remembered."""
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = await ems_of(account)
    break_calls(sim, "errno", path=REAL, value=40257, count=1)
    for _ in range(2):
        values = (await fetch(account, READINGS, [device])).records[device.key].values
        assert values.keys() == {"last_data", "load_power", "feed_in_power"}
        assert values["feed_in_power"] >= 0
    assert asked(sim) == [list(VARIABLES), list(DOCUMENTED), list(DOCUMENTED)]
    sim.foxess.calls.clear()
    await fetch(make_account(sim, memory=memory), READINGS, [device])
    assert asked(sim) == [list(DOCUMENTED)]
    assert account.history_keys(device, Resolution.RECORDS) == {"load_power"}


async def test_undocumented_totals_fail(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """41200 means a lack only when it comes again and again; until then little is told."""
    account = make_account(sim)
    device = await ems_of(account)
    for _ in range(3):
        break_calls(sim, "errno", path=REAL, value=41200, count=1)
        values = (await fetch(account, READINGS, [device])).records[device.key].values
        assert "load_power" in values
        assert "pv_power" not in values
    sim.foxess.calls.clear()
    await fetch(account, READINGS, [device])
    assert asked(sim) == [list(DOCUMENTED)]


async def test_a_hiccup_is_no_lack(sim: Simulation, make_account: MakeAccount) -> None:
    """What answers in between is asked for again, however often it fails in all."""
    account = make_account(sim)
    device = await ems_of(account)
    for _ in range(4):
        break_calls(sim, "errno", path=REAL, value=41200, count=1)
        await fetch(account, READINGS, [device])
        values = (await fetch(account, READINGS, [device])).records[device.key].values
        assert "pv_power" in values


@pytest.mark.parametrize("code", [41203, 41930, 40400])
async def test_ems_fails_alone(
    sim: Simulation, make_account: MakeAccount, code: int
) -> None:
    """Without the EMS the inverters tell theirs, and the other way round."""
    account = make_account(sim)
    systems = (await discovered(account)).with_role(Role.SYSTEM)
    inverters = {one.key for one in systems if one.kind == "inverter"}
    break_calls(sim, "errno", path=REAL, value=code)
    result = await fetch(account, READINGS, systems)
    assert set(result.records) == inverters
    assert {key.partition("_")[0] for key in result.failed} == {"ems"}
    sim.faults.clear()
    break_calls(sim, "errno", path="*/device/real/query", value=code)
    result = await fetch(account, READINGS, systems)
    assert set(result.failed) == inverters
    assert {key.partition("_")[0] for key in result.records} == {"ems"}


@pytest.mark.parametrize(
    ("code", "path", "kind"),
    [
        (41203, "*", TransientError),
        (41808, REAL, AuthenticationError),
        (40402, REAL, QuotaError),
    ],
)
async def test_nothing_comes(
    sim: Simulation,
    make_account: MakeAccount,
    code: int,
    path: str,
    kind: type[ApiError],
) -> None:
    """When all fails, or credentials or calls are gone, the whole round has failed."""
    account = make_account(sim)
    systems = (await discovered(account)).with_role(Role.SYSTEM)
    break_calls(sim, "errno", path=path, value=code)
    with pytest.raises(kind):
        await fetch(account, READINGS, systems)


async def test_settings(sim: Simulation, make_account: MakeAccount) -> None:
    """Power limits and generator are controls, read by the serial number, in ranges of the device."""
    account = make_account(sim)
    device = await ems_of(account)
    sim.foxess.calls.clear()
    record = await account.read(device)
    assert {key: one.value for key, one in record.controls.items()} == {
        "power_limits": False,
        "export_limit": 30000,
        "import_limit": 100000,
        "peak_shaving_export_limit": 30000,
        "peak_shaving_soc": 50,
        "output_limit": 100000,
        "generator": False,
        "generator_start_soc": 20,
        "generator_stop_soc": 80,
        "generator_charge_power": 5000,
    }
    assert record.schedule is None
    assert len(sim.foxess.calls) == 2
    assert (await account.read(device, known=record)).controls == record.controls
    assert len(sim.foxess.calls) == 2


@pytest.mark.parametrize(
    ("values", "path", "body"),
    [
        (
            {
                "power_limits": True,
                "export_limit": 4000,
                "import_limit": 9000,
                "output_limit": 20000,
            },
            "powerLimit/set",
            LIMITS
            | {
                "powerLimitEnable": "enable",
                "gridExportLimit": "4000",
                "gridImportLimit": "9000",
                "acOutputExportLimit": "20000",
            },
        ),
        (
            {"peak_shaving_soc": 40, "peak_shaving_export_limit": 0},
            "powerLimit/set",
            LIMITS
            | {
                "gridExportLimitForPeakShaving": "0",
                "batterySocLimitForPeakShaving": "40",
            },
        ),
        (
            {"generator": True, "generator_start_soc": 15},
            "gen/set",
            GENERATOR | {"genEnable": "enable", "startSoc": "15"},
        ),
    ],
)
async def test_written_whole(
    sim: Simulation,
    make_account: MakeAccount,
    values: dict[str, Any],
    path: str,
    body: dict[str, str],
) -> None:
    """A group goes out whole and as texts, and no other group with it."""
    account = make_account(sim)
    device = await ems_of(account)
    await bring(account, device, ControlChange(values))
    (call,) = writes(sim)
    assert call.path.endswith(path)
    assert call.body == {"sn": device.id, **body}


async def test_permitted_export(sim: Simulation, make_account: MakeAccount) -> None:
    """With a permitted export no higher limit goes out, nor are the limits taken away."""
    account = make_account(sim, permitted_export=7000)
    device = await ems_of(account)
    await bring(account, device, ControlChange({"power_limits": True}))
    held = sim.foxess.ems[0].settings["powerLimit"]
    assert held == LIMITS | {
        "powerLimitEnable": "enable",
        "gridExportLimit": "7000",
        "gridExportLimitForPeakShaving": "7000",
    }
    with pytest.raises(ChangeError) as raised:
        await bring(account, device, ControlChange({"power_limits": False}))
    assert raised.value.problem is Problem.EXPORT_LIMIT_NEEDED
    assert held["powerLimitEnable"] == "enable"


NAMES = GENERATOR.keys() - {"meterCompensation"}


@pytest.mark.parametrize("told", [{}, {"meterCompensation": None}])
def test_generator_without_a_compensation(told: dict[str, None]) -> None:
    """What a device may lack is not invented for it."""
    answer = {name: {"value": GENERATOR[name]} for name in NAMES}
    assert Generator.parse(answer | told).as_wire() == {
        name: GENERATOR[name] for name in NAMES
    }


@pytest.mark.parametrize("name", sorted(NAMES))
def test_generator_is_not_invented(name: str) -> None:
    """Without one of its parts, a group could not be written back."""
    answer = {key: {"value": value} for key, value in GENERATOR.items() if key != name}
    with pytest.raises(TransientError):
        Generator.parse(answer)


async def test_no_schedule(sim: Simulation, make_account: MakeAccount) -> None:
    """An EMS has no schedule, and none is sent to it."""
    account = make_account(sim)
    device = await ems_of(account)
    before = await account.read(device)
    with pytest.raises(ChangeError) as raised:
        await account.write(device, ScheduleChange(Schedule(enabled=False)), before)
    assert raised.value.problem is Problem.NO_SCHEDULE
    assert writes(sim) == []


async def test_history(sim: Simulation, make_account: MakeAccount) -> None:
    """The past is told as it was, in windows of a day."""
    account = make_account(sim)
    device = await ems_of(account)
    keys = account.history_keys(device, Resolution.RECORDS)
    assert keys == {
        "pv_power",
        "load_power",
        "grid_power",
        "battery_power",
        "battery_soc",
    }
    assert account.history_keys(device, Resolution.HOUR) == frozenset()
    request = HistoryRequest(
        start=START - timedelta(hours=26),
        end=START,
        resolution=Resolution.RECORDS,
        keys=frozenset({"grid_power", "battery_soc"}),
        time_zone=ZoneInfo("Europe/Berlin"),
    )
    assert account.history_calls(device, request) == 2
    history = await account.history(device, request)
    told = {
        record.at.replace(microsecond=0): record.values
        for record in sim.foxess.ems[0].records
        if request.start <= record.at.replace(microsecond=0) < request.end
    }
    assert history.points.keys() == request.keys
    assert {
        one.start.astimezone(UTC): one.value for one in history.points["grid_power"]
    } == {
        at: pytest.approx(
            (values["totalGridConsumptionPower"] - values["totalFeedinPower"]) * 1000
        )
        for at, values in told.items()
    }
    assert [call.body["variables"] for call in calls_to(sim, "ems/history")] == [  # type: ignore[index,call-overload]
        ["totalFeedinPower", "totalGridConsumptionPower", "SoC"]
    ] * 2


def test_one_direction_is_no_grid_power() -> None:
    """What is fed in says nothing of what is drawn, and is told by itself."""
    record = ems_record(
        RealTime(
            serial="E",
            time=datetime(2026, 6, 15, tzinfo=UTC),
            values={"totalfeedinpower": "1.5", "newtotal": "7"},
        )
    )
    assert record.values == {
        "feed_in_power": 1500,
        "foxess_newtotal": 7,
        "last_data": datetime(2026, 6, 15, tzinfo=UTC),
    }

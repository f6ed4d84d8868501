"""The account against the simulated cloud: discovery, feeds, settings and writes."""

from datetime import time
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.battery.change import ControlChange, ScheduleChange
from custom_components.home_battery.battery.control import ChoiceControl, NumberControl
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.model import Device, Inventory, Record, Role
from custom_components.home_battery.battery.schedule import Period, Schedule, normalize
from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    TransientError,
    WatchOnlyError,
)
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.foxess.account import FoxEssAccount
from custom_components.home_battery.vendors.vendor import IDENTITY, READINGS, SETTINGS
from simulator import Simulation
from tests.conftest import Simulate

from .conftest import MakeAccount, break_calls, calls_to, writes

# Profile, and the version of the scheduler's API that it answers.
SYSTEMS = [("KH8", 3), ("KH10-V2", 2), ("H3-V1", 1), ("H1-V0", 0), ("EVO", 3)]
LACKING = {
    "KH8": [],
    "KH10-V2": ["scheduler_v3"],
    "H3-V1": ["scheduler_v3", "scheduler_v2"],
    "H1-V0": ["scheduler_v3", "scheduler_v2", "scheduler_v1", "max_soc"],
    "EVO": ["work_mode"],
}
NIGHT = Period(
    start=time(22), end=time(6), mode="force_charge", power=2500, target_soc=80
)
DAY = Period(start=time(6), end=time(22), mode="self_consumption", min_soc=20)


async def discovered(account: FoxEssAccount) -> Inventory:
    """Return the inventory with nameplates."""
    inventory = await fetch(account, IDENTITY, [])
    assert inventory.inventory is not None
    return inventory.inventory


async def fetch(account: FoxEssAccount, name: str, devices: list[Device]) -> Any:
    """Fetch one feed."""
    return await next(f for f in account.feeds if f.name == name).fetch(devices)


async def system_of(account: FoxEssAccount) -> Device:
    """Return the first system."""
    return (await discovered(account)).with_role(Role.SYSTEM)[0]


async def bring(account: FoxEssAccount, device: Device, change: Any) -> Record:
    """Bring a change as the integration does, and return what the device holds then."""
    before = await account.read(device)
    change = change.completed(before)
    change.check(before)
    await account.write(device, change, before)
    after = await account.read(device)
    assert change.held_by(after)
    return after


async def test_discovery(simulate: Simulate, make_account: MakeAccount) -> None:
    """Stations are houses, inverters systems or producers, in three calls."""
    sim = await simulate("KH8+PV", "EVO")
    inventory = await make_account(sim).discover()
    assert sorted(
        (device.kind, device.role, device.name, device.time_zone)
        for device in inventory.devices.values()
    ) == sorted(
        [
            *[("station", Role.HOUSE, f"House {n}", "Europe/Berlin") for n in (1, 2)],
            ("inverter", Role.SYSTEM, "Fox ESS EVO 10-5-H", "Europe/Berlin"),
            ("inverter", Role.SYSTEM, "Fox ESS KH8", "Europe/Berlin"),
            ("inverter", Role.PRODUCER, "Fox ESS S3000-G2", "Europe/Berlin"),
        ]
    )
    parents = {device.id: device.parent for device in inventory.devices.values()}
    for inverter in sim.foxess.inverters:
        assert parents[inverter.serial] == f"station_{inverter.station_id}"
    assert len(sim.foxess.calls) == 3


async def test_equal_models_are_told_apart(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """Two of a kind carry the end of their serial."""
    inventory = await make_account(await simulate("KH8", "KH8")).discover()
    assert {device.name for device in inventory.with_role(Role.SYSTEM)} == {
        "Fox ESS KH8 0001",
        "Fox ESS KH8 0002",
    }


async def test_budget(
    sim: Simulation, make_account: MakeAccount, limiter: Limiter
) -> None:
    """Discovery takes over the day's calls, others' included."""
    sim.foxess.spend(500)
    await make_account(sim).discover()
    assert limiter.daily_calls == 1440
    assert limiter.calls_left == 1440 - 500 - 3
    assert limiter.reserved_calls == 216


async def test_nameplates(simulate: Simulate, make_account: MakeAccount) -> None:
    """The identity feed tells ratings; where a detail fails, what was known stays."""
    sim = await simulate("H3-V1")
    account = make_account(sim)
    device = await system_of(account)
    assert (device.rated_power, device.capacity) == (10000, 23.04)
    assert (device.sw_version, device.hw_version) == ("1.28", None)
    break_calls(sim, "errno", path="*/device/detail", value=41200)
    result = await fetch(account, IDENTITY, [device])
    assert result.inventory.devices[device.key] == device


async def test_identity_without_credentials(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """Refused credentials are not taken for a device that fails."""
    break_calls(sim, "errno", path="*/device/detail", value=41808)
    with pytest.raises(AuthenticationError):
        await discovered(make_account(sim))


@pytest.mark.parametrize(("model", "version"), SYSTEMS)
async def test_what_a_device_has_is_learned_once(
    simulate: Simulate, make_account: MakeAccount, model: str, version: int
) -> None:
    """The scheduler's version and what is lacking are remembered, over restarts too."""
    sim = await simulate(model)
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = await system_of(account)
    first = await account.read(device)
    assert memory[device.key]["scheduler_version"] == version
    assert memory[device.key]["lacking"] == LACKING[model]
    assert first.schedule is not None
    sim.foxess.calls.clear()
    again = await make_account(sim, memory=memory).read(device)
    assert {call.errno for call in sim.foxess.calls} == {0}
    assert again == first


async def test_producer_is_asked_for_no_settings(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """An inverter without a battery has records, and no settings feed."""
    sim = await simulate("PV")
    account = make_account(sim)
    (device,) = (await discovered(account)).with_role(Role.PRODUCER)
    settings = next(feed for feed in account.feeds if feed.name == SETTINGS)
    assert device.role not in settings.roles
    result = await fetch(account, READINGS, [device])
    assert result.records[device.key].values["pv_power"] > 0


async def test_batches(simulate: Simulate, make_account: MakeAccount) -> None:
    """Records come in as few calls as the batch allows; a missing one is left out."""
    sim = await simulate("KH8", devices=5)
    account = make_account(sim)
    inventory = await account.discover()
    devices = inventory.with_role(Role.SYSTEM)
    break_calls(sim, "missing_device", value=devices[0].id)
    with patch(f"{FoxEssAccount.__module__}.MAX_BATCH", 2):
        result = await fetch(account, READINGS, devices)
    assert set(result.records) == {device.key for device in devices[1:]}
    assert len(calls_to(sim, "real/query")) == 3


async def test_one_device_fails(simulate: Simulate, make_account: MakeAccount) -> None:
    """A device that does not answer takes only itself down."""
    sim = await simulate("KH8", "EVO")
    account = make_account(sim)
    devices = (await discovered(account)).with_role(Role.SYSTEM)
    break_calls(sim, "missing_device", value=devices[0].id)
    result = await fetch(account, SETTINGS, devices)
    assert set(result.failed) == {devices[0].key}
    assert set(result.records) == {devices[1].key}


@pytest.mark.parametrize(
    ("code", "kind"), [(41808, AuthenticationError), (40402, LimitError)]
)
async def test_settings_feed_stops(
    sim: Simulation, make_account: MakeAccount, code: int, kind: type[ApiError]
) -> None:
    """Without credentials or calls there is no sense in asking on."""
    account = make_account(sim)
    device = await system_of(account)
    break_calls(sim, "errno", value=code)
    with pytest.raises(kind):
        await fetch(account, SETTINGS, [device])


async def test_partial_settings(sim: Simulation, make_account: MakeAccount) -> None:
    """What cannot be read now stays out, and comes back."""
    account = make_account(sim)
    device = await system_of(account)
    break_calls(sim, "errno", path="*/soc/get", value=41203, count=1)
    assert set((await account.read(device)).controls) == {"max_soc", "operating_mode"}
    assert "min_soc" in (await account.read(device)).controls


async def test_nothing_of_the_settings(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """When nothing but the scheduler answers, reading has failed."""
    account = make_account(sim)
    device = await system_of(account)
    for path in ("*/soc/get", "*/setting/get"):
        break_calls(sim, "errno", path=path, value=41203)
    with pytest.raises(TransientError):
        await account.read(device)


@pytest.mark.xfail(
    strict=True, reason="41200 is counted also while nothing else succeeds"
)
async def test_an_outage_teaches_nothing(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """41200 from everything is the cloud's fault, however often it comes."""
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = (await account.discover()).with_role(Role.SYSTEM)[0]
    break_calls(sim, "errno", value=41200)
    for _ in range(15):
        with pytest.raises(ApiError):
            await account.read(device)
    sim.faults.clear()
    record = await account.read(device)
    assert record.schedule is not None
    assert memory[device.key]["scheduler_version"] == 3


async def test_lasting_41200_is_a_lack(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """What fails again and again while the rest answers is not there."""
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = await system_of(account)
    break_calls(sim, "errno", path="*/soc/get", value=41200)
    for _ in range(3):
        assert "min_soc" not in (await account.read(device)).controls
    assert memory[device.key]["lacking"] == ["soc_limits"]
    sim.foxess.calls.clear()
    await account.read(device)
    assert calls_to(sim, "soc/get") == []


@pytest.mark.parametrize("model", ["KH8", "KH10-V2", "H3-V1"])
async def test_controls_without_the_scheduler(
    simulate: Simulate, make_account: MakeAccount, model: str
) -> None:
    """With the scheduler off, limits and mode are settings of their own."""
    sim = await simulate(model)
    account = make_account(sim)
    device = await system_of(account)
    change = ControlChange(
        {
            "min_soc": 15,
            "min_soc_on_grid": 25,
            "max_soc": 90,
            "operating_mode": "feed_in_first",
        }
    )
    await bring(account, device, change)
    settings = sim.foxess.inverters[0].settings
    assert {
        key: settings[key] for key in ("MinSoc", "MinSocOnGrid", "MaxSoc", "WorkMode")
    } == {"MinSoc": "15", "MinSocOnGrid": "25", "MaxSoc": "90", "WorkMode": "Feedin"}


async def test_only_what_changes_is_sent(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """What is held already is not sent again; one of two limits takes the other along."""
    account = make_account(sim)
    device = await system_of(account)
    await bring(account, device, ControlChange({"min_soc_on_grid": 25, "max_soc": 100}))
    assert [call.body for call in writes(sim)] == [
        {"sn": device.id, "minSoc": 10, "minSocOnGrid": 25}
    ]


@pytest.mark.parametrize(("model", "version"), SYSTEMS)
async def test_schedule(
    simulate: Simulate, make_account: MakeAccount, model: str, version: int
) -> None:
    """A schedule is written in the device's version, and the switch put where it shall be."""
    sim = await simulate(model)
    account, inverter = make_account(sim), sim.foxess.inverters[0]
    device = await system_of(account)
    on = Schedule(enabled=True, periods=(NIGHT, DAY))
    after = await bring(account, device, ScheduleChange(on))
    assert inverter.scheduler.enabled
    assert [
        (one.start, one.end, one.work_mode) for one in inverter.scheduler.groups
    ] == [(0, 359, "ForceCharge"), (360, 1319, "SelfUse"), (1320, 1439, "ForceCharge")]
    assert inverter.scheduler.groups[0].params["fdPwr"] == 2500
    assert writes(sim)[0].path == f"/op/v{version}/device/scheduler/enable"
    assert after.schedule is not None
    assert normalize(after.schedule.schedule) == after.schedule.schedule
    sim.foxess.calls.clear()
    await bring(
        account, device, ScheduleChange(Schedule(enabled=False, periods=(NIGHT, DAY)))
    )
    assert not inverter.scheduler.enabled
    assert {call.path.rpartition("/")[2] for call in writes(sim)} == {"flag"}
    await bring(account, device, ScheduleChange(Schedule(enabled=False)))
    assert inverter.scheduler.groups == []


@pytest.mark.parametrize(("model", "_version"), SYSTEMS)
async def test_schedule_is_held_at_any_hour(
    simulate: Simulate,
    make_account: MakeAccount,
    freezer: FrozenDateTimeFactory,
    model: str,
    _version: int,
) -> None:
    """A group whose time has passed today still belongs to the schedule."""
    sim = await simulate(model)
    account = make_account(sim)
    device = await system_of(account)
    await bring(
        account, device, ScheduleChange(Schedule(enabled=True, periods=(NIGHT, DAY)))
    )
    shown = (await account.read(device)).schedule
    for hour in ("2026-06-15 21:30:00", "2026-06-16 00:30:00", "2026-06-16 12:00:00"):
        freezer.move_to(hour)
        assert (await account.read(device)).schedule == shown


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        ("KH8", ["min_soc_on_grid", "max_soc"]),
        ("H3-V1", ["min_soc_on_grid", "max_soc"]),
        ("H1-V0", ["min_soc_on_grid"]),
        ("EVO", ["min_soc_on_grid", "max_soc"]),
    ],
)
async def test_soc_limits_within_the_schedule(
    simulate: Simulate, make_account: MakeAccount, model: str, keys: list[str]
) -> None:
    """With the scheduler on, limits go into its groups, and the rest is blocked."""
    sim = await simulate(model)
    account, inverter = make_account(sim), sim.foxess.inverters[0]
    device = await system_of(account)
    await bring(
        account, device, ScheduleChange(Schedule(enabled=True, periods=(NIGHT, DAY)))
    )
    before = dict(inverter.settings)
    limits = {"min_soc_on_grid": 35.0, "max_soc": 95.0}
    # The groups differ in their floor, so none is told until they agree.
    control = (await account.read(device)).controls["min_soc_on_grid"]
    assert control.value is None
    after = await bring(
        account, device, ControlChange({key: limits[key] for key in keys})
    )
    assert {one.params["minSocOnGrid"] for one in inverter.scheduler.groups} == {35}
    assert inverter.settings == before
    assert inverter.scheduler.enabled
    blocked = [key for key, one in after.controls.items() if one.blocked is not None]
    assert set(blocked) == set(after.controls) - set(keys)
    with pytest.raises(ChangeError) as caught:
        ControlChange({"min_soc": 20}).check(after)
    assert caught.value.problem is Problem.BLOCKED_BY_SCHEDULE


async def test_scheduler_without_groups_blocks_the_limits(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """A scheduler that is on without groups has no place for a limit."""
    sim.foxess.inverters[0].scheduler.enabled = True
    account = make_account(sim)
    controls = (await account.read(await system_of(account))).controls
    assert {key: control.blocked for key, control in controls.items()} == dict.fromkeys(
        ("min_soc", "min_soc_on_grid", "max_soc", "operating_mode"),
        Problem.BLOCKED_BY_SCHEDULE,
    )


async def test_extras_of_the_device_survive(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """Import, export and PV limits of an EVO outlive other periods."""
    sim = await simulate("EVO")
    account, inverter = make_account(sim), sim.foxess.inverters[0]
    device = await system_of(account)
    await bring(
        account, device, ScheduleChange(Schedule(enabled=True, periods=(NIGHT,)))
    )
    extras = {"importLimit": 4000, "exportLimit": 0, "pvLimit": 9000}
    for one in inverter.scheduler.groups:
        one.params.update(extras)  # type: ignore[attr-defined]
    await bring(
        account, device, ScheduleChange(Schedule(enabled=True, periods=(NIGHT, DAY)))
    )
    for one in inverter.scheduler.groups:
        assert {name: one.params[name] for name in extras} == extras


async def test_watching_only(sim: Simulation, make_account: MakeAccount) -> None:
    """With only watching, no write arrives, of whatever kind."""
    account = make_account(sim, watch_only=True)
    device = await system_of(account)
    before = await account.read(device)
    for change in (
        ControlChange({"min_soc": 20}),
        ControlChange({"operating_mode": "feed_in_first"}),
        ScheduleChange(Schedule(enabled=True, periods=(DAY,))),
    ):
        with pytest.raises(WatchOnlyError):
            await account.write(device, change.completed(before), before)
    assert writes(sim) == []


async def test_device_without_a_scheduler(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """Where the detail denies a scheduler, it is not asked for, nor written."""
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = await system_of(account)
    memory[device.key]["has_scheduler"] = False
    before = await account.read(device)
    assert before.schedule is None
    assert calls_to(sim, "scheduler") == []
    with pytest.raises(ChangeError) as caught:
        await account.write(device, ScheduleChange(Schedule(enabled=True)), before)
    assert caught.value.problem is Problem.NO_SCHEDULE


async def test_ranges_come_from_the_device(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """Numbers have ranges, choices the device's own words."""
    account = make_account(sim)
    controls = (await account.read(await system_of(account))).controls
    assert controls["max_soc"] == NumberControl(
        value=100, minimum=10, maximum=100, step=1
    )
    assert controls["operating_mode"] == ChoiceControl(
        value="self_consumption",
        options=("peak_shaving", "feed_in_first", "self_consumption"),
    )

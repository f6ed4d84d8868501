"""Writing controls and schedules to simulated devices."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.battery.change import ControlChange, ScheduleChange
from custom_components.home_battery.battery.control import ChoiceControl, NumberControl
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.schedule import Schedule, normalize
from custom_components.home_battery.transport.errors import (
    TransientError,
    UnsupportedError,
    WatchOnlyError,
)
from custom_components.home_battery.vendors.foxess.settings import SCHEDULED
from simulator import Simulation
from tests.conftest import Simulate

from .conftest import MakeAccount, break_calls, calls_to, writes
from .systems import DAY, NIGHT, SYSTEMS, bring, system_of


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
    blocked = {key for key, one in after.controls.items() if one.blocked is not None}
    assert blocked == (SCHEDULED & after.controls.keys()) - set(keys)
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
    blocked = {key for key, one in controls.items() if one.blocked is not None}
    assert blocked == SCHEDULED


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


async def test_mode_alone(sim: Simulation, make_account: MakeAccount) -> None:
    """A mode is one write, and reads nothing but the scheduler and itself."""
    account = make_account(sim)
    device = await system_of(account)
    known = await account.read(device)
    sim.foxess.calls.clear()
    change = ControlChange({"operating_mode": "feed_in_first"})
    before = await account.read(device, change, known)
    assert before == known
    assert [call.path.rpartition("/op/")[2] for call in sim.foxess.calls] == [
        "v3/device/scheduler/get",
        "v0/device/setting/get",
    ]
    await account.write(device, change, before)
    assert [call.body for call in writes(sim)] == [
        {"sn": device.id, "key": "WorkMode", "value": "Feedin"}
    ]


async def test_change_needs_what_it_is_about(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """Without the value that it would replace, a change is not attempted."""
    account = make_account(sim)
    device = await system_of(account)
    break_calls(sim, "errno", path="*/soc/get", value=41203)
    with pytest.raises(TransientError):
        await account.read(device, ControlChange({"min_soc": 20}))


async def test_switch_that_no_version_turns(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """When neither version of the switch is taken, that is said."""
    account = make_account(sim)
    device = await system_of(account)
    before = await account.read(device)
    break_calls(sim, "errno", path="*/set/flag", value=42015)
    change = ScheduleChange(Schedule(enabled=True)).completed(before)
    with pytest.raises(UnsupportedError):
        await account.write(device, change, before)
    assert [call.path for call in writes(sim)] == [
        f"/op/v{version}/device/scheduler/set/flag" for version in (1, 0)
    ]

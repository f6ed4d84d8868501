"""The battery does what mode, schedule, limits and targets say."""

from datetime import UTC, datetime
from typing import Any

import pytest

from .client import Client, group, set_house
from .conftest import Connect

HOUR = 3600
SET = "/op/v0/device/setting/set"


async def run(client: Client, seconds: float, **house: Any) -> dict[str, Any]:
    """Set the house, let time pass, and return the powers in W and the SOC at the end."""
    if house:
        await set_house(client, **house)
    client.sim.clock.advance(seconds)
    inverter = client.sim.foxess.inverters[0]
    flow = inverter.unit.flow
    return {
        "soc": inverter.soc,
        "battery": flow.battery,
        "pv": flow.pv,
        "grid": inverter.house.grid_w,
        "generation": flow.generation,
    }


async def setting(client: Client, key: str, value: str) -> None:
    """Change a setting."""
    assert (
        await client.post(SET, {"sn": client.serial, "key": key, "value": value})
    ).errno == 0


async def plan(client: Client, *groups: dict[str, Any]) -> None:
    """Write groups and switch the scheduler on."""
    assert (await client.schedule(3, list(groups))).errno == 0
    assert (await client.set_flag(1)).errno == 0


async def test_self_use_meets_the_load(client: Client) -> None:
    """Surplus charges the battery, a deficit discharges it, and the grid stays at zero."""
    sunny = await run(client, 600, soc=50, load=1000, pv=4000)
    assert sunny["battery"] < -2000
    assert sunny["grid"] == pytest.approx(0, abs=1e-6)
    dark = await run(client, 600, load=1000, pv=0)
    assert dark["battery"] == pytest.approx(1000 / 0.97)
    assert dark["grid"] == pytest.approx(0, abs=1e-6)


async def test_floor_on_grid(client: Client) -> None:
    """The battery stops at the minimum, and the grid takes over."""
    await setting(client, "MinSocOnGrid", "30")
    state = await run(client, 12 * HOUR, soc=40, load=2000, pv=0)
    assert state["soc"] == pytest.approx(30)
    assert state["grid"] == pytest.approx(2000)


async def test_below_the_floor_nothing_happens(client: Client) -> None:
    """A battery under the minimum neither gives nor takes from the grid."""
    await setting(client, "MinSocOnGrid", "30")
    assert (await run(client, HOUR, soc=20, load=500, pv=0))["soc"] == 20


async def test_ceiling(client: Client) -> None:
    """The battery takes nothing above the maximum, and the surplus is exported."""
    await setting(client, "MaxSoc", "60")
    state = await run(client, 12 * HOUR, soc=50, load=100, pv=3000)
    assert state["soc"] == pytest.approx(60)
    assert state["grid"] < -2500


async def test_taper_and_losses(client: Client) -> None:
    """A nearly full battery takes less, and gives back less than it took."""
    fast = await run(client, 60, soc=50, load=0, pv=8000)
    slow = await run(client, 60, soc=97)
    assert abs(slow["battery"]) < abs(fast["battery"]) / 2
    inverter = client.sim.foxess.inverters[0]
    await set_house(client, soc=20, load=0, pv=3000)
    charged = inverter.unit.ledger.charge
    client.sim.clock.advance(HOUR)
    soc = client.sim.foxess.inverters[0].soc
    assert soc is not None
    rise = soc - 20
    stored = rise / 100 * 10.36
    assert stored == pytest.approx(
        (inverter.unit.ledger.charge - charged) * 0.975, rel=1e-3
    )


async def test_export_limit_curtails(client: Client) -> None:
    """What may not be exported is not produced."""
    await setting(client, "ExportLimit", "500")
    state = await run(client, 600, soc=100, load=200, pv=5000)
    assert state["grid"] == pytest.approx(-500)
    assert state["pv"] == pytest.approx(700 / 0.97)


async def test_charge_current_limits(client: Client) -> None:
    """The charge current limits the charge power."""
    await setting(client, "MaxSetChargeCurrent", "2.0")
    state = await run(client, 600, soc=50, load=0, pv=5000)
    assert -900 < state["battery"] < -700


async def test_switched_off(client: Client) -> None:
    """A switched-off inverter does nothing."""
    await setting(client, "SysSwitch", "disable")
    state = await run(client, 600, soc=50, load=700, pv=5000)
    assert (state["battery"], state["pv"], state["grid"]) == (0, 0, 700)
    assert (await client.latest())["runningState"] == "167"


async def test_feed_in_first(client: Client) -> None:
    """Surplus goes to the grid, and only what may not be exported into the battery."""
    await setting(client, "WorkMode", "Feedin")
    state = await run(client, 600, soc=50, load=1000, pv=4000)
    assert (state["battery"], state["grid"]) == (0, pytest.approx(-2880))
    await setting(client, "ExportLimit", "1000")
    state = await run(client, 600)
    assert state["grid"] == pytest.approx(-1000)
    assert state["battery"] < -1500


async def test_backup(connect: Connect) -> None:
    """Backup fills the battery from the sun and never uses it."""
    client = await connect("KH10-V2")
    await setting(client, "WorkMode", "Backup")
    state = await run(client, 600, soc=50, load=1000, pv=3000)
    assert (state["battery"], state["grid"]) == (-3000, pytest.approx(1000))
    assert (await run(client, 600, pv=0))["battery"] == 0


async def test_peak_shaving(client: Client) -> None:
    """Under its threshold the battery only keeps the import below the limit."""
    body = {"sn": client.serial, "importLimit": 2, "soc": 60}
    assert (await client.post("/op/v0/device/peakShaving/set", body)).errno == 0
    await setting(client, "WorkMode", "PeakShaving")
    assert (await run(client, 600, soc=50, load=1500, pv=0))["battery"] == 0
    assert (await run(client, 600, load=3500))["grid"] == pytest.approx(2000)
    assert (await run(client, 600, soc=80))["grid"] == pytest.approx(0, abs=1e-6)


async def test_force_charge_window(client: Client) -> None:
    """A charge window charges from the grid while it lasts."""
    body = {
        "sn": client.serial,
        "enable1": True,
        "startTime1": {"hour": 13, "minute": 0},
        "endTime1": {"hour": 13, "minute": 30},
        "enable2": False,
        "startTime2": {"hour": 0, "minute": 0},
        "endTime2": {"hour": 0, "minute": 0},
    }
    assert (
        await client.post("/op/v0/device/battery/forceChargeTime/set", body)
    ).errno == 0
    before = await run(client, 50 * 60, soc=20, load=300, pv=0)
    assert before["battery"] > 0
    during = await run(client, 20 * 60)
    assert during["battery"] < -7000
    after = await run(client, 30 * 60)
    assert after["battery"] > 0


async def test_window_across_midnight(client: Client) -> None:
    """A charge window may cross midnight."""
    body = {
        "sn": client.serial,
        "enable1": False,
        "startTime1": {"hour": 0, "minute": 0},
        "endTime1": {"hour": 0, "minute": 0},
        "enable2": True,
        "startTime2": {"hour": 23, "minute": 30},
        "endTime2": {"hour": 0, "minute": 30},
    }
    assert (
        await client.post("/op/v0/device/battery/forceChargeTime/set", body)
    ).errno == 0
    await set_house(client, soc=50, load=0, pv=0)
    assert (await run(client, 11.75 * HOUR))["battery"] < 0
    assert (await run(client, 0.5 * HOUR, soc=50))["battery"] < 0
    assert (await run(client, 0.5 * HOUR, soc=50))["battery"] == 0


async def test_group_charges_at_its_power_to_its_target(client: Client) -> None:
    """A forced group runs at its power until its target, then leaves the battery alone."""
    await plan(client, group(3, "12:00", "18:59", "ForceCharge", fdPwr=2000, fdSoc=60))
    state = await run(client, 1800, soc=40, load=500, pv=0)
    assert state["battery"] == -2000
    assert state["grid"] == pytest.approx(500 + 2000 / 0.97)
    state = await run(client, 4 * HOUR)
    assert (state["soc"], state["battery"], state["grid"]) == (
        pytest.approx(60),
        0,
        500,
    )


async def test_group_discharges_to_its_target(client: Client) -> None:
    """A forced discharge feeds the grid and stops at its target."""
    await plan(
        client, group(3, "12:00", "18:59", "ForceDischarge", fdPwr=4000, fdSoc=35)
    )
    state = await run(client, 600, soc=50, load=500, pv=0)
    assert state["battery"] == 4000
    assert state["grid"] == pytest.approx(500 - 4000 * 0.97)
    state = await run(client, 4 * HOUR)
    assert (state["soc"], state["grid"]) == (pytest.approx(35), 500)


async def test_group_begins_and_ends_on_the_minute(client: Client) -> None:
    """The end minute still belongs to the group."""
    await plan(client, group(3, "12:10", "12:19", "ForceCharge", fdPwr=3000, fdSoc=100))
    await set_house(client, soc=20, load=0, pv=0)
    charge = client.sim.foxess.inverters[0].unit.ledger.charge
    client.sim.clock.advance(HOUR)
    inverter = client.sim.foxess.inverters[0]
    assert inverter.unit.ledger.charge - charge == pytest.approx(3.0 / 6)


async def test_groups_in_a_long_jump(client: Client) -> None:
    """A jump of days still keeps the minutes of a schedule."""
    await plan(client, group(3, "3:07", "3:48", "ForceCharge", fdPwr=1000, fdSoc=100))
    await set_house(client, soc=20, load=0, pv=0)
    charge = client.sim.foxess.inverters[0].unit.ledger.charge
    client.sim.clock.advance(3 * 86400)
    inverter = client.sim.foxess.inverters[0]
    assert inverter.unit.ledger.charge - charge == pytest.approx(3 * 42 / 60)


async def test_limits_of_a_group(connect: Connect) -> None:
    """A group's floor, ceiling and limits hold while it runs."""
    client = await connect("EVO")
    await plan(client, group(3, "12:00", "23:00", minSocOnGrid=45, fdSoc=50, maxSoc=55))
    assert (await run(client, 3 * HOUR, soc=50, load=2000, pv=0))[
        "soc"
    ] == pytest.approx(45)
    assert (await run(client, 3 * HOUR, load=0, pv=4000))["soc"] == pytest.approx(55)
    await plan(client, group(3, "12:00", "23:00", exportLimit=300, pvLimit=2000))
    state = await run(client, 600, soc=100, load=0, pv=4000)
    assert state["grid"] == pytest.approx(-300)
    assert (await run(client, 600, soc=20))["pv"] == 2000
    await plan(
        client, group(3, "12:00", "23:00", "ForceCharge", fdPwr=4000, importLimit=1500)
    )
    assert (await run(client, 600, soc=20, load=500, pv=0))["grid"] == pytest.approx(
        1500
    )


async def test_no_power_means_full_power(client: Client) -> None:
    """A forced power of 0 W is accepted and ignored."""
    await plan(client, group(3, "12:00", "18:59", "ForceDischarge", fdPwr=0, fdSoc=10))
    assert (await run(client, 60, soc=90, load=0, pv=0))["battery"] > 7500


async def test_outside_all_groups(client: Client) -> None:
    """Outside all groups the work mode rules."""
    await setting(client, "WorkMode", "Feedin")
    await plan(client, group(3, "1:00", "1:59", "ForceCharge"))
    state = await run(client, 600, soc=50, load=1000, pv=4000)
    assert (state["battery"], state["grid"]) == (0, pytest.approx(-2880))


async def test_switch_off_ends_a_group(client: Client) -> None:
    """With the switch off no group runs."""
    await plan(client, group(3, "12:00", "18:59", "ForceCharge"))
    assert (await run(client, 60, soc=50, load=500, pv=0))["battery"] < 0
    await client.set_flag(0)
    assert (await run(client, 60))["battery"] > 0


async def test_schedule_follows_the_wall_clock(connect: Connect) -> None:
    """When the clocks change a group still begins at its hour."""
    client = await connect(start=datetime(2026, 3, 28, 20, tzinfo=UTC))
    await plan(client, group(3, "4:00", "4:59", "ForceCharge", fdPwr=1000))
    await set_house(client, soc=20, load=0, pv=0)
    charge = client.sim.foxess.inverters[0].unit.ledger.charge
    client.sim.clock.advance(
        (
            datetime(2026, 3, 29, 2, 30, tzinfo=UTC) - client.sim.clock.house_now()
        ).total_seconds()
    )
    inverter = client.sim.foxess.inverters[0]
    assert inverter.unit.flow.battery == -1000
    assert inverter.unit.ledger.charge - charge == pytest.approx(0.5, abs=0.001)


async def test_two_inverters_in_one_house(connect: Connect) -> None:
    """Inverters behind one meter share the load and show the same meter."""
    client = await connect("KH8+KH8")
    for inverter in client.sim.foxess.inverters:
        async with client.session.post(
            client.sim.control_url + "/house",
            json={"serial": inverter.serial, "soc": 60, "pv": 0, "load": 12000},
        ):
            pass
    client.sim.clock.advance(600)
    first, second = client.sim.foxess.inverters
    assert first.house is second.house
    assert first.station_id == second.station_id
    assert (
        first.unit.flow.generation + second.unit.flow.generation + first.house.grid_w
        == pytest.approx(12000)
    )
    assert second.unit.flow.generation > 3000
    values = [await client.latest(inverter.serial) for inverter in (first, second)]
    for value in values:
        assert value["loadsPower"] == pytest.approx(
            value["generationPower"]
            + value["gridConsumptionPower"]
            - value["feedinPower"]
        )

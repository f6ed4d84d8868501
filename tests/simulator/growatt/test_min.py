"""A MIN and its settings (notes 1.6). 12:00 is the time at which the houses begin."""

from typing import Any

import pytest

from .client import Client
from .conftest import Connect
from .writes import set_house, write, write_segment


async def settings(client: Client) -> dict[str, Any]:
    """Read the settings bean."""
    answer = await client.get("device/tlx/tlx_set_info", device_sn=client.device.serial)
    bean: dict[str, Any] = answer.data
    return bean


async def test_segment_is_read_back(client: Client) -> None:
    """A segment is shown without leading zeros, and the others stay as they are."""
    assert (await write_segment(client, 3, 2, "07:05-09:00")).code == 0
    bean = await settings(client)
    assert (bean["forcedTimeStart3"], bean["forcedTimeStop3"]) == ("7:5", "9:0")
    assert (bean["time3Mode"], bean["forcedStopSwitch3"]) == (2, 1)
    assert bean["forcedStopSwitch4"] == 0
    info = await client.get("device/tlx/tlx_data_info", device_sn=client.device.serial)
    assert info.data["tlxSetbean"]["forcedTimeStart3"] == "7:5"


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("charge_power", 60, "chargePowerCommand"),
        ("charge_stop_soc", 90, "wchargeSOCLowLimit"),
        ("discharge_power", 70, "disChargePowerCommand"),
        ("discharge_stop_soc", 20, "wdisChargeSOCLowLimit"),
        ("on_grid_discharge_stop_soc", 25, "onGridDischargeStopSOC"),
        ("ac_charge", 1, "acChargeEnable"),
        ("backflow_setting", 2, "exportLimit"),
        ("tlx_off_grid_enable", 0, "epsFunEn"),
        ("tlx_ac_discharge_voltage", 2, "epsVoltSet"),
    ],
)
async def test_single_settings(client: Client, kind: str, value: int, key: str) -> None:
    """What is written under one name is read under another, and by its own."""
    assert (await write(client, kind, value)).code == 0
    assert (await settings(client))[key] == value
    read = await client.post(
        "readMinParam",
        device_sn=client.device.serial,
        paramId=kind,
        startAddr="0",
        endAddr="0",
    )
    assert read.root == {"error_code": 0, "error_msg": "", "data": str(value)}


async def test_battery_first_takes_sun_only(client: Client) -> None:
    """Battery first charges from the sun, and from the grid if that is allowed."""
    set_house(client.device, soc=50, load=1000, pv=2000)
    await write_segment(client, 1, 1, "0:0-23:59")
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["bdc1ChargePower"] == pytest.approx(2000, abs=1)
    assert record["pacToUserTotal"] == pytest.approx(1000, abs=1)
    await write(client, "ac_charge", 1)
    await write(client, "charge_power", 80)
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["bdc1ChargePower"] == pytest.approx(4000, abs=1)
    assert record["eacChargeToday"] > 0
    assert record["pacToUserTotal"] > 3000


async def test_charge_stops(client: Client) -> None:
    """A charge from the grid ends at its stop SOC."""
    set_house(client.device, soc=50, load=500, pv=0)
    await write(client, "ac_charge", 1)
    await write(client, "charge_stop_soc", 55)
    await write_segment(client, 1, 1, "0:0-23:59")
    client.pass_time(hours=1)
    assert (await client.latest())["bmsSoc"] == 55


async def test_grid_first(client: Client) -> None:
    """Grid first discharges at its power down to the on-grid stop SOC, not to the off-grid one."""
    set_house(client.device, soc=50, load=500, pv=0)
    await write(client, "discharge_power", 60)
    await write(client, "on_grid_discharge_stop_soc", 40)
    await write(client, "discharge_stop_soc", 15)
    await write_segment(client, 1, 2, "0:0-23:59")
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["bdc1DischargePower"] == pytest.approx(3000, abs=1)
    assert record["pacToGridTotal"] > 2000
    client.pass_time(hours=2)
    record = await client.latest()
    assert record["bmsSoc"] == 40
    assert record["bdc1DischargePower"] == 0


async def test_end_minute_belongs_to_the_segment(client: Client) -> None:
    """A segment lasts until its last minute is over, and only while it is enabled."""
    device = client.device
    set_house(device, soc=50, load=500, pv=0)
    await write_segment(client, 1, 2, "12:30-12:59")
    device.settle()
    local = device.local(device.house.at)
    client.pass_time(minutes=60 - local.minute - 1 - local.second / 60)
    assert device.unit.flow.battery == pytest.approx(5000)
    client.pass_time(minutes=1.5)
    assert device.unit.flow.battery < 600
    await write_segment(client, 1, 2, "0:0-23:59", enabled=0)
    client.pass_time(minutes=1)
    assert device.unit.flow.battery < 600


async def test_first_segment_decides(client: Client) -> None:
    """Of two segments at the same time the one with the smaller number holds."""
    set_house(client.device, soc=50, load=500, pv=0)
    await write_segment(client, 2, 2, "0:0-23:59")
    await write_segment(client, 1, 0, "0:0-23:59")
    client.pass_time(minutes=1)
    assert client.device.priority == 0
    await write_segment(client, 1, 0, "0:0-23:59", enabled=0)
    client.pass_time(minutes=1)
    assert client.device.priority == 2


async def test_limits_of_output_and_export(client: Client) -> None:
    """Output follows the active power rate in % or W, export its limit, and off is off."""
    set_house(client.device, soc=100, load=500, pv=6000)
    await write(client, "pv_active_p_rate", 50, 0, 0)
    client.pass_time(minutes=6)
    assert (await client.latest())["pac"] == pytest.approx(3000, abs=1)
    await write(client, "pv_active_p_rate", 2000, 0, 1)
    client.pass_time(minutes=6)
    assert (await client.latest())["pac"] == pytest.approx(2000, abs=1)
    await write(client, "pv_active_p_rate", 100, 0, 0)
    await write(client, "backflow_setting", 1)
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["pac"] == pytest.approx(500, abs=1)
    assert record["pacToGridTotal"] == pytest.approx(0, abs=1)
    await client.about("setOnOrOff", value="0")
    client.pass_time(minutes=6)
    record = await client.latest()
    assert (record["pac"], record["ppv"], record["status"]) == (0, 0, 0)
    assert (await settings(client))["onOff"] == 0


async def test_active_power_by_v4(client: Client) -> None:
    """The new API writes and reads the same limit."""
    assert (await client.about("setPower", value="40")).code == 0
    read = await client.about("readPower")
    assert (read.data, read.message) == (40, "success")
    assert (await settings(client))["activeRate"] == 40


async def test_without_battery(connect: Connect) -> None:
    """A MIN without a battery has settings for it all the same: zeros, and no mode."""
    client = await connect("MIN")
    bean = await settings(client)
    assert (bean["chargePowerCommand"], bean["wchargeSOCLowLimit"]) == (0, 0)
    assert bean["bdcMode"] == -1
    record = await client.latest()
    assert record["pacToGridTotal"] == 0
    assert record["etoUserTotal"] == 0
    assert record["eselfTotal"] == -0.1
    assert record["ppv"] > 0


async def test_registers(client: Client) -> None:
    """A register may be written and read by its address; the first one switches."""
    serial = client.device.serial
    assert (await write(client, "set_any_reg", 0, 0)).code == 0
    assert (await settings(client))["onOff"] == 0
    assert (await write(client, "set_any_reg", 3100, 7)).code == 0
    read = await client.post(
        "readMinParam",
        device_sn=serial,
        paramId="set_any_reg",
        startAddr="3099",
        endAddr="3100",
    )
    assert read.data == "0,7"

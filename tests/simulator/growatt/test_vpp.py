"""Remote control (notes 1.4 and 1.7): percent of rated power, + charges."""

from json import dumps

import pytest

from .client import Answer, Client
from .conftest import Connect
from .writes import set_house


async def set_param(client: Client, number: int, value: object) -> Answer:
    """Set a parameter by its number."""
    return await client.about(
        "setVppParameter", setType=f"set_param_{number}", value=str(value)
    )


async def test_for_some_minutes(client: Client) -> None:
    """A command ends by itself."""
    device = client.device
    set_house(device, soc=50, load=500, pv=0)
    answer = await client.post(
        "vppRemoteSetNew", vppSn=device.serial, time="30", percentage="50"
    )
    assert answer.root == {"error_code": 0, "error_msg": "", "data": 0}
    client.pass_time(minutes=29)
    assert device.unit.flow.battery == pytest.approx(-3000)
    client.pass_time(minutes=2)
    assert 0 < device.unit.flow.battery < 600


async def test_registers(client: Client) -> None:
    """Authority, enable, minutes and power make a command, which disabling releases."""
    device = client.device
    set_house(device, soc=50, load=500, pv=0)
    for number, value in ((1, 1), (25, 1), (26, 0), (27, -40)):
        assert (await set_param(client, number, value)).message == (
            "PARAMETER_SETTING_SUCCESSFUL"
        )
    client.pass_time(hours=1)
    assert device.unit.flow.battery == pytest.approx(2400)
    read = await client.about("readVppParameter", setType="set_param_27")
    assert read.root == {"code": 0, "data": -40, "message": "success"}
    await set_param(client, 25, 0)
    client.pass_time(minutes=1)
    assert device.unit.flow.battery < 600


async def test_nothing_is_something(client: Client) -> None:
    """0 % keeps the battery still, and lets the sun go to the house."""
    device = client.device
    set_house(device, soc=50, load=500, pv=2000)
    await client.post("vppRemoteSetNew", vppSn=device.serial, time="60", percentage="0")
    client.pass_time(minutes=1)
    assert device.unit.flow.battery == 0
    assert device.unit.flow.pv == pytest.approx(2000)


async def test_cut_offs(client: Client) -> None:
    """Remote control stops at SOC limits of its own."""
    device = client.device
    set_house(device, soc=75, load=500, pv=0)
    await set_param(client, 22, 80)
    await set_param(client, 23, 30)
    await client.post(
        "vppRemoteSetNew", vppSn=device.serial, time="0", percentage="100"
    )
    client.pass_time(hours=2)
    assert device.soc == pytest.approx(80)
    await client.post(
        "vppRemoteSetNew", vppSn=device.serial, time="0", percentage="-100"
    )
    client.pass_time(hours=3)
    assert device.soc == pytest.approx(30)


async def test_periods(client: Client) -> None:
    """A plan of the day is written whole, read back, and cleared."""
    device = client.device
    set_house(device, soc=50, load=500, pv=0)
    plan = dumps(
        [
            {"percentage": 20, "startTime": 0, "endTime": 599},
            {"percentage": -30, "startTime": 600, "endTime": 1440},
        ]
    )
    assert (
        await client.post("vppSetNew", vppSn=device.serial, timePeriods=plan)
    ).code == 0
    client.pass_time(minutes=1)
    assert device.unit.flow.battery == pytest.approx(1800)
    read = await client.about("readVppParameter", setType="set_param_34")
    assert read.data == plan
    cleared = await client.about("removeVppTimePeriod", setType="set_param_34")
    assert cleared.code == 0
    client.pass_time(minutes=1)
    assert device.unit.flow.battery < 600
    again = await client.about("setNewVppParameter", setType="set_param_34", value=plan)
    assert again.code == 0
    client.pass_time(minutes=1)
    assert device.unit.flow.battery == pytest.approx(1800)


async def test_export_limit_and_derating(client: Client) -> None:
    """Output and export have limits by remote control, too."""
    device = client.device
    set_house(device, soc=100, load=500, pv=6000)
    await set_param(client, 5, 50)
    client.pass_time(minutes=1)
    assert device.unit.flow.generation == pytest.approx(3000)
    await set_param(client, 13, 1)
    await set_param(client, 14, 10)
    client.pass_time(minutes=1)
    assert -device.house.grid_w == pytest.approx(600)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("set_param_0", "1", 14),
        ("set_param_35", "1", 14),
        ("charge", "1", 14),
        ("set_param_27", "101", 14),
        ("set_param_22", "60", 14),
        ("set_param_3", "noon", 14),
        ("set_param_3", "2026-06-15 12:00:00", 0),
        ("set_param_34", "[1]", 14),
        ("set_param_34", "{}", 14),
        ("set_param_34", "no json", 14),
    ],
)
async def test_wrong_parameters(
    client: Client, name: str, value: str, code: int
) -> None:
    """Each parameter has its range."""
    answer = await client.about("setVppParameter", setType=name, value=value)
    assert answer.code == code


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"vppSn": "", "time": "1", "percentage": "1"}, 10004),
        ({"vppSn": "none", "time": "1", "percentage": "1"}, 10012),
        ({"vppSn": "*", "percentage": "1"}, 10007),
        ({"vppSn": "*", "time": "1441", "percentage": "1"}, 10008),
        ({"vppSn": "*", "time": "1", "percentage": "-101"}, 10008),
    ],
)
async def test_wrong_commands(client: Client, form: dict[str, str], code: int) -> None:
    """A command's mistakes have numbers of their own."""
    known = {
        key: value.replace("*", client.device.serial) for key, value in form.items()
    }
    assert (await client.post("vppRemoteSetNew", **known)).code == code


async def test_who_takes_it(connect: Connect) -> None:
    """A MIN without a battery fails to set, others do not know of it; SOC stands beside the data."""
    client = await connect("MIN", "SPH", "NOAH", "WIT")
    cloud = client.sim.growatt
    command = {"time": "1", "percentage": "1"}
    failed = await client.post("vppRemoteSetNew", vppSn=client.device.serial, **command)
    assert failed.code == 500
    noah = cloud.first("NOAH")
    assert (
        await client.post("vppRemoteSetNew", vppSn=noah.serial, **command)
    ).code == 10011
    refused = await client.about("readVppParameter", noah, setType="set_param_1")
    assert refused.code == 7
    assert (
        await client.about(
            "readVppParameter", cloud.first("WIT"), setType="set_param_1"
        )
    ).code == 0
    sph = cloud.first("SPH")
    soc = await client.post("device/vpp/getSocData", vppSn=sph.serial)
    assert soc.root["soc"] == round(sph.soc or 0)
    assert soc.root["sn"] == sph.serial
    assert soc.root["dataLogSn"] == sph.logger_serial

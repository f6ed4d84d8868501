"""SPH, SPA, storage and string inverters with their settings (notes 1.6)."""

from typing import Any

import pytest

from .client import Client
from .conftest import Connect
from .writes import numbered, set_house, write

OFF = ["0", "0", "0", "0", "0"]
ALL_DAY = ["0", "0", "23", "59", "1"]
# Model, the word for it, and the switches of its periods.
HYBRIDS = [
    ("SPH", "mix", "forcedChargeStopSwitch", "forcedDischargeStopSwitch"),
    ("SPA", "spa", "batFirstSwitch", "gridFirstSwitch"),
]


async def details(client: Client) -> dict[str, Any]:
    """Read what a device is and holds."""
    word = client.device.family.v1
    answer = await client.get(
        f"device/{word}/{word}_data_info", device_sn=client.device.serial
    )
    found: dict[str, Any] = answer.data
    return found


@pytest.mark.parametrize(("model", "word", "charge", "discharge"), HYBRIDS)
async def test_periods_are_read_back(
    connect: Connect, model: str, word: str, charge: str, discharge: str
) -> None:
    """Each write of periods replaces all of its kind, limits included."""
    client = await connect(model)
    first = [80, 90, 1, "1", "5", "4", "0", "1", *ALL_DAY, *OFF]
    assert (await write(client, f"{word}_ac_charge_time_period", *first)).code == 0
    held = await details(client)
    assert held["chargePowerCommand"] == 80
    assert held["wchargeSOCLowLimit2"] == 90
    assert (held["forcedChargeTimeStart1"], held[f"{charge}1"]) == ("1:5", 1)
    assert held[f"{charge}2"] == 1
    again = [70, 95, 0, "1", "5", "4", "0", "1", *OFF, *OFF]
    assert (await write(client, f"{word}_ac_charge_time_period", *again)).code == 0
    held = await details(client)
    assert (held["chargePowerCommand"], held[f"{charge}2"]) == (70, 0)
    third = [60, 20, *OFF, "17", "0", "20", "0", "1", *OFF]
    assert (await write(client, f"{word}_ac_discharge_time_period", *third)).code == 0
    held = await details(client)
    assert (held["disChargePowerCommand"], held["wdisChargeSOCLowLimit2"]) == (60, 20)
    assert (held["forcedDischargeTimeStop2"], held[f"{discharge}2"]) == ("20:0", 1)
    assert held["chargePowerCommand"] == 70
    assert "wchargeSOCLowLimit" not in held
    v4 = await client.about("queryDeviceInfo")
    row = v4.data[client.device.family.v4][0]
    assert row["forcedDischargeTimeStop2"] == "20:0"


@pytest.mark.parametrize(("model", "word", "charge", "discharge"), HYBRIDS)
async def test_periods_are_obeyed(
    connect: Connect, model: str, word: str, charge: str, discharge: str
) -> None:
    """Battery first charges, grid first discharges, each within its limits; else the house goes first."""
    client = await connect(model)
    set_house(client.device, soc=50, load=600, pv=0)
    charging = [50, 55, 1, *ALL_DAY, *OFF, *OFF]
    await write(client, f"{word}_ac_charge_time_period", *charging)
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["pcharge1"] == pytest.approx(1500, abs=1)
    assert record["priorityChoose"] == 1
    client.pass_time(hours=2)
    assert (await client.latest())["soc"] == 55
    await write(client, f"{word}_ac_charge_time_period", 50, 55, 0, *OFF, *OFF, *OFF)
    await write(
        client, f"{word}_ac_discharge_time_period", 80, 45, *ALL_DAY, *OFF, *OFF
    )
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["pdischarge1"] == pytest.approx(2400, abs=1)
    assert record["priorityChoose"] == 2
    client.pass_time(hours=2)
    assert (await client.latest())["soc"] == 45
    await write(client, f"{word}_ac_discharge_time_period", 80, 45, *OFF, *OFF, *OFF)
    client.pass_time(minutes=6)
    record = await client.latest()
    assert 0 < record["pdischarge1"] < 700
    assert record["priorityChoose"] == 0


async def test_load_first_limit(connect: Connect) -> None:
    """An SPH keeps back for load first what was set for it."""
    client = await connect("SPH")
    set_house(client.device, soc=40, load=3000, pv=0)
    assert (await write(client, "mix_load_flast_value_multi", 30)).code == 0
    client.pass_time(hours=2)
    assert (await client.latest())["soc"] == 30


async def test_export_limit(connect: Connect) -> None:
    """The export of an SPH stays below its share of rated power."""
    client = await connect("SPH")
    set_house(client.device, soc=100, load=500, pv=5000)
    assert (await write(client, "backflow_setting", 1, 20)).code == 0
    client.pass_time(minutes=6)
    assert (await client.latest())["pacToGridTotal"] == pytest.approx(1200, abs=1)


async def test_read_param(connect: Connect) -> None:
    """Of an SPH only one setting is documented to be read alone."""
    client = await connect("SPH")
    form = {"device_sn": client.device.serial, "paramId": "pv_on_off"}
    assert (await client.post("readMixParam", **form)).data == "1"


async def test_spa_sees_a_foreign_inverter(connect: Connect) -> None:
    """The panels of an SPA hang on another inverter, whose surplus it takes."""
    client = await connect("SPA")
    set_house(client.device, soc=50, load=500)
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["ppvInverter"] > 1000
    assert record["pcharge1"] > 0
    assert record["epvInverterTotal"] > 1000
    assert record["eacToday"] < record["epvInverterToday"]
    assert "ppv" not in record


async def test_storage_off_grid(connect: Connect) -> None:
    """Storage sends nothing to the grid, and charges from it in its hours, up to its limit."""
    client = await connect("STORAGE")
    device = client.device
    set_house(device, soc=98, load=300, pv=4000)
    client.pass_time(minutes=30)
    record = await client.latest()
    assert record["pacToGrid"] == pytest.approx(0, abs=1)
    assert record["capacity"] == 100
    set_house(device, soc=50, load=300, pv=0)
    await write(client, "storage_ac_charge_hour_start", 0, 0, 23, 59)
    await write(client, "storage_ac_charge_soc_limit", 60)
    client.pass_time(minutes=6)
    assert (await client.latest())["pCharge"] == 0
    await write(client, "storage_ac_charge_enable_disenable", 1)
    client.pass_time(minutes=6)
    assert (await client.latest())["pCharge"] > 3000
    client.pass_time(hours=1)
    assert (await client.latest())["capacity"] == 60
    await write(client, "storage_cmd_on_off", "0000")
    client.pass_time(minutes=6)
    assert (await client.latest())["pCharge"] == 0


@pytest.mark.parametrize(
    ("model", "path", "form"),
    [
        ("INV", "inverterSet", {"device_sn": "*", "paramId": "pv_active_p_rate", "command_1": "20"}),
        ("INV", "inverterSet", {"device_sn": "*", "paramId": "set_any_reg", "command_1": "3", "command_2": "20"}),
        ("MAX", "maxSet", {"max_sn": "*", "type": "pv_active_p_rate", **numbered(["20", "0"])}),
    ],
)  # fmt: skip
async def test_producers(
    connect: Connect, model: str, path: str, form: dict[str, str]
) -> None:
    """What only produces can be held back."""
    client = await connect(model)
    device = client.device
    set_house(device, pv=device.profile.pv_peak_w * 0.8)
    serial = device.serial
    answer = await client.post(
        path, **{key: value.replace("*", serial) for key, value in form.items()}
    )
    assert answer.code == 0
    client.pass_time(minutes=6)
    record = await client.latest()
    assert record["pac"] == pytest.approx(device.profile.rated_w * 0.2, abs=1)


async def test_listed_twice(connect: Connect) -> None:
    """A MAX may be listed as an inverter, too, and then answers as one."""
    client = await connect("MAX-TWICE")
    rows = (await client.get("device/list", plant_id=client.plant_id)).data["devices"]
    assert [row["type"] for row in rows] == [1, 4]
    assert len({row["device_sn"] for row in rows}) == 1
    serial = client.device.serial
    answer = await client.get("device/inverter/inv_data_info", device_sn=serial)
    assert answer.code == 0

"""Records and details of every family (notes 1.2, 1.5 and 5)."""

import json
from struct import pack, unpack
from typing import Any

import pytest

from simulator import Fault
from simulator.growatt.catalogue import PROFILES
from simulator.growatt.fields import template

from .client import Client
from .conftest import Connect
from .writes import set_house

V1 = [key for key, profile in PROFILES.items() if profile.family.v1]
V4 = [key for key, profile in PROFILES.items() if profile.family.v4]
# Words of v1 paths whose last data go by GET, under other names.
READS = {"inverter": ("GET", "last_new_data", "device_sn", "inv_data_info")}


async def v1(client: Client) -> tuple[Any, Any]:
    """Read the last record and the details by v1."""
    family, serial = client.device.family, client.device.serial
    word = family.v1
    usual = ("POST", f"{word}_last_data", family.serial_param, f"{word}_data_info")
    method, last, param, info = READS.get(word, usual)
    place = {"GET": "query", "POST": "form"}[method]
    kind: dict[str, Any] = {place: {param: serial}}
    record = await client.call(method, f"/v1/device/{word}/{last}", **kind)
    details = await client.get(f"device/{word}/{info}", device_sn=serial)
    return record, details


@pytest.mark.parametrize("model", V1)
async def test_v1(connect: Connect, model: str) -> None:
    """Every v1 record and details have exactly the documented fields, and live values."""
    client = await connect(model)
    record, details = await v1(client)
    table = client.device.family.table
    assert record.data.keys() == template(f"{table}_last").keys()
    assert details.data.keys() == template(f"{table}_detail").keys()
    own = {"serialNum", "inverterId"} & record.data.keys()
    assert {record.data[name] for name in own} == {client.device.serial}
    assert details.data.get("dataLogSn") == client.device.logger_serial


@pytest.mark.parametrize("model", V4)
async def test_v4(connect: Connect, model: str) -> None:
    """Every v4 record is from the last minutes and has what a device of its kind measures."""
    client = await connect(model)
    device = client.device
    profile = device.profile
    record = await client.latest()
    assert device.serial in record.values()
    assert (record.get("ppv", 0) > 0) == (profile.pv_peak_w > 0)
    soc = [
        record.get(key) for key in ("soc", "bmsSoc", "capacity", "totalBatteryPackSoc")
    ]
    assert any(soc) == profile.has_battery
    info = (await client.about("queryDeviceInfo")).data[device.family.v4][0]
    assert device.serial in info.values()
    assert info["lost"] is False


@pytest.mark.parametrize("model", ["WIT", "SPH-S"])
async def test_only_v4(connect: Connect, model: str) -> None:
    """Some families are in no list of v1."""
    client = await connect(model)
    answer = await client.get("device/list", plant_id=client.plant_id)
    assert answer.data["count"] == 0


@pytest.mark.parametrize("model", ["PCS", "HPS", "PBD", "BOOST"])
async def test_only_v1(connect: Connect, model: str) -> None:
    """Some families are in no list of v4."""
    client = await connect(model)
    assert (await client.v4("queryDeviceList", page="1")).data["data"] == []
    listed = await client.get("device/list", plant_id=client.plant_id)
    assert [row["type"] for row in listed.data["devices"]] == [
        client.device.family.v1_type
    ]


async def test_energies_balance(connect: Connect) -> None:
    """What a hybrid measures adds up as the house does."""
    client = await connect("MIN-XH")
    record = await client.latest()
    assert record["pac"] == pytest.approx(
        record["pacToLocalLoad"] + record["pacToGridTotal"] - record["pacToUserTotal"],
        abs=0.3,
    )
    assert record["ppv"] == pytest.approx(record["ppv1"] + record["ppv2"], abs=0.2)
    assert "epvToday" not in record
    strings = record["epv1Total"] + record["epv2Total"]
    assert record["epvTotal"] == pytest.approx(strings, abs=0.2)


async def test_noise(connect: Connect) -> None:
    """Energies of a day come out of 32-bit floats, totals do not; SPH spells one its own way."""
    client = await connect("SPH")
    record = await client.latest()
    today = record["eacToday"]
    assert today != round(today, 1)
    assert today == unpack("f", pack("f", round(today, 1)))[0]
    assert record["eacTotal"] == round(record["eacTotal"], 1)
    assert "etogridTotal" in record
    assert "etoGridTotal" not in record
    assert record["eselftoday"] == -0.10000000149011612


async def test_stamps(client: Client) -> None:
    """v1 repeats its time as a Java object, v4 in milliseconds; the text is the plant's own time."""
    old, _ = await v1(client)
    new = await client.latest()
    calendar = old.data["calendar"]
    assert calendar["timeInMillis"] == calendar["time"]["time"]
    assert calendar["time"]["year"] == 126
    assert calendar["time"]["month"] == 5
    assert isinstance(new["calendar"], int)
    assert new["calendar"] > calendar["timeInMillis"]
    assert old.data["time"].startswith("2026-06-15 12:")
    assert isinstance(old.data["lost"], bool)


async def test_night(connect: Connect) -> None:
    """After sunset the last record is repeated with its old time, until the next morning."""
    client = await connect("INV")
    client.pass_time(hours=11)
    late = await client.latest()
    client.pass_time(hours=4)
    night = await client.latest()
    assert night == late
    assert night["time"] < "2026-06-15 22"
    client.pass_time(hours=6)
    morning = await client.latest()
    assert morning["time"] > "2026-06-16 0"
    assert morning["powerToday"] < night["powerToday"]


async def test_stale(client: Client) -> None:
    """A device may stop to send."""
    client.sim.faults.add(
        Fault(vendor="growatt", kind="stale", value=client.device.serial)
    )
    assert await client.latest() == await client.latest()


async def test_midnight_bounces(client: Client) -> None:
    """A day's energy is 0, then yesterday's, then 0 again; totals read nothing until the morning."""
    client.sim.faults.add(Fault(vendor="growatt", kind="midnight_bounce"))
    client.sim.faults.add(Fault(vendor="growatt", kind="zero_totals"))
    device = client.device
    client.pass_time(hours=11)
    device.settle()
    client.pass_time(minutes=60 - device.local(device.house.at).minute)
    before = client.device.records[-1]
    seen = {}
    for _ in range(4):
        client.pass_time(minutes=5)
        shown = device.latest
        assert shown is not None
        seen[shown.local.strftime("%H:%M")] = shown
    at = sorted(seen)
    assert seen[at[0]].today.generation == 0
    bounced = [seen[name] for name in at if "00:05" <= name < "00:10"]
    assert [record.today.generation for record in bounced] == [
        pytest.approx(before.today.generation, abs=1)
    ]
    assert seen[at[-1]].today.generation < 1
    assert {record.energies.generation for record in seen.values()} == {0}
    client.pass_time(hours=7)
    assert (await client.latest())["eacTotal"] > 0


async def test_soc_of_zero(client: Client) -> None:
    """The SOC may be missing while the battery works."""
    client.sim.faults.add(Fault(vendor="growatt", kind="zero_soc"))
    set_house(client.device, soc=50, load=500, pv=0)
    client.pass_time(minutes=6)
    record = await client.latest()
    assert (record["bmsSoc"], record["bdc1Soc"]) == (0, 0)
    assert record["bdc1DischargePower"] > 0


@pytest.mark.parametrize("name", ["queryHistoricalData", "queryDevicesHistoricalData"])
async def test_one_day_of_v4(client: Client, name: str) -> None:
    """v4 tells of one day at a time; what is too old is not there."""
    answer = await client.about(name, date="2026-06-14")
    rows = answer.data.get("datas") or answer.data.get(client.device.serial)
    assert len(rows) == 288
    assert {row["time"][:10] for row in rows} == {"2026-06-14"}
    old = await client.about(name, date="2026-01-01")
    assert json.dumps(old.data).count("serialNum") == 0
    assert (await client.about(name, date="14.06.2026")).code == 9


@pytest.mark.parametrize(
    ("span", "code"),
    [
        (("2026-06-08", "2026-06-15"), 0),
        (("2026-06-07", "2026-06-15"), 10004),
        (("2026-06-15", "2026-06-08"), 10003),
        (("yesterday", ""), 10003),
        (("", ""), 0),
    ],
)
async def test_spans_of_v1(client: Client, span: tuple[str, str], code: int) -> None:
    """v1 tells of seven days at a time."""
    answer = await client.post(
        "device/tlx/tlx_data",
        tlx_sn=client.device.serial,
        start_date=span[0],
        end_date=span[1],
    )
    assert answer.code == code


async def test_alarms(client: Client) -> None:
    """What was raised on a day is told for that day."""
    device = client.device
    device.settle()
    device.raise_faults(("25",))
    form = {"tlx_sn": device.serial, "date": "2026-06-15"}
    answer = await client.post("device/tlx/alarm_data", **form)
    assert answer.data["count"] == 1
    assert answer.data["alarms"][0]["alarm_code"] == 25
    form["date"] = "2026-06-14"
    assert (await client.post("device/tlx/alarm_data", **form)).data["alarms"] == []
    client.pass_time(minutes=6)
    assert (await client.latest())["status"] == 2


async def test_vanished(client: Client) -> None:
    """A device may be gone from all lists."""
    client.sim.faults.add(Fault(vendor="growatt", kind="missing_device"))
    assert (await client.v4("queryDeviceList", page="1")).data["count"] == 0
    assert (await client.about("queryLastData")).code == 12

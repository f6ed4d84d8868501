"""Writes that are refused, and writes that come to nothing (notes 1.6 and 1.9)."""

import pytest

from simulator import Fault
from simulator.faults import Switchboard

from .client import Client
from .conftest import Connect
from .writes import numbered, write, write_segment


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("no_such_type", ["1"], 10006),
        ("", ["1"], 10006),
        ("charge_power", [], 10007),
        ("charge_power", ["101"], 10008),
        ("charge_power", ["-1"], 10008),
        ("charge_power", ["lots"], 10008),
        ("charge_power", ["50", "60"], 10008),
        ("ac_charge", ["2"], 10008),
        ("pv_power_factor", ["0.5"], 10008),
        ("pf_sys_year", ["2026-06-15"], 10009),
        ("pf_sys_year", ["2026-06-15 12:00:00"], 0),
        ("tlx_on_off", ["0001"], 0),
        ("time_segment1", ["1", "5", "0", "4", "59", "1"], 10013),
        ("time_segment1", ["3", "1", "0", "4", "59", "1"], 10008),
        ("time_segment1", ["1", "1", "0", "24", "0", "1"], 10008),
        ("time_segment1", ["1", "1", "0", "4", "59"], 10007),
        ("time_segment10", ["1", "1", "0", "4", "59", "1"], 10006),
    ],
)
async def test_values(client: Client, kind: str, values: list[str], code: int) -> None:
    """Each mistake has its number."""
    assert (await write(client, kind, *values)).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"tlx_sn": ""}, 10004), ({"tlx_sn": "none"}, 10012), ({"param20": ""}, 10001)],
)
async def test_parameters(client: Client, changes: dict[str, str], code: int) -> None:
    """10012 means here that there is no such device."""
    known = {"tlx_sn": client.device.serial, "type": "charge_power", "param1": "50"}
    answer = await client.post("tlxSet", **{**known, **changes})
    assert answer.code == code
    assert "frequently" not in answer.message


@pytest.mark.parametrize(
    ("model", "path", "form", "code"),
    [
        ("SPH", "mixSet", {"mix_sn": "*", "type": "mix_ac_charge_time_period"}, 10007),
        ("SPA", "spaSet", {"spa_sn": "*", "type": "mix_ac_charge_time_period"}, 10006),
        ("MAX", "maxSet", {"max_sn": "*", "type": "pv_on_off"}, 10006),
        ("INV", "inverterSet", {"device_sn": "*", "paramId": "x"}, 10006),
        ("MIN", "inverterSet", {"device_sn": "*", "paramId": "pv_on_off"}, 10012),
        (
            "STORAGE",
            "storageSet",
            {"storage_sn": "*", "type": "storage_ac_charge_soc_limit", "param1": "90"},
            10008,
        ),
        ("SPH", "readMixParam", {"device_sn": "*", "paramId": "charge_power"}, 10009),
        ("MIN", "readMinParam", {"device_sn": "none", "paramId": "ac_charge"}, 10002),
    ],
)
async def test_families(
    connect: Connect, model: str, path: str, form: dict[str, str], code: int
) -> None:
    """Every family has commands of its own."""
    client = await connect(model)
    serial = client.device.serial
    answer = await client.post(
        path, **{key: value.replace("*", serial) for key, value in form.items()}
    )
    assert answer.code == code


@pytest.mark.parametrize(("value", "v1"), [(None, 10003), ("logger", 10005)])
async def test_offline(client: Client, value: str | None, v1: int) -> None:
    """A device that is out of touch takes nothing, but is still read."""
    serials = {None: None, "logger": client.device.logger_serial}
    client.sim.faults.add(Fault(vendor="growatt", kind="offline", value=serials[value]))
    assert (await write(client, "charge_power", 50)).code == v1
    assert (await client.about("setPower", value="50")).code == 5
    assert (await client.about("queryLastData")).code == 0


async def test_asleep(connect: Connect) -> None:
    """A PV inverter is out of touch at night."""
    client = await connect("INV")
    client.pass_time(hours=12)
    answer = await client.about("setOnOrOff", value="1")
    assert answer.code == 5
    listed = await client.get("device/list", plant_id=client.plant_id)
    assert listed.data["devices"][0]["lost"] is True


async def test_below_the_firmwares_minimum(client: Client) -> None:
    """A limit below the minimum is accepted, and the device keeps what it had."""
    faults: Switchboard = client.sim.faults
    faults.add(Fault(vendor="growatt", kind="below_minimum", value=20))
    held = client.device.settings
    assert (await write(client, "on_grid_discharge_stop_soc", 15)).code == 0
    assert held["onGridDischargeStopSOC"] == 10
    assert (await write(client, "on_grid_discharge_stop_soc", 30)).code == 0
    assert held["onGridDischargeStopSOC"] == 30
    faults.clear()
    assert (await write(client, "on_grid_discharge_stop_soc", 15)).code == 0
    assert held["onGridDischargeStopSOC"] == 15


async def test_lost_and_late(client: Client) -> None:
    """A write may be lost, or done later."""
    client.sim.faults.add(Fault(vendor="growatt", kind="write_lost", count=1))
    assert (await write_segment(client, 1, 1, "1:0-2:0")).code == 0
    assert client.device.settings["forcedStopSwitch1"] == 0
    late = Fault(vendor="growatt", kind="write_delayed", count=1, value=60)
    client.sim.faults.add(late)
    assert (await write_segment(client, 1, 1, "1:0-2:0")).code == 0
    assert client.device.settings["forcedStopSwitch1"] == 0
    client.pass_time(minutes=2)
    assert client.device.settings["forcedStopSwitch1"] == 1


async def test_every_value_is_sent(client: Client) -> None:
    """Values that a command has no use for may be sent empty."""
    values = ["50", *[""] * 18]
    known = {"tlx_sn": client.device.serial, "type": "charge_power"}
    assert (await client.post("tlxSet", **known, **numbered(values))).code == 0

"""A published library that knows nothing of this project works with the simulated cloud."""

import asyncio
from collections.abc import Callable
from datetime import date, time
from typing import Any

from growattServer import GrowattV1ApiError, OpenApiV1
import pytest

from .client import Client
from .conftest import Connect

TODAY = date(2026, 6, 15)


@pytest.fixture
async def served(connect: Connect) -> Client:
    """Return a client of a MIN and an SPH."""
    return await connect("MIN-XH", "SPH")


@pytest.fixture
def library(served: Client) -> OpenApiV1:
    """Return the library, pointed at the simulator."""
    api = OpenApiV1(token=served.token)
    api.api_url = f"{served.base_url}/v1/"
    return api


async def ask[Answer](
    served: Client, method: Callable[..., Answer], *args: Any, **named: Any
) -> Answer:
    """Call the library in a thread, after the longest window has passed."""
    served.sim.clock.advance(300)
    return await asyncio.to_thread(method, *args, **named)


async def test_lists(served: Client, library: OpenApiV1) -> None:
    """It lists plants and their devices."""
    plants = await ask(served, library.plant_list)
    assert plants["count"] == 2
    ids = [plant["plant_id"] for plant in plants["plants"]]
    devices = [await ask(served, library.device_list, plant) for plant in ids]
    assert [
        (row["device_sn"], row["type"]) for found in devices for row in found["devices"]
    ] == [
        (device.serial, kind)
        for device, kind in zip(served.sim.growatt.inverters, (7, 5), strict=True)
    ]
    details = await ask(served, library.plant_details, ids[0])
    assert details["timezone"] == "GMT+1"
    overview = await ask(served, library.plant_energy_overview, ids[0])
    assert float(overview["total_energy"]) > 0
    power = await ask(served, library.plant_power_overview, ids[0], "2026-06-15")
    assert power["count"] == 288
    energy = await ask(served, library.plant_energy_history, ids[0], TODAY)
    assert [row["date"] for row in energy["energys"]] == ["2026-06-15"]


async def test_min(served: Client, library: OpenApiV1) -> None:
    """It reads a MIN, and writes a segment and a limit that it reads back."""
    serial = served.sim.growatt.first("MIN-XH").serial
    assert (await ask(served, library.min_detail, serial))["serialNum"] == serial
    energy = await ask(served, library.min_energy, serial)
    assert energy["ppv"] > 0
    assert energy["bmsSoc"] > 0
    past = await ask(served, library.min_energy_history, serial, TODAY)
    assert past["datas"][0].keys() == energy.keys()
    await ask(
        served,
        library.min_write_time_segment,
        serial,
        2,
        1,
        time(1, 30),
        time(5, 0),
    )
    await ask(served, library.min_write_parameter, serial, "charge_power", "60")
    settings = await ask(served, library.min_settings, serial)
    assert settings["chargePowerCommand"] == 60
    segments = library.min_read_time_segments(serial, settings)
    assert segments[1] == {
        "segment_id": 2,
        "batt_mode": 1,
        "mode_name": "Battery First",
        "start_time": "01:30",
        "end_time": "05:00",
        "enabled": True,
    }
    read = await ask(served, library.min_read_parameter, serial, "charge_power")
    assert read == "60"


async def test_sph(served: Client, library: OpenApiV1) -> None:
    """It reads an SPH, and writes charge times that it reads back."""
    serial = served.sim.growatt.first("SPH").serial
    assert (await ask(served, library.sph_energy, serial))["bmsSOC"] > 0
    periods = [
        {"start_time": time(2), "end_time": time(4, 30), "enabled": True},
        *[{"start_time": time(0), "end_time": time(0), "enabled": False}] * 2,
    ]
    await ask(
        served,
        library.sph_write_ac_charge_times,
        serial,
        charge_power=70,
        charge_stop_soc=90,
        mains_enabled=True,
        periods=periods,
    )
    await ask(
        served,
        library.sph_write_ac_discharge_times,
        serial,
        discharge_power=80,
        discharge_stop_soc=25,
        periods=periods,
    )
    details = await ask(served, library.sph_detail, serial)
    assert details["wchargeSOCLowLimit2"] == 90
    assert details["wdisChargeSOCLowLimit2"] == 25
    charge = library.sph_read_ac_charge_times(serial, details)
    assert charge["charge_power"] == 70
    assert charge["mains_enabled"]
    assert charge["periods"][0] == {
        "period_id": 1,
        "start_time": "02:00",
        "end_time": "04:30",
        "enabled": True,
    }


async def test_refusals(served: Client, library: OpenApiV1) -> None:
    """It understands refusals."""
    await ask(served, library.plant_list)
    with pytest.raises(GrowattV1ApiError) as too_soon:
        await asyncio.to_thread(library.plant_list)
    assert too_soon.value.error_code == 10012
    library.session.headers["token"] = "x" * 32
    with pytest.raises(GrowattV1ApiError) as denied:
        await ask(served, library.plant_list)
    assert denied.value.error_code == 10011

"""The action get_history: the past as the vendor has kept it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import probatio
import pytest

from custom_components.home_battery.battery.history import Resolution
from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from simulator import Simulation
from simulator.faults import Fault
from simulator.foxess.device import Inverter

from .conftest import (
    START,
    Simulate,
    async_pass,
    async_set_up,
    make_entry,
    patch_platforms,
)

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "one_platform")

NOON = "2026-06-15 12:00:00"
BERLIN = ZoneInfo("Europe/Berlin")
LEDGER = {
    "battery_energy_charged": "charge",
    "battery_energy_discharged": "discharge",
    "grid_energy_exported": "exported",
    "grid_energy_imported": "imported",
    "load_energy": "load",
    "pv_energy": "pv",
}
REPORT = "/op/v0/device/report/query"
HISTORY = "/op/v0/device/history/query"


@pytest.fixture
def one_platform() -> Iterator[None]:
    """Set up few entities, which are not asked here but keep the polling up."""
    with patch_platforms(Platform.BINARY_SENSOR):
        yield


def devices(hass: HomeAssistant) -> list[dr.DeviceEntry]:
    """Return the registered devices."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    return dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)


def device_ids(hass: HomeAssistant, sim: Simulation) -> list[str]:
    """Return the registry's ids of the inverters, in the simulation's order."""
    by_serial = {device.serial_number: device.id for device in devices(hass)}
    return [by_serial[inverter.serial] for inverter in sim.foxess.inverters]


async def ask(hass: HomeAssistant, sim: Simulation, **data: Any) -> Any:
    """Ask for history, and return what is told of the first device."""
    ids = device_ids(hass, sim)
    response: Any = await hass.services.async_call(
        DOMAIN,
        "get_history",
        {"device_id": ids[0], **data},
        blocking=True,
        return_response=True,
    )
    return response[ids[0]]


async def set_up(
    hass: HomeAssistant, simulate: Simulate, *models: str, **options: Any
) -> Simulation:
    """Simulate inverters and set their account up."""
    sim = await simulate(*models)
    await async_set_up(hass, make_entry(sim, **options))
    sim.foxess.calls.clear()
    return sim


def asked(sim: Simulation) -> list[Any]:
    """Return what the server was asked of the past."""
    return [call.body for call in sim.foxess.calls if call.path in {REPORT, HISTORY}]


def counted(inverter: Inverter, key: str, point: dict[str, Any]) -> float:
    """Return the energy that the ledger has of a point's slot."""
    before, after = (
        getattr(
            inverter.energies_at(datetime.fromisoformat(point[edge]).astimezone(UTC)),
            LEDGER[key],
        )
        for edge in ("start", "end")
    )
    return after - before


def assert_as_counted(inverter: Inverter, answer: Any) -> None:
    """Check every slot against the ledger."""
    for key, points in answer["keys"].items():
        assert [point["value"] for point in points] == pytest.approx(
            [counted(inverter, key, point) for point in points], abs=0.1001
        ), key


@pytest.mark.parametrize("model", ["KH8", "H3-V1", "EVO"])
@pytest.mark.parametrize(
    ("resolution", "slots"), [("hour", 60), ("day", 3), ("month", 1)]
)
async def test_energies(
    hass: HomeAssistant, simulate: Simulate, model: str, resolution: str, slots: int
) -> None:
    """Every slot is as the house's own ledger has it."""
    sim = await set_up(hass, simulate, model)
    answer = await ask(hass, sim, start="2026-06-13", end=NOON, resolution=resolution)
    assert answer["resolution"] == resolution
    assert answer["time_zone"] == "Europe/Berlin"
    assert answer["keys"].keys() == LEDGER.keys()
    assert {len(points) for points in answer["keys"].values()} == {slots}
    assert_as_counted(sim.foxess.inverters[0], answer)
    assert sum(point["value"] for point in answer["keys"]["load_energy"]) > 5


async def test_many_days(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """Days of three months come in three calls, without a gap."""
    freezer.move_to(START - timedelta(days=17))
    sim = await simulate()
    freezer.move_to(START)
    await async_set_up(hass, make_entry(sim))
    sim.foxess.calls.clear()
    answer = await ask(
        hass, sim, start=date(2026, 5, 30), end="2026-06-15", resolution="day"
    )
    assert [body["month"] for body in asked(sim)] == [5, 6]
    for points in answer["keys"].values():
        assert len(points) == 16
        assert [point["end"] for point in points[:-1]] == [
            point["start"] for point in points[1:]
        ]
    assert_as_counted(sim.foxess.inverters[0], answer)
    months = await ask(hass, sim, start="2026-05-20", resolution="month")
    assert [point["start"] for point in months["keys"]["pv_energy"]] == [
        "2026-05-01T00:00:00+02:00",
        "2026-06-01T00:00:00+02:00",
    ]
    assert_as_counted(sim.foxess.inverters[0], months)


@pytest.mark.parametrize(
    ("now", "day", "starts", "length"),
    [
        (
            datetime(2026, 3, 30, 10, tzinfo=UTC),
            "2026-03-29",
            ["01:00:00+01:00", "03:00:00+02:00"],
            1,
        ),
        (
            datetime(2026, 10, 26, 11, tzinfo=UTC),
            "2026-10-25",
            ["01:00:00+02:00", "02:00:00+02:00", "03:00:00+01:00"],
            2,
        ),
    ],
    ids=["spring", "autumn"],
)
async def test_change_of_clocks(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    now: datetime,
    day: str,
    starts: list[str],
    length: int,
) -> None:
    """The hour that is skipped is not there, and the one that comes twice is long."""
    freezer.move_to(now)
    sim = await set_up(hass, simulate)
    end = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    answer = await ask(hass, sim, start=day, end=end, resolution="hour")
    points = answer["keys"]["load_energy"]
    assert [point["start"][11:] for point in points[1 : len(starts) + 1]] == starts
    assert len(points) == {1: 23, 2: 24}[length]
    hours = [
        datetime.fromisoformat(point["end"]) - datetime.fromisoformat(point["start"])
        for point in points
    ]
    assert hours[2] == timedelta(hours=length)
    assert sum(hours, timedelta()) == timedelta(hours={1: 23, 2: 25}[length])
    assert_as_counted(sim.foxess.inverters[0], answer)
    assert len(asked(sim)) == 1
    days = await ask(hass, sim, start=day, end=end, resolution="day")
    assert_as_counted(sim.foxess.inverters[0], days)
    records = await ask(
        hass, sim, start=day, end=end, resolution="records", keys="load_power"
    )
    times = [
        datetime.fromisoformat(point["start"])
        for point in records["keys"]["load_power"]
    ]
    assert len(times) == pytest.approx(12 * {1: 23, 2: 25}[length], abs=1)
    assert {time.astimezone(BERLIN).date().isoformat() for time in times} == {day}
    assert max(
        after.astimezone(UTC) - before.astimezone(UTC)
        for before, after in pairwise(times)
    ) < timedelta(minutes=6)


@pytest.mark.parametrize("model", ["KH8", "H3-V1", "EVO", "PV", "MICRO"])
async def test_records(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    model: str,
) -> None:
    """Records say what the real-time query said at their time."""
    sim = await set_up(hass, simulate, model)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    (device,) = entry.runtime_data.inventory.with_role("system", "producer")
    live: dict[str, dict[str, Any]] = {}
    for _ in range(6):
        await async_pass(hass, freezer, minutes=5)
        record = entry.runtime_data.readings.data[device.key].record
        assert record.time is not None
        live[record.time.astimezone(BERLIN).isoformat()] = dict(record.values)
    answer = await ask(hass, sim, start=START, resolution="records")
    told: dict[str, dict[str, Any]] = {}
    for key, points in answer["keys"].items():
        assert points == sorted(points, key=lambda point: point["start"])
        for point in points:
            told.setdefault(point["start"], {})[key] = point["value"]
    assert len(live) >= 5
    keys = entry.runtime_data.account.history_keys(device, Resolution.RECORDS)
    assert {
        at: {key: value for key, value in values.items() if key in keys}
        for at, values in live.items()
    } == {at: told[at] for at in live}


@pytest.mark.parametrize(
    ("hours", "windows"), [(1, 1), (24, 1), (24.01, 2), (48, 2), (59, 3)]
)
async def test_windows(
    hass: HomeAssistant, simulate: Simulate, hours: float, windows: int
) -> None:
    """Records come a day to a call, each once, and only those that are asked for."""
    sim = await set_up(hass, simulate)
    start = START - timedelta(hours=hours)
    answer = await ask(
        hass, sim, start=start.isoformat(), end=NOON, resolution="records"
    )
    bodies = asked(sim)
    assert len(bodies) == windows
    assert bodies[0]["begin"] == start.timestamp() * 1000
    assert bodies[-1]["end"] == START.timestamp() * 1000
    assert all(body["end"] - body["begin"] <= 86_400_000 for body in bodies)
    times = [point["start"] for point in answer["keys"]["battery_soc"]]
    assert times == sorted(set(times))
    assert len(times) == pytest.approx(hours * 12, abs=1)


async def test_keys(hass: HomeAssistant, simulate: Simulate) -> None:
    """Only what is asked for is fetched and told, also where there is none of it."""
    sim = await set_up(hass, simulate)
    answer = await ask(
        hass,
        sim,
        start="2026-06-15 10:00:00",
        resolution="records",
        keys=["battery_power", "eps_power", "status"],
    )
    assert answer["keys"].keys() == {"battery_power", "eps_power", "status"}
    assert answer["keys"]["status"][0]["value"] == "running"
    assert "end" not in answer["keys"]["status"][0]
    assert "pvPower" not in asked(sim)[0]["variables"]
    sim.faults.add(Fault(vendor="foxess", kind="nulls", path=REPORT, value="values"))
    answer = await ask(
        hass, sim, start="2026-06-15", resolution="hour", keys="pv_energy"
    )
    assert answer["keys"] == {"pv_energy": []}
    answer = await ask(hass, sim, start="2026-06-14", resolution="hour")
    assert answer["keys"] == {}


async def test_local_time(hass: HomeAssistant, simulate: Simulate) -> None:
    """Without an offset a time is on the device's own clock, wherever Home Assistant is."""
    await hass.config.async_set_time_zone("US/Pacific")
    sim = await set_up(hass, simulate)
    answer = await ask(
        hass,
        sim,
        start="2026-06-14 10:00:00",
        end="2026-06-14T10:00:00+00:00",
        resolution="hour",
        keys="load_energy",
    )
    assert [point["start"] for point in answer["keys"]["load_energy"]] == [
        "2026-06-14T10:00:00+02:00",
        "2026-06-14T11:00:00+02:00",
    ]


async def test_future_is_left_out(hass: HomeAssistant, simulate: Simulate) -> None:
    """An end in the future is now, and the slot of now is the last."""
    sim = await set_up(hass, simulate)
    answer = await ask(
        hass, sim, start="2026-06-15", end="2026-06-20", resolution="day"
    )
    assert [point["start"][:10] for point in answer["keys"]["pv_energy"]] == [
        "2026-06-15"
    ]
    assert len(asked(sim)) == 1


async def test_several_devices(hass: HomeAssistant, simulate: Simulate) -> None:
    """A PV inverter tells its yield as PV, and nothing of a meter that it lacks."""
    sim = await set_up(hass, simulate, "PV", "KH8")
    response: Any = await hass.services.async_call(
        DOMAIN,
        "get_history",
        {
            "device_id": device_ids(hass, sim) * 2,
            "start": "2026-06-14",
            "end": "2026-06-15",
            "resolution": "hour",
        },
        blocking=True,
        return_response=True,
    )
    producer, system = (response[device] for device in device_ids(hass, sim))
    assert producer["keys"].keys() == {"pv_energy"}
    inverter = sim.foxess.inverters[0]
    for point in producer["keys"]["pv_energy"]:
        before, after = (
            inverter.energies_at(
                datetime.fromisoformat(point[edge]).astimezone(UTC)
            ).generation
            for edge in ("start", "end")
        )
        assert point["value"] == pytest.approx(after - before, abs=0.1001)
    assert system["keys"].keys() == LEDGER.keys()
    assert len(asked(sim)) == 2


@pytest.mark.parametrize("resolution", ["hour", "month"])
async def test_glitch(hass: HomeAssistant, simulate: Simulate, resolution: str) -> None:
    """A slot in which high bits are noise is left out, and only that one."""
    sim = await set_up(hass, simulate)
    sim.faults.add(Fault(vendor="foxess", kind="glitch", path=REPORT, count=1))
    data = {"start": "2026-06-14", "end": "2026-06-15", "resolution": resolution}
    glitched = await ask(hass, sim, **data)
    sound = await ask(hass, sim, **data)
    # The noise is in the first slot of the report: an hour of the day, or January.
    first = {"hour": 1, "month": 0}[resolution]
    assert glitched["keys"] == {
        key: points[first:] for key, points in sound["keys"].items()
    }


async def test_only_watch(hass: HomeAssistant, simulate: Simulate) -> None:
    """Looking back changes nothing, so watching is enough."""
    sim = await set_up(hass, simulate, control="watch")
    answer = await ask(hass, sim, start="2026-06-15", resolution="day")
    assert answer["keys"]
    assert not any(call.write for call in sim.foxess.calls)


@pytest.mark.parametrize(
    ("data", "key", "placeholders"),
    [
        ({"start": "2026-06-16"}, "history_in_future", None),
        ({"start": "2026-06-16", "end": "2026-06-17"}, "history_in_future", None),
        ({"end": "2026-06-13"}, "history_end_before_start", None),
        ({"end": "2026-06-14"}, "history_end_before_start", None),
        (
            {"keys": ["pv_energy", "battery_soc"]},
            "unknown_history_key",
            {
                "key": "battery_soc",
                "device": "Fox ESS KH8",
                "options": ", ".join(LEDGER),
            },
        ),
        (
            {"start": "2025-05-11"},
            "history_too_long",
            {"resolution": "hour", "limit": "400"},
        ),
        (
            {"start": "2026-05-15", "resolution": "records"},
            "history_too_long",
            {"resolution": "records", "limit": "31"},
        ),
        (
            {"start": "2010-01-01", "resolution": "month"},
            "history_too_long",
            {"resolution": "month", "limit": "3653"},
        ),
        (
            {"start": "2025-05-11 13:00:00"},
            "history_too_many_calls",
            {"calls": "401", "free": "400", "days": "398"},
        ),
    ],
)
async def test_refused(
    hass: HomeAssistant,
    simulate: Simulate,
    data: dict[str, Any],
    key: str,
    placeholders: dict[str, str] | None,
) -> None:
    """What makes no sense or is too much is said in words, and nothing is sent."""
    sim = await set_up(hass, simulate)
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, sim, **{"start": "2026-06-14", "resolution": "hour", **data})
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders == placeholders
    assert asked(sim) == []


@pytest.mark.parametrize(
    "data",
    [
        {"resolution": "minute"},
        {"start": "yesterday"},
        {"start": "0001-01-01"},
        {"end": "9999-12-31"},
        {"keys": []},
        {"device_id": []},
        {"period": "hour"},
    ],
)
async def test_malformed(
    hass: HomeAssistant, simulate: Simulate, data: dict[str, Any]
) -> None:
    """What is no request at all does not get past the schema."""
    sim = await set_up(hass, simulate)
    with pytest.raises(probatio.Invalid):
        await ask(hass, sim, **{"start": "2026-06-14", "resolution": "hour", **data})
    assert asked(sim) == []


async def test_no_history(hass: HomeAssistant, simulate: Simulate) -> None:
    """A house has no history of its own, and nothing is sent for the others then."""
    sim = await set_up(hass, simulate)
    (house,) = (device for device in devices(hass) if not device.serial_number)
    with pytest.raises(ServiceValidationError) as raised:
        await ask(
            hass,
            sim,
            device_id=[*device_ids(hass, sim), house.id],
            start="2026-06-14",
            resolution="hour",
        )
    assert raised.value.translation_key == "no_history"
    assert raised.value.translation_placeholders == {"device": "House 1"}
    assert asked(sim) == []


async def test_calls_for_changes_are_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """Only calls beyond the reserve are free for history, for all devices together."""
    sim = await set_up(hass, simulate, "KH8", "KH8")
    sim.foxess.spend(2880 - 432 - 80)
    await async_pass(hass, freezer, hours=1)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    free = entry.runtime_data.limiter.calls_free
    assert 25 < free < 50
    sim.foxess.calls.clear()
    data = {"device_id": device_ids(hass, sim), "resolution": "hour"}
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, sim, **data, start="2026-05-21", end="2026-06-15")
    assert raised.value.translation_key == "history_too_many_calls"
    assert raised.value.translation_placeholders == {
        "calls": "50",
        "free": str(free),
        "days": str(25 * free // 50),
    }
    assert asked(sim) == []
    await ask(hass, sim, **data, start="2026-06-14", end="2026-06-15")
    assert len(asked(sim)) == 2


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "errno", "value": 41203}, "communication_error"),
        ({"kind": "errno", "value": 40257}, "refused"),
        ({"kind": "errno", "value": 42015}, "unsupported"),
        ({"kind": "errno", "value": 40402}, "quota_exhausted"),
        ({"kind": "html"}, "communication_error"),
        ({"kind": "truncated"}, "communication_error"),
    ],
    ids=str,
)
@pytest.mark.parametrize("resolution", ["records", "day"])
async def test_vendor_errors(
    hass: HomeAssistant,
    simulate: Simulate,
    fault: dict[str, Any],
    key: str,
    resolution: str,
) -> None:
    """What the vendor says is said in words."""
    sim = await set_up(hass, simulate)
    path = {"records": HISTORY, "day": REPORT}[resolution]
    sim.faults.add(Fault(vendor="foxess", path=path, **fault))
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, sim, start="2026-06-14", resolution=resolution)
    assert raised.value.translation_key == key


async def test_refused_key(hass: HomeAssistant, simulate: Simulate) -> None:
    """A key that is dead asks for a new one."""
    sim = await set_up(hass, simulate)
    sim.foxess.rotate_token()
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, sim, start="2026-06-14", resolution="day")
    assert raised.value.translation_key == "authentication_error"
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_cancelled(hass: HomeAssistant, simulate: Simulate) -> None:
    """Whoever stops to wait stops the calls, and others can go on."""
    sim = await set_up(hass, simulate)
    task = hass.async_create_task(ask(hass, sim, start="2026-03-01", resolution="hour"))
    while len(asked(sim)) < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    sent = len(asked(sim))
    assert sent < 20
    assert (await ask(hass, sim, start="2026-06-15", resolution="day"))["keys"]
    assert len(asked(sim)) == sent + 1

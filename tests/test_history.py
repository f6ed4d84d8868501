"""The action get_history: the past as the vendor has kept it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.battery.history import Resolution
from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from simulator.faults import Fault
from simulator.foxess.device import Inverter

from .conftest import START, Simulate, async_pass, async_set_up, make_entry
from .past import BERLIN, LEDGER, NOON, REPORT, ask, asked, device_ids, set_up

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "few_entities")


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

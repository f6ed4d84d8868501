"""The past of Fox ESS inverters: what is asked for, and what is made of the answers."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.history import (
    History,
    HistoryRequest,
    Point,
    Resolution,
)
from custom_components.home_battery.battery.model import Device, Role
from custom_components.home_battery.transport.errors import ApiError, TransientError
from custom_components.home_battery.vendors.foxess.errors import AmbiguousError
from custom_components.home_battery.vendors.foxess.history import SPELLED, FoxEssHistory
from custom_components.home_battery.vendors.foxess.readings import (
    FIELDS,
    names_of,
    record_keys,
)
from custom_components.home_battery.vendors.foxess.variables import (
    FIELD_PREFIX,
    VARIABLES,
)
from custom_components.home_battery.vendors.vendor import READINGS
from simulator.foxess.catalogue import PROFILES
from tests.conftest import START, Simulate

from .conftest import MakeAccount, break_calls, calls_to
from .systems import discovered, fetch
from .wire import JSON, Answering, objects

HISTORY = "/op/v0/device/history/query"
BERLIN = ZoneInfo("Europe/Berlin")
SYSTEM = Device(kind="inverter", id="SN", role=Role.SYSTEM, name="KH8")
PRODUCER = replace(SYSTEM, role=Role.PRODUCER)
DEVICES = pytest.mark.parametrize("device", [SYSTEM, PRODUCER], ids=["system", "pv"])


def request(
    start: datetime,
    end: datetime,
    resolution: Resolution,
    *keys: str,
    device: Device = SYSTEM,
) -> HistoryRequest:
    """Return a request, for all keys if none is given."""
    known = FoxEssHistory(Answering(None), device).keys(resolution)
    return HistoryRequest(
        start=start,
        end=end,
        resolution=resolution,
        keys=frozenset(keys) or known,
        time_zone=BERLIN,
    )


def berlin(*parts: int) -> datetime:
    """Return a time on the wall clock."""
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[misc,arg-type]


async def energies(
    answer: Any,
    start: datetime,
    end: datetime,
    resolution: Resolution = Resolution.HOUR,
    *,
    device: Device = SYSTEM,
    keys: tuple[str, ...] = ("load_energy",),
) -> History:
    """Return what is made of an answer."""
    asked = request(start, end, resolution, *keys, device=device)
    return await FoxEssHistory(Answering(answer), device).fetch(asked)


def report(**values: list[Any]) -> list[dict[str, Any]]:
    """Return the vendor's report."""
    return [
        {"variable": name, "unit": "kWh", "values": numbers}
        for name, numbers in values.items()
    ]


def total(points: Iterable[Point]) -> float:
    """Return the sum of energies."""
    return sum(point.value for point in points if isinstance(point.value, float))


def test_every_variable_is_spelled() -> None:
    """The vendor's spelling is known of all that the readings are made of."""
    spelled = {name.lower() for name in SPELLED}
    for has_battery in (True, False):
        keys = record_keys(has_battery=has_battery)
        assert set(names_of(keys, has_battery=has_battery)) <= spelled
    assert {name for field in FIELDS for name in field.names} <= spelled


@pytest.mark.parametrize("model", ["KH8", "H3-V1", "EVO", "PV", "MICRO", "MS", "R75"])
async def test_each_key_alone(
    simulate: Simulate, make_account: MakeAccount, model: str
) -> None:
    """A reading is the same whether it is asked for alone or with all others."""
    account = make_account(await simulate(model))
    (device,) = (await discovered(account)).with_role(Role.SYSTEM, Role.PRODUCER)
    (live,) = (await fetch(account, READINGS, [device])).records.values()
    start, end = START - timedelta(minutes=20), START
    keys = account.history_keys(device, Resolution.RECORDS)
    own = {variable.key for variable in VARIABLES}
    common = {key for key in live.values if not key.startswith(FIELD_PREFIX)} - own
    assert common - {"last_data", "fault"} <= keys
    for key in sorted(keys):
        asked = request(start, end, Resolution.RECORDS, key, device=device)
        history = await account.history(device, asked)
        known = {point.start: point.value for point in history.points.get(key, ())}
        assert known.get(live.time) == live.values.get(key), key


@pytest.mark.parametrize("widest", [10, 20])
async def test_too_wide(
    simulate: Simulate, make_account: MakeAccount, widest: int
) -> None:
    """A device that fails when asked for much is asked in parts, down to some size."""
    sim = await simulate("EVO")
    account = make_account(sim)
    (device,) = (await discovered(account)).with_role(Role.SYSTEM)
    asked = request(START - timedelta(hours=1), START, Resolution.RECORDS)
    whole = await account.history(device, asked)
    narrow = replace(PROFILES["EVO"], widest_query=widest)
    sim.foxess.calls.clear()
    with patch.object(sim.foxess.inverters[0], "profile", narrow):
        assert await account.history(device, asked) == whole
    calls = calls_to(sim, HISTORY)
    assert {call.errno for call in calls} == {0, 41200}


async def test_hopeless(simulate: Simulate, make_account: MakeAccount) -> None:
    """Where little fails as much fails, it is not for the length of the question."""
    sim = await simulate("EVO")
    account = make_account(sim)
    (device,) = (await discovered(account)).with_role(Role.SYSTEM)
    break_calls(sim, "errno", HISTORY, value=41200)
    asked = request(START - timedelta(hours=1), START, Resolution.RECORDS)
    with pytest.raises(AmbiguousError):
        await account.history(device, asked)
    assert len(calls_to(sim, HISTORY)) == 3


async def test_trimmed_by_time() -> None:
    """What the vendor sends beyond the range is left out, whatever order it has."""
    times = [
        "2026-10-26 00:00:01 CET+0100",
        "2026-10-25 02:30:00 CET+0100",
        "2026-10-25 02:30:00 CEST+0200",
        "2026-10-24 23:59:59 CEST+0200",
        "never",
        None,
    ]
    answer = [
        {
            "deviceSN": "SN",
            "datas": [
                {
                    "variable": "loadsPower",
                    "data": [
                        {"time": time, "value": f"{index}.5"}
                        for index, time in enumerate(times)
                    ],
                }
            ],
        }
    ]
    history = await energies(
        answer,
        berlin(2026, 10, 25),
        berlin(2026, 10, 26),
        Resolution.RECORDS,
        keys=("load_power",),
    )
    # Two windows have told each of them, as text.
    assert [(point.start, point.value) for point in history.points["load_power"]] == [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2500.0),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1500.0),
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1000000000003638, 0.3999999999996362], [0.1, 0.4]),
        ([None, 1.26], [None, 1.3]),
        (["2.5", "x"], [2.5, None]),
        ([26843545.5, 0.2], [None, 0.2]),
        ([201.0, 199.0], [None, 199.0]),
        ([-0.04, -0.1], [0.0, None]),
        ([True, [1]], [None, None]),
        ([1.0], [1.0, None]),
    ],
)
async def test_values(values: list[Any], expected: list[float | None]) -> None:
    """Noise is rounded off, and what cannot be is left out."""
    history = await energies(
        report(loads=values), berlin(2026, 6, 14), berlin(2026, 6, 14, 2)
    )
    found = {point.start: point.value for point in history.points["load_energy"]}
    assert [
        found.get(berlin(2026, 6, 14, hour).astimezone(UTC)) for hour in range(2)
    ] == expected


async def test_skipped_hour_is_not_lost() -> None:
    """What the vendor puts into the hour that is skipped belongs to the next."""
    values = [float(hour) for hour in range(24)]
    history = await energies(
        report(loads=values), berlin(2026, 3, 29), berlin(2026, 3, 30)
    )
    points = history.points["load_energy"]
    assert len(points) == 23
    assert total(points) == sum(values)
    assert points[2].start == berlin(2026, 3, 29, 3).astimezone(UTC)
    assert points[2].value == 5.0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (report(PVEnergyTotal=[1.0] * 12, loads=[2.0] * 12), 1.0),
        (report(loads=[1.0] * 12, PVEnergyTotal=[2.0] * 12), 2.0),
    ],
)
async def test_names_of_days_are_believed(
    answer: list[dict[str, Any]], expected: float
) -> None:
    """Only in a year the order counts more than the name."""
    keys = ("pv_energy", "load_energy")
    days = await energies(
        answer, berlin(2026, 6, 1), berlin(2026, 6, 5), Resolution.DAY, keys=keys
    )
    assert {point.value for point in days.points["pv_energy"]} == {expected}
    months = await energies(
        answer, berlin(2026, 1, 1), berlin(2026, 5, 1), Resolution.MONTH, keys=keys
    )
    assert {point.value for point in months.points["pv_energy"]} == {1.0}


async def test_year_with_rows_missing() -> None:
    """Where a row is missing, the order says nothing either."""
    with pytest.raises(TransientError):
        await energies(
            report(loads=[1.0] * 12),
            berlin(2026, 1, 1),
            berlin(2026, 5, 1),
            Resolution.MONTH,
            keys=("pv_energy", "load_energy"),
        )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"generation": [3.0], "PVEnergyTotal": [0.0], "gridConsumption": [0.0]},
            {"pv_energy": 3.0},
        ),
        (
            {"generation": [3.0], "PVEnergyTotal": [2.5], "feedin": [0.0]},
            {"pv_energy": 2.5},
        ),
        (
            {
                "generation": [3.0],
                "loads": [1.0],
                "feedin": [2.0],
                "gridConsumption": [0.0],
            },
            {
                "pv_energy": 3.0,
                "load_energy": 1.0,
                "grid_energy_exported": 2.0,
                "grid_energy_imported": 0.0,
            },
        ),
    ],
)
async def test_producer(
    values: dict[str, list[float]], expected: dict[str, float]
) -> None:
    """Without a meter only the yield counts; with one, its readings do too."""
    history = await energies(
        report(**values),
        berlin(2026, 6, 14),
        berlin(2026, 6, 14, 1),
        device=PRODUCER,
        keys=(),
    )
    assert {
        key: points[0].value for key, points in history.points.items() if points
    } == expected


async def test_before_the_vendor_counted() -> None:
    """No report is asked for of years that the vendor refuses."""
    history = FoxEssHistory(Answering(None), SYSTEM)
    start, end = berlin(2018, 6, 1), berlin(2021, 6, 1)
    assert history.calls(request(start, end, Resolution.MONTH)) == 2
    assert history.calls(request(start, end, Resolution.DAY)) == 17
    old = request(start, berlin(2019, 1, 1), Resolution.DAY)
    assert history.calls(old) == 0
    assert not any((await history.fetch(old)).points.values())


@pytest.mark.parametrize("resolution", Resolution)
async def test_nothing_there(resolution: Resolution) -> None:
    """An answer without a result is a past without anything in it."""
    history = await energies(
        None, berlin(2026, 6, 14), berlin(2026, 6, 15), resolution, keys=()
    )
    assert not any(history.points.values())


@DEVICES
@pytest.mark.parametrize("resolution", Resolution)
@given(
    answer=st.one_of(
        JSON,
        st.lists(objects("variable", "values"), max_size=4),
        st.lists(
            st.fixed_dictionaries(
                {"datas": st.lists(objects("variable", "data"), max_size=4)}
            ),
            max_size=2,
        ),
    )
)
async def test_any_answer(device: Device, resolution: Resolution, answer: Any) -> None:
    """Whatever the cloud answers, there is a history or an error that is known."""
    with suppress(ApiError):
        history = await energies(
            answer,
            berlin(2026, 3, 29),
            berlin(2026, 3, 30),
            resolution,
            device=device,
            keys=(),
        )
        assert all(
            point.start.tzinfo is not None
            for points in history.points.values()
            for point in points
        )


@given(
    values=st.lists(
        st.floats(0, 50).map(lambda energy: round(energy, 1)), min_size=24, max_size=24
    ),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
async def test_no_energy_is_lost(values: list[float], day: date) -> None:
    """All that the vendor tells of a day is told, on days of any length."""
    start = datetime.combine(day, datetime.min.time(), BERLIN)
    history = await energies(
        report(loads=values), start, start + timedelta(days=1), keys=("load_energy",)
    )
    points = history.points["load_energy"]
    assert total(points) == pytest.approx(sum(values))
    assert points[0].start == start.astimezone(UTC)

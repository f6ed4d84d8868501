"""The energies of a month and of a day: what reports say, and what of it is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.model import Device, Record, Role, Value
from custom_components.home_battery.transport.clock import SystemClock
from custom_components.home_battery.transport.errors import (
    ApiError,
    TransientError,
    UnsupportedError,
)
from custom_components.home_battery.vendors.foxess.errors import AmbiguousError
from custom_components.home_battery.vendors.foxess.memory import DeviceMemory
from custom_components.home_battery.vendors.foxess.totals import MONTHLY, FoxEssTotals
from custom_components.home_battery.vendors.vendor import READINGS, TOTALS
from simulator.foxess.variables import ENERGY_NAMES
from tests.conftest import START, Simulate

from .conftest import MakeAccount, break_calls, calls_to
from .systems import discovered, fetch
from .wire import JSON, Answering, objects

BERLIN = ZoneInfo("Europe/Berlin")
NOW = START.astimezone(BERLIN)
SYSTEM = Device(kind="inverter", id="SN", role=Role.SYSTEM, name="KH8")
PRODUCER = replace(SYSTEM, role=Role.PRODUCER)
DEVICES = pytest.mark.parametrize("device", [SYSTEM, PRODUCER], ids=["system", "pv"])
# What a record of just now tells of counters.
COUNTERS: dict[str, Value] = {key.removesuffix("_month"): 1000.0 for key in MONTHLY}
TODAY = "inverter_energy_today"
GLITCH = (1 << 16) / 10


def report(days: Sequence[Any], **others: Any) -> list[dict[str, Any]]:
    """Return a report with the same days for all variables but some."""
    return [
        {"variable": name, "unit": "kWh", "values": others.get(name, [*days])}
        for name in MONTHLY.values()
    ]


async def totals(
    answer: Any,
    device: Device = SYSTEM,
    *,
    now: datetime = NOW,
    stored: dict[str, Any] | None = None,
    latest: Record | None = None,
) -> Mapping[str, Value]:
    """Return what an answer is taken for."""
    memory = DeviceMemory({} if stored is None else stored, SystemClock())
    latest = latest or Record(time=now.astimezone(UTC), values=COUNTERS)
    record = await FoxEssTotals(Answering(answer), memory, device, now).read(latest)
    return {} if record is None else record.values


async def test_month_of_a_system(
    simulate: Simulate, make_account: MakeAccount, freezer: FrozenDateTimeFactory
) -> None:
    """One report tells what all energies have come to since the first, by the station's clock."""
    sim = await simulate("KH8")
    account = make_account(sim, zone=lambda _device: BERLIN)
    (device,) = (await account.discover()).with_role(Role.SYSTEM)
    # In Berlin it is the first already.
    freezer.move_to("2026-07-01 08:00:00+00:00")
    await fetch(account, READINGS, [device])
    sim.foxess.calls.clear()
    values = (await fetch(account, TOTALS, [device])).records[device.key].values
    assert [call.path for call in sim.foxess.calls] == ["/op/v0/device/report/query"]
    inverter = sim.foxess.inverters[0]
    first = inverter.energies_at(datetime(2026, 6, 30, 22, tzinfo=UTC))
    latest = inverter.records[-1].energies
    assert values == {
        key: pytest.approx(
            getattr(latest, ENERGY_NAMES[variable])
            - getattr(first, ENERGY_NAMES[variable]),
            abs=0.2,
        )
        for key, variable in MONTHLY.items()
    }


async def test_month_of_a_producer(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """Without a battery the cloud keeps no account but of the yield, which is PV."""
    sim = await simulate("PV")
    account = make_account(sim)
    (device,) = (await discovered(account)).with_role(Role.PRODUCER)
    await fetch(account, READINGS, [device])
    sim.foxess.calls.clear()
    values = (await fetch(account, TOTALS, [device])).records[device.key].values
    assert [call.path for call in sim.foxess.calls] == ["/op/v0/device/generation"]
    assert values.keys() == {"pv_energy_month", "inverter_energy_month"}
    assert values["pv_energy_month"] == values["inverter_energy_month"] > 10


async def test_nothing_before_the_first_record(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """Of a device that has sent nothing, nothing is asked."""
    account = make_account(await simulate("KH8"))
    devices = (await account.discover()).with_role(Role.SYSTEM)
    result = await fetch(account, TOTALS, devices)
    assert (result.records, result.failed) == ({}, {})


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([1.1, 2.2, *[0.0] * 28], 3.3, id="noise is rounded"),
        pytest.param([1.0] * 30, 15.0, id="what is to come does not count"),
        pytest.param([None] * 10 + [1.0] * 20, 5.0, id="installed on the 11th"),
        pytest.param([1.0] * 14 + [None] * 16, 14.0, id="nothing of today yet"),
        pytest.param(["1.5"] * 30, 22.5, id="text"),
        pytest.param([1.0, None, *[1.0] * 28], None, id="a day is missing"),
        pytest.param([1.0, GLITCH, *[1.0] * 28], None, id="high bits"),
        pytest.param([1.0, -1.0, *[1.0] * 28], None, id="negative"),
        pytest.param([None] * 30, None, id="nothing at all"),
        pytest.param([], None, id="empty"),
        pytest.param("n/a", None, id="no list"),
    ],
)
async def test_days_of_a_report(days: Any, expected: float | None) -> None:
    """A month is the sum of its days, or not told while one of them is nonsense."""
    values = await totals(report([1.0] * 30, PVEnergyTotal=days))
    assert values.get("pv_energy_month") == expected
    assert values["load_energy_month"] == 15.0


async def test_mixed_up_names() -> None:
    """The order in which it was asked is believed rather than the names."""
    rows = [
        {"variable": "generation", "values": [float(place)] * 30}
        for place in range(len(MONTHLY))
    ]
    values = await totals(rows)
    assert list(values.values())[1:] == [15.0 * place for place in range(1, 7)] + [6.0]


async def test_part_of_a_report() -> None:
    """Where rows are missing, names are all there is."""
    values = await totals(report([1.0] * 30)[3:])
    assert values.keys() == {*list(MONTHLY)[3:], TODAY}


async def test_zeros_of_what_is_not_counted() -> None:
    """A sum of 0 is told of what the inverter counts at all."""
    latest = Record(time=START, values={"load_energy": 7.0, "inverter_energy": 9.0})
    values = await totals(report([0.0] * 30), latest=latest)
    assert values.keys() == {"load_energy_month", "inverter_energy_month", TODAY}


@pytest.mark.parametrize(
    ("device", "answer"),
    [
        pytest.param(SYSTEM, report([2.0] * 30), id="system"),
        pytest.param(PRODUCER, {"today": 2.0, "month": 30.0}, id="pv"),
    ],
)
@pytest.mark.parametrize(
    ("age", "told", "expected"),
    [
        pytest.param(timedelta(), {}, 2.0, id="a record of today"),
        pytest.param(timedelta(hours=13), {}, None, id="a record of yesterday"),
        pytest.param(timedelta(), {TODAY: 1.0}, None, id="the record tells it"),
    ],
)
async def test_yield_of_today(
    device: Device,
    answer: Any,
    age: timedelta,
    told: dict[str, Value],
    expected: float | None,
) -> None:
    """The day's yield is told where the inverter does not, once it has sent something."""
    latest = Record(time=START - age, values=COUNTERS | told)
    values = await totals(answer, device, latest=latest)
    assert values.get(TODAY) == expected
    assert values["pv_energy_month"] == 30.0


async def test_month_before_the_first_upload() -> None:
    """On the first, the yield of the month is the former month's until an upload."""
    now = datetime(2026, 7, 1, 3, tzinfo=BERLIN)
    answer = {"today": 9.0, "month": 20.0}
    latest = Record(time=now - timedelta(hours=6), values=COUNTERS)
    assert await totals(answer, PRODUCER, now=now, latest=latest) == {}


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ({"today": 2.0}, {TODAY}),
        ({"month": 2.0}, {"pv_energy_month", "inverter_energy_month"}),
        ({"cumulative": 2.0}, set()),
        ({"today": None, "month": "n/a"}, set()),
        ({"today": GLITCH, "month": 15 * 24 * 200 + 0.1}, set()),
    ],
)
async def test_keys_may_be_missing(answer: Any, keys: set[str]) -> None:
    """Of the yield only that is told which is there and can be."""
    assert (await totals(answer, PRODUCER)).keys() == keys


async def test_totals_rise_until_they_begin_anew() -> None:
    """A tenth less is no reset; the next month is one, over restarts too."""
    stored: dict[str, Any] = {}
    shown = [
        (await totals(report([day] * 31), now=now, stored=stored))["pv_energy_month"]
        for day, now in (
            (2.0, NOW),
            (1.99, NOW),
            (2.1, NOW),
            (2.0, datetime(2026, 7, 2, 12, tzinfo=BERLIN)),
        )
    ]
    assert shown == [30.0, 30.0, 31.5, 4.0]


@pytest.mark.parametrize(
    ("error", "asked"), [(UnsupportedError("No"), 1), (AmbiguousError("?"), 2)]
)
async def test_lack(error: ApiError, asked: int) -> None:
    """A device that has no reports is not asked again; a hiccup is none."""
    stored: dict[str, Any] = {}
    client = Answering(error)
    latest = Record(time=START, values=COUNTERS)
    for _ in range(2):
        try:
            record = await FoxEssTotals(
                client, DeviceMemory(stored, SystemClock()), SYSTEM, NOW
            ).read(latest)
        except AmbiguousError:
            continue
        assert record is None
    assert len(client.asked) == asked


async def test_one_device_fails(simulate: Simulate, make_account: MakeAccount) -> None:
    """A report that fails takes only its own device down."""
    sim = await simulate("KH8", "EVO")
    account = make_account(sim)
    devices = (await discovered(account)).with_role(Role.SYSTEM)
    await fetch(account, READINGS, devices)
    break_calls(sim, "errno", path="*/report/query", value=41203, count=1)
    result = await fetch(account, TOTALS, devices)
    assert set(result.failed) == {devices[0].key}
    assert set(result.records) == {devices[1].key}
    assert len(calls_to(sim, "report/query")) == 2


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "variable": st.sampled_from([*MONTHLY.values()]),
            "values": st.one_of(JSON, st.lists(JSON, min_size=28, max_size=31)),
        }
    ),
    max_size=8,
)


@DEVICES
@given(answer=st.one_of(ROWS, objects("today", "month", "cumulative")))
async def test_any_answer(device: Device, answer: Any) -> None:
    """Whatever comes, what is told is a number that a house can have."""
    try:
        values = await totals(answer, device)
    except TransientError:
        return
    for value in values.values():
        assert isinstance(value, float)
        assert 0 <= value <= 15 * 25 * 200

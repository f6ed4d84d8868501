"""Faults in words: what is wrong now, and what was wrong last."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.battery.model import Device, Record, Role
from custom_components.home_battery.transport.clock import SystemClock
from custom_components.home_battery.transport.errors import (
    TransientError,
    UnsupportedError,
)
from custom_components.home_battery.vendors.foxess.faults import (
    FaultHistory,
    FaultTexts,
    parse_texts,
)
from custom_components.home_battery.vendors.foxess.memory import DeviceMemory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import START, TickingClock, async_pass, async_set_up
from tests.controls import state

from .conftest import calls_to
from .wire import Answering, objects

FAULT = "sensor.fox_ess_kh8_fault"
LAST = "sensor.fox_ess_kh8_last_fault"
LAST_AT = "sensor.fox_ess_kh8_last_fault_at"
TABLE = [
    {"4001": {"en": "Grid lost", "zh_CN": "电网丢失", "pl": "Brak sieci"}},
    {"4002": {"en": "Grid voltage"}, "4003": "n/a", "4004": {"pl": 1}},
    None,
]
INVERTER = Device(kind="inverter", id="SN", role=Role.SYSTEM, name="KH8")
DAY = START.date()


def texts(
    client: Answering,
    clock: TickingClock,
    language: str = "en",
    stored: dict[str, Any] | None = None,
) -> FaultTexts:
    """Return the table of faults of a client."""
    memory = DeviceMemory({} if stored is None else stored, SystemClock())
    return FaultTexts(client, memory, clock, language)


def entry_of(code: str, at: datetime, **more: Any) -> dict[str, Any]:
    """Return an entry of a fault's history."""
    return {"faultCode": code, "timestamp": int(at.timestamp() * 1000), **more}


async def async_raise(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation, *codes: str
) -> None:
    """Have the inverter report faults, or none."""
    sim.foxess.inverters[0].raise_faults(codes)
    await async_pass(hass, freezer, minutes=6)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_present_faults(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """They are shown in words while they last; the table is asked for once, at need."""
    assert state(hass, FAULT) == "none"
    assert calls_to(sim, "fault/get") == []
    await async_raise(hass, freezer, sim, "4001", "4201", "9999")
    assert state(hass, FAULT) == "Grid lost, Isolation fault, 9999"
    await async_raise(hass, freezer, sim)
    assert state(hass, FAULT) == "none"
    await async_raise(hass, freezer, sim, "4101")
    assert state(hass, FAULT) == "Battery communication lost"
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, FAULT) == "Battery communication lost"
    assert len(calls_to(sim, "fault/get")) == 1


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_table_fails(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without the table codes are shown, nothing else suffers, and it is tried again later."""
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", path="*/fault/get", value=41203)
    )
    await async_raise(hass, freezer, sim, "4001")
    await async_pass(hass, freezer, minutes=5)
    assert state(hass, FAULT) == "4001"
    assert float(state(hass, "sensor.fox_ess_kh8_pv_power")) > 0
    assert len(calls_to(sim, "fault/get")) == 1
    sim.faults.clear()
    for _ in range(12):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, FAULT) == "Grid lost"


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_last_fault(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The last fault is there with the first one, and stays over days and restarts."""
    assert hass.states.get(LAST) is None
    freezer.move_to("2026-06-15 19:00:00+00:00")
    await async_pass(hass, freezer, minutes=5)
    # Between the day's last question and midnight.
    freezer.move_to("2026-06-15 21:30:00+00:00")
    await async_raise(hass, freezer, sim, "4002")
    at = sim.foxess.inverters[0].fault_events[0].at
    await async_raise(hass, freezer, sim)
    assert hass.states.get(LAST) is None
    await async_pass(hass, freezer, hours=4)
    assert state(hass, LAST) == "Grid voltage out of range"
    assert datetime.fromisoformat(state(hass, LAST_AT)) == at.replace(microsecond=0)
    for _ in range(7):
        await async_pass(hass, freezer, hours=8)
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, LAST) == "Grid voltage out of range"
    assert datetime.fromisoformat(state(hass, LAST_AT)) == at.replace(microsecond=0)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_history_of_faults_fails(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """While it does not answer, only what hangs on it goes away."""
    await async_raise(hass, freezer, sim, "4001")
    await async_pass(hass, freezer, hours=4)
    assert state(hass, LAST) == "Grid lost"
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", path="*/fault/history", value=41203)
    )
    for _ in range(4):
        await async_pass(hass, freezer, hours=4)
    assert state(hass, LAST) == STATE_UNAVAILABLE
    assert state(hass, FAULT) == "Grid lost"


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_no_history_of_faults(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """That there is none is remembered."""
    fault = Fault(vendor="foxess", kind="unsupported", path="*/fault/history", count=1)
    sim.faults.add(fault)
    await async_set_up(hass, entry)
    await async_pass(hass, freezer, hours=4)
    assert len(calls_to(sim, "fault/history")) == 1
    assert hass.states.get(LAST) is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Grid lost"), ("pl", "Brak sieci"), ("zh-Hans", "电网丢失")],
)
async def test_language(clock: TickingClock, language: str, expected: str) -> None:
    """The vendor's words are those of the house's language, where there are any."""
    table = texts(Answering(TABLE), clock, language)
    assert await table.text("4001") == expected
    assert await table.text("4002") == "Grid voltage"


async def test_other_language(clock: TickingClock) -> None:
    """Without words in the house's language they are in English."""
    assert await texts(Answering(TABLE), clock, "de").text("4001") == "Grid lost"


@pytest.mark.parametrize(
    ("language", "days", "asked"), [("en", 29, 1), ("en", 31, 2), ("pl", 0, 2)]
)
async def test_table_is_kept(
    clock: TickingClock,
    freezer: FrozenDateTimeFactory,
    language: str,
    days: int,
    asked: int,
) -> None:
    """The table is stored, and fetched again after a month or for another language."""
    client = Answering(TABLE)
    stored: dict[str, Any] = {}
    await texts(client, clock, "en", stored).text("4001")
    freezer.tick(timedelta(days=days))
    await texts(client, clock, language, stored).text("4001")
    assert len(client.asked) == asked


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("-", "none"),
        ("4001", "Grid lost"),
        ("4001,4002", "Grid lost, Grid voltage"),
        ("4001, 4002 5", "Grid lost, Grid voltage, 5"),
        ("4003 4004", "4003, 4004"),
        (" ".join(["4001"] * 40), ", ".join(["Grid lost"] * 40)[:254] + "…"),
    ],
)
async def test_codes(clock: TickingClock, codes: str, expected: str) -> None:
    """Codes stand apart by commas or spaces, and their words fit into a state."""
    record = Record(values={"fault_codes": codes})
    explained = await texts(Answering(TABLE), clock).explained(record)
    assert explained.values["fault"] == expected


async def test_no_codes_at_all(clock: TickingClock) -> None:
    """A device that tells no codes is not said to be without a fault."""
    client = Answering(TABLE)
    assert "fault" not in (await texts(client, clock).explained(Record())).values
    assert client.asked == []


@pytest.mark.parametrize(
    ("days", "asked"),
    [(0, ["16", "16"]), (1, ["16", "16", "17"]), (3, ["16", "18", "19"])],
)
async def test_days_that_are_asked_for(
    clock: TickingClock, days: int, asked: list[str]
) -> None:
    """It is asked for today, and for yesterday if it was not asked today."""
    client = Answering({"faults": None})
    history = FaultHistory(
        client, DeviceMemory({}, SystemClock()), INVERTER, texts(client, clock)
    )
    first = DAY + timedelta(days=1)
    for day in (first, first + timedelta(days=days)):
        assert await history.read(day) is None
    assert [params["date"][-2:] for _, params in client.asked] == asked


async def test_latest_counts(clock: TickingClock) -> None:
    """Of several faults the latest counts, in the words of table, message or code."""
    faults = [
        entry_of("1", START),
        entry_of("4001", START + timedelta(hours=2)),
        entry_of("2", START + timedelta(hours=1)),
        entry_of("", START + timedelta(hours=9)),
        {"faultCode": "3"},
        entry_of("4", datetime(2200, 1, 1, tzinfo=UTC)),
        "n/a",
    ]
    client = Answering({"faults": faults}, TABLE, {"faults": faults[:1]})
    history = FaultHistory(
        client, DeviceMemory({}, SystemClock()), INVERTER, texts(client, clock)
    )
    expected = {"last_fault": "Grid lost", "last_fault_at": START + timedelta(hours=2)}
    for _ in range(2):
        record = await history.read(DAY)
        assert record is not None
        assert record.values == expected


@pytest.mark.parametrize(
    ("message", "expected"), [("Meter lost", "Meter lost"), (None, "77"), (5, "77")]
)
async def test_code_without_words(
    clock: TickingClock, message: object, expected: str
) -> None:
    """A code that the table does not have is told by its message, or as it is."""
    faults = [entry_of("77", START, faultMessage=message)]
    client = Answering({"faults": faults}, UnsupportedError("No table"))
    history = FaultHistory(
        client, DeviceMemory({}, SystemClock()), INVERTER, texts(client, clock)
    )
    record = await history.read(DAY)
    assert record is not None
    assert record.values["last_fault"] == expected


@given(objects("4001", "en", "pl"))
def test_any_table(data: Any) -> None:
    """Whatever the table is, it becomes texts or is refused."""
    try:
        table = parse_texts([data], "pl")
    except TransientError:
        return
    assert all(isinstance(text, str) and text for text in table.values())


@given(objects("faults", "faultCode", "timestamp", "faultMessage"))
async def test_any_history(data: Any) -> None:
    """Whatever the history is, it becomes a fault or is refused."""
    client = Answering({"faults": [data]}, UnsupportedError("No table"))
    table = FaultTexts(client, DeviceMemory({}, SystemClock()), SystemClock(), "en")
    record = await FaultHistory(
        client, DeviceMemory({}, SystemClock()), INVERTER, table
    ).read(DAY)
    values = {} if record is None else record.values
    assert values.keys() in ({"last_fault", "last_fault_at"}, set())
    assert all(values.values())

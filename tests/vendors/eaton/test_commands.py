"""Commands: each of the seven, with its numbers, and the way back from it."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.eaton import CommCard
from simulator.faults import Fault
from tests.conftest import async_pass

from .conftest import See
from .entries import Seen

pytestmark = pytest.mark.usefixtures("all_enabled")

COMMANDS = [
    pytest.param("eaton_basic", {}, "SET_BASIC_MODE", {}, id="basic"),
    pytest.param(
        "force_charge",
        {"unit_command_power": 2300, "unit_command_soc": 90},
        "SET_CHARGE",
        {"action": "ACTION_CHARGE", "power": 50, "soc": 90},
        id="charge",
    ),
    pytest.param(
        "force_discharge",
        {"unit_command_power": 460, "unit_command_soc": 20},
        "SET_CHARGE",
        {"action": "ACTION_DISCHARGE", "power": 10, "soc": 20},
        id="discharge",
    ),
    pytest.param(
        "grid_injection_limit",
        {"unit_command_injection_limit": -200},
        "SET_VARIABLE_GRID_INJECTION",
        {"maximumPower": -200},
        id="injection",
    ),
    pytest.param(
        "frequency_regulation",
        {"unit_command_regulation_power": 40, "unit_command_regulation_soc": 55},
        "SET_FREQUENCY_REGULATION",
        {"powerAllocation": 40, "optimalSoc": 55},
        id="regulation",
    ),
    pytest.param(
        "peak_shaving",
        {"unit_command_peak_limit": 3500},
        "SET_PEAK_SHAVING",
        {"maxHousePeakConsumption": 3500},
        id="peak",
    ),
    pytest.param(
        "self_consumption", {}, "SET_MAXIMIZE_AUTO_CONSUMPTION", {}, id="maximize"
    ),
]


def commands(unit: CommCard) -> list[Any]:
    """Return what was commanded."""
    return [call.body for call in unit.calls if call.path == "/api/device/command"]


@pytest.mark.parametrize(("mode", "numbers", "command", "parameters"), COMMANDS)
async def test_command(
    seen: Seen,
    mode: str,
    numbers: dict[str, float],
    command: str,
    parameters: dict[str, Any],
) -> None:
    """A command goes out with all its numbers, once, and is confirmed by the status."""
    for key, value in numbers.items():
        await seen.set(key, value)
    await seen.set("unit_command_duration", 3)
    assert commands(seen.unit) == []
    await seen.choose("unit_command", mode)
    assert commands(seen.unit) == [
        {"command": command, "duration": 3, "parameters": parameters}
    ]
    assert seen.value("select", "unit_command") == mode
    assert {key: float(seen.value("number", key)) for key in numbers} == numbers
    running = seen.unit.device.mode
    assert (running.operation.command, running.type) == (command, "MANUAL")
    assert dict(running.operation.parameters or {}) == parameters


async def test_what_runs_and_until_when(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """The readings tell the command, that it is one, and its end; then it is over."""
    await seen.set("unit_command_duration", 2)
    await seen.choose("unit_command", "eaton_basic")
    await async_pass(hass, freezer, seconds=10)
    assert seen.value("sensor", "active_mode") == "eaton_basic"
    assert seen.value("sensor", "active_mode_source") == "override"
    assert seen.value("sensor", "active_mode_until") == "2026-06-15T12:00:00+00:00"
    freezer.tick(7200)
    await async_pass(hass, freezer, seconds=70)
    assert seen.value("sensor", "active_mode") == "self_consumption"
    assert seen.value("sensor", "active_mode_source") == "device"
    assert seen.value("sensor", "active_mode_until") == "unavailable"
    assert "active_mode_until" not in await seen.act("get_status")
    assert seen.value("select", "unit_command") == "none"


async def test_number_of_a_running_command(seen: Seen) -> None:
    """Another number is commanded at once, for what is left of the time."""
    await seen.set("unit_command_peak_limit", 4000)
    await seen.set("unit_command_duration", 5)
    await seen.choose("unit_command", "peak_shaving")
    await seen.set("unit_command_peak_limit", 2500)
    await seen.set("unit_command_power", 920)
    await seen.set("unit_command_duration", 7)
    assert [(call["duration"], call["parameters"]) for call in commands(seen.unit)] == [
        (5, {"maxHousePeakConsumption": 4000}),
        (5, {"maxHousePeakConsumption": 2500}),
        (7, {"maxHousePeakConsumption": 2500}),
    ]
    assert seen.value("number", "unit_command_power") == "920.0"


async def test_stop_goes_on_with_the_default(seen: Seen) -> None:
    """There is no way to take a command back: what would run without it is commanded."""
    await seen.choose("unit_command", "eaton_basic")
    await seen.choose("unit_command", "none")
    assert commands(seen.unit)[1] == {
        "command": "SET_MAXIMIZE_AUTO_CONSUMPTION",
        "duration": 1,
        "parameters": {},
    }
    assert seen.value("select", "unit_command") == "none"


async def test_stop_goes_on_with_the_schedule(seen: Seen) -> None:
    """Where the schedule says a mode for now, that is what goes on."""
    period = {"start": "11:00", "end": "13:00", "mode": "force_charge", "power": 460}
    await seen.act("set_schedule", periods=[period])
    await seen.choose("unit_command", "eaton_basic")
    await seen.choose("unit_command", "none")
    assert commands(seen.unit)[1] == {
        "command": "SET_CHARGE",
        "duration": 1,
        "parameters": {"action": "ACTION_CHARGE", "power": 10, "soc": 100},
    }
    assert seen.value("select", "unit_command") == "none"


async def test_commands_wear_out_nothing(seen: Seen) -> None:
    """A command is forgotten when it ends, so it is no write of the day's."""
    await seen.choose("unit_command", "eaton_basic")
    assert seen.value("sensor", "writes_today") == "0"
    await seen.set("min_soc", 15)
    assert seen.value("sensor", "writes_today") == "1"


async def test_nothing_to_stop(seen: Seen) -> None:
    """Without a command there is nothing to stop."""
    await seen.choose("unit_command", "none")
    assert commands(seen.unit) == []


async def test_same_command_is_not_sent_again(seen: Seen) -> None:
    """A command that runs already is not sent once more."""
    await seen.choose("unit_command", "eaton_basic")
    await seen.choose("unit_command", "eaton_basic")
    assert len(commands(seen.unit)) == 1


async def test_number_that_nobody_has_set(seen: Seen) -> None:
    """A mode is not commanded with invented numbers."""
    await seen.set("unit_command_power", 1000)
    with pytest.raises(ServiceValidationError) as caught:
        await seen.choose("unit_command", "force_charge")
    assert caught.value.translation_key == "parameter_needed"
    assert caught.value.translation_placeholders == {"control": "unit_command_soc"}
    assert commands(seen.unit) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("unit_command_power", 229),
        ("unit_command_power", 4601),
        ("unit_command_soc", 101),
        ("unit_command_duration", 0),
        ("unit_command_duration", 13),
        ("unit_command_injection_limit", -1001),
        ("unit_command_injection_limit", 4601),
        ("unit_command_peak_limit", -1),
        ("unit_command_regulation_power", 101),
        ("unit_command_regulation_soc", -1),
    ],
)
async def test_numbers_out_of_range(seen: Seen, key: str, value: float) -> None:
    """What the unit would not take is refused before it is sent."""
    with pytest.raises(ServiceValidationError):
        await seen.set(key, value)
    assert seen.value("number", key) in {"unknown", "1.0"}


async def test_power_on_a_step(seen: Seen) -> None:
    """Power is set in W, and the unit takes whole percents of its rating."""
    await seen.set("unit_command_power", 1000)
    assert seen.value("number", "unit_command_power") == "1012.0"


async def test_largest_unit_does_not_regulate(see: See) -> None:
    """The unit of 6 kW has no frequency regulation."""
    seen = await see("HYBRID")
    for key in ("unit_command", "operating_mode"):
        options = seen.state("select", key).attributes["options"]
        assert "frequency_regulation" not in options
        assert "peak_shaving" in options


async def test_permitted_export(see: See) -> None:
    """Neither discharge nor injection goes beyond what the grid operator permits."""
    seen = await see(options={"permitted_export": 1000})
    await seen.set("unit_command_soc", 20)
    await seen.set("unit_command_power", 1380)
    await seen.set("unit_command_injection_limit", 1001)
    await seen.set("default_injection_limit", 1001)
    for select, mode in (
        ("unit_command", "force_discharge"),
        ("unit_command", "grid_injection_limit"),
        ("operating_mode", "grid_injection_limit"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await seen.choose(select, mode)
        assert caught.value.translation_key == "export_not_permitted"
    assert not any(call.write for call in seen.unit.calls)
    await seen.choose("unit_command", "force_charge")
    await seen.set("unit_command_power", 920)
    await seen.choose("unit_command", "force_discharge")


@pytest.mark.parametrize("on", [False, True])
async def test_power_of_the_unit(seen: Seen, on: bool) -> None:
    """The unit is switched, which it does not confirm, and is asked afterwards."""
    seen.unit.device.switch(not on)
    await seen.entry.runtime_data.settings.async_doubt()
    await seen.hass.async_block_till_done(wait_background_tasks=True)
    await seen.do("switch", {True: "turn_on", False: "turn_off"}[on], "unit_power")
    assert seen.unit.device.powered is on
    assert seen.value("switch", "unit_power") == {True: "on", False: "off"}[on]


async def test_lost_command_is_not_confirmed(
    seen: Seen, simulation_faults: Any
) -> None:
    """A command that the unit takes and forgets is said to be unconfirmed."""
    simulation_faults.add(Fault(vendor="eaton", kind="write_lost"))
    with pytest.raises(HomeAssistantError) as caught:
        await seen.choose("unit_command", "eaton_basic")
    assert caught.value.translation_key == "unconfirmed"
    assert len(commands(seen.unit)) == 1


async def test_watch_only(see: See) -> None:
    """With only watching, nothing is commanded."""
    seen = await see(options={"control": "watch"})
    with pytest.raises(ServiceValidationError) as caught:
        await seen.choose("unit_command", "eaton_basic")
    assert caught.value.translation_key == "watch_only"
    assert commands(seen.unit) == []

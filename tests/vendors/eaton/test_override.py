"""Overrides are commands of the unit, which end by themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.change import ControlChange
from custom_components.home_battery.battery.control import ControlValue
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.model import Mode, Record
from custom_components.home_battery.battery.override import (
    Direction,
    Ending,
    Override,
    Plan,
    Stint,
)
from custom_components.home_battery.vendors.eaton.controls import (
    command_controls,
    running,
    settings_controls,
)
from custom_components.home_battery.vendors.eaton.models import (
    ModeRecord,
    Unit,
    UnitSettings,
)
from custom_components.home_battery.vendors.eaton.override import Commands
from homeassistant.core import HomeAssistant
from simulator.battery import Battery
from tests.conftest import async_pass

from .conftest import See
from .entries import Seen

NOW: Final = datetime(2026, 6, 15, 12, 0, 20, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
GERMANY: Final = "2921044"
CHARGE: Final = {"action": "ACTION_CHARGE", "power": 50, "soc": 90}


def settings(
    command: str | None = None,
    parameters: dict[str, Any] | None = None,
    *,
    hours: int = 2,
    country: str | None = None,
    reserve: float | None = 15,
) -> Record:
    """Return what a unit of 4.6 kW holds, and what it can be told."""
    unit = Unit(serial="SE1", rating=4600.0, country=country)
    record = command and ModeRecord(
        command=command,
        parameters=parameters or {},
        id="1",
        type="MANUAL",
        duration=hours,
    )
    return Record(
        controls=dict(command_controls(running(record or None, None), unit, {}))
        | dict(settings_controls(UnitSettings({"bmsBackupLevel": reserve}), unit, {}))
    )


def stint(hours: float, **what: Any) -> Stint:
    """Return a stint that begins now."""
    return Stint(start=NOW, end=NOW + hours * HOUR, **what)


def wanted(mode: Mode, **what: Any) -> Override:
    """Return an override."""
    return Override(mode=mode, start=NOW, **what)


def values(plan: Plan) -> dict[str, ControlValue]:
    """Return what a plan says."""
    assert isinstance(plan.change, ControlChange)
    return {
        key.removeprefix("unit_command").lstrip("_"): value
        for key, value in plan.change.values.items()
    }


def test_charge() -> None:
    """A charge says its power and target, and hours that reach to its end."""
    plan = Commands(settings=settings()).plan(
        wanted(Mode.FORCE_CHARGE, target_soc=80), stint(1.2, power=2300)
    )
    assert values(plan) == {
        "": "force_charge",
        "power": 2300,
        "soc": 80,
        "duration": 2,
    }
    assert (plan.ending, plan.until) == (Ending.SELF_ENDING, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("mode", "permitted", "power", "soc"),
    [
        pytest.param(Mode.FORCE_CHARGE, 1000, 4600, 100, id="charge"),
        pytest.param(Mode.FORCE_DISCHARGE, None, 4600, 15, id="discharge"),
        pytest.param(Mode.FORCE_DISCHARGE, 1000, 966, 15, id="bounded"),
    ],
)
def test_what_nobody_says(
    mode: Mode, permitted: float | None, power: float, soc: float
) -> None:
    """As much as may be, until it is full or only the reserve is left."""
    plan = Commands(settings=settings(), permitted_export=permitted).plan(
        wanted(mode), stint(1)
    )
    assert (values(plan)["power"], values(plan)["soc"]) == (power, soc)


def test_reserve_is_not_invented() -> None:
    """Nothing is discharged down to a reserve that could not be read."""
    with pytest.raises(ChangeError) as caught:
        Commands(settings=settings(reserve=None)).plan(
            wanted(Mode.FORCE_DISCHARGE), stint(1)
        )
    assert caught.value.problem is Problem.NOT_READ


def test_unread_unit_is_told_nothing() -> None:
    """Without its status nothing is commanded."""
    for mode in (Mode.HOLD, Mode.FORCE_CHARGE):
        with pytest.raises(ChangeError) as caught:
            Commands(settings=Record()).plan(wanted(mode), stint(1))
        assert caught.value.problem is Problem.NOT_READ
    assert Commands(settings=Record()).resumption(NOW) is None


@pytest.mark.parametrize("direction", Direction)
def test_hold(direction: Direction) -> None:
    """A battery is held by having it rest, without any number."""
    plan = Commands(settings=settings()).plan(
        wanted(Mode.HOLD, direction=direction), stint(3, soc=54.5)
    )
    assert values(plan) == {"": "eaton_basic", "duration": 3}


@pytest.mark.parametrize(
    ("direction", "soc", "mode", "target"),
    [
        (Direction.DISCHARGE, 54.5, "force_charge", 54),
        (Direction.BOTH, 54.5, "force_charge", 54),
        (Direction.CHARGE, 54.5, "force_discharge", 55),
        (Direction.CHARGE, 12, "force_discharge", 15),
    ],
)
def test_hold_in_germany(
    direction: Direction, soc: float, mode: str, target: float
) -> None:
    """Where only forced modes are offered, one whose target is reached holds it."""
    plan = Commands(settings=settings(country=GERMANY)).plan(
        wanted(Mode.HOLD, direction=direction), stint(3, soc=soc)
    )
    assert values(plan) == {"": mode, "power": 230, "soc": target, "duration": 3}


def test_hold_in_germany_needs_the_soc() -> None:
    """What is not known is not held."""
    with pytest.raises(ChangeError) as caught:
        Commands(settings=settings(country=GERMANY)).plan(wanted(Mode.HOLD), stint(3))
    assert caught.value.placeholders == {"control": "battery_soc"}


@given(st.integers(1, 3000), st.sampled_from(Mode))
def test_unit_takes_every_plan(minutes: int, mode: Mode) -> None:
    """It says what the unit accepts, and ends not before, and less than an hour after."""
    mode = mode if mode.startswith("force") else Mode.HOLD
    record = settings()
    plan = Commands(settings=record).plan(wanted(mode), stint(minutes / 60, soc=50))
    plan.change.check(record)
    until = NOW + min(timedelta(minutes=minutes), 12 * HOUR)
    assert until <= plan.until < until + HOUR


@pytest.mark.parametrize(
    ("hours", "ends", "duration", "until"),
    [
        pytest.param(1.5, 2.0, 2, 2.0, id="ends in time"),
        pytest.param(2.0, 2.0, 2, 2.0, id="ends just then"),
        pytest.param(0.5, 2.0, 1, 1.0, id="ends too late"),
        pytest.param(2.0, 1.0, 3, 3.0, id="has to go on"),
        pytest.param(4.0, 1.0, 4, 4.0, id="has to go on for other hours"),
    ],
)
def test_command_that_runs(
    hours: float, ends: float, duration: int, until: float
) -> None:
    """What runs is left alone if it ends in time; else the hours tell it is new."""
    commands = Commands(settings=settings("SET_CHARGE", CHARGE), ends=NOW + ends * HOUR)
    plan = commands.plan(
        wanted(Mode.FORCE_CHARGE, target_soc=90), stint(hours, power=2300)
    )
    assert values(plan)["duration"] == duration
    assert plan.until == NOW + until * HOUR
    other = commands.plan(
        wanted(Mode.FORCE_CHARGE, target_soc=90), stint(hours, power=920)
    )
    assert not other.change.held_by(commands.settings)


def test_longest_command_goes_on() -> None:
    """No command is longer than 12 hours, so the same one goes on a little shorter."""
    commands = Commands(
        settings=settings("SET_CHARGE", CHARGE, hours=12), ends=NOW + HOUR
    )
    plan = commands.plan(
        wanted(Mode.FORCE_CHARGE, target_soc=90), stint(20, power=2300)
    )
    assert (values(plan)["duration"], plan.until) == (11, NOW + 11 * HOUR)


@pytest.mark.parametrize(
    ("command", "left", "resumed"),
    [
        pytest.param(None, None, None, id="nothing runs"),
        pytest.param("SET_CHARGE", 30, {"": "none"}, id="half an hour is left"),
        pytest.param("SET_CHARGE", None, {"": "none"}, id="nobody knows how long"),
        pytest.param("SET_CHARGE", 1, None, id="it ends anyway"),
    ],
)
def test_resumption(
    command: str | None, left: int | None, resumed: dict[str, str] | None
) -> None:
    """A command that runs on is stood in for; one that ends is left to itself."""
    change = Commands(
        settings=settings(command, CHARGE),
        ends=None if left is None else NOW + timedelta(minutes=left),
    ).resumption(NOW)
    assert (
        change
        and {
            key.removeprefix("unit_command"): value
            for key, value in change.values.items()
        }
    ) == resumed


def battery(seen: Seen) -> Battery:
    """Return the battery itself."""
    held = seen.unit.device.unit.battery
    assert held is not None
    return held


async def told(seen: Seen, override: Override, hours: float, **what: Any) -> Plan:
    """Have the unit do an override, and return how it was told so."""
    runtime = seen.entry.runtime_data
    (device,) = runtime.inventory.devices.values()
    start = seen.unit.device.house.at
    plan: Plan | None = runtime.account.plan(
        device,
        override,
        Stint(start=start, end=start + hours * HOUR, **what),
        await runtime.writer.async_settings(device),
    )
    assert plan is not None
    await runtime.writer.async_write(device, plan.change, None)
    return plan


async def test_ends_without_home_assistant(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """The battery stops at its target, and later the unit does as it did before."""
    seen = await see("NO-PV")
    unit = seen.unit.device
    battery(seen).soc = 60.0
    before = unit.mode.operation
    charge = wanted(Mode.FORCE_CHARGE, target_soc=70)
    plan = await told(seen, charge, 1.5, power=3600)
    await hass.config_entries.async_unload(seen.entry.entry_id)
    freezer.tick(1.5 * HOUR)
    unit.settle()
    assert battery(seen).soc == pytest.approx(70)
    assert unit.mode.operation != before
    freezer.move_to(plan.until)
    unit.settle()
    assert unit.mode.operation == before


async def test_hold_keeps_the_soc(freezer: FrozenDateTimeFactory, see: See) -> None:
    """A held battery neither gives nor takes, whatever sun and house do."""
    seen = await see()
    unit = seen.unit.device
    battery(seen).soc = 60.0
    await told(seen, wanted(Mode.HOLD), 11, soc=60)
    freezer.tick(11 * HOUR)
    unit.settle()
    assert battery(seen).soc == pytest.approx(60, abs=0.1)


async def test_put_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """What runs otherwise goes on, as soon as nobody wants the command any more."""
    seen = await see()
    before = seen.unit.device.mode.operation
    await told(seen, wanted(Mode.FORCE_DISCHARGE), 5)
    runtime = seen.entry.runtime_data
    (device,) = runtime.inventory.devices.values()
    change = runtime.account.resumption(
        device, await runtime.writer.async_settings(device)
    )
    assert change is not None
    await runtime.writer.async_write(device, change, None, always=True)
    assert seen.unit.device.mode.operation == before
    assert (
        runtime.account.resumption(device, await runtime.writer.async_settings(device))
        is None
    )
    freezer.tick(HOUR)
    await async_pass(hass, freezer, seconds=70)
    assert seen.value("sensor", "active_mode_source") == "device"


async def test_action(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """An action ends at its end, not with the unit's whole hours."""
    seen = await see("NO-PV")
    before = seen.unit.device.mode.operation
    battery(seen).soc = 40.0
    begun = seen.unit.device.house.at
    told_so = await seen.act("force_charge", duration=90, power=720)
    assert (told_so["outcome"], told_so["ending"]) == ("confirmed", "self_ending")
    until = datetime.fromisoformat(told_so["device_until"])
    assert timedelta() <= until - begun - 2 * HOUR < timedelta(minutes=1)
    for _ in range(89):
        await async_pass(hass, freezer, minutes=1)
    assert seen.unit.device.mode.operation != before
    assert seen.value("sensor", "active_mode_source") == "override"
    for _ in range(3):
        await async_pass(hass, freezer, minutes=1)
    assert seen.unit.device.mode.operation == before


async def test_until_it_is_stopped(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """What has no end is commanded again in time, as seldom as can be."""
    seen = await see()
    before = seen.unit.device.mode.operation
    await seen.act("hold")
    for _ in range(60):
        await async_pass(hass, freezer, minutes=10)
        assert seen.unit.device.mode.operation.command == "SET_BASIC_MODE"
    assert 3 <= sum(call.write for call in seen.unit.calls) <= 5
    assert await seen.act("stop_override") == {"outcome": "stopped"}
    assert seen.unit.device.mode.operation == before

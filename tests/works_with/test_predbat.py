"""Tests that Predbat's plan comes to the battery, over whole nights."""

from datetime import datetime
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.foxess.device import Inverter

from ..actions import device_id, state
from ..conftest import async_pass
from ..vendors.eaton.conftest import See
from .conftest import Call
from .documents import example
from .predbat import Kind, Predbat, Window

BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = example("pred_bat")


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of the night, which begins on Monday evening."""
    day = 15 if hour >= 12 else 16
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


PLAN = [
    Window(at(20), at(21), Kind.EXPORT, 40),
    Window(at(21), at(22), Kind.FREEZE_EXPORT),
    Window(at(23), at(0, 30), Kind.FREEZE_CHARGE),
    Window(at(0, 30), at(4), Kind.CHARGE, 80),
    Window(at(4), at(5), Kind.EXPORT, 60),
]


@pytest.fixture
def sim(sim: Simulation, freezer: FrozenDateTimeFactory) -> Simulation:
    """Return a house in the evening, without sun."""
    (inverter,) = sim.foxess.inverters
    inverter.set_pv(0)
    freezer.move_to(at(19, 40))
    sim.foxess.settle()
    assert inverter.unit.battery is not None
    inverter.unit.battery.soc = 60
    freezer.move_to(at(19, 50))
    return sim


@pytest.fixture
def inverter(sim: Simulation) -> Inverter:
    """Return the inverter itself."""
    (inverter,) = sim.foxess.inverters
    return inverter


@pytest.fixture
def predbat(hass: HomeAssistant, loaded: MockConfigEntry, call: Call) -> Predbat:
    """Return Predbat with the configuration of the document."""
    return Predbat(
        call=call,
        services=CONFIG,
        soc=lambda: float(state(hass, CONFIG["soc_percent"][0])),
        power=CONFIG["battery_rate_max"][0],
        device_id=device_id(hass, loaded),
    )


async def live(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    predbat: Predbat,
    until: datetime,
) -> None:
    """Let time pass until a moment, with Predbat looking every 5 minutes."""
    while datetime.now(BERLIN) < until:
        await async_pass(hass, freezer, minutes=5)
        await predbat.look(datetime.now(BERLIN))


def override(hass: HomeAssistant) -> str:
    """Return what runs over the schedule."""
    return state(hass, "sensor.fox_ess_kh8_override")


def written(hass: HomeAssistant) -> int:
    """Return how often the device's settings were changed today."""
    return int(state(hass, "sensor.fox_ess_kh8_writes_today"))


async def test_a_night(
    hass: HomeAssistant,
    predbat: Predbat,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Every window comes to what the plan says, for two writes each."""
    predbat.plan = PLAN
    await live(hass, freezer, predbat, at(20, 15))
    assert (inverter.soc, override(hass)) == (pytest.approx(40, abs=1), "none")
    await live(hass, freezer, predbat, at(21, 55))
    assert override(hass) == "hold"
    await live(hass, freezer, predbat, at(22, 55))
    assert override(hass) == "none"
    held = inverter.soc
    await live(hass, freezer, predbat, at(23, 55))
    assert (inverter.soc, override(hass)) == (pytest.approx(held, abs=1), "hold")
    before_midnight = written(hass)
    await live(hass, freezer, predbat, at(3, 55))
    assert (inverter.soc, override(hass)) == (pytest.approx(80, abs=0.5), "hold")
    await live(hass, freezer, predbat, at(4, 30))
    assert (inverter.soc, override(hass)) == (pytest.approx(60, abs=1), "none")
    await live(hass, freezer, predbat, at(6))
    assert override(hass) == "none"
    assert not inverter.scheduler.enabled
    assert before_midnight + written(hass) == 2 * len(PLAN)
    assert [*dict.fromkeys(predbat.made)] == [
        "charge_stop",
        "discharge_stop",
        "discharge_start",
        "discharge_freeze",
        "charge_freeze",
        "charge_start",
    ]


async def test_straight_from_charging_to_exporting(
    hass: HomeAssistant,
    predbat: Predbat,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The stop before the start costs a write of its own, and no more."""
    predbat.plan = [
        Window(at(20), at(20, 15), Kind.CHARGE, 90),
        Window(at(20, 15), at(21), Kind.EXPORT, 20),
    ]
    await live(hass, freezer, predbat, at(20, 10))
    assert override(hass) == "force_charge"
    assert written(hass) == 1
    predbat.made.clear()
    await live(hass, freezer, predbat, at(20, 15))
    assert predbat.made == ["charge_stop", "discharge_start"]
    assert override(hass) == "force_discharge"
    assert written(hass) <= 3


@pytest.mark.parametrize(
    ("kind", "target", "service"),
    [
        (Kind.CHARGE, 100, "charge_start"),
        (Kind.FREEZE_CHARGE, 0, "charge_freeze"),
        (Kind.EXPORT, 20, "discharge_start"),
        (Kind.FREEZE_EXPORT, 0, "discharge_freeze"),
    ],
)
async def test_predbat_repeats_itself(
    hass: HomeAssistant,
    predbat: Predbat,
    freezer: FrozenDateTimeFactory,
    kind: Kind,
    target: int,
    service: str,
) -> None:
    """What it says every 5 minutes of a window is told once."""
    predbat.repeat = True
    predbat.power = 1000
    predbat.plan = [Window(at(20), at(22), kind, target)]
    await live(hass, freezer, predbat, at(21, 55))
    assert predbat.made.count(service) == 24
    assert written(hass) == 1


async def test_predbat_starts_anew(
    hass: HomeAssistant,
    predbat: Predbat,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It stops what it does not remember, and goes on with its window."""
    predbat.plan = [Window(at(20), at(21), Kind.CHARGE, 100)]
    await live(hass, freezer, predbat, at(20, 10))
    predbat.made.clear()
    predbat.restart()
    await live(hass, freezer, predbat, at(20, 30))
    assert predbat.made == ["discharge_stop", "charge_start"]
    assert override(hass) == "force_charge"
    assert written(hass) <= 3


async def test_predbat_does_not_come_back(
    hass: HomeAssistant,
    predbat: Predbat,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What it has begun is over at the end of its window."""
    predbat.power = 1000
    predbat.plan = [Window(at(20), at(21), Kind.CHARGE, 100)]
    await live(hass, freezer, predbat, at(20, 10))
    predbat.plan = []
    while datetime.now(BERLIN) < at(21, 5):
        await async_pass(hass, freezer, minutes=5)
    assert override(hass) == "none"
    assert not inverter.scheduler.enabled


async def test_nobody_comes_back(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    predbat: Predbat,
    inverter: Inverter,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The device itself stops at the end of the window, also without Home Assistant."""
    predbat.power = 1000
    predbat.plan = [Window(at(20), at(21), Kind.CHARGE, 100)]
    await live(hass, freezer, predbat, at(20, 10))
    await hass.config_entries.async_unload(loaded.entry_id)
    freezer.move_to(at(21))
    sim.foxess.settle()
    charged = inverter.soc
    assert charged is not None
    assert charged > 62
    freezer.move_to(at(22))
    sim.foxess.settle()
    assert inverter.soc is not None
    assert inverter.soc < charged


async def test_a_night_of_an_eaton_unit(
    hass: HomeAssistant, see: See, call: Call, freezer: FrozenDateTimeFactory
) -> None:
    """The same calls have a unit of another vendor end where the plan says."""
    seen = await see("NO-PV")
    unit = seen.unit.device
    battery = unit.unit.battery
    assert battery is not None
    freezer.move_to(at(19, 50))
    unit.settle()
    battery.soc = 60
    before = unit.mode.operation
    predbat = Predbat(
        call=call,
        services=CONFIG,
        soc=lambda: seen.number("battery_soc"),
        power=3000,
        device_id=seen.device_id,
        plan=PLAN,
    )
    await live(hass, freezer, predbat, at(20, 55))
    assert battery.soc == pytest.approx(40, abs=0.5)
    assert seen.value("sensor", "override") == "none"
    await live(hass, freezer, predbat, at(23, 55))
    assert battery.soc == pytest.approx(40, abs=0.5)
    assert seen.value("sensor", "override") == "hold"
    await live(hass, freezer, predbat, at(3, 55))
    assert battery.soc == pytest.approx(80, abs=0.5)
    assert seen.value("sensor", "override") == "hold"
    await live(hass, freezer, predbat, at(6))
    assert battery.soc == pytest.approx(60, abs=0.5)
    assert seen.value("sensor", "override") == "none"
    assert unit.mode.operation == before
    commands = [it for it in seen.unit.calls if it.path == "/api/device/command"]
    assert len(commands) <= 11

"""Tests that evcc's battery modes come to the battery."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.foxess.device import Inverter
from tests.conftest import half_full

from ..actions import device_id, state
from ..conftest import async_pass
from ..vendors.eaton.conftest import See
from .conftest import AddExample, Call
from .documents import example

(BATTERY,) = (meter for meter in example("meters") if meter["usage"] == "battery")
# The scripts by evcc's modes, and what its modes are here.
SCRIPTS = {key: BATTERY[key] for key in BATTERY if key.startswith("mode")}
OVERRIDES = {
    "modeNormal": "none",
    "modeHold": "hold",
    "modeCharge": "force_charge",
    "modeHoldCharge": "hold",
    "modeDischarge": "force_discharge",
}


@pytest.fixture
def sim(sim: Simulation, freezer: FrozenDateTimeFactory) -> Simulation:
    """Return a house with half a battery and no sun, of which the cloud knows."""
    half_full(sim, freezer)
    return sim


@pytest.fixture
def inverter(sim: Simulation) -> Inverter:
    """Return the inverter itself."""
    (inverter,) = sim.foxess.inverters
    return inverter


@pytest.fixture
async def scripts(
    hass: HomeAssistant, loaded: MockConfigEntry, add_example: AddExample
) -> None:
    """Have the scripts of the document."""
    await add_example("script", device_id(hass, loaded))


async def change(hass: HomeAssistant, call: Call, mode: str) -> None:
    """Have evcc change the mode."""
    await call("script.turn_on", entity_id=SCRIPTS[mode])


def seen(hass: HomeAssistant) -> tuple[str, int]:
    """Return what runs over the schedule, and how often the settings were changed."""
    return (
        state(hass, "sensor.fox_ess_kh8_override"),
        int(state(hass, "sensor.fox_ess_kh8_writes_today")),
    )


def test_all_modes_are_there() -> None:
    """The example has each of evcc's five modes."""
    assert set(SCRIPTS) == set(OVERRIDES)


@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize("mode", OVERRIDES)
async def test_mode(
    hass: HomeAssistant,
    call: Call,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
    mode: str,
) -> None:
    """A mode is told once, however often evcc says it, and normal puts all back."""
    for _ in range(30):
        await change(hass, call, mode)
        await async_pass(hass, freezer, minutes=1)
    told = int(mode != "modeNormal")
    assert seen(hass) == (OVERRIDES[mode], told)
    await change(hass, call, "modeNormal")
    assert seen(hass) == ("none", 2 * told)
    assert not inverter.scheduler.enabled


@pytest.mark.usefixtures("scripts")
async def test_one_mode_after_the_other(
    hass: HomeAssistant, call: Call, inverter: Inverter
) -> None:
    """Each change is one write, and none comes in between."""
    for mode in ("modeHold", "modeCharge", "modeHoldCharge", "modeDischarge"):
        await change(hass, call, mode)
        assert seen(hass)[0] == OVERRIDES[mode]
    assert seen(hass)[1] == 4
    await change(hass, call, "modeNormal")
    assert seen(hass) == ("none", 5)
    assert not inverter.scheduler.enabled


@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize(
    ("mode", "key", "soc"),
    [("modeHold", "minSocOnGrid", 50), ("modeHoldCharge", "maxSoc", 50)],
)
async def test_what_is_held(
    hass: HomeAssistant,
    call: Call,
    inverter: Inverter,
    mode: str,
    key: str,
    soc: int,
) -> None:
    """Hold keeps the battery from discharging, and holdcharge from being charged."""
    await change(hass, call, mode)
    # It reaches over midnight, so there are two.
    groups = [group for group in inverter.scheduler.groups if group.enabled]
    assert [group.work_mode for group in groups] == ["SelfUse", "SelfUse"]
    assert [group.params[key] for group in groups] == pytest.approx([soc] * 2, abs=1)


@pytest.mark.usefixtures("scripts")
async def test_charged(
    hass: HomeAssistant,
    call: Call,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A battery that is charged keeps its charge while evcc goes on saying so."""
    for _ in range(36):
        await change(hass, call, "modeCharge")
        await async_pass(hass, freezer, minutes=5)
    assert inverter.soc == pytest.approx(90, abs=1.5)
    assert seen(hass)[0] == "hold"
    assert seen(hass)[1] == 2


@pytest.mark.usefixtures("scripts")
async def test_half_a_day(
    hass: HomeAssistant, call: Call, freezer: FrozenDateTimeFactory
) -> None:
    """What evcc goes on saying is told once more before the end that the device knows."""
    for _ in range(70):
        await change(hass, call, "modeHold")
        await async_pass(hass, freezer, minutes=10)
    assert seen(hass) == ("hold", 2)


@pytest.mark.usefixtures("scripts")
async def test_evcc_does_not_come_back(
    hass: HomeAssistant,
    call: Call,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After the longest time the battery does what it always does."""
    await change(hass, call, "modeHold")
    for _ in range(11):
        await async_pass(hass, freezer, minutes=60)
    assert seen(hass)[0] == "hold"
    for _ in range(13):
        await async_pass(hass, freezer, minutes=5)
    assert seen(hass)[0] == "none"
    assert not inverter.scheduler.enabled


async def test_eaton(
    hass: HomeAssistant, see: See, call: Call, add_example: AddExample
) -> None:
    """The same scripts steer a unit of another vendor."""
    unit = await see("NO-PV")
    await add_example("script", unit.device_id)
    before = unit.unit.device.mode.operation
    for mode, override in OVERRIDES.items():
        await change(hass, call, mode)
        assert unit.value("sensor", "override") == override
    await change(hass, call, "modeNormal")
    assert unit.value("sensor", "override") == "none"
    assert unit.unit.device.mode.operation == before

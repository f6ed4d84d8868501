"""Tests that the powers of EMHASS come to the battery."""

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
from .conftest import AddExample

SET_POINT = "sensor.p_batt_forecast"


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
async def followed(
    hass: HomeAssistant, loaded: MockConfigEntry, add_example: AddExample
) -> None:
    """Have the automation of the document."""
    await add_example("automation", device_id(hass, loaded))


async def publish(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    power: float | str,
    *,
    minutes: int = 5,
) -> None:
    """Have EMHASS publish a power, and let some time pass."""
    hass.states.async_set(SET_POINT, str(power), {"unit_of_measurement": "W"})
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(minutes // 5):
        await async_pass(hass, freezer, minutes=5)


def seen(hass: HomeAssistant) -> tuple[str, int]:
    """Return what runs over the schedule, and how often the settings were changed."""
    return (
        state(hass, "sensor.fox_ess_kh8_override"),
        int(state(hass, "sensor.fox_ess_kh8_writes_today")),
    )


def powers(inverter: Inverter) -> list[tuple[str, float | None]]:
    """Return the modes and powers in W that the device holds."""
    return [
        (group.work_mode, group.params.get("fdPwr"))
        for group in inverter.scheduler.groups
        if group.enabled
    ]


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize(
    ("power", "mode", "watts"),
    [
        (-2130, "ForceCharge", 2200),
        (1750.5, "ForceDischarge", 1800),
        (199, "SelfUse", 10500),
        (-90000, "ForceCharge", 8000),
    ],
)
async def test_power(
    hass: HomeAssistant,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
    power: float,
    mode: str,
    watts: float,
) -> None:
    """Negative charges, positive discharges, nearly nothing is nothing, and all in bounds."""
    await publish(hass, freezer, power)
    ((told, told_watts),) = powers(inverter)
    assert (told, told_watts) == (mode, watts)


@pytest.mark.usefixtures("followed")
async def test_day_of_many_powers(
    hass: HomeAssistant, inverter: Inverter, freezer: FrozenDateTimeFactory
) -> None:
    """A new power every 5 minutes is told every 15 at the most."""
    for step in range(36):
        await publish(hass, freezer, -400 - 200 * (step % 7))
    assert seen(hass)[0] == "force_charge"
    assert seen(hass)[1] <= 17


@pytest.mark.usefixtures("followed")
async def test_same_power(
    hass: HomeAssistant, inverter: Inverter, freezer: FrozenDateTimeFactory
) -> None:
    """Powers that differ by less than the dead band are one."""
    for step in range(24):
        await publish(hass, freezer, -1010 + step % 3 * 20)
    assert seen(hass) == ("force_charge", 2)


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize("last", ["unchanged", "unavailable", "unknown"])
async def test_silence(
    hass: HomeAssistant,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
    last: str,
) -> None:
    """When no more powers come, the battery does what it did before."""
    await publish(hass, freezer, -1000, minutes=25)
    hass.states.async_set(SET_POINT, last.replace("unchanged", "-1000"))
    await publish_nothing(hass, freezer, minutes=45)
    assert seen(hass)[0] == "none"
    assert not inverter.scheduler.enabled


async def publish_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, minutes: int
) -> None:
    """Let time pass."""
    for _ in range(minutes // 5):
        await async_pass(hass, freezer, minutes=5)


@pytest.mark.usefixtures("followed")
async def test_from_one_direction_to_the_other(
    hass: HomeAssistant, inverter: Inverter, freezer: FrozenDateTimeFactory
) -> None:
    """What runs is replaced, with a single write."""
    await publish(hass, freezer, -1000, minutes=30)
    before = seen(hass)[1]
    await publish(hass, freezer, 1000)
    assert seen(hass) == ("force_discharge", before + 1)


@pytest.mark.usefixtures("followed")
async def test_reserve_is_kept(
    hass: HomeAssistant,
    inverter: Inverter,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing is discharged below the floor that was chosen."""
    assert inverter.unit.battery is not None
    for _ in range(30):
        await publish(hass, freezer, 8000)
    assert seen(hass)[0] == "none"


async def test_eaton(
    hass: HomeAssistant,
    see: See,
    add_example: AddExample,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A unit of another vendor follows as well."""
    unit = await see("NO-PV")
    await add_example("automation", unit.device_id)
    await publish(hass, freezer, -1500, minutes=20)
    assert unit.value("sensor", "override") == "force_charge"
    await publish(hass, freezer, 1500)
    assert unit.value("sensor", "override") == "force_discharge"

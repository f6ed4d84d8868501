"""Houses that several devices share, against what really flows in them."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_pass, async_set_up, make_entry
from .controls import state

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

HOUSES = ["H3-PRO+H3-PRO+EMS", "EMS", "KH8+H3-V1", "KH8+EVO+PV"]


async def live(
    hass: HomeAssistant, simulate: Simulate, model: str, *, efficiency: float = 1
) -> Simulation:
    """Set up a house in which the same flows all the time."""
    sim = await simulate(model)
    house = sim.foxess.inverters[0].house
    house.load_override_w = 3200.0
    for number, inverter in enumerate(sim.foxess.inverters):
        inverter.unit.efficiency = efficiency
        inverter.unit.pv_override_w = 1500.0 * number
    await async_set_up(hass, make_entry(sim))
    return sim


def number(hass: HomeAssistant, key: str) -> float:
    """Return a reading of the house."""
    return float(state(hass, f"sensor.house_1_{key}"))


async def rounds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, count: int
) -> None:
    """Let some uploads come."""
    for _ in range(count):
        await async_pass(hass, freezer, minutes=5)


@pytest.mark.parametrize("efficiency", [1, 0.97])
@pytest.mark.parametrize("model", HOUSES)
async def test_balance(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
    efficiency: float,
) -> None:
    """Nothing counts twice: powers are the house's own, and the load is what is used.

    The inverters' losses are part of it, as PV and batteries are told on their side.
    """
    sim = await live(hass, simulate, model, efficiency=efficiency)
    await rounds(hass, freezer, 3)
    house = sim.foxess.inverters[0].house
    flows = [inverter.unit.flow for inverter in sim.foxess.inverters]
    pv, battery = sum(one.pv for one in flows), sum(one.battery for one in flows)
    losses = pv + battery - sum(one.generation for one in flows)
    assert number(hass, "pv_power") == pytest.approx(pv, abs=2)
    assert number(hass, "battery_power") == pytest.approx(battery, abs=2)
    assert number(hass, "grid_power") == pytest.approx(house.grid_w, abs=2)
    assert number(hass, "load_power") == pytest.approx(house.load_w + losses, abs=5)
    assert losses == pytest.approx((1 - efficiency) * (pv + battery), abs=1)


ENERGIES = {
    "pv_energy": "pv",
    "battery_energy_charged": "charge",
    "battery_energy_discharged": "discharge",
}


@pytest.mark.parametrize("model", HOUSES)
async def test_energies(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory, model: str
) -> None:
    """Over hours, a house counts what its meter, panels and batteries count, once."""
    sim = await live(hass, simulate, model)
    await rounds(hass, freezer, 1)
    ledger = sim.foxess.inverters[0].house.ledger

    def counted() -> dict[str, float]:
        units = [inverter.unit.ledger for inverter in sim.foxess.inverters]
        return {
            "load_energy": ledger.load,
            "grid_energy_imported": ledger.imported,
            "grid_energy_exported": ledger.exported,
            **{
                key: sum(getattr(unit, name) for unit in units)
                for key, name in ENERGIES.items()
            },
        }

    truth = counted()
    told = {key: number(hass, key) for key in truth}
    await rounds(hass, freezer, 36)
    assert counted()["load_energy"] - truth["load_energy"] == pytest.approx(
        9.6, abs=0.1
    )
    assert {key: number(hass, key) - value for key, value in told.items()} == {
        key: pytest.approx(value - truth[key], abs=0.4)
        for key, value in counted().items()
    }


def silence(sim: Simulation, *serials: str) -> None:
    """Have some devices send nothing more."""
    for serial in serials:
        sim.faults.add(Fault(vendor="foxess", kind="stale", value=serial))


@pytest.mark.parametrize("which", [0, 1])
async def test_one_of_two_falls_silent(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory, which: int
) -> None:
    """Without master or slave nothing is told that would be half of the truth."""
    sim = await live(hass, simulate, "KH8+H3-V1")
    await rounds(hass, freezer, 3)
    meters = {number(hass, "grid_power")}
    silence(sim, sim.foxess.inverters[which].serial)
    await rounds(hass, freezer, 4)
    for key in ("pv_power", "battery_power", "load_power"):
        assert state(hass, f"sensor.house_1_{key}") == STATE_UNAVAILABLE
    grid = state(hass, "sensor.house_1_grid_power")
    assert grid == STATE_UNAVAILABLE or {float(grid)} == meters
    await rounds(hass, freezer, 12)
    for key in ("pv_energy", "pv_energy_today", "load_energy", "battery_soc"):
        assert state(hass, f"sensor.house_1_{key}") == STATE_UNAVAILABLE
    sim.faults.clear()
    await rounds(hass, freezer, 2)
    assert number(hass, "load_power") == pytest.approx(3200, abs=5)


async def test_silent_ems(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """Without the EMS the sums go on, and no other meter is put in its place."""
    sim = await live(hass, simulate, "EMS")
    await rounds(hass, freezer, 3)
    silence(sim, sim.foxess.ems[0].serial)
    await rounds(hass, freezer, 4)
    assert state(hass, "sensor.house_1_grid_power") == STATE_UNAVAILABLE
    assert state(hass, "sensor.house_1_load_power") == STATE_UNAVAILABLE
    assert number(hass, "pv_power") == pytest.approx(1500, abs=2)
    assert number(hass, "load_energy") > 0


async def test_silent_inverter_under_an_ems(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """The EMS stands in for nobody who is only silent."""
    sim = await live(hass, simulate, "EMS")
    await rounds(hass, freezer, 3)
    silence(sim, sim.foxess.inverters[1].serial)
    await rounds(hass, freezer, 4)
    assert state(hass, "sensor.house_1_pv_power") == STATE_UNAVAILABLE
    assert number(hass, "grid_power") == pytest.approx(
        sim.foxess.inverters[0].house.grid_w, abs=2
    )


async def test_battery_that_counts_no_energy(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """With a GMAX in the house its power balances, and energies are not made up."""
    sim = await simulate("KH8+GMAX")
    house = sim.foxess.inverters[0].house
    house.load_override_w = 3200.0
    await async_set_up(hass, make_entry(sim))
    await rounds(hass, freezer, 2)
    entities = hass.states.async_entity_ids("sensor")
    assert "sensor.house_1_battery_power" in entities
    assert "sensor.house_1_load_power" in entities
    assert "sensor.house_1_load_energy" not in entities
    assert "sensor.house_1_battery_energy_charged" not in entities

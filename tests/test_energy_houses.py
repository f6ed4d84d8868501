"""What houses with several devices give to the energy page: each kWh counts once."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from simulator import Simulation

from .conftest import Simulate, async_set_up, make_entry
from .energy_page import EnergyPage, ask, deeds, device_named, energies, left_out, put
from .vendors.eaton.entries import make_eaton_entry
from .vendors.growatt.entries import make_growatt_entry
from .vendors.voltstorage.entries import make_voltstorage_entry

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

EVO = "Fox ESS EVO 10-5-H"

type SetUp = Callable[[MockConfigEntry], Awaitable[MockConfigEntry]]


@pytest.fixture
def set_up(hass: HomeAssistant, page: EnergyPage) -> SetUp:
    """Return what sets an account up beside the page."""

    async def do(entry: MockConfigEntry) -> MockConfigEntry:
        await async_set_up(hass, entry)
        return entry

    return do


async def test_several_systems(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp, page: EnergyPage
) -> None:
    """Batteries and PV are each system's, the grid is the house's; all of it once."""
    entry = await set_up(make_entry(await simulate("KH8+EVO+PV")))
    house = device_named(hass, entry, "House 1")
    kh8 = device_named(hass, entry, "Fox ESS KH8")
    response = await put(hass, house, kh8)
    assert response["left_out"] == []
    assert sorted(deeds(response)) == [
        ("battery", EVO, "add"),
        ("battery", "Fox ESS KH8", "add"),
        ("grid", "House 1", "add"),
        ("solar", EVO, "add"),
        ("solar", "Fox ESS KH8", "add"),
        ("solar", "Fox ESS S3000-G2", "add"),
    ]
    known = [energy for _, energy in energies(await page.sources())]
    assert len(known) == len(set(known)) == 6
    assert "sensor.house_1_grid_energy_imported" in known


async def test_one_of_several(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp, page: EnergyPage
) -> None:
    """One system gives only its own, beside the house's grid; the other may follow."""
    entry = await set_up(make_entry(await simulate("KH8+EVO")))
    one = ["battery", "solar"]
    for name, grid in (("Fox ESS KH8", "add"), (EVO, "present")):
        response = await put(hass, device_named(hass, entry, name))
        assert deeds(response) == [
            *((kind, name, "add") for kind in one),
            ("grid", "House 1", grid),
        ]


@pytest.mark.parametrize("name", ["House 1", "Fox ESS EMS"])
async def test_ems(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp, name: str
) -> None:
    """Who totals all is not added to what it totals."""
    entry = await set_up(make_entry(await simulate("EMS")))
    response = await ask(hass, device_id=device_named(hass, entry, name))
    kinds = [(kind, device) for kind, device, _ in deeds(response)]
    assert kinds.count(("grid", "House 1")) == 1
    assert [device for kind, device in kinds if kind == "battery"] == [
        "Fox ESS H3-15.0-Smart 0001",
        "Fox ESS H3-15.0-Smart 0002",
    ]


async def test_sum_of_the_house(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp, page: EnergyPage
) -> None:
    """Where the page has the house's sums, its systems would count twice."""
    entry = await set_up(make_entry(await simulate("KH8+EVO")))
    total = {"type": "solar", "stat_energy_from": "sensor.house_1_pv_energy"}
    await page.save(total)
    kh8 = device_named(hass, entry, "Fox ESS KH8")
    with pytest.raises(ServiceValidationError):
        await put(hass, kh8)
    response = await put(hass, device_named(hass, entry, "House 1"), solar="replace")
    assert ("solar", "Fox ESS KH8", "replace") in deeds(response)
    assert total not in await page.sources()


async def test_voltstorage(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp, page: EnergyPage
) -> None:
    """Where only the house tells PV and grid, it gives them, also for one battery."""
    sim = await simulate(voltstorage=("SMART+SMART",))
    entry = await set_up(make_voltstorage_entry(sim))
    first, second = (
        device.name
        for device in entry.runtime_data.inventory.devices.values()
        if device.parent
    )
    response = await put(hass, device_named(hass, entry, first))
    assert deeds(response) == [
        ("battery", first, "add"),
        ("solar", "House 1", "add"),
        ("grid", "House 1", "add"),
    ]
    response = await put(hass, device_named(hass, entry, second))
    assert deeds(response) == [
        ("battery", second, "add"),
        ("solar", "House 1", "present"),
        ("grid", "House 1", "present"),
    ]


async def test_unit_without_a_house(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp
) -> None:
    """A unit that stands alone gives everything itself."""
    sim = await simulate(eaton=("HYBRID",))
    entry = await set_up(make_eaton_entry(sim))
    unit = "xStorage Home"
    response = await ask(hass, device_id=device_named(hass, entry, unit))
    assert deeds(response) == [
        (kind, unit, "add") for kind in ("battery", "solar", "grid")
    ]


async def test_two_accounts(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp, page: EnergyPage
) -> None:
    """Batteries of two vendors are two, and the grid still is one."""
    sim: Simulation = await simulate("KH8", eaton=("HYBRID",))
    fox = await set_up(make_entry(sim))
    eaton = await set_up(make_eaton_entry(sim))
    kh8 = device_named(hass, fox, "Fox ESS KH8")
    unit = device_named(hass, eaton, "xStorage Home")
    response = await ask(hass, device_id=[kh8, unit])
    assert ("grid", "xStorage Home", None, "other_meter") in left_out(response)
    await put(hass, kh8)
    response = await put(hass, unit)
    assert deeds(response) == [
        ("battery", "xStorage Home", "add"),
        ("solar", "xStorage Home", "add"),
        ("grid", "xStorage Home", "keep"),
    ]
    assert [kind for kind, _ in energies(await page.sources())].count("grid") == 1


async def test_without_a_battery(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp
) -> None:
    """An inverter without a battery gives its PV, and what it lacks is said."""
    entry = await set_up(make_growatt_entry(await simulate(growatt=("INV",))))
    inverter = "Growatt inverter"
    response = await ask(hass, device_id=device_named(hass, entry, inverter))
    assert deeds(response) == [("solar", inverter, "add")]
    assert left_out(response) == {("grid", inverter, None, "missing")}


async def test_battery_without_energies(
    hass: HomeAssistant, simulate: Simulate, set_up: SetUp
) -> None:
    """A battery that counts no energy is left out, and that is said."""
    entry = await set_up(make_entry(await simulate("KH8+GMAX")))
    response = await ask(hass, device_id=device_named(hass, entry, "House 1"))
    assert ("battery", "Fox ESS GMAX", None, "missing") in left_out(response)


async def test_no_giver(hass: HomeAssistant, simulate: Simulate, set_up: SetUp) -> None:
    """A data logger has nothing for the page."""
    entry = await set_up(make_growatt_entry(await simulate(growatt=("INV",))))
    logger = device_named(hass, entry, "Growatt data logger")
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, device_id=logger)
    assert raised.value.translation_key == "no_energy_source"

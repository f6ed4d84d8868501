"""The options: a menu that opens after set-up, and every way on from it."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from simulator import Simulation
from simulator.faults import Fault

from .actions import writes
from .conftest import Simulate, async_pass, async_set_up, make_entry
from .energy_page import BATTERY, GRID, SOLAR, EnergyPage, energies
from .options import choose, open_options
from .vendors.eaton.entries import make_eaton_entry
from .vendors.growatt.entries import make_growatt_entry
from .vendors.voltstorage.entries import make_voltstorage_entry

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

SOC_SET = "/op/v0/device/battery/soc/set"


async def answer(
    hass: HomeAssistant, flow: ConfigFlowResult, **given: Any
) -> ConfigFlowResult:
    """Give the answers to a form."""
    return await hass.config_entries.options.async_configure(flow["flow_id"], given)


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form has filled in."""
    assert form["data_schema"] is not None
    return {
        str(key): key.description["suggested_value"]
        for key in form["data_schema"].schema
    }


def said(form: ConfigFlowResult) -> dict[str, str]:
    """Return what a form says of the case at hand."""
    return dict(form["description_placeholders"] or {})


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("control", ["control", "watch"])
async def test_menu(hass: HomeAssistant, simulate: Simulate, control: str) -> None:
    """The ways on are those that a vendor's systems and the person's choice leave."""
    sim = await simulate("KH8", growatt=("MIN-XH",), eaton=("HYBRID",))
    reserve = {"control": ["reserve"], "watch": []}[control]
    for entry in (
        make_entry(sim, control=control),
        make_growatt_entry(sim, control=control),
        make_eaton_entry(sim, options={"control": control}),
    ):
        await async_set_up(hass, entry)
        menu = await open_options(hass, entry)
        assert menu["menu_options"] == [
            *("settings", "energy", "history"),
            *reserve,
            "done",
        ]


@pytest.mark.usefixtures("page")
async def test_menu_of_what_is_only_read(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """What cannot be told anything has no reserve to set."""
    entry = make_voltstorage_entry(await simulate(voltstorage=("SMART",)))
    await async_set_up(hass, entry)
    menu = await open_options(hass, entry)
    assert menu["menu_options"] == ["settings", "energy", "history", "done"]


async def test_menu_without_an_energy_page(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Where Home Assistant has no energy page, nothing can be put there."""
    menu = await open_options(hass, loaded)
    assert menu["menu_options"] == ["settings", "history", "reserve", "done"]


async def test_done(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Whoever is done leaves everything as it is."""
    before = dict(loaded.options)
    menu = await open_options(hass, loaded)
    done = await answer(hass, menu, next_step_id="done")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert loaded.options == before
    assert loaded.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("way", ["energy", "history", "reserve"])
async def test_unloaded(
    hass: HomeAssistant, page: EnergyPage, loaded: MockConfigEntry, way: str
) -> None:
    """Without a loaded account, only what is stored can be chosen."""
    menu = await open_options(hass, loaded)
    await hass.config_entries.async_unload(loaded.entry_id)
    menu = await answer(hass, menu, next_step_id=way)
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["settings", "done"]


async def test_energy(
    hass: HomeAssistant, page: EnergyPage, loaded: MockConfigEntry
) -> None:
    """It is said what would be there, then it is there, and nothing is left to do."""
    form = await choose(hass, await open_options(hass, loaded), "energy")
    sensors = [
        f"sensor.fox_ess_kh8_{key}"
        for key in ("battery_energy_discharged", "pv_energy", "grid_energy_imported")
    ]
    listed = "".join(f"\n- Fox ESS KH8: {sensor}" for sensor in sensors)
    nothing = dict.fromkeys(("added", "present", "asked", "left_out"), "–")
    assert said(form) == {**nothing, "added": listed, "reason": ""}
    assert await page.preferences() is None
    menu = await answer(hass, form)
    assert menu["step_id"] == "init"
    assert [energy for _, energy in energies(await page.sources())] == sensors
    form = await choose(hass, menu, "energy")
    assert said(form) == {**nothing, "present": listed, "reason": ""}


async def test_energy_of_others(
    hass: HomeAssistant, page: EnergyPage, loaded: MockConfigEntry
) -> None:
    """What is there from elsewhere is asked about; a grid is kept unless said so."""
    await page.save(BATTERY, SOLAR, GRID)
    form = await choose(hass, await open_options(hass, loaded), "energy")
    assert form["data_schema"] is not None
    assert list(form["data_schema"].schema) == ["battery", "solar", "grid"]
    ours = "\n- Fox ESS KH8: sensor.fox_ess_kh8"
    assert said(form)["asked"] == (
        f"{ours}_battery_energy_discharged ↔ Old battery (sensor.old_discharged)"
        f"{ours}_pv_energy ↔ sensor.old_pv"
        f"{ours}_grid_energy_imported ↔ sensor.old_import"
    )
    with pytest.raises(InvalidData):
        await answer(hass, form)
    menu = await answer(hass, form, battery="replace", solar="add")
    assert menu["type"] is FlowResultType.MENU
    assert energies(await page.sources()) == [
        ("battery", "sensor.fox_ess_kh8_battery_energy_discharged"),
        ("solar", "sensor.old_pv"),
        ("grid", "sensor.old_import"),
        ("solar", "sensor.fox_ess_kh8_pv_energy"),
    ]


async def test_energy_changed_meanwhile(
    hass: HomeAssistant, page: EnergyPage, loaded: MockConfigEntry
) -> None:
    """Who enters something elsewhere while the form is open is asked about it."""
    form = await choose(hass, await open_options(hass, loaded), "energy")
    await page.save(SOLAR)
    form = await answer(hass, form)
    assert form["errors"] == {"base": "not_done"}
    assert "solar: sensor.old_pv" in said(form)["reason"]
    assert form["data_schema"] is not None
    assert list(form["data_schema"].schema) == ["solar"]
    menu = await answer(hass, form, solar="keep")
    assert menu["type"] is FlowResultType.MENU
    assert SOLAR in await page.sources()


async def test_energy_of_another_meter(
    hass: HomeAssistant, page: EnergyPage, simulate: Simulate
) -> None:
    """The second of two houses has another meter, which nobody needs to mend."""
    entry = make_voltstorage_entry(await simulate(voltstorage=("SMART", "SMART")))
    await async_set_up(hass, entry)
    form = await choose(hass, await open_options(hass, entry), "energy")
    assert "House 1: sensor.house_1_grid_energy_imported" in said(form)["added"]
    assert "House 2" in said(form)["added"]
    assert said(form)["left_out"] == "–"


async def test_reserve(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """The device's own value is shown, and another one is sent to it."""
    form = await choose(hass, await open_options(hass, loaded), "reserve")
    assert said(form) == {"system": "Fox ESS KH8", "reason": ""}
    assert suggested(form) == {"min_soc": 10}
    menu = await answer(hass, form, min_soc=20)
    assert menu["type"] is FlowResultType.MENU
    assert sim.foxess.inverters[0].settings["MinSoc"] == "20"
    form = await choose(hass, menu, "reserve")
    assert suggested(form) == {"min_soc": 20}
    sent = writes(sim)
    menu = await answer(hass, form, min_soc=20)
    assert menu["type"] is FlowResultType.MENU
    assert writes(sim) == sent


async def test_reserve_out_of_range(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """What the device would not take cannot be entered."""
    form = await choose(hass, await open_options(hass, loaded), "reserve")
    with pytest.raises(InvalidData):
        await answer(hass, form, min_soc=101)
    assert writes(sim) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The vendor refused it"), ("de", "Der Hersteller hat es abgelehnt")],
)
async def test_refused_reserve(
    hass: HomeAssistant,
    sim: Simulation,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    language: str,
    words: str,
) -> None:
    """What the vendor refuses is said in the form, which can be sent again."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", path=SOC_SET, value=40257))
    hass.config.language = language
    form = await choose(hass, await open_options(hass, loaded), "reserve")
    form = await answer(hass, form, min_soc=25)
    assert form["step_id"] == "reserve"
    assert form["errors"] == {"min_soc": "not_done"}
    assert said(form)["reason"].startswith(words)
    assert suggested(form) == {"min_soc": 25}
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=1)
    menu = await answer(hass, form, min_soc=25)
    assert menu["type"] is FlowResultType.MENU
    assert sim.foxess.inverters[0].settings["MinSoc"] == "25"


async def test_reserve_of_several(hass: HomeAssistant, simulate: Simulate) -> None:
    """Each system is asked for after the other, but for those that have none."""
    sim = await simulate("KH8+H3-V1", "EMS")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    step = await choose(hass, await open_options(hass, entry), "reserve")
    asked: list[str] = []
    for _ in range(4):
        asked.append(said(step)["system"])
        step = await answer(hass, step, **suggested(step))
    assert step["type"] is FlowResultType.MENU
    assert len(set(asked)) == 4
    assert "Fox ESS EMS" not in asked
    assert writes(sim) == []


async def test_no_reserve(
    hass: HomeAssistant, sim: Simulation, entry: MockConfigEntry
) -> None:
    """Where no system tells its settings, the way there closes."""
    for path in ("*/battery/*", "*/setting/*", "*/scheduler/*", "*/peakShaving/*"):
        sim.faults.add(Fault(vendor="foxess", kind="errno", path=path, value=30000))
    await async_set_up(hass, entry)
    menu = await open_options(hass, entry)
    menu = await answer(hass, menu, next_step_id="reserve")
    assert menu["type"] is FlowResultType.MENU
    assert "reserve" not in menu["menu_options"]

"""Windows: start, end and switch, sent when the whole is valid."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator import Simulation
from simulator.faults import Fault
from simulator.foxess.charging import ChargeTimes, Window

from .conftest import Simulate, async_pass, async_set_up, make_entry
from .controls import async_set, bodies, state

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "all_enabled")

FIRST = "fox_ess_kh8_force_charge_window_1"
SECOND = "fox_ess_kh8_force_charge_window_2"
START, END, SWITCH = f"time.{FIRST}_start", f"time.{FIRST}_end", f"switch.{FIRST}"
NIGHT = Window(enabled=True, start=2 * 60, end=5 * 60)
NOON = Window(enabled=True, start=12 * 60, end=14 * 60)
NEVER = Window()


def windows(sim: Simulation) -> tuple[Window, Window]:
    """Return what the simulated inverter holds."""
    return sim.foxess.inverters[0].charge_times.windows


@pytest.fixture
async def charging(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    all_enabled: None,
    entry: MockConfigEntry,
    sim: Simulation,
) -> MockConfigEntry:
    """Return an entry whose inverter charges at night and at noon."""
    sim.foxess.inverters[0].charge_times = ChargeTimes(windows=(NIGHT, NOON))
    await async_set_up(hass, entry)
    return entry


async def test_window_that_is_off(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Each time is sent at once, always with the other window; then it is turned on."""
    await async_set(hass, START, "22:30:40")
    assert windows(sim) == (Window(start=1350), NEVER)
    assert (state(hass, START), state(hass, END)) == ("22:30:00", "00:00:00")
    await async_set(hass, END, "06:15:00")
    assert state(hass, SWITCH) == STATE_OFF
    await async_set(hass, SWITCH, True)
    assert windows(sim) == (Window(enabled=True, start=1350, end=375), NEVER)
    assert state(hass, SWITCH) == STATE_ON
    await async_set(hass, SWITCH, False)
    assert windows(sim) == (Window(start=1350, end=375), NEVER)
    assert [len(body) for body in bodies(sim)] == [7] * 4
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "4"


@pytest.mark.usefixtures("charging")
async def test_draft(hass: HomeAssistant, sim: Simulation) -> None:
    """What is not valid yet is shown and not sent; the whole goes in one write."""
    await async_set(hass, START, "13:00:00")
    assert bodies(sim) == []
    assert state(hass, START) == "13:00:00"
    await async_set(hass, START, "14:00:00")
    await async_set(hass, END, "16:00:00")
    assert len(bodies(sim)) == 2
    assert windows(sim) == (Window(enabled=True, start=840, end=960), NOON)
    assert (state(hass, START), state(hass, END)) == ("14:00:00", "16:00:00")


@pytest.mark.usefixtures("charging")
async def test_draft_is_sent_with_the_rest(
    hass: HomeAssistant, sim: Simulation
) -> None:
    """A start that would leave nothing waits for its end."""
    await async_set(hass, START, "05:00:00")
    await async_set(hass, END, "05:00:00")
    assert bodies(sim) == []
    await async_set(hass, END, "07:00:00")
    assert len(bodies(sim)) == 1
    assert windows(sim)[0] == Window(enabled=True, start=300, end=420)
    # Nothing waits any longer.
    await async_set(hass, START, "06:00:00")
    assert windows(sim)[0] == Window(enabled=True, start=360, end=420)


@pytest.mark.usefixtures("charging")
async def test_draft_is_sent_with_the_switch(
    hass: HomeAssistant, sim: Simulation
) -> None:
    """A window that is turned off may hold anything, so what waits goes along."""
    await async_set(hass, START, "05:00:00")
    await async_set(hass, SWITCH, False)
    assert windows(sim)[0] == Window(start=300, end=300)
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, SWITCH, True)
    assert raised.value.translation_key == "window_empty"
    await async_set(hass, END, "13:00:00")
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, SWITCH, True)
    assert raised.value.translation_key == "window_overlap"
    assert raised.value.translation_placeholders == {"number": "2"}
    assert len(bodies(sim)) == 2


@pytest.mark.usefixtures("charging")
async def test_draft_that_stays_invalid(
    hass: HomeAssistant, sim: Simulation, freezer: FrozenDateTimeFactory
) -> None:
    """The device's own time comes back."""
    await async_pass(hass, freezer, minutes=20)
    await async_set(hass, START, "13:00:00")
    await async_pass(hass, freezer, minutes=6)
    assert state(hass, START) == "13:00:00"
    await async_pass(hass, freezer, minutes=26)
    assert state(hass, START) == "02:00:00"
    await async_set(hass, END, "07:00:00")
    assert windows(sim)[0] == Window(enabled=True, start=120, end=420)


async def test_draft_does_not_outlive_a_restart(
    hass: HomeAssistant, charging: MockConfigEntry, sim: Simulation
) -> None:
    """It is nowhere but here."""
    await async_set(hass, START, "13:00:00")
    await hass.config_entries.async_reload(charging.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, START) == "02:00:00"
    assert bodies(sim) == []


@pytest.mark.usefixtures("charging")
async def test_both_ends_at_once(hass: HomeAssistant, sim: Simulation) -> None:
    """A script that sets both loses neither."""
    await asyncio.gather(
        async_set(hass, START, "13:00:00"), async_set(hass, END, "05:30:00")
    )
    await async_set(hass, START, "04:00:00")
    assert windows(sim)[0] == Window(enabled=True, start=240, end=330)
    await asyncio.gather(
        async_set(hass, START, "05:30:00"), async_set(hass, END, "06:30:00")
    )
    assert windows(sim)[0] == Window(enabled=True, start=330, end=390)
    assert (state(hass, START), state(hass, END)) == ("05:30:00", "06:30:00")


@pytest.mark.usefixtures("charging")
async def test_refused_by_the_device(hass: HomeAssistant, sim: Simulation) -> None:
    """What the device refuses is said, and not kept as a draft."""
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", path="*forceChargeTime/set", value=40257)
    )
    with pytest.raises(HomeAssistantError) as raised:
        await async_set(hass, START, "03:00:00")
    assert raised.value.translation_key == "refused"
    assert state(hass, START) == "02:00:00"


@pytest.mark.usefixtures("charging")
async def test_schedule_blocks_charge_windows(
    hass: HomeAssistant, sim: Simulation, freezer: FrozenDateTimeFactory
) -> None:
    """With the scheduler on the windows rest: they are unavailable and not sent."""
    sim.foxess.inverters[0].scheduler.enabled = True
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, START, "03:00:00")
    assert raised.value.translation_key == "blocked_by_schedule"
    assert bodies(sim) == []
    await async_pass(hass, freezer, minutes=26)
    for entity_id in (START, END, SWITCH):
        assert state(hass, entity_id) == STATE_UNAVAILABLE
    sim.foxess.inverters[0].scheduler.enabled = False
    await async_pass(hass, freezer, minutes=26)
    assert state(hass, START) == "02:00:00"


async def test_changed_elsewhere_meanwhile(
    hass: HomeAssistant, charging: MockConfigEntry, sim: Simulation
) -> None:
    """The other window is read first, and kept."""
    sim.foxess.inverters[0].charge_times = ChargeTimes(windows=(NIGHT, NEVER))
    await async_set(hass, END, "06:00:00")
    assert windows(sim) == (Window(enabled=True, start=120, end=360), NEVER)
    assert state(hass, f"switch.{SECOND}") == STATE_OFF


async def test_watched_windows(hass: HomeAssistant, sim: Simulation) -> None:
    """With only watching chosen nothing is sent, nor kept as if it would be."""
    await async_set_up(hass, make_entry(sim, control="watch"))
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, START, "03:00:00")
    assert raised.value.translation_key == "watch_only"
    assert state(hass, START) == "00:00:00"


async def test_heating(hass: HomeAssistant, simulate: Simulate) -> None:
    """Heating and its windows are sent together, also while a schedule is on."""
    sim = await simulate("EVO")
    sim.foxess.inverters[0].scheduler.enabled = True
    await async_set_up(hass, make_entry(sim))
    evo = "fox_ess_evo_10_5_h_heating"
    before = dict(sim.foxess.inverters[0].heating)
    await async_set(hass, f"switch.{evo}", True)
    await async_set(hass, f"time.{evo}_window_3_start", "23:45:00")
    await async_set(hass, f"time.{evo}_window_3_end", "01:05:00")
    await async_set(hass, f"switch.{evo}_window_3", True)
    assert sim.foxess.inverters[0].heating == before | {
        "batteryWarmUpEnable": "enable",
        "time3Enable": "enable",
        "time3StartHour": "23",
        "time3StartMinute": "45",
        "time3EndHour": "1",
        "time3EndMinute": "5",
    }
    assert state(hass, f"switch.{evo}") == STATE_ON
    assert state(hass, f"switch.{evo}_window_3") == STATE_ON
    await async_set(hass, f"time.{evo}_window_1_start", "00:30:00")
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, f"switch.{evo}_window_1", True)
    assert raised.value.translation_key == "window_overlap"

"""Writing: confirmed, counted, in turns, and honest about what is not known."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.number import ATTR_VALUE, SERVICE_SET_VALUE
from homeassistant.components.select import ATTR_OPTION, SERVICE_SELECT_OPTION
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .conftest import async_pass, async_set_up, make_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

NUMBER = "number.fox_ess_kh8_min_soc_on_grid"
SELECT = "select.fox_ess_kh8_operating_mode"
SOC_SET = "/op/v0/device/battery/soc/set"
SOC_GET = "/op/v0/device/battery/soc/get"


async def set_number(
    hass: HomeAssistant, value: float, context: Context | None = None
) -> None:
    """Set the minimum SOC on grid as a person does."""
    await hass.services.async_call(
        Platform.NUMBER,
        SERVICE_SET_VALUE,
        {ATTR_ENTITY_ID: NUMBER, ATTR_VALUE: value},
        blocking=True,
        context=context,
    )
    await hass.async_block_till_done()


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the registry's id of the only inverter."""
    (device,) = (
        device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.name == "Fox ESS KH8"
    )
    return device.id


def held(sim: Simulation, key: str = "MinSocOnGrid") -> str:
    """Return what the simulated inverter holds."""
    return str(sim.foxess.inverters[0].settings[key])


def writes(sim: Simulation) -> list[str]:
    """Return the paths of all writes that reached the server."""
    return [call.path for call in sim.foxess.calls if call.write]


async def test_number(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A number is written, read back and shown, and what stands beside it is kept."""
    await set_number(hass, 23)
    assert held(sim) == "23"
    assert held(sim, "MinSoc") == "10"
    assert state(hass, NUMBER) == "23.0"
    assert writes(sim) == [SOC_SET]
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "1"
    await set_number(hass, 23)
    assert writes(sim) == [SOC_SET]
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "1"


async def test_select(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A mode is written in the vendor's word, and shown in the common one."""
    await hass.services.async_call(
        Platform.SELECT,
        SERVICE_SELECT_OPTION,
        {ATTR_ENTITY_ID: SELECT, ATTR_OPTION: "peak_shaving"},
        blocking=True,
    )
    await hass.async_block_till_done()
    assert held(sim, "WorkMode") == "PeakShaving"
    assert state(hass, SELECT) == "peak_shaving"


async def test_range_is_the_devices_own(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A number outside of the range is refused with its limits."""
    found = hass.states.get(NUMBER)
    assert found is not None
    assert (found.attributes["min"], found.attributes["max"]) == (10, 100)
    with pytest.raises(ServiceValidationError):
        await set_number(hass, 9)
    assert writes(sim) == []


async def test_changed_elsewhere_meanwhile(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What is written together is read first: a change made elsewhere is kept."""
    sim.foxess.inverters[0].settings["MinSoc"] = "17"
    await set_number(hass, 30)
    assert (held(sim, "MinSoc"), held(sim)) == ("17", "30")
    assert state(hass, "number.fox_ess_kh8_min_soc") == "17.0"


async def test_two_writers_take_turns(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Two changes at once lose nothing."""
    await asyncio.gather(
        set_number(hass, 40),
        hass.services.async_call(
            Platform.NUMBER,
            SERVICE_SET_VALUE,
            {ATTR_ENTITY_ID: "number.fox_ess_kh8_min_soc", ATTR_VALUE: 35},
            blocking=True,
        ),
    )
    assert (held(sim, "MinSoc"), held(sim)) == ("35", "40")


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        ({"kind": "truncated", "path": SOC_SET}, 1),
        ({"kind": "reset_in_body", "path": SOC_SET}, 1),
        ({"kind": "no_result", "path": SOC_SET}, 1),
        ({"kind": "write_delayed", "value": 10}, 1),
        ({"kind": "errno", "path": SOC_SET, "value": 40400, "count": 1}, 2),
    ],
    ids=str,
)
async def test_confirmed_after_all(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    fault: dict[str, Any],
    sent: int,
) -> None:
    """Whatever became of the answer: what the device holds is what counts."""
    sim.faults.add(Fault(vendor="foxess", **fault))
    await set_number(hass, 42)
    assert held(sim) == "42"
    assert state(hass, NUMBER) == "42.0"
    assert len(writes(sim)) == sent


async def test_lost_write_is_unconfirmed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A write that the device never took is said, not repeated, and looked at later."""
    sim.faults.add(Fault(vendor="foxess", kind="write_delayed", value=200))
    started = freezer().timestamp()
    with pytest.raises(HomeAssistantError) as raised:
        await set_number(hass, 55)
    assert raised.value.translation_key == "unconfirmed"
    assert freezer().timestamp() - started < 65
    assert writes(sim) == [SOC_SET]
    assert state(hass, NUMBER) == "10.0"
    await async_pass(hass, freezer, seconds=301)
    await async_pass(hass, freezer, seconds=11)
    assert state(hass, NUMBER) == "55.0"
    assert writes(sim) == [SOC_SET]


@pytest.mark.parametrize(
    ("fault", "key", "sent"),
    [
        ({"kind": "errno", "path": SOC_SET, "value": 40257}, "refused", 1),
        ({"kind": "errno", "path": SOC_SET, "value": 42015}, "unsupported", 1),
        ({"kind": "errno", "path": SOC_SET, "value": 44096}, "blocked_by_schedule", 1),
        ({"kind": "errno", "path": SOC_SET, "value": 41930}, "unknown_device", 1),
        ({"kind": "errno", "path": SOC_SET, "value": 44098}, "unconfirmed", 2),
        ({"kind": "errno", "path": SOC_GET, "value": 41203}, "communication_error", 0),
        ({"kind": "status", "path": SOC_GET, "value": 502}, "communication_error", 0),
        ({"kind": "quota_gone"}, "quota_exhausted", 0),
        ({"kind": "errno", "path": SOC_SET, "value": 40400}, "rate_limited", 3),
    ],
    ids=str,
)
async def test_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    fault: dict[str, Any],
    key: str,
    sent: int,
) -> None:
    """Each refusal is said in words, and the state stays what the device holds."""
    sim.faults.add(Fault(vendor="foxess", **fault))
    with pytest.raises(HomeAssistantError) as raised:
        await set_number(hass, 55)
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key == key
    assert len(writes(sim)) == sent
    assert held(sim) == "10"
    assert state(hass, NUMBER) == "10.0"


@pytest.mark.parametrize("path", [SOC_GET, SOC_SET])
async def test_token_expires_in_a_write(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation, path: str
) -> None:
    """Credentials that are refused in a write are asked for again."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", path=path, value=41809))
    with pytest.raises(HomeAssistantError) as raised:
        await set_number(hass, 55)
    assert raised.value.translation_key == "authentication_error"
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_unreachable_is_not_sent(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Where nobody listens nothing can have happened."""
    await sim.foxess.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await set_number(hass, 55)
    assert raised.value.translation_key == "communication_error"


async def test_quota_issue_comes_and_goes(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A spent day is a repair issue until calls are free again."""
    sim.faults.add(Fault(vendor="foxess", kind="quota_gone"))
    await async_pass(hass, freezer, minutes=6)
    issue = issue_registry.async_get_issue(DOMAIN, f"quota_{loaded.entry_id}")
    assert issue is not None
    calls = len(sim.foxess.calls)
    await async_pass(hass, freezer, minutes=6)
    assert len(sim.foxess.calls) == calls
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=61)
    assert issue_registry.issues == {}


async def test_reads_leave_calls_for_writes(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """When other apps eat up the day, what is left is kept for steering."""
    sim.foxess.spend(1440 - 150 - len(sim.foxess.calls))
    await async_pass(hass, freezer, minutes=61)
    sim.foxess.calls.clear()
    await async_pass(hass, freezer, minutes=6)
    assert sim.foxess.calls == []
    await hass.services.async_call(
        DOMAIN,
        "set_soc_limits",
        {"device_id": device_id(hass, loaded), "min_soc_on_grid": 33},
        blocking=True,
    )
    assert held(sim) == "33"


async def test_wear_is_watched(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
    hass_admin_user: MockUser,
) -> None:
    """Over 100 writes a day an issue names the caller, over 300 no more are sent."""
    loaded.runtime_data.store.writes = {
        f"inverter_{sim.foxess.inverters[0].serial}": {freezer().date(): 99}
    }
    await set_number(hass, 20)
    assert issue_registry.issues == {}
    await set_number(hass, 21, Context(user_id=hass_admin_user.id))
    (issue,) = issue_registry.issues.values()
    assert issue.translation_placeholders == {
        "device": "Fox ESS KH8",
        "limit": "100",
        "caller": hass_admin_user.name,
    }
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "alias": "Night shift",
                "trigger": {"platform": "event", "event_type": "now"},
                "action": {
                    "service": "number.set_value",
                    "target": {"entity_id": NUMBER},
                    "data": {"value": 22},
                },
            }
        },
    )
    hass.bus.async_fire("now")
    await hass.async_block_till_done()
    (issue,) = issue_registry.issues.values()
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["caller"] == "Night shift"
    await set_number(hass, 23)
    (issue,) = issue_registry.issues.values()
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["caller"] == "?"

    loaded.runtime_data.store.writes = {
        f"inverter_{sim.foxess.inverters[0].serial}": {freezer().date(): 300}
    }
    with pytest.raises(ServiceValidationError) as raised:
        await set_number(hass, 24)
    assert raised.value.translation_key == "too_many_writes"
    assert held(sim) == "23"
    (inverter,) = sim.foxess.inverters
    inverter.scheduler.enabled = True
    await hass.services.async_call(
        DOMAIN, "clear_schedule", {"device_id": device_id(hass, loaded)}, blocking=True
    )
    assert not inverter.scheduler.enabled
    freezer.move_to("2026-06-16 10:00:00+00:00")
    await async_pass(hass, freezer, minutes=26)
    await set_number(hass, 25)
    assert held(sim) == "25"
    assert issue_registry.issues == {}


async def test_settings_that_were_never_read(
    hass: HomeAssistant, entry: MockConfigEntry, sim: Simulation
) -> None:
    """A change needs no feed to have gone before: what it is about is read for it."""
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", path="*/scheduler/get", value=41203)
    )
    await async_set_up(hass, entry)
    assert hass.states.get(NUMBER) is None
    limits = {"device_id": device_id(hass, entry), "min_soc_on_grid": 33}
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "set_soc_limits", limits, blocking=True)
    assert raised.value.translation_key == "communication_error"
    assert writes(sim) == []
    sim.faults.clear()
    await hass.services.async_call(DOMAIN, "set_soc_limits", limits, blocking=True)
    await hass.async_block_till_done()
    assert held(sim) == "33"
    assert state(hass, NUMBER) == "33.0"


async def test_watched_number_is_shown(hass: HomeAssistant, sim: Simulation) -> None:
    """With only watching chosen the settings are shown all the same."""
    await async_set_up(hass, make_entry(sim, control="watch"))
    assert state(hass, NUMBER) == "10.0"
    with pytest.raises(ServiceValidationError) as raised:
        await set_number(hass, 20)
    assert raised.value.translation_key == "watch_only"
    assert writes(sim) == []

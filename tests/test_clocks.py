"""Clocks that are wrong: an issue that says so, and a repair that sets them."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_pass, async_set_up, make_entry
from .controls import bodies, number, state
from .texts import ENGLISH, placeholders

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "all_enabled")

TIME_GET = "/op/v0/device/time/get"
TIME_SET = "/op/v0/device/time/set"


def set_ahead(sim: Simulation, seconds: float) -> None:
    """Set the simulated inverter's clock wrong."""
    sim.foxess.inverters[0].clock_offset = timedelta(seconds=seconds)


@pytest.fixture
async def wrong(
    hass: HomeAssistant, entry: MockConfigEntry, sim: Simulation
) -> MockConfigEntry:
    """Return an entry whose inverter's clock is ten minutes ahead, set up."""
    set_ahead(sim, 600)
    await async_set_up(hass, entry)
    return entry


async def async_fix(hass: HomeAssistant) -> Any:
    """Begin to repair the only issue, and return the form."""
    assert await async_setup_component(hass, "repairs", {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    ((_, issue_id),) = ir.async_get(hass).issues
    return await manager.async_init(DOMAIN, context={"issue_id": issue_id})


async def async_submit(hass: HomeAssistant, form: Any) -> Any:
    """Submit the form, and return what comes of it."""
    manager = repairs_flow_manager(hass)
    assert manager is not None
    result = await manager.async_configure(form["flow_id"], {})
    await hass.async_block_till_done()
    return result


@pytest.mark.parametrize(
    ("ahead", "issues"),
    [
        pytest.param(0, [], id="right"),
        pytest.param(119, [], id="right enough"),
        pytest.param(-119, [], id="right enough, behind"),
        pytest.param(130, ["clock_wrong"], id="wrong"),
        pytest.param(-130, ["clock_wrong"], id="wrong, behind"),
        pytest.param(600, ["clock_wrong"], id="ten minutes"),
        pytest.param(3600, ["clock_zone"], id="summer time missed"),
        pytest.param(-20700 - 60, ["clock_zone"], id="Nepal, and a minute off"),
        pytest.param(13 * 3600, ["clock_zone"], id="the far east"),
        pytest.param(27 * 3600, ["clock_wrong"], id="further than any zone"),
        pytest.param(-9 * 365 * 86400, ["clock_wrong"], id="never set"),
    ],
)
async def test_issue(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    issue_registry: ir.IssueRegistry,
    ahead: int,
    issues: list[str],
) -> None:
    """Over two minutes off is an issue; a zone's worth of it is said in other words."""
    set_ahead(sim, ahead)
    await async_set_up(hass, entry)
    assert number(hass, "clock_offset") == ahead
    assert [issue.translation_key for issue in issue_registry.issues.values()] == issues


async def test_issue_names_the_two_times(
    wrong: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    """The issue tells which device it is, and both times."""
    (issue,) = issue_registry.issues.values()
    assert issue.is_fixable
    assert issue.translation_placeholders is not None
    told = dict(issue.translation_placeholders)
    assert told.pop("device") == "Fox ESS KH8"
    assert {name: time[:15] for name, time in told.items()} == {
        "device_time": "2026-06-15 12:1",
        "right_time": "2026-06-15 12:0",
    }


@pytest.mark.parametrize("way", ["right again", "entry removed"])
async def test_issue_goes_away(
    hass: HomeAssistant,
    wrong: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
    way: str,
) -> None:
    """When the clock is right again, or the account is gone, so is the issue."""
    end = {
        "right again": lambda: async_pass(hass, freezer, hours=12, minutes=1),
        "entry removed": lambda: hass.config_entries.async_remove(wrong.entry_id),
    }
    set_ahead(sim, 0)
    await end[way]()
    assert issue_registry.issues == {}


async def test_two_devices(
    hass: HomeAssistant, simulate: Simulate, issue_registry: ir.IssueRegistry
) -> None:
    """Each device has an issue of its own."""
    sim = await simulate("KH8", "EVO")
    set_ahead(sim, 600)
    await async_set_up(hass, make_entry(sim))
    (issue,) = issue_registry.issues.values()
    assert (issue.translation_placeholders or {})["device"] == "Fox ESS KH8"
    assert abs(number(hass, "clock_offset", "fox_ess_evo_10_5_h")) < 3


@pytest.mark.parametrize(("ahead", "key"), [(600, "wrong"), (-3600, "zone")])
async def test_fix(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    issue_registry: ir.IssueRegistry,
    ahead: int,
    key: str,
) -> None:
    """It is said what will be done; then the clock is set once, counted, and read back."""
    set_ahead(sim, ahead)
    await async_set_up(hass, entry)
    form = await async_fix(hass)
    text = ENGLISH["issues"][f"clock_{key}"]["fix_flow"]["step"][form["step_id"]]
    assert placeholders(text["title"] + text["description"]) == set(
        form["description_placeholders"]
    )
    assert "synchronisation will be disabled" in text["description"]
    assert bodies(sim) == []
    result = await async_submit(hass, form)
    assert result["type"] == "create_entry"
    ((sent,),) = [bodies(sim)]
    assert {name: sent[name] for name in ("year", "month", "day", "hour")} == {
        "year": "26",
        "month": "6",
        "day": "15",
        "hour": "12",
    }
    assert all(isinstance(value, str) for value in sent.values())
    assert abs(sim.foxess.inverters[0].clock_offset) < timedelta(seconds=2)
    assert abs(number(hass, "clock_offset")) < 2
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "1"
    assert issue_registry.issues == {}


async def test_clock_that_was_set_meanwhile(
    hass: HomeAssistant,
    wrong: MockConfigEntry,
    sim: Simulation,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A clock that has become right by itself is left alone."""
    form = await async_fix(hass)
    set_ahead(sim, 1)
    assert (await async_submit(hass, form))["type"] == "create_entry"
    assert bodies(sim) == []
    assert issue_registry.issues == {}


@pytest.mark.parametrize(
    ("fault", "reason", "sent"),
    [
        pytest.param(
            {"kind": "write_lost", "path": TIME_SET}, "unconfirmed", 1, id="lost"
        ),
        pytest.param(
            {"kind": "errno", "path": TIME_SET, "value": 44096},
            "not_set",
            1,
            id="refused",
        ),
        pytest.param(
            {"kind": "errno", "path": TIME_GET, "value": 41203},
            "not_set",
            0,
            id="device does not answer",
        ),
        pytest.param({"kind": "quota_gone"}, "not_set", 0, id="no call left"),
    ],
)
async def test_fix_fails(
    hass: HomeAssistant,
    wrong: MockConfigEntry,
    sim: Simulation,
    issue_registry: ir.IssueRegistry,
    fault: dict[str, Any],
    reason: str,
    sent: int,
) -> None:
    """What went wrong is said, nothing is sent twice, and the issue stays."""
    form = await async_fix(hass)
    sim.faults.add(Fault(vendor="foxess", **fault))
    result = await async_submit(hass, form)
    assert (result["type"], result["reason"]) == ("abort", reason)
    assert_said(result)
    assert len(bodies(sim)) == sent
    assert len(issue_registry.issues) == 1


def assert_said(result: Any) -> None:
    """Check that an end has a text, which names what it is given."""
    for key in ("clock_wrong", "clock_zone"):
        text = ENGLISH["issues"][key]["fix_flow"]["abort"][result["reason"]]
        given = result["description_placeholders"] or {}
        assert placeholders(text) == set(given)


async def test_lost_write_is_looked_at_again(
    hass: HomeAssistant,
    wrong: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A clock that is set late closes its issue some minutes later."""
    form = await async_fix(hass)
    sim.faults.add(
        Fault(vendor="foxess", kind="write_delayed", path=TIME_SET, value=100)
    )
    result = await async_submit(hass, form)
    assert result["reason"] == "unconfirmed"
    await async_pass(hass, freezer, minutes=6)
    assert issue_registry.issues == {}
    assert len(bodies(sim)) == 1


async def test_only_watch(
    hass: HomeAssistant, sim: Simulation, issue_registry: ir.IssueRegistry
) -> None:
    """Who only watches is told of the clock, and nothing leaves."""
    set_ahead(sim, 600)
    await async_set_up(hass, make_entry(sim, control="watch"))
    form = await async_fix(hass)
    calls = len(sim.foxess.calls)
    result = await async_submit(hass, form)
    assert (result["type"], result["reason"]) == ("abort", "watch_only")
    assert_said(result)
    assert len(sim.foxess.calls) == calls
    assert len(issue_registry.issues) == 1


async def test_too_many_writes(
    hass: HomeAssistant,
    wrong: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Setting the clock wears the device's memory out as any other write does."""
    form = await async_fix(hass)
    wrong.runtime_data.store.writes = {
        f"inverter_{sim.foxess.inverters[0].serial}": {freezer().date(): 300}
    }
    result = await async_submit(hass, form)
    assert (result["type"], result["reason"]) == ("abort", "too_many_writes")
    assert_said(result)
    assert bodies(sim) == []


async def test_account_is_not_loaded(
    hass: HomeAssistant, wrong: MockConfigEntry
) -> None:
    """An account that was unloaded meanwhile cannot be repaired."""
    form = await async_fix(hass)
    await hass.config_entries.async_unload(wrong.entry_id)
    result = await async_submit(hass, form)
    assert (result["type"], result["reason"]) == ("abort", "not_connected")
    assert_said(result)


async def test_every_end_has_been_met() -> None:
    """The ends that have a text are the ones that the tests above meet."""
    for key in ("clock_wrong", "clock_zone"):
        assert ENGLISH["issues"][key]["fix_flow"]["abort"].keys() == {
            "not_connected",
            "not_set",
            "too_many_writes",
            "unconfirmed",
            "watch_only",
        }


async def test_device_without_a_clock(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """That a device does not tell its time is remembered, and shown by no entity."""
    sim.faults.add(Fault(vendor="foxess", kind="unsupported", path=TIME_GET))
    await async_set_up(hass, entry)
    assert hass.states.get("sensor.fox_ess_kh8_clock_offset") is None
    sim.faults.clear()
    sim.foxess.calls.clear()
    await async_pass(hass, freezer, hours=12, minutes=1)
    assert sim.foxess.calls
    assert [call for call in sim.foxess.calls if call.path == TIME_GET] == []

"""What an account shows, and what becomes of it when its cloud fails or dies."""

from datetime import timedelta
from functools import partial
import json

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator.faults import Fault
from tests.conftest import async_set_up

from .conftest import MakeStage
from .stage import PRODUCT, Stage, until


def silent(stage: Stage) -> ir.IssueEntry | None:
    """Return the repair issue that the cloud does not answer."""
    issue_id = f"silent_{stage.entry.entry_id}"
    return ir.async_get(stage.hass).async_get_issue(DOMAIN, issue_id)


def enabled(stage: Stage, device: str) -> set[str]:
    """Return the keys of the entities of a device that are enabled."""
    prefix = f"voltstorage_{device}_"
    return {
        entity.unique_id.removeprefix(prefix)
        for entity in er.async_get(stage.hass).entities.values()
        if entity.unique_id.startswith(prefix) and not entity.disabled
    }


async def test_entities_of_one_battery(stage: Stage) -> None:
    """The battery has what is its own, the house what is told of it alone."""
    await stage.begin()
    battery, house = enabled(stage, "product_77"), enabled(stage, "group_64")
    assert {
        "battery_soc",
        "battery_power",
        "battery_energy_charged",
        "battery_energy_discharged_today",
        "electrolyte_temperature",
        "dc_efficiency",
        "battery_capacity_usable",
        "online",
        "problem",
        "fault",
    } <= battery
    assert {
        "grid_power",
        "pv_power",
        "load_power",
        "grid_energy_imported",
        "grid_energy_exported_today",
        "pv_energy",
        "load_energy",
        "self_sufficiency_rate_today",
        "self_consumption_rate_today",
    } <= house
    assert not house & battery
    assert "not_charging" not in battery
    assert len(battery) < 40


async def test_values(stage: Stage, all_enabled: None) -> None:
    """What is shown is what the house does."""
    await stage.begin()
    assert stage.number("battery_soc") == pytest.approx(stage.product.soc, abs=0.2)
    balance = (
        stage.number("grid_power", "group_64")
        + stage.number("pv_power", "group_64")
        + stage.number("battery_power")
    )
    assert stage.number("load_power", "group_64") == pytest.approx(balance, abs=5)
    assert stage.number("battery_capacity") == 6.2
    assert stage.number("ac_capacity") == pytest.approx(5.24, abs=0.1)
    assert stage.number("ac_efficiency") == pytest.approx(71.4, abs=0.1)
    assert stage.number("voltstorage_status") == 1
    assert stage.seen("not_charging") == "off"
    assert stage.seen("online") == "on"
    assert stage.seen("fault") == "none"


async def test_same_entities_whichever_way(make_stage: MakeStage) -> None:
    """Export, latest data and stream have the same entities, but for the voltage."""
    stage = await make_stage(undocumented=False)
    await stage.begin()
    of_export = enabled(stage, "product_77") | enabled(stage, "group_64")
    stage.cloud.paths.serve(
        latest="/rest/products/{product_id}/data",
        statistics="/rest/data/statistics",
        stream="/ws",
    )
    await stage.live(hours=25, step=900)
    await stage.live(hours=0.3)
    await until(lambda: PRODUCT in stage.cloud.stream.listeners)
    await stage.stream(hours=0.2)
    now = enabled(stage, "product_77") | enabled(stage, "group_64")
    assert of_export <= now
    assert (
        now - of_export
        == {
            "ac_capacity",
            "ac_efficiency",
            "battery_capacity_usable",
            "battery_last_full",
            "dc_efficiency",
            "electrolyte_temperature",
            "max_temperature",
            "self_consumption_rate_today",
            "pump_temperature",
            "self_sufficiency_rate_today",
        }
        - of_export
    )


async def test_problem(stage: Stage) -> None:
    """Errors are listed; a strategy that is not the default is no problem."""
    stage.product.fault_codes = ("nonDefaultStrategy",)
    await stage.begin()
    assert stage.seen("problem") == "off"
    assert stage.seen("fault") == "nonDefaultStrategy"
    stage.product.fault_codes = ("nonDefaultStrategy", "pumpBlocked")
    await stage.live(hours=0.2)
    assert stage.seen("problem") == "on"
    assert stage.seen("fault") == "nonDefaultStrategy, pumpBlocked"


async def test_not_charging(stage: Stage, all_enabled: None) -> None:
    """Export beside a battery with room that does not charge is a failure."""
    stage.cloud.paths.serve(latest=None)
    await stage.begin()
    await stage.connect()
    stage.sim.faults.add(Fault(vendor="voltstorage", kind="stall"))
    stage.fail("/rest/data/export.csv")

    def is_heard(at: int) -> bool:
        return stage.last_data().timestamp() >= at

    async def be(minutes: int, **data: float) -> None:
        for _ in range(minutes):
            await stage.live(hours=1 / 60)
            await stage.cloud.stream.event(PRODUCT, "latest-data", data)
            at = int(stage.cloud.clock.house_now().timestamp())
            await until(partial(is_heard, at))

    wasted = {"gridPower": -2000.0, "inverterPower": -10.0, "stateOfCharge": 0.5}
    await be(12, **wasted)
    assert stage.seen("not_charging") == "off"
    await be(12, **wasted)
    assert stage.seen("not_charging") == "on"
    await be(8, **wasted | {"inverterPower": -500.0})
    assert stage.seen("not_charging") == "off"


async def test_part_that_is_no_storage(make_stage: MakeStage) -> None:
    """A product of another kind is there with what it tells, and is no system."""
    stage = await make_stage("SMART+SMART")
    other = stage.cloud.product(190)
    other.changes["type"] = {"id": 9, "name": "Meter", "baseType": "meter"}
    await stage.begin()
    assert stage.number("battery_soc", "product_190") > 0
    # Of the batteries, the house has one only.
    assert stage.seen("battery_soc", "group_64") is None


async def test_outage_is_no_wrong_password(stage: Stage) -> None:
    """Nothing asks for a password while the cloud is away, however it fails."""
    await stage.begin()
    for kind, value in (
        ("status", 503),
        ("status", 404),
        ("html", None),
        ("refuse", None),
        ("empty", None),
    ):
        stage.sim.faults.add(Fault(vendor="voltstorage", kind=kind, value=value))
        stage.freezer.tick(timedelta(days=8))
        await stage.live(hours=1, step=900)
        stage.sim.faults.clear()
    assert stage.hass.config_entries.flow.async_progress() == []
    assert stage.entry.state is ConfigEntryState.LOADED


async def test_silence(stage: Stage) -> None:
    """After a day without an answer a repair says what is known, until there is one."""
    await stage.begin()
    stage.fail("*", kind="refuse")
    await stage.live(hours=23, step=900)
    assert silent(stage) is None
    assert stage.seen("battery_soc") == "unavailable"
    await stage.live(hours=1.5, step=900)
    issue = silent(stage)
    assert issue is not None
    assert issue.translation_key == "voltstorage_silent"
    stage.sim.faults.clear()
    await stage.live(hours=0.5)
    assert silent(stage) is None
    assert stage.number("battery_soc") > 0


async def test_silence_over_a_restart(stage: Stage) -> None:
    """A restart does not make the cloud's silence any shorter."""
    await stage.begin()
    stage.fail("*", kind="refuse")
    await stage.live(hours=12, step=900)
    await stage.hass.config_entries.async_unload(stage.entry.entry_id)
    stage.freezer.tick(timedelta(hours=13))
    await stage.hass.config_entries.async_setup(stage.entry.entry_id)
    await stage.hass.async_block_till_done(wait_background_tasks=True)
    assert stage.entry.state is ConfigEntryState.SETUP_RETRY
    assert silent(stage) is not None


async def test_dead_cloud_is_asked_rarely(stage: Stage) -> None:
    """Who does not answer is asked at least every 15 minutes, and not every minute."""
    await stage.begin()
    stage.fail("*")
    await stage.live(hours=1)
    before = len(stage.cloud.calls)
    await stage.live(hours=3)
    assert 12 <= len(stage.cloud.calls) - before <= 60


async def test_password_changed(stage: Stage) -> None:
    """A password that is refused when a token has ended is asked for."""
    await stage.begin()
    stage.cloud.change_password()
    await stage.live(hours=1, step=600)
    assert stage.hass.config_entries.flow.async_progress() == []
    stage.freezer.tick(timedelta(days=8))
    await stage.live(hours=0.1)
    (flow,) = stage.hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "voltstorage_reauth"


@pytest.mark.parametrize(("header", "query"), [(True, False), (False, True)])
async def test_where_the_token_goes(stage: Stage, *, header: bool, query: bool) -> None:
    """The token goes where the server takes it, and that is remembered."""
    stage.cloud.takes_header, stage.cloud.takes_query = header, query
    stage.cloud.paths.serve(stream=None)
    await stage.begin()
    before = len(stage.cloud.calls)
    await stage.hass.config_entries.async_reload(stage.entry.entry_id)
    await stage.live(hours=0.1)
    calls = [call for call in stage.cloud.calls[before:] if call.method == "GET"]
    asked = [call for call in calls if call.path.startswith("/rest")]
    assert {("token" in call.query) for call in asked} == {query}
    assert not [call for call in calls if call.errno == 401]


async def test_unknown_paths(make_stage: MakeStage) -> None:
    """Without any of the guessed paths everything common is there."""
    stage = await make_stage(undocumented=False)
    await stage.begin()
    await stage.live(hours=0.5)
    assert stage.number("battery_soc") > 0
    assert stage.number("grid_power", "group_64") is not None
    unknown = [call.path for call in stage.cloud.calls if call.errno == 404]
    assert len(unknown) == len(set(unknown)) == 3


async def test_diagnostics(
    stage: Stage, hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """Diagnostics tell neither who it is nor how to get in."""
    assert await async_setup_component(hass, "diagnostics", {})
    await async_set_up(hass, stage.entry)
    text = json.dumps(
        await get_diagnostics_for_config_entry(hass, hass_client, stage.entry)
    )
    for secret in (stage.cloud.email, stage.cloud.password, "AD0301", "House 1"):
        assert secret not in text
    assert "battery_soc" in text

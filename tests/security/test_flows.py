"""Whatever is entered anew, chosen, brought in or moved: no secret of it is told."""

from functools import partial
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from tests.conftest import async_set_up
from tests.imports import async_settle
from tests.options import choose, open_options

from .life import Life, shown

pytestmark = pytest.mark.usefixtures(
    "recorder_mock", "enable_custom_integrations", "current_request_with_host"
)

WRONG = "WRONG-0123456789-abcdef"
FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "value": 500},
    {"kind": "status", "value": 400},
    {"kind": "html"},
    {"kind": "reset_in_body"},
    {"kind": "wrong_types"},
    {"kind": "nulls"},
]


async def begin(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    """Set an account up, with all of its log."""
    # It tells of its connections, from a thread that goes on when the test is over.
    caplog.set_level(logging.INFO, "homeassistant.components.recorder")
    caplog.set_level(logging.DEBUG)
    assert await async_setup_component(life.hass, "diagnostics", {})
    await async_set_up(life.hass, life.entry)
    life.secrets.add(WRONG)
    life.look()


async def test_credentials_anew(
    life: Life,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_admin_user: MockUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not where they are wrong, where the vendor fails, nor where they are taken."""
    await begin(life, caplog)
    case, entry = life.case, life.entry
    said, server = case.said(life.sim), case.server(life.sim)
    wrong = [{**said, mistake: WRONG} for mistake in case.mistakes]
    again = [*case.menu, {**said, **server}]
    talk = partial(life.talk, browser=hass_client_no_auth)
    for fault in FAULTS:
        life.fail(path=case.asked, **fault)
        await talk(await entry.start_reauth_flow(hass), [said])
        await talk(await entry.start_reconfigure_flow(hass), again)
    life.sim.faults.clear()
    await life.go_on(60)
    flow = await talk(await entry.start_reauth_flow(hass), [*wrong, said])
    assert flow["reason"] == "reauth_successful"
    flow = await entry.start_reconfigure_flow(hass)
    whole = [{**answer, **server} for answer in (*wrong, said)]
    flow = await talk(flow, [*case.menu, *whole])
    assert flow["reason"] == "reconfigure_successful"
    assert entry.state is ConfigEntryState.LOADED
    (signed_in,) = hass_admin_user.refresh_tokens.values()
    token = hass.auth.async_create_access_token(signed_in)
    life.told.append(
        await get_diagnostics_for_config_entry(hass, partial(hass_client, token), entry)
    )
    assert life.found_in(caplog) == []


async def test_options_and_the_past(
    life: Life, hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the options, nor where the past is brought in or moved."""
    await begin(life, caplog)
    entry = life.entry
    menu = await open_options(hass, entry)
    ways: Any = menu["menu_options"]
    for way in ways[:-1]:
        life.told += shown(await choose(hass, await open_options(hass, entry), way))
    form = await choose(hass, await open_options(hass, entry), "settings")
    assert form["data_schema"] is not None
    asked = set(map(str, form["data_schema"].schema))
    options = {key: entry.options[key] for key in entry.options.keys() & asked}
    flow = await hass.config_entries.options.async_configure(form["flow_id"], options)
    life.told += shown(flow)
    await life.go_on(120)
    sensors = [
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.unique_id.endswith("_energy_charged")
    ]
    assert sensors
    for fault in FAULTS:
        await life.act("import_history", start="2026-06-14 00:00:00")
        life.fail(**fault)
        await life.go_on()
        await async_settle(hass)
        await life.act("import_history", cancel=True)
        life.sim.faults.clear()
        for data in ({"source_entity": "sensor.other"}, {"undo": True}):
            await life.perform("import_history", entity_id=sensors[0], **data)
    assert life.found_in(caplog) == []

"""A whole life of an account of each vendor, in which no secret gets anywhere."""

from functools import partial
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockUser,
    async_capture_events,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_CALL_SERVICE, MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.conftest import async_set_up

from .life import Life

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "value": 500},
    {"kind": "status", "value": 429},
    {"kind": "status", "value": 400},
    {"kind": "html"},
    {"kind": "empty"},
    {"kind": "truncated"},
    {"kind": "reset"},
    {"kind": "reset_in_body"},
    {"kind": "wrong_types"},
    {"kind": "nulls"},
]


async def ask(socket: MockHAClientWebSocket, kind: str, **fields: Any) -> Any:
    """Send one of our commands, and return the answer."""
    await socket.send_json_auto_id({"type": f"{DOMAIN}/{kind}", **fields})
    return await socket.receive_json()


async def test_no_secret_gets_anywhere(
    hass: HomeAssistant,
    life: Life,
    hass_admin_user: MockUser,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not into log, states, events, issues, diagnostics, answers, errors or stores."""
    caplog.set_level(logging.DEBUG)
    for component in ("diagnostics", "system_health"):
        assert await async_setup_component(hass, component, {})
    events = async_capture_events(hass, MATCH_ALL)
    await async_set_up(hass, life.entry)
    assert life.entry.state is ConfigEntryState.LOADED
    life.look()
    await life.go_on(90)
    await life.act("get_status")
    await life.act("get_schedule")
    await life.act("force_charge", duration=60)
    for fault in FAULTS:
        life.fail(**fault)
        await life.go_on()
        await life.act("force_discharge", duration=60)
    life.told.append(await get_system_health_info(hass, DOMAIN))
    # Time has jumped over the end of the first access token.
    (signed_in,) = hass_admin_user.refresh_tokens.values()
    token = hass.auth.async_create_access_token(signed_in)
    life.told.append(
        await get_diagnostics_for_config_entry(
            hass, partial(hass_client, token), life.entry
        )
    )
    socket = await hass_ws_client(hass, token)
    life.told.append(await ask(socket, "systems"))
    for device in life.devices():
        life.told.append(await ask(socket, "schedule/subscribe", device_id=device))
    life.sim.faults.clear()
    await life.go_on(60)
    life.fail(kind="status", value=401)
    await life.go_on(60)
    await hass.config_entries.async_reload(life.entry.entry_id)
    await life.go_on()
    life.sim.faults.clear()
    stores = {
        key: stored for key, stored in hass_storage.items() if key.startswith(DOMAIN)
    }
    assert stores
    await hass.config_entries.async_remove(life.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = life.found_in(
        caplog,
        events="\n".join(
            repr(event.as_dict())
            for event in events
            if event.event_type != EVENT_CALL_SERVICE
        ),
        stores=json.dumps(stores, default=str),
    )
    assert found == []

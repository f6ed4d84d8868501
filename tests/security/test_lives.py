"""A whole life of an account of each vendor, in which no secret gets anywhere."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
import json
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
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
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_pass, async_set_up

from .accounts import CASES, Case, forms
from .hostile import Trap

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

NO_HEARTBEAT = "custom_components.home_battery.transport.http._HEARTBEAT_SECONDS"
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
# Whatever else logs is no part of Home Assistant as people have it.
OTHERS = ("simulator", "pytest_homeassistant_custom_component")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Return a way to have an account; time that jumps leaves none for pings."""
    monkeypatch.setattr(NO_HEARTBEAT, None)
    return CASES[request.param]


@pytest.fixture
async def sim(hass: HomeAssistant, simulate: Simulate, case: Case) -> Simulation:
    """Return a simulation with the account, and nothing before it."""
    sim = await simulate(history_days=2, **case.models)
    await case.async_prepare(hass, sim)
    return sim


class Life:
    """An account in Home Assistant, and all that is told of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        sim: Simulation,
        case: Case,
    ) -> None:
        """Watch an account that is not set up yet."""
        self.hass = hass
        self.freezer = freezer
        self.sim = sim
        self.case = case
        self.entry: MockConfigEntry = case.entry(sim)
        self.secrets: set[str] = set()
        self.told: list[object] = []

    async def go_on(self, minutes: float = 10) -> None:
        """Let time pass, and note what is secret and what is told by then."""
        await async_pass(self.hass, self.freezer, minutes=minutes)
        self.look()

    def look(self) -> None:
        """Note what is secret, and what states and issues tell."""
        self.secrets.update(self.case.secrets(self.sim))
        self.told += [state.as_dict() for state in self.hass.states.async_all()]
        self.told += ir.async_get(self.hass).issues.values()
        self.told += [
            part
            for runtime in filter(None, [getattr(self.entry, "runtime_data", None)])
            for feed in (runtime.readings, runtime.settings, *runtime.others)
            for part in chain(feed.last_exception)
        ]

    async def act(self, action: str, **data: Any) -> None:
        """Perform an action on every device, and note what comes of it."""
        for device in self.devices():
            try:
                self.told.append(
                    await self.hass.services.async_call(
                        DOMAIN,
                        action,
                        {"device_id": device, **data},
                        blocking=True,
                        return_response=True,
                    )
                )
            except HomeAssistantError as err:
                self.told += chain(err)
        self.look()

    def devices(self) -> list[str]:
        """Return the registry's ids of the account's devices."""
        return [
            device.id
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self.hass), self.entry.entry_id
            )
        ]

    def fail(self, **fault: Any) -> None:
        """Have the server fail in one way, and in no other."""
        self.sim.faults.clear()
        self.sim.faults.add(Fault(vendor=self.case.vendor, **fault))


@pytest.fixture
async def life(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation, case: Case
) -> Life:
    """Return an account that is not set up yet."""
    # The devices have something to tell by then.
    freezer.tick(timedelta(hours=1))
    return Life(hass, freezer, sim, case)


def chain(error: BaseException | None) -> Iterator[object]:
    """Yield an error with all that it comes from, as it shows itself."""
    while error is not None:
        yield str(error)
        yield repr(error)
        yield repr(vars(error))
        error = error.__cause__ or error.__context__


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
    logged = [
        caplog.handler.format(record)
        for record in caplog.records
        if not record.name.startswith(OTHERS)
    ]
    assert len(logged) > 100
    found = {
        "log": "\n".join(logged),
        "told": "\n".join(map(repr, life.told)),
        "events": "\n".join(
            repr(event.as_dict())
            for event in events
            if event.event_type != EVENT_CALL_SERVICE
        ),
        "stores": json.dumps(stores, default=str),
    }
    assert life.secrets
    needles = {form for secret in life.secrets for form in forms(secret)}
    assert [
        (place, text[max(0, at - 80) : at + 10])
        for place, text in found.items()
        for needle in needles
        if (at := text.find(needle)) >= 0
    ] == []


async def test_nobody_else_is_asked(
    hass: HomeAssistant, life: Life, trap: Trap
) -> None:
    """In a poll, a write, a sign-in or a renewal: an answer that leads away leads nowhere."""
    await async_set_up(hass, life.entry)
    life.fail(kind="redirect", value=f"{trap.url}/else")
    await life.go_on(120)
    await life.act("force_charge", duration=60)
    await hass.config_entries.async_reload(life.entry.entry_id)
    await async_pass(hass, life.freezer, minutes=10)
    assert trap.came == []
    assert "HTTP 302" in repr(life.told)

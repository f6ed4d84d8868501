"""The tokens of somebody who has signed in: renewed, refused, and kept to ourselves."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ImplementationUnavailableError
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2Implementation,
    async_add_implementation_provider,
)
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .conftest import async_pass, async_set_up
from .sign_in import (
    CLIENT,
    DAY,
    asked_for_tokens,
    async_enter_client_id,
    make_signed_in,
    reauth_steps,
    said,
)

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

SOC = "sensor.fox_ess_kh8_battery_soc"
MIN_SOC = "number.fox_ess_kh8_min_soc"
DOWN: list[dict[str, Any]] = [
    {"kind": "status", "value": 503},
    {"kind": "status", "value": 429},
    {"kind": "html"},
    {"kind": "refuse"},
    {"kind": "redirect", "value": "http://127.0.0.1:9/"},
]
LOST: list[dict[str, Any]] = [{"kind": "empty"}, {"kind": "oversized"}]


@pytest.fixture
async def client_id(hass: HomeAssistant, sim: Simulation) -> None:
    """Enter the client id."""
    await async_enter_client_id(hass, sim)


@pytest.fixture
async def signed_in(
    hass: HomeAssistant, sim: Simulation, client_id: None
) -> MockConfigEntry:
    """Return an entry of somebody who has signed in, set up."""
    entry = make_signed_in(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    return entry


def is_there(hass: HomeAssistant) -> bool:
    """Tell whether the battery is shown."""
    state = hass.states.get(SOC)
    assert state is not None
    return state.state != STATE_UNAVAILABLE


async def test_renewed_early(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Hours before an access token runs out there is a new one, asked for once."""
    before = signed_in.data["token"]
    limiter = signed_in.runtime_data.limiter
    await async_pass(hass, freezer, days=13, hours=21)
    assert asked_for_tokens(sim) == []
    await async_pass(hass, freezer, hours=2)
    (asked,) = asked_for_tokens(sim)
    assert (asked.method, asked.path, asked.body) == ("GET", "/oauth2/refresh", None)
    assert asked.query == {
        "grant_type": "refresh_token",
        "client_id": sim.foxess.oauth_client.client_id,
        "client_secret": sim.foxess.oauth_client.client_secret,
        "refresh_token": before["refresh_token"],
    }
    (grant,) = sim.foxess.oauth.grants
    token = signed_in.data["token"]
    assert token["access_token"] == grant.access_token
    assert token["refresh_token"] == grant.refresh_token != before["refresh_token"]
    assert token["expires_at"] == grant.expires_at.timestamp()
    assert is_there(hass)
    assert await hass.config_entries.async_reload(signed_in.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert signed_in.runtime_data.limiter is limiter
    assert all(call.token_ok for call in sim.foxess.calls if call is not asked)


async def test_dead_while_polling(
    hass: HomeAssistant,
    sim: Simulation,
    client_id: None,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A token that is dead before its time is renewed, and the call is made again."""
    sim.foxess.oauth.lifetime = timedelta(hours=1)
    entry = make_signed_in(sim, lifetime=14 * DAY)
    await async_set_up(hass, entry)
    sim.foxess.calls.clear()
    await async_pass(hass, freezer, hours=2)
    assert len(asked_for_tokens(sim)) == 1
    calls = [call for call in sim.foxess.calls if call.path.endswith("/real/query")]
    assert [call.token_ok for call in calls] == [False, True]
    assert is_there(hass)
    assert reauth_steps(hass) == []
    assert entry.data["token"]["expires_in"] == 3600


async def test_refused_in_a_write(
    hass: HomeAssistant, signed_in: MockConfigEntry, sim: Simulation
) -> None:
    """A write that was refused for its token is sent again, and counts once."""
    path = "*/battery/soc/set"
    sim.faults.add(Fault(vendor="foxess", kind="status", value=401, path=path, count=1))
    await set_min_soc(hass, 24)
    assert sim.foxess.inverters[0].settings["MinSoc"] == "24"
    assert [call.errno for call in sim.foxess.calls if call.write] == [None, 0]
    assert len(asked_for_tokens(sim)) == 1
    writes = hass.states.get("sensor.fox_ess_kh8_writes_today")
    assert writes is not None
    assert writes.state == "1"


async def set_min_soc(hass: HomeAssistant, value: float) -> None:
    """Set the minimum SOC as a person does."""
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": MIN_SOC, "value": value},
        blocking=True,
    )


async def test_revoked(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who has taken the permission back is asked to sign in again."""
    sim.foxess.oauth.revoke(signed_in.data["token"]["access_token"])
    await async_pass(hass, freezer, minutes=6)
    assert reauth_steps(hass) == ["foxess_sign_in"]
    await async_pass(hass, freezer, hours=13)
    assert not is_there(hass)
    asked = len(sim.foxess.calls)
    await async_pass(hass, freezer, hours=13)
    assert len(sim.foxess.calls) == asked
    assert reauth_steps(hass) == ["foxess_sign_in"]


async def test_refused_with_a_new_token_too(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A token that is refused although it is new is not renewed again and again."""
    sim.faults.add(
        Fault(vendor="foxess", kind="status", value=401, path="*/real/query")
    )
    await async_pass(hass, freezer, minutes=6)
    assert len(asked_for_tokens(sim)) == 1
    assert reauth_steps(hass) == ["foxess_sign_in"]


@pytest.mark.parametrize(
    ("fault", "waiting"),
    [
        *((fault, []) for fault in DOWN),
        # The answer that was lost had the only refresh token that is still good.
        *((fault, ["foxess_sign_in"]) for fault in LOST),
    ],
    ids=str,
)
async def test_server_down_while_renewing(
    hass: HomeAssistant,
    sim: Simulation,
    client_id: None,
    freezer: FrozenDateTimeFactory,
    fault: dict[str, Any],
    waiting: list[str],
) -> None:
    """An outage asks nobody to sign in again, and passes by itself where it can."""
    entry = make_signed_in(sim, lifetime=3600)
    await async_set_up(hass, entry)
    sim.faults.add(Fault(vendor="foxess", path="/oauth2/*", **fault))
    await async_pass(hass, freezer, hours=2)
    assert asked_for_tokens(sim)
    assert not is_there(hass)
    assert reauth_steps(hass) == []
    sim.faults.clear()
    await async_pass(hass, freezer, hours=1)
    assert reauth_steps(hass) == waiting
    assert is_there(hass) is not bool(waiting)


async def test_lifetime_that_is_not_told(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Where the vendor does not tell how long a token is good, a day is assumed."""
    sim.foxess.oauth.untold = frozenset({"expires_in"})
    await async_pass(hass, freezer, days=14)
    assert signed_in.data["token"]["expires_in"] == DAY
    await async_pass(hass, freezer, hours=21)
    assert len(asked_for_tokens(sim)) == 1
    await async_pass(hass, freezer, hours=2)
    assert len(asked_for_tokens(sim)) == 2
    assert is_there(hass)


async def test_refresh_token_that_stays(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A refresh token that the vendor does not replace is good for the next time."""
    sim.foxess.oauth.untold = frozenset({"refresh_token"})
    first = signed_in.data["token"]["refresh_token"]
    for _ in range(2):
        await async_pass(hass, freezer, days=14)
        assert signed_in.data["token"]["refresh_token"] == first
    assert [call.query["refresh_token"] for call in asked_for_tokens(sim)] == [
        first
    ] * 2
    assert is_there(hass)


@pytest.mark.parametrize("fault", [*DOWN, *LOST], ids=str)
async def test_server_down_at_set_up(
    hass: HomeAssistant,
    sim: Simulation,
    client_id: None,
    fault: dict[str, Any],
) -> None:
    """A token that cannot be renewed now makes the entry wait."""
    sim.faults.add(Fault(vendor="foxess", path="/oauth2/*", **fault))
    entry = make_signed_in(sim, lifetime=0)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "communication_error"
    assert reauth_steps(hass) == []


async def test_revoked_at_set_up(
    hass: HomeAssistant, sim: Simulation, client_id: None
) -> None:
    """An entry whose tokens are all dead says so when it is set up."""
    entry = make_signed_in(sim, lifetime=0)
    sim.foxess.oauth.revoke(entry.data["token"]["access_token"])
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert reauth_steps(hass) == ["foxess_sign_in"]


async def test_client_ids_that_are_not_to_be_had(
    hass: HomeAssistant, sim: Simulation
) -> None:
    """An entry waits for its client id where that may come back."""

    async def provide(
        hass: HomeAssistant, domain: str
    ) -> list[AbstractOAuth2Implementation]:
        raise ImplementationUnavailableError

    async_add_implementation_provider(hass, "elsewhere", provide)
    entry = make_signed_in(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert reauth_steps(hass) == []


async def test_secrets_are_kept(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    sim: Simulation,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither diagnostics nor logs tell a token, a client or its secret."""
    former = signed_in.data["token"]
    path = "*/real/query"
    sim.faults.add(Fault(vendor="foxess", kind="status", value=401, path=path, count=1))
    await async_pass(hass, freezer, minutes=6)
    sim.foxess.oauth.revoke(signed_in.data["token"]["access_token"])
    await async_pass(hass, freezer, minutes=6)
    assert len(asked_for_tokens(sim)) == 2
    assert await async_setup_component(hass, "diagnostics", {})
    diagnostics: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, signed_in
    )
    data = diagnostics["entry"]["data"]
    assert data["token"] == data["auth_implementation"] == "**REDACTED**"
    for secret in (
        former["access_token"],
        former["refresh_token"],
        signed_in.data["token"]["access_token"],
        signed_in.data["token"]["refresh_token"],
        sim.foxess.oauth_client.client_secret,
    ):
        assert secret not in str(diagnostics)
        assert secret not in said(caplog)
    assert CLIENT not in str(diagnostics)


async def test_dialog_for_a_client_id(
    hass: HomeAssistant, client_id: None, hass_ws_client: WebSocketGenerator
) -> None:
    """Home Assistant takes a client id for us, and says where the vendor sends people."""
    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "application_credentials/config"})
    answer = await socket.receive_json()
    assert "home_battery" in answer["result"]["domains"]
    assert answer["result"]["integrations"]["home_battery"] == {
        "description_placeholders": {
            "redirect_url": "https://my.home-assistant.io/redirect/oauth"
        }
    }

"""The config flow of a person who signs in with the vendor."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ImplementationUnavailableError
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2Implementation,
    async_add_implementation_provider,
)
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_set_up, make_entry
from .sign_in import (
    CLIENT,
    asked_for_tokens,
    async_agree,
    async_enter_client_id,
    async_return,
    make_signed_in,
    said,
)

pytestmark = pytest.mark.usefixtures(
    "enable_custom_integrations", "current_request_with_host"
)


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the flow, and choose the vendor and to sign in."""
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = await choose(hass, flow, "foxess")
    assert flow["type"] is FlowResultType.MENU
    assert flow["menu_options"] == ["foxess_token", "foxess_sign_in"]
    return await choose(hass, flow, "foxess_sign_in")


async def choose(
    hass: HomeAssistant, flow: ConfigFlowResult, option: str
) -> ConfigFlowResult:
    """Choose from a menu."""
    return await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": option}
    )


async def sign_in(
    hass: HomeAssistant,
    flow: ConfigFlowResult,
    sim: Simulation,
    browser: ClientSessionGenerator,
) -> ConfigFlowResult:
    """Go from the form over the vendor's page to what follows."""
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "foxess_sign_in"
    return await async_agree(
        hass, await enter(hass, flow, sim.foxess.base_url), browser
    )


async def enter(
    hass: HomeAssistant, flow: ConfigFlowResult, base_url: str
) -> ConfigFlowResult:
    """Enter the server."""
    return await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"server": {"base_url": base_url}}
    )


async def finish(hass: HomeAssistant, flow: ConfigFlowResult) -> ConfigFlowResult:
    """Go from what was found to a created entry."""
    assert flow["step_id"] == "found"
    flow = await choose(hass, flow, "control")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    return flow


async def test_create(
    hass: HomeAssistant, sim: Simulation, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """The person signs in at the entry's server, and the entry has the tokens."""
    await async_enter_client_id(hass, sim)
    flow = await enter(hass, await start(hass), sim.foxess.base_url)
    page = URL(flow["url"])
    assert str(page.with_query(None)) == f"{sim.foxess.base_url}/h5/auth/foxessIndex"
    assert dict(page.query) == {
        "response_type": "code",
        "client_id": sim.foxess.oauth_client.client_id,
        "redirect_uri": "https://example.com/auth/external/callback",
        "scope": "data_access",
        "state": page.query["state"],
    }
    flow = await finish(hass, await async_agree(hass, flow, hass_client_no_auth))
    (grant,) = sim.foxess.oauth.grants
    assert flow["data"] == {
        "vendor": "foxess",
        "base_url": sim.foxess.base_url,
        "auth_implementation": CLIENT,
        "grant": flow["flow_id"],
        "token": {
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "expires_in": 14 * 24 * 3600,
            "expires_at": flow["data"]["token"]["expires_at"],
        },
    }
    assert flow["title"] == "Fox ESS"
    entry = flow["result"]
    assert entry.unique_id == f"foxess_{sim.foxess.inverters[0].station_id}"
    assert entry.state is ConfigEntryState.LOADED
    (asked,) = asked_for_tokens(sim)
    assert (asked.method, asked.path, asked.body) == ("POST", "/oauth2/token", None)


async def test_a_key_can_be_chosen_all_the_same(
    hass: HomeAssistant, sim: Simulation
) -> None:
    """Whoever has a client id may still use a private key."""
    await async_enter_client_id(hass, sim)
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = await choose(hass, await choose(hass, flow, "foxess"), "foxess_token")
    assert flow["step_id"] == "foxess_token"


async def test_client_ids_that_are_not_to_be_had(hass: HomeAssistant) -> None:
    """Where the client ids cannot be told, a key is asked for."""

    async def provide(
        hass: HomeAssistant, domain: str
    ) -> list[AbstractOAuth2Implementation]:
        raise ImplementationUnavailableError

    async_add_implementation_provider(hass, "elsewhere", provide)
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = await choose(hass, flow, "foxess")
    assert flow["step_id"] == "foxess_token"


async def test_one_of_several_client_ids(
    hass: HomeAssistant, sim: Simulation, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """With several client ids the person chooses."""
    await async_enter_client_id(hass, sim, name="other", client_id="unknown")
    await async_enter_client_id(hass, sim)
    flow = await enter(hass, await start(hass), sim.foxess.base_url)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "pick_implementation"
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"implementation": CLIENT}
    )
    flow = await finish(hass, await async_agree(hass, flow, hass_client_no_auth))
    assert flow["data"]["auth_implementation"] == CLIENT


@pytest.mark.parametrize("base_url", ["", "nonsense", "http://example.com"])
async def test_invalid_server_recovers(
    hass: HomeAssistant,
    sim: Simulation,
    hass_client_no_auth: ClientSessionGenerator,
    base_url: str,
) -> None:
    """Nobody is sent to a server that is none, or one to be reached in clear."""
    await async_enter_client_id(hass, sim)
    flow = await enter(hass, await start(hass), base_url)
    assert flow["errors"] == {"base": "invalid_server"}
    await finish(hass, await sign_in(hass, flow, sim, hass_client_no_auth))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "value": 401}, "authentication_error"),
        ({"kind": "errno", "value": 41809}, "authentication_error"),
        ({"kind": "errno", "value": 40256}, "signature_error"),
        ({"kind": "missing_device"}, "no_devices"),
        ({"kind": "status", "value": 503}, "communication_error"),
        ({"kind": "quota_gone"}, "quota_exhausted"),
    ],
    ids=str,
)
async def test_error_recovers(
    hass: HomeAssistant,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: ClientSessionGenerator,
    fault: dict[str, Any],
    error: str,
) -> None:
    """What goes wrong behind the sign-in is said, and signing in again ends well."""
    await async_enter_client_id(hass, sim)
    sim.faults.add(Fault(vendor="foxess", path="/op/*", **fault))
    flow = await sign_in(hass, await start(hass), sim, hass_client_no_auth)
    assert flow["errors"] == {"base": error}
    schema = flow["data_schema"]
    assert schema is not None
    assert schema({"server": {}}) == {"server": {"base_url": sim.foxess.base_url}}
    sim.faults.clear()
    freezer.tick(3601)
    await finish(hass, await sign_in(hass, flow, sim, hass_client_no_auth))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "status", "value": 401}, "oauth_unauthorized"),
        ({"kind": "status", "value": 400}, "oauth_unauthorized"),
        ({"kind": "status", "value": 403}, "oauth_failed"),
        ({"kind": "status", "value": 404}, "oauth_failed"),
        ({"kind": "status", "value": 429}, "oauth_failed"),
        ({"kind": "status", "value": 500}, "oauth_failed"),
        ({"kind": "redirect", "value": "http://127.0.0.1:9/"}, "oauth_failed"),
        ({"kind": "html"}, "oauth_failed"),
        ({"kind": "empty"}, "oauth_failed"),
        ({"kind": "oversized"}, "oauth_failed"),
        ({"kind": "refuse"}, "oauth_failed"),
    ],
    ids=str,
)
async def test_no_tokens(
    hass: HomeAssistant,
    sim: Simulation,
    hass_client_no_auth: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, Any],
    reason: str,
) -> None:
    """A code that brings no tokens ends the flow, and no secret is logged."""
    await async_enter_client_id(hass, sim)
    sim.faults.add(Fault(vendor="foxess", path="/oauth2/*", **fault))
    flow = await sign_in(hass, await start(hass), sim, hass_client_no_auth)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == reason
    assert "Error resolving OAuth token" in said(caplog)
    (asked,) = asked_for_tokens(sim)
    assert asked.query["client_secret"] == sim.foxess.oauth_client.client_secret
    assert asked.query["client_secret"] not in said(caplog)
    assert asked.query["code"] not in said(caplog)


async def test_the_person_refuses(
    hass: HomeAssistant, sim: Simulation, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Whoever does not agree on the vendor's page gets no entry."""
    await async_enter_client_id(hass, sim)
    flow = await enter(hass, await start(hass), sim.foxess.base_url)
    state = URL(flow["url"]).query["state"]
    back = URL("https://example.com/auth/external/callback").with_query(
        {"error": "access_denied", "state": state}
    )
    flow = await async_return(hass, flow, hass_client_no_auth, back)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "user_rejected_authorize"
    assert asked_for_tokens(sim) == []


async def test_already_configured(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The account of a key is not added again by signing in."""
    await async_enter_client_id(hass, sim)
    flow = await sign_in(hass, await start(hass), sim, hass_client_no_auth)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"


async def test_reauth(
    hass: HomeAssistant, sim: Simulation, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Who signs in again does it with the same client id, and limits go on counting."""
    await async_enter_client_id(hass, sim)
    await async_enter_client_id(hass, sim, name="other", client_id="unknown")
    entry = make_signed_in(sim)
    await async_set_up(hass, entry)
    limiter = entry.runtime_data.limiter
    former = entry.data["token"]["access_token"]
    sim.foxess.oauth.revoke(former)
    flow = await entry.start_reauth_flow(hass)
    flow = await sign_in(hass, flow, sim, hass_client_no_auth)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["token"]["access_token"] != former
    assert entry.data["auth_implementation"] == CLIENT
    assert entry.runtime_data.limiter is limiter


async def test_reauth_without_the_client_id(
    hass: HomeAssistant, sim: Simulation
) -> None:
    """Where the client id is gone, Home Assistant says that one is needed."""
    entry = make_signed_in(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    done = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"server": {"base_url": sim.foxess.base_url}}
    )
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "missing_credentials"


async def test_another_account(
    hass: HomeAssistant,
    simulate: Simulate,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Who signs in as somebody else does not get this entry."""
    sim, other = await simulate(), await simulate("EVO", seed=7)
    await async_enter_client_id(hass, other)
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    flow = await entry.start_reconfigure_flow(hass)
    flow = await choose(hass, flow, "foxess_sign_in")
    flow = await sign_in(hass, flow, other, hass_client_no_auth)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "other_account"
    assert entry.data["token"] == sim.foxess.token


async def test_from_a_key_to_signing_in_and_back(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Reconfiguring goes from the one to the other, and nothing of it is left over."""
    await async_enter_client_id(hass, sim)
    before = dict(loaded.data)
    flow = await loaded.start_reconfigure_flow(hass)
    flow = await choose(hass, flow, "foxess_sign_in")
    flow = await sign_in(hass, flow, sim, hass_client_no_auth)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["reason"] == "reconfigure_successful"
    assert loaded.data["auth_implementation"] == CLIENT
    assert loaded.state is ConfigEntryState.LOADED
    flow = await loaded.start_reconfigure_flow(hass)
    flow = await choose(hass, flow, "foxess_token")
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"],
        {"token": sim.foxess.token, "server": {"base_url": sim.foxess.base_url}},
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["reason"] == "reconfigure_successful"
    assert dict(loaded.data) == before
    assert loaded.state is ConfigEntryState.LOADED

"""Signing in at the simulated cloud, as a person with a browser does."""

from typing import Any

from aiohttp import ClientSession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.calls import LoggedCall
from simulator.foxess.oauth import Grant

from .conftest import make_entry

CLIENT = "home_battery_client"
DAY = 24 * 3600


async def async_enter_client_id(
    hass: HomeAssistant,
    sim: Simulation,
    *,
    name: str = CLIENT,
    client_id: str | None = None,
) -> None:
    """Enter the client id that the vendor has given out.

    What serves files has to be there before the tests' server starts.
    """
    assert await async_setup_component(hass, "application_credentials", {})
    assert await async_setup_component(hass, DOMAIN, {})
    known = sim.foxess.oauth_client
    await async_import_client_credential(
        hass,
        DOMAIN,
        ClientCredential(client_id or known.client_id, known.client_secret, name),
        name,
    )


async def async_agree(
    hass: HomeAssistant, flow: ConfigFlowResult, browser: ClientSessionGenerator
) -> ConfigFlowResult:
    """Open the vendor's page, agree, be sent back, and go on."""
    assert flow["type"] is FlowResultType.EXTERNAL_STEP
    assert flow["step_id"] == "auth"
    async with (
        ClientSession() as session,
        session.get(flow["url"], allow_redirects=False) as page,
    ):
        assert page.status == 302
        back = URL(page.headers["Location"])
    assert str(back.with_query(None)) == "https://example.com/auth/external/callback"
    return await async_return(hass, flow, browser, back)


async def async_return(
    hass: HomeAssistant,
    flow: ConfigFlowResult,
    browser: ClientSessionGenerator,
    back: URL,
) -> ConfigFlowResult:
    """Come back from the vendor's page, and go on."""
    answer = await (await browser()).get(str(back.relative()))
    assert answer.status == 200
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


def grant_of(sim: Simulation) -> Grant:
    """Return tokens that a person has just granted."""
    oauth = sim.foxess.oauth
    return oauth.exchange(oauth.code_for(oauth.client.client_id, "data_access"))


def make_signed_in(sim: Simulation, *, lifetime: int = 14 * DAY) -> MockConfigEntry:
    """Return an entry of somebody who has just signed in.

    The access token is taken to be good for the lifetime, in seconds.
    """
    grant = grant_of(sim)
    return make_entry(
        sim,
        data={
            "auth_implementation": CLIENT,
            "grant": "one",
            "token": {
                "access_token": grant.access_token,
                "refresh_token": grant.refresh_token,
                "expires_in": lifetime,
                "expires_at": sim.clock.now().timestamp() + lifetime,
            },
        },
    )


def said(caplog: pytest.LogCaptureFixture) -> str:
    """Return what we and Home Assistant have logged; the simulator logs too."""
    return "\n".join(
        caplog.handler.format(record)
        for record in caplog.records
        if record.name.startswith(("homeassistant.", "custom_components."))
    )


def asked_for_tokens(sim: Simulation) -> list[LoggedCall]:
    """Return the calls for tokens that arrived."""
    return [call for call in sim.foxess.calls if call.path.startswith("/oauth2/")]


def reauth_steps(hass: HomeAssistant) -> list[Any]:
    """Return the steps at which flows wait for a person."""
    return [flow["step_id"] for flow in hass.config_entries.flow.async_progress()]

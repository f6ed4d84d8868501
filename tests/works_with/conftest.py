"""A battery that another tool steers over Home Assistant's REST API."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from ..blueprints.conftest import add_automation, add_script, blueprints
from ..vendors.eaton.conftest import see

__all__ = ["add_automation", "add_script", "blueprints", "see"]

type Call = Callable[..., Awaitable[None]]


@pytest.fixture
async def call(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hass_admin_user: MockUser
) -> Call:
    """Return what calls an action as other tools do, and has it done."""
    assert await async_setup_component(hass, "api", {})
    token = await hass.auth.async_create_refresh_token(
        hass_admin_user,
        client_name="Other tool",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=timedelta(days=3650),
    )
    client = await hass_client(hass.auth.async_create_access_token(token))

    async def post(action: str, **data: Any) -> None:
        path = action.replace(".", "/")
        async with client.post(f"/api/services/{path}", json=data) as answer:
            assert answer.status == 200, await answer.text()
        await hass.async_block_till_done(wait_background_tasks=True)

    return post

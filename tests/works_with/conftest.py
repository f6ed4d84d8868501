"""A battery that another tool steers over Home Assistant's REST API."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.home_battery.const import DOMAIN
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from ..blueprints.conftest import add_automation, add_script, battery, blueprints
from ..vendors.eaton.conftest import see
from .documents import DEVICE, example

__all__ = ["add_automation", "add_script", "battery", "blueprints", "see"]

type AddExample = Callable[[str, str], Awaitable[None]]
type Call = Callable[..., Awaitable[None]]


@pytest.fixture
async def call(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> Call:
    """Return what calls an action as other tools do, and has it done."""
    # Once it serves, nothing can be added to it.
    for domain in ("api", DOMAIN):
        assert await async_setup_component(hass, domain, {})
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


@pytest.fixture
def imported(blueprints: None, tmp_path: Path) -> None:
    """Have our blueprints where Home Assistant puts what people import."""
    for domain in ("script", "automation"):
        folder = tmp_path / "blueprints" / domain
        (folder / "home_battery").rename(folder / "home-battery")


@pytest.fixture
async def add_example(hass: HomeAssistant, imported: None) -> AsyncIterator[AddExample]:
    """Yield what sets up the document's scripts or automations for a battery."""
    added: list[str] = []

    async def add(domain: str, battery: str) -> None:
        config = json.loads(json.dumps(example(domain)).replace(DEVICE, battery))
        assert await async_setup_component(hass, domain, {domain: config})
        await hass.async_block_till_done()
        added.append(domain)

    yield add
    for domain in added:
        await hass.services.async_call(
            domain, "turn_off", {"entity_id": "all"}, blocking=True
        )

"""Systems of every brand, at rest at noon with half a battery."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from tests.conftest import Simulate, async_set_up

from .brands import Brand, house_at_rest
from .stage import Stage

type Play = Callable[..., Awaitable[Stage]]
type NewHome = Callable[[], Awaitable[HomeAssistant]]


@pytest.fixture
def play(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Play]:
    """Return how to set up a system; no error may be in the log afterwards."""
    stages: list[Stage] = []

    async def start(brand: Brand, *, at: str | None = None, **options: Any) -> Stage:
        await hass.config.async_update(
            latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
        )
        freezer.move_to(at or freezer())
        sim = await simulate(**brand.options)
        house_at_rest(brand.device(sim))
        freezer.tick(600)
        stage = Stage(hass, freezer, sim, brand, brand.entry(sim, **options))
        stages.append(stage)
        await async_set_up(hass, stage.entry)
        return stage

    yield start
    errors = [
        message
        for stage in stages
        for message in stage.unexpected(caplog.get_records("call"))
    ]
    assert errors == []


@pytest.fixture
async def stage(play: Play, request: pytest.FixtureRequest) -> Stage:
    """Return a system of the brand that a test asks for."""
    return await play(request.param)


@pytest.fixture
async def new_home(hass: HomeAssistant) -> AsyncIterator[NewHome]:
    """Return how to start another Home Assistant, from what was stored."""
    async with AsyncExitStack() as stack:

        async def start() -> HomeAssistant:
            other = await stack.enter_async_context(async_test_home_assistant())
            stack.push_async_callback(_end, other)
            other.data.pop("custom_components", None)
            await other.config.async_update(
                latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
            )
            return other

        yield start


async def _end(hass: HomeAssistant) -> None:
    """End a Home Assistant."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_stop(force=True)

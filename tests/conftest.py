"""Fixtures: a simulated house behind real HTTP, and a Home Assistant that reads it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack
from datetime import UTC, datetime, timedelta
import gc
import logging
import os
from typing import Any
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

# The test plugin brings a package of this name, so ours must come first.
import custom_components  # noqa: F401
from custom_components.home_battery.const import DOMAIN
from homeassistant.components.recorder import Recorder
from homeassistant.const import (
    EVENT_COMPONENT_LOADED,
    EVENT_SERVICE_REGISTERED,
    Platform,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import executor
from simulator import Simulation
from simulator.eaton.certificate import SelfSigned

from .energy_page import EnergyPage
from .frozen import quicken

# What makes certificates keeps the class of the first moment that it sees, and that
# must not be a frozen one.
SelfSigned("first")

# Home Assistant kills threads that have not ended in a fraction of this, and an idle one
# that is killed no longer tells the next to end. On a busy machine they need longer.
executor.EXECUTOR_SHUTDOWN_TIMEOUT = 300

# These have a real Home Assistant and fixtures of their own: scripts/browser runs them.
collect_ignore = ["browser"]

# A person's run looks for new examples; where a change waits to land, what passed once passes again.
settings.register_profile(
    "home_battery", deadline=None, max_examples=60, derandomize="CI" in os.environ
)
settings.load_profile("home_battery")

# A Monday, 12:00 in the houses' time zone.
START = datetime(2026, 6, 15, 10, tzinfo=UTC)

# What is imported stays, so the collector need not go through it again and again; it
# comes so seldom because what a test leaves behind is mostly gone without it.
_GARBAGE = 100_000

# What every set-up fires by the dozen, and no test asks the recorder for.
_REGISTERED = (
    EVENT_COMPONENT_LOADED,
    EVENT_SERVICE_REGISTERED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
)

type Simulate = Callable[..., Awaitable[Simulation]]


class TickingClock:
    """A clock on which waiting takes no time but moves it."""

    def __init__(self, freezer: FrozenDateTimeFactory) -> None:
        """Move the frozen time."""
        self._freezer = freezer

    def now(self) -> datetime:
        """Return the frozen time."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Move time instead of waiting."""
        self._freezer.tick(timedelta(seconds=seconds))
        await asyncio.sleep(0)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let no test pay for what all of them share: the collector's rounds, the log, frozen time."""
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    # At INFO it tells of each of dozens of entities in every test, and nobody asks.
    logging.getLogger("homeassistant.helpers.entity_registry").setLevel(logging.WARNING)
    quicken()


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Do without the loop's debug mode, which takes a third of the time.

    It would keep where each callback comes from. What it warns of, callbacks that
    take long, means nothing where time is frozen, and Home Assistant looks after
    threads itself.
    """


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots in Home Assistant's form."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
async def clock(freezer: FrozenDateTimeFactory) -> AsyncIterator[TickingClock]:
    """Freeze time at noon, and let only waiting move it."""
    freezer.move_to(START)
    clock = TickingClock(freezer)
    with patch(
        "custom_components.home_battery.connect.SystemClock", return_value=clock
    ):
        yield clock


@pytest.fixture
async def simulate(
    socket_enabled: None, clock: TickingClock
) -> AsyncIterator[Simulate]:
    """Start simulations that end with the test."""
    async with AsyncExitStack() as stack:

        async def start(*models: str, **options: Any) -> Simulation:
            return await stack.enter_async_context(
                Simulation(models or ("KH8",), **options)
            )

        yield start


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return the simulation of one KH8."""
    return await simulate()


@pytest.fixture
def entry(sim: Simulation) -> MockConfigEntry:
    """Return an entry that controls the simulated account."""
    return make_entry(sim)


@pytest.fixture
async def loaded(
    hass: HomeAssistant, enable_custom_integrations: None, entry: MockConfigEntry
) -> MockConfigEntry:
    """Return the entry, set up."""
    await async_set_up(hass, entry)
    return entry


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Have the recorder keep energies alone, each of whose states costs a commit."""
    return {
        "include": {"entity_globs": ["sensor.*energy*"]},
        "exclude": {"event_types": list(_REGISTERED)},
    }


@pytest.fixture
async def page(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    socket_enabled: None,
    clock: TickingClock,
    hass_ws_client: WebSocketGenerator,
) -> EnergyPage:
    """Return the energy page; the test needs `recorder_mock` before anything else."""
    assert await async_setup_component(hass, "energy", {})
    return EnergyPage(hass, hass_ws_client)


@pytest.fixture
def all_enabled() -> Iterator[None]:
    """Enable every entity, also those that a person would have to."""
    with patch(
        "custom_components.home_battery.entity.HomeBatteryEntity"
        ".entity_registry_enabled_default",
        new_callable=PropertyMock,
        return_value=True,
    ):
        yield


@pytest.fixture
def few_entities() -> Iterator[None]:
    """Set up few entities, which are not asked but keep the polling up."""
    with patch_platforms(Platform.BINARY_SENSOR):
        yield


def make_entry(
    sim: Simulation,
    *,
    control: str = "control",
    options: dict[str, Any] | None = None,
    token: str | None = None,
    data: dict[str, Any] | None = None,
    **kwargs: Any,
) -> MockConfigEntry:
    """Return an entry for a simulated account."""
    stations = sorted(inverter.station_id for inverter in sim.foxess.inverters)
    kwargs.setdefault("unique_id", f"foxess_{stations[0]}")
    return MockConfigEntry(
        domain=DOMAIN,
        title="Fox ESS",
        data={
            "vendor": "foxess",
            "token": token or sim.foxess.token,
            "base_url": sim.foxess.base_url,
            **(data or {}),
        },
        options={"control": control, **(options or {})},
        **kwargs,
    )


async def async_set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an entry up, and let what follows in the background be done."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def async_pass(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, **delta: float
) -> None:
    """Let time pass, and what is due be done."""
    freezer.tick(timedelta(**delta))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def async_live(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, hours: float
) -> None:
    """Let time pass in steps of 5 minutes."""
    for _ in range(round(hours * 12)):
        await async_pass(hass, freezer, minutes=5)


def half_full(sim: Simulation, freezer: FrozenDateTimeFactory) -> None:
    """Give the Fox ESS house half a battery and no sun, and let the cloud know."""
    (inverter,) = sim.foxess.inverters
    assert inverter.unit.battery is not None
    inverter.unit.battery.soc = 50
    inverter.set_pv(0)
    freezer.tick(timedelta(minutes=10))


def patch_platforms(*platforms: Platform) -> AbstractContextManager[Any]:
    """Set up only some platforms."""
    return patch("custom_components.home_battery.PLATFORMS", platforms)

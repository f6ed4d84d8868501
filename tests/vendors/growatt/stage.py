"""A device that sends what a test wants, seen through Home Assistant."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, override
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.home_battery.battery.change import Change
from custom_components.home_battery.battery.model import Device, Inventory, Record, Role
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors import VENDORS
from custom_components.home_battery.vendors.growatt.readings import record_of
from custom_components.home_battery.vendors.growatt.tables import TABLES
from custom_components.home_battery.vendors.vendor import (
    READINGS,
    SETTINGS,
    Account,
    Feed,
    FeedResult,
    Vendor,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.conftest import async_set_up

BERLIN = ZoneInfo("Europe/Berlin")


class Stage(Account):
    """An account with one device, which sends one record until it gets another."""

    def __init__(self, device: Device) -> None:
        """Begin with a device that says nothing."""
        self.device = device
        self.raw: Mapping[str, Any] = {}

    @property
    @override
    def feeds(self) -> Sequence[Feed]:
        """Return readings every five minutes, and no settings."""
        return (
            Feed(
                name=READINGS,
                interval=timedelta(minutes=5),
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                fetch=self._fetch,
            ),
            Feed(
                name=SETTINGS,
                interval=timedelta(hours=12),
                roles=frozenset({Role.SYSTEM}),
                fetch=self._nothing,
            ),
        )

    @override
    async def discover(self) -> Inventory:
        """Return the device."""
        return Inventory.of([self.device])

    @override
    async def read(
        self,
        device: Device,
        change: Change | None = None,
        known: Record | None = None,
    ) -> Record:
        """Return no settings."""
        return Record()

    @override
    async def write(self, device: Device, change: Change, before: Record) -> None:
        """Take no change."""

    @override
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Answer nothing."""

    async def _fetch(self, devices: Sequence[Device]) -> FeedResult:
        """Return what the device sent last."""
        record = record_of(self.device.kind, self.raw, zone=BERLIN)
        return FeedResult(records={self.device.key: record})

    async def _nothing(self, devices: Sequence[Device]) -> FeedResult:
        """Return nothing."""
        return FeedResult()


class Play:
    """A device on the stage, and what people see of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        stage: Stage,
        entry: MockConfigEntry,
    ) -> None:
        """Watch a device."""
        self._hass = hass
        self._freezer = freezer
        self._stage = stage
        self._entry = entry

    async def begin(self, moment: str, **raw: Any) -> None:
        """Set up the entry at a moment by the plant's clock, with a first record."""
        self._freezer.move_to(datetime.fromisoformat(moment).replace(tzinfo=BERLIN))
        self._send(moment, raw)
        await async_set_up(self._hass, self._entry)

    async def at(self, moment: str, **raw: Any) -> None:
        """Let it be a later moment, with a new record if there is something in it."""
        self._freezer.move_to(
            datetime.fromisoformat(moment).replace(tzinfo=BERLIN, second=30)
        )
        self._send(moment, raw)
        async_fire_time_changed(self._hass)
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def restart(self) -> None:
        """Forget everything that was not stored."""
        await self._hass.config_entries.async_reload(self._entry.entry_id)
        await self._hass.async_block_till_done(wait_background_tasks=True)

    def seen(self, key: str) -> str | None:
        """Return a state, `None` where there is no such entity."""
        device = self._stage.device
        unique_id = f"growatt_{device.key}_{key}"
        registry = er.async_get(self._hass)
        found = [
            self._hass.states.get(entity_id)
            for entity_id, entity in registry.entities.items()
            if entity.unique_id == unique_id
        ]
        return next((state.state for state in found if state is not None), None)

    def number(self, key: str) -> float:
        """Return a state that is a number."""
        return float(self.seen(key) or "nan")

    def _send(self, moment: str, raw: Mapping[str, Any]) -> None:
        """Send a record of a moment, by the plant's clock."""
        self._stage.raw = {"time": moment, **raw} if raw else self._stage.raw


type MakePlay = Callable[[str, Role], Play]


@pytest.fixture
async def make_play(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    freezer: FrozenDateTimeFactory,
) -> AsyncIterator[MakePlay]:
    """Put devices on the stage."""
    await hass.config.async_update(
        time_zone="Europe/Berlin", latitude=52.5, longitude=13.4
    )
    stages: list[Stage] = []
    vendor = Vendor(
        key="growatt",
        name="Growatt",
        credential=lambda data: "token",
        base_url=lambda data: "http://127.0.0.1",
        connect=lambda connection: stages[-1],
        anchor=lambda inventory: "1",
        tables=TABLES,
        endpoints={},
    )

    def make(family: str, role: Role) -> Play:
        """Return a device of a family."""
        stages.append(
            Stage(
                Device(
                    kind=family,
                    id="SN1",
                    role=role,
                    name="Growatt",
                    serial="SN1",
                    rated_power=10_000,
                    time_zone="Europe/Berlin",
                )
            )
        )
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Growatt",
            data={"vendor": "growatt"},
            options={"control": "watch"},
            unique_id="growatt_1",
        )
        return Play(hass, freezer, stages[-1], entry)

    with patch.dict(VENDORS, {"growatt": vendor}):
        yield make

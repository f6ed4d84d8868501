"""The past of a product: hours of the statistics, and rows of the export where there are none."""

from datetime import timedelta
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import START
from tests.imports import (
    HOUR,
    async_add_up,
    async_bring,
    async_changes,
    async_rows,
    sensor,
)

from .conftest import MakeStage
from .stage import Stage

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

PRODUCT = {
    "battery_energy_charged": "absorbed",
    "battery_energy_discharged": "generation",
}
METER = {
    "load_energy": "load",
    "grid_energy_imported": "imported",
    "grid_energy_exported": "exported",
}


async def begin(
    make_stage: MakeStage,
    hass: HomeAssistant,
    station: str = "SMART",
    **simulated: object,
) -> Stage:
    """Add an account, and let the recorder count for a while."""
    stage = await make_stage(station, **simulated)
    await stage.begin()
    for _ in range(2):
        await stage.live(hours=1 / 12)
        await async_add_up(hass)
    return stage


async def bring(stage: Stage, **data: Any) -> None:
    """Bring in the past of the product."""
    runtime = stage.entry.runtime_data
    for product in runtime.inventory.with_role("system"):
        await async_bring(stage.hass, runtime.device_ids[product.key], **data)


async def test_export_alone(hass: HomeAssistant, make_stage: MakeStage) -> None:
    """Each hour is what the ledger of the house has of it, also without statistics."""
    days = 3
    stage = await begin(make_stage, hass, history_days=days, undocumented=False)
    await bring(stage, start=(START - timedelta(days=days - 1)).date())
    product = stage.product
    now = START + timedelta(hours=1)
    stands = {stand.at: stand for stand in product.house.marks}
    for key, counter in {**PRODUCT, **METER}.items():
        changes = await async_changes(hass, sensor(hass, key))
        past = {at: change for at, change in changes.items() if at < now}
        assert len(past) == 24 * (days - 1) + 13, key
        for at, change in past.items():
            before, after = (
                getattr(product.house.energies_at(product.unit, moment), counter)
                if key in PRODUCT
                else getattr(stands[moment].meter, counter)
                for moment in (at, at + HOUR)
            )
            assert change == pytest.approx(after - before, abs=0.15), (key, at)
    rows = await async_rows(hass, sensor(hass, "battery_soc"))
    assert len([at for at in rows if at < now]) == 24 * (days - 1) + 13


async def test_two_products(hass: HomeAssistant, make_stage: MakeStage) -> None:
    """What both tell of their home is there once."""
    stage = await begin(make_stage, hass, "SMART+SMART", history_days=1)
    await bring(stage, start="2026-06-15", keys=["load_energy", "grid_energy_imported"])
    stands = {stand.at: stand.meter for stand in stage.product.house.marks}
    for key, counter in {
        "load_energy": "load",
        "grid_energy_imported": "imported",
    }.items():
        changes = await async_changes(hass, sensor(hass, key))
        past = [at for at in changes if at < START + HOUR]
        assert len(past) == 13
        for at in past:
            gained = getattr(stands[at + HOUR], counter) - getattr(stands[at], counter)
            assert changes[at] == pytest.approx(gained, abs=0.15)

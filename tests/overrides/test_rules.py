"""What no override does, whoever asks for it."""

from collections.abc import Mapping
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from tests.conftest import Simulate, async_set_up
from tests.vendors.voltstorage.entries import make_voltstorage_entry

from .brands import BRANDS, EATON, FOXESS, MIN, NOAH_2000, Brand
from .conftest import Play
from .stage import Stage

# What says the reserve in a write, by brand.
RESERVES: Mapping[str, tuple[str, ...]] = {
    "foxess": ("/soc/set", "MinSoc"),
    "min": ("'discharge_stop_soc'", '"discharge_stop_soc"'),
    "sph": ("'mix_load_flast", '"mix_load_flast'),
    "noah": ("setLowLimitSoc",),
    "eaton": ("/api/settings",),
}

EXPORT = ("export_not_permitted", "schedule_export_not_permitted")


def on(*brands: object) -> pytest.MarkDecorator:
    """Return what has a test run with a system of each of some brands."""
    return pytest.mark.parametrize("stage", brands, indirect=True, ids=str)


def said(stage: Stage) -> list[str]:
    """Return every write that reached the server, as one text each."""
    return [
        f"{call.path} {json.dumps(call.body, default=str)}"
        for call in stage.brand.calls(stage.sim)
        if call.write
    ]


@on(*BRANDS)
async def test_reserve_is_never_written(stage: Stage) -> None:
    """What is kept for an outage is written by no override."""
    reserve = stage.reserve
    for action, data in (
        ("force_charge", {"target_soc": 80}),
        ("force_discharge", {"target_soc": 25}),
        ("force_discharge", {}),
        ("hold", {}),
    ):
        await stage.act(action, end="18:00", **data)
        await stage.live(0.1)
        assert stage.reserve == reserve
    await stage.act("stop_override")
    assert stage.reserve == reserve
    assert [
        text
        for text in said(stage)
        if any(word in text for word in RESERVES[stage.brand.name])
    ] == []


@on(FOXESS, MIN, EATON)
async def test_target_below_the_reserve(stage: Stage) -> None:
    """A target below what is kept for an outage is refused, and nothing is sent."""
    await stage.act("set_soc_limits", min_soc=30)
    count = len(stage.writes)
    with pytest.raises(ServiceValidationError) as raised:
        await stage.act("force_discharge", target_soc=20, end="14:00")
    assert raised.value.translation_key == "target_below_reserve"
    assert len(stage.writes) == count
    assert stage.told == []


@pytest.mark.parametrize("brand", [FOXESS, MIN, NOAH_2000, EATON], ids=str)
async def test_permitted_export(play: Play, brand: Brand) -> None:
    """Without a power no more than is permitted is exported; more is refused."""
    stage = await play(brand, options={"permitted_export": 600})
    await stage.act("force_discharge", end="14:00")
    # An SOC away from any limit: what stands in the way is the permission.
    stage.device.unit.battery.soc = 60.0
    for _ in range(6):
        await stage.live(5 / 60)
        assert 100 < stage.power <= 625
    await stage.act("stop_override")
    before = stage.told
    with pytest.raises(ServiceValidationError) as raised:
        await stage.act("force_discharge", power=780, end="14:00")
    assert raised.value.translation_key in EXPORT
    assert stage.told == before


@on(*BRANDS)
async def test_discharge_to_the_floor(stage: Stage) -> None:
    """At its floor a battery ignores nobody."""
    stage.device.unit.battery.soc = 14.0
    await stage.act("force_discharge", end="18:00")
    await stage.live(4, step=15)
    assert stage.soc == pytest.approx(10, abs=1.5)
    assert "ignored_by_device" not in stage.events
    assert stage.issues == {}


@pytest.mark.parametrize("brand", BRANDS, ids=str)
@pytest.mark.parametrize("action", ["force_charge", "force_discharge", "hold"])
async def test_only_watching(play: Play, brand: Brand, action: str) -> None:
    """With only watching chosen nothing is sent."""
    options: dict[str, Any] = {"foxess": {"control": "watch"}}.get(
        brand.name, {"options": {"control": "watch"}}
    )
    stage = await play(brand, **options)
    with pytest.raises(ServiceValidationError) as raised:
        await stage.act(action, end="14:00")
    assert raised.value.translation_key == "watch_only"
    assert stage.writes == []
    assert stage.told == []


@pytest.mark.parametrize("action", ["force_charge", "force_discharge", "hold"])
async def test_battery_that_cannot_be_steered(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    simulate: Simulate,
    action: str,
) -> None:
    """A battery that can only be read refuses in words."""
    sim = await simulate(voltstorage=("SMART",))
    entry: MockConfigEntry = make_voltstorage_entry(sim)
    await async_set_up(hass, entry)
    (system,) = (
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if "product" in str(device.identifiers)
    )
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN, action, {"device_id": system, "duration": 60}, blocking=True
        )
    assert raised.value.translation_key == "read_only"


@on(FOXESS)
async def test_part_stands_for_its_system(stage: Stage) -> None:
    """Who names a battery means the inverter behind which it is."""
    parts = [
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(stage.hass), stage.entry.entry_id
        )
        if device.via_device_id == stage.device_id
    ]
    assert parts
    response: Any = await stage.hass.services.async_call(
        DOMAIN,
        "hold",
        {"device_id": parts, "duration": 60},
        blocking=True,
        return_response=True,
    )
    assert list(response) == [stage.device_id]
    assert stage.override == "hold"
    assert [word for *_, word in stage.told] == ["rest"]

"""The action get_history: what it refuses, and what goes wrong."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import probatio
import pytest

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.faults import Fault

from .conftest import Simulate, async_pass
from .past import HISTORY, LEDGER, REPORT, ask, asked, device_ids, devices, set_up

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "few_entities")


@pytest.mark.parametrize(
    ("data", "key", "placeholders"),
    [
        ({"start": "2026-06-16"}, "history_in_future", None),
        ({"start": "2026-06-16", "end": "2026-06-17"}, "history_in_future", None),
        ({"end": "2026-06-13"}, "history_end_before_start", None),
        ({"end": "2026-06-14"}, "history_end_before_start", None),
        (
            {"keys": ["pv_energy", "battery_soc"]},
            "unknown_history_key",
            {
                "key": "battery_soc",
                "device": "Fox ESS KH8",
                "options": ", ".join(LEDGER),
            },
        ),
        (
            {"start": "2025-05-11"},
            "history_too_long",
            {"resolution": "hour", "limit": "400"},
        ),
        (
            {"start": "2026-05-15", "resolution": "records"},
            "history_too_long",
            {"resolution": "records", "limit": "31"},
        ),
        (
            {"start": "2010-01-01", "resolution": "month"},
            "history_too_long",
            {"resolution": "month", "limit": "3653"},
        ),
        (
            {"start": "2025-05-11 13:00:00"},
            "history_too_many_calls",
            {"calls": "401", "free": "400", "days": "398"},
        ),
    ],
)
async def test_refused(
    hass: HomeAssistant,
    simulate: Simulate,
    data: dict[str, Any],
    key: str,
    placeholders: dict[str, str] | None,
) -> None:
    """What makes no sense or is too much is said in words, and nothing is sent."""
    sim = await set_up(hass, simulate)
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, sim, **{"start": "2026-06-14", "resolution": "hour", **data})
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders == placeholders
    assert asked(sim) == []


@pytest.mark.parametrize(
    "data",
    [
        {"resolution": "minute"},
        {"start": "yesterday"},
        {"start": "0001-01-01"},
        {"end": "9999-12-31"},
        {"keys": []},
        {"device_id": []},
        {"period": "hour"},
    ],
)
async def test_malformed(
    hass: HomeAssistant, simulate: Simulate, data: dict[str, Any]
) -> None:
    """What is no request at all does not get past the schema."""
    sim = await set_up(hass, simulate)
    with pytest.raises(probatio.Invalid):
        await ask(hass, sim, **{"start": "2026-06-14", "resolution": "hour", **data})
    assert asked(sim) == []


async def test_no_history(hass: HomeAssistant, simulate: Simulate) -> None:
    """A house has no history of its own, and nothing is sent for the others then."""
    sim = await set_up(hass, simulate)
    (house,) = (device for device in devices(hass) if device.name == "House 1")
    with pytest.raises(ServiceValidationError) as raised:
        await ask(
            hass,
            sim,
            device_id=[*device_ids(hass, sim), house.id],
            start="2026-06-14",
            resolution="hour",
        )
    assert raised.value.translation_key == "no_history"
    assert raised.value.translation_placeholders == {"device": "House 1"}
    assert asked(sim) == []


async def test_calls_for_changes_are_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """Only calls beyond the reserve are free for history, for all devices together."""
    sim = await set_up(hass, simulate, "KH8", "KH8")
    sim.foxess.spend(2880 - 432 - 80)
    await async_pass(hass, freezer, hours=1)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    free = entry.runtime_data.limiter.calls_free
    assert 25 < free < 50
    sim.foxess.calls.clear()
    data = {"device_id": device_ids(hass, sim), "resolution": "hour"}
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, sim, **data, start="2026-05-21", end="2026-06-15")
    assert raised.value.translation_key == "history_too_many_calls"
    assert raised.value.translation_placeholders == {
        "calls": "50",
        "free": str(free),
        "days": str(25 * free // 50),
    }
    assert asked(sim) == []
    await ask(hass, sim, **data, start="2026-06-14", end="2026-06-15")
    assert len(asked(sim)) == 2


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "errno", "value": 41203}, "communication_error"),
        ({"kind": "errno", "value": 40257}, "refused"),
        ({"kind": "errno", "value": 42015}, "unsupported"),
        ({"kind": "errno", "value": 40402}, "quota_exhausted"),
        ({"kind": "html"}, "communication_error"),
        ({"kind": "truncated"}, "communication_error"),
    ],
    ids=str,
)
@pytest.mark.parametrize("resolution", ["records", "day"])
async def test_vendor_errors(
    hass: HomeAssistant,
    simulate: Simulate,
    fault: dict[str, Any],
    key: str,
    resolution: str,
) -> None:
    """What the vendor says is said in words."""
    sim = await set_up(hass, simulate)
    path = {"records": HISTORY, "day": REPORT}[resolution]
    sim.faults.add(Fault(vendor="foxess", path=path, **fault))
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, sim, start="2026-06-14", resolution=resolution)
    assert raised.value.translation_key == key


async def test_refused_key(hass: HomeAssistant, simulate: Simulate) -> None:
    """A key that is dead asks for a new one."""
    sim = await set_up(hass, simulate)
    sim.foxess.rotate_token()
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, sim, start="2026-06-14", resolution="day")
    assert raised.value.translation_key == "authentication_error"
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_cancelled(hass: HomeAssistant, simulate: Simulate) -> None:
    """Whoever stops to wait stops the calls, and others can go on."""
    sim = await set_up(hass, simulate)
    task = hass.async_create_task(ask(hass, sim, start="2026-03-01", resolution="hour"))
    while len(asked(sim)) < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    sent = len(asked(sim))
    assert sent < 20
    assert (await ask(hass, sim, start="2026-06-15", resolution="day"))["keys"]
    assert len(asked(sim)) == sent + 1


async def test_import_without_a_recorder(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Where Home Assistant keeps no statistics, nothing can be put into them."""
    sim = await set_up(hass, simulate)
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "import_history",
            {"device_id": device_ids(hass, sim)},
            blocking=True,
        )
    assert raised.value.translation_key == "no_recorder"

"""The actions: what they refuse."""

from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from simulator import Simulation
from simulator.faults import Fault

from .actions import CHARGE, act, device_id, writes
from .conftest import Simulate, async_set_up, make_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


@pytest.mark.parametrize(
    ("action", "data", "key", "placeholders"),
    [
        (
            "set_schedule",
            {"periods": [{**CHARGE, "mode": "warp"}]},
            "schedule_mode",
            {"period": "1", "value": "warp"},
        ),
        (
            "set_schedule",
            {"periods": [CHARGE, {**CHARGE, "start": "04:00", "end": "06:00"}]},
            "schedule_overlap",
            {"period": "2", "limit": "1"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "power": 99000}]},
            "schedule_range",
            {"field": "power", "value": "99000", "limit": "1–10500"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "power": 0}]},
            "schedule_range",
            {"field": "power", "value": "0"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "min_soc": 95}]},
            "schedule_target_below_min",
            {"value": "90", "limit": "95"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "target_soc": 5}]},
            "schedule_range",
            {"field": "target_soc"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "days": ["mon"]}]},
            "schedule_days",
            {"period": "1"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "days": []}]},
            "schedule_empty",
            {"period": "1"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "enabled": False}]},
            "schedule_disabled",
            {"period": "1"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "start": "02:00:30"}]},
            "schedule_minutes",
            {"period": "1"},
        ),
        (
            "set_schedule",
            {"periods": [{**CHARGE, "start": "23:59", "end": "01:00"}]},
            "schedule_short",
            {"period": "1", "limit": "2"},
        ),
        (
            "set_schedule",
            {
                "periods": [
                    {
                        "start": "00:00",
                        "end": "06:00",
                        "mode": "self_consumption",
                        "power": 5,
                    }
                ]
            },
            "schedule_field",
            {"field": "power"},
        ),
        (
            "set_schedule",
            {
                "periods": [
                    {**CHARGE, "start": f"{hour:02}:00", "end": f"{hour:02}:30"}
                    for hour in range(9)
                ]
            },
            "schedule_too_many",
            {"value": "9", "limit": "8"},
        ),
        (
            "set_operating_mode",
            {"mode": "force_charge"},
            "unknown_option",
            {"value": "force_charge"},
        ),
        (
            "set_soc_limits",
            {"min_soc_on_grid": 5},
            "out_of_range",
            {"value": "5", "minimum": "10", "maximum": "100"},
        ),
        (
            "set_soc_limits",
            {"min_soc_on_grid": 60, "max_soc": 50},
            "contradictory_limits",
            {"minimum": "60", "maximum": "50"},
        ),
        (
            "set_soc_limits",
            {"min_soc_on_grid": float("nan")},
            "out_of_range",
            {"value": "nan"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bad_input_sends_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    action: str,
    data: dict[str, Any],
    key: str,
    placeholders: dict[str, str],
) -> None:
    """What the device could not do is said in words, and nothing is sent."""
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, loaded, action, **data)
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders is not None
    assert placeholders.items() <= raised.value.translation_placeholders.items()
    assert writes(sim) == []


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("set_schedule", {"periods": []}),
        ("set_schedule", {"periods": [{"start": "02:00", "mode": "backup"}]}),
        ("set_schedule", {"periods": [{**CHARGE, "start": "25:00"}]}),
        ("set_schedule", {"periods": [{**CHARGE, "power": "much"}]}),
        ("set_schedule", {"periods": [{**CHARGE, "days": ["someday"]}]}),
        ("set_soc_limits", {}),
        ("set_operating_mode", {}),
        ("get_status", {"device_id": []}),
    ],
    ids=str,
)
async def test_malformed_input(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    action: str,
    data: dict[str, Any],
) -> None:
    """What is no request at all does not get past the schema."""
    with pytest.raises(probatio.Invalid):
        await act(hass, loaded, action, **data)
    assert writes(sim) == []


async def test_blocked_by_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What the schedule's periods cannot say is refused with the reason."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    sim.foxess.calls.clear()
    for action, data in (
        ("set_soc_limits", {"min_soc": 20}),
        ("set_operating_mode", {"mode": "feed_in_first"}),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, loaded, action, **data)
        assert raised.value.translation_key == "blocked_by_schedule"
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, loaded, "set_soc_limits", min_soc_on_grid=95)
    assert raised.value.translation_key == "schedule_target_below_min"
    assert writes(sim) == []


async def test_foreign_devices(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    sim: Simulation,
) -> None:
    """Other integrations' devices, unknown ones and houses are no systems."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    foreign = device_registry.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    (house,) = (
        device
        for device in dr.async_entries_for_config_entry(
            device_registry, loaded.entry_id
        )
        if device.name == "House 1"
    )
    gone = device_registry.async_get_or_create(
        config_entry_id=loaded.entry_id, identifiers={(DOMAIN, "foxess_inverter_GONE")}
    )
    status: Any = await hass.services.async_call(
        DOMAIN,
        "get_status",
        {"device_id": house.id},
        blocking=True,
        return_response=True,
    )
    assert status[house.id]["pv_power"] > 0
    for wrong, key in (
        (foreign.id, "service_device_wrong_domain"),
        ("nonsense", "service_device_not_found"),
        (house.id, "not_a_system"),
        (gone.id, "not_a_system"),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, loaded, "clear_schedule", device_id=wrong)
        assert raised.value.translation_key == key
    assert writes(sim) == []


async def test_unloaded_entry(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The actions are there while nothing is loaded, and say so."""
    await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, loaded, "get_status")
    assert raised.value.translation_key == "service_config_entry_not_loaded"


async def test_no_schedule(hass: HomeAssistant, simulate: Simulate) -> None:
    """A system whose scheduler cannot be reached in any version has none."""
    sim = await simulate("KH8")
    sim.faults.add(
        Fault(vendor="foxess", kind="unsupported", path="*/scheduler/get", value=42015)
    )
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    for action, data in (("get_schedule", {}), ("set_schedule", {"periods": [CHARGE]})):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, entry, action, **data)
        assert raised.value.translation_key == "no_schedule"


async def test_all_systems_or_none(hass: HomeAssistant, simulate: Simulate) -> None:
    """An action on several systems is checked for all before any is written."""
    sim = await simulate("KH8", "EVO")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    both = [device_id(hass, entry), device_id(hass, entry, "EVO 10-5-H")]
    with pytest.raises(ServiceValidationError):
        await act(
            hass, entry, "set_operating_mode", device_id=both, mode="feed_in_first"
        )
    assert writes(sim) == []
    await act(hass, entry, "set_schedule", device_id=both, periods=[CHARGE])
    assert all(inverter.scheduler.enabled for inverter in sim.foxess.inverters)


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("set_schedule", {"periods": [CHARGE]}),
        ("clear_schedule", {}),
        ("set_operating_mode", {"mode": "backup"}),
        ("set_soc_limits", {"min_soc": 20}),
    ],
)
async def test_only_watch(
    hass: HomeAssistant, sim: Simulation, action: str, data: dict[str, Any]
) -> None:
    """Where only watching was chosen, no write leaves."""
    entry = make_entry(sim, control="watch")
    await async_set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, entry, action, **data)
    assert raised.value.translation_key == "watch_only"
    assert writes(sim) == []
    assert issubclass(ServiceValidationError, HomeAssistantError)

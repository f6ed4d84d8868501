"""The actions: what they bring about, and what they refuse."""

from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_set_up, make_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

CHARGE = {
    "start": "02:00",
    "end": "05:00",
    "mode": "force_charge",
    "power": 3000,
    "target_soc": 90,
}


def device_id(hass: HomeAssistant, entry: MockConfigEntry, model: str = "KH8") -> str:
    """Return the registry's id of a device."""
    return next(
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.model == model
    )


async def act(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> Any:
    """Perform an action on the system, and return its response."""
    data.setdefault("device_id", device_id(hass, entry))
    response: Any = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    await hass.async_block_till_done()
    return response[device_id(hass, entry)]


def writes(sim: Simulation) -> list[str]:
    """Return the paths of all writes that reached the server."""
    return [call.path for call in sim.foxess.calls if call.write]


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state


async def test_get_status(
    hass: HomeAssistant, loaded: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """Every reading of a system is one call away."""
    assert await act(hass, loaded, "get_status") == snapshot


async def test_get_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """A schedule comes with all that the device can hold."""
    assert await act(hass, loaded, "get_schedule") == snapshot


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("KH8", "/op/v3/device/scheduler/enable"),
        ("KH10-V2", "/op/v2/device/scheduler/enable"),
        ("H3-V1", "/op/v1/device/scheduler/enable"),
        ("H1-V0", "/op/v0/device/scheduler/enable"),
        ("EVO", "/op/v3/device/scheduler/enable"),
    ],
)
async def test_schedule_of_every_version(
    hass: HomeAssistant, simulate: Simulate, model: str, path: str
) -> None:
    """A schedule is held, shown and cleared through whatever version the device has."""
    sim = await simulate(model)
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    (inverter,) = sim.foxess.inverters
    (device,) = (
        found
        for found in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if found.serial_number
    )
    target = {"device_id": device.id}
    periods = [CHARGE, {"start": "23:00", "end": "01:00", "mode": "self_consumption"}]
    response = await hass.services.async_call(
        DOMAIN,
        "set_schedule",
        {**target, "periods": periods},
        blocking=True,
        return_response=True,
    )
    assert response == {device.id: "confirmed"}
    assert writes(sim)[0] == path
    assert inverter.scheduler.enabled
    assert [
        (group.start, group.end, group.work_mode)
        for group in inverter.scheduler.groups
        if group.enabled
    ] == [(0, 59, "SelfUse"), (120, 299, "ForceCharge"), (1380, 1439, "SelfUse")]
    held: Any = await hass.services.async_call(
        DOMAIN, "get_schedule", target, blocking=True, return_response=True
    )
    assert [
        (period["start"], period["end"], period["mode"], period.get("power"))
        for period in held[device.id]["periods"]
    ] == [
        ("02:00", "05:00", "force_charge", 3000),
        ("23:00", "01:00", "self_consumption", None),
    ]
    await hass.services.async_call(DOMAIN, "clear_schedule", target, blocking=True)
    assert not inverter.scheduler.enabled
    assert [group for group in inverter.scheduler.groups if group.enabled] == []


async def test_schedule_round_trip(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What get_schedule tells can be sent back, and then changes nothing."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    held = await act(hass, loaded, "get_schedule")
    assert (
        await act(hass, loaded, "set_schedule", periods=held["periods"]) == "unchanged"
    )


async def test_same_write_twice_is_one(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What the device already holds is not sent again."""
    assert await act(hass, loaded, "set_schedule", periods=[CHARGE]) == "confirmed"
    sent = len(writes(sim))
    assert await act(hass, loaded, "set_schedule", periods=[CHARGE]) == "unchanged"
    assert len(writes(sim)) == sent


async def test_schedule_can_be_kept_without_force(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A schedule can be there without being followed."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE], enabled=False)
    (inverter,) = sim.foxess.inverters
    assert len(inverter.scheduler.groups) == 1
    assert not inverter.scheduler.enabled
    assert state(hass, "select.fox_ess_kh8_operating_mode") == "self_consumption"


async def test_templates_send_text(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Numbers as text are numbers, and times may have seconds."""
    period = {**CHARGE, "power": "3000", "target_soc": "90.0", "start": "02:00:00"}
    await act(hass, loaded, "set_schedule", periods=period)
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid="15")
    (inverter,) = sim.foxess.inverters
    assert inverter.scheduler.groups[0].params["fdPwr"] == 3000


async def test_numbers_between_steps(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What a template works out is put on the device's own steps."""
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=15.4)
    (inverter,) = sim.foxess.inverters
    assert inverter.settings["MinSocOnGrid"] == "15"
    period = {**CHARGE, "power": 2333.33, "target_soc": 84.6}
    await act(hass, loaded, "set_schedule", periods=[period])
    params = inverter.scheduler.groups[0].params
    assert (params["fdPwr"], params["fdSoc"]) == (2333, 85)


async def test_limits_live_in_the_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """While the schedule is on, limits go into its periods and stay shown."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    assert state(hass, "number.fox_ess_kh8_min_soc") == "unavailable"
    assert state(hass, "select.fox_ess_kh8_operating_mode") == "unavailable"
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=25, max_soc=95)
    (inverter,) = sim.foxess.inverters
    params = inverter.scheduler.groups[0].params
    assert (params["minSocOnGrid"], params["maxSoc"], params["fdSoc"]) == (25, 95, 90)
    assert inverter.scheduler.enabled
    assert state(hass, "number.fox_ess_kh8_min_soc_on_grid") == "25.0"
    assert state(hass, "sensor.fox_ess_kh8_active_mode") == "self_consumption"


async def test_periods_keep_the_ceiling(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A period that names no limits has the device's own, above and below."""
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=20, max_soc=95)
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    params = sim.foxess.inverters[0].scheduler.groups[0].params
    assert (params["minSocOnGrid"], params["maxSoc"]) == (20, 95)


async def test_limits_without_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """All limits are set by one action, and what is left out stays."""
    assert await act(hass, loaded, "set_soc_limits", min_soc=12) == "confirmed"
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=20, max_soc=90)
    (inverter,) = sim.foxess.inverters
    assert (
        inverter.settings["MinSoc"],
        inverter.settings["MinSocOnGrid"],
        inverter.settings["MaxSoc"],
    ) == ("12", "20", "90")
    assert state(hass, "number.fox_ess_kh8_max_soc") == "90.0"


async def test_operating_mode(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The device's own mode is set in common words."""
    await act(hass, loaded, "set_operating_mode", mode="feed_in_first")
    (inverter,) = sim.foxess.inverters
    assert inverter.settings["WorkMode"] == "Feedin"
    assert state(hass, "sensor.fox_ess_kh8_active_mode") == "feed_in_first"


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
        if device.serial_number is None
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


async def test_nothing_is_written_unasked(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Neither set-up nor reload writes."""
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert writes(sim) == []
    assert ir.async_get(hass).issues == {}

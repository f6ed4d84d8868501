"""The unit's past, and any call by name."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from simulator.eaton import Role
from tests.conftest import async_pass

from .conftest import See
from .entries import Seen


async def call(seen: Seen, endpoint: str, **data: Any) -> Any:
    """Make a call by name."""
    response = await seen.hass.services.async_call(
        DOMAIN,
        "call_api",
        {"config_entry": seen.entry.entry_id, "endpoint": endpoint, **data},
        blocking=True,
        return_response=True,
    )
    await seen.hass.async_block_till_done(wait_background_tasks=True)
    assert response is not None
    return response["result"]


async def test_records(seen: Seen) -> None:
    """Samples of five minutes, in W and %."""
    past = await seen.act(
        "get_history",
        start="2026-06-15 08:00",
        end="2026-06-15 10:00",
        resolution="records",
    )
    assert set(past["keys"]) == {"battery_soc", "load_power", "pv_power"}
    points = past["keys"]["pv_power"]
    assert len(points) == 24
    assert points[0]["start"] == "2026-06-15T08:00:00+02:00"
    assert all(0 <= point["value"] < 6000 for point in points)


async def test_days(seen: Seen) -> None:
    """Energies of days, in kWh, by the unit's midnight."""
    past = await seen.act(
        "get_history", start="2026-06-13", end="2026-06-15", resolution="day"
    )
    assert set(past["keys"]) == {"load_energy", "pv_energy", "grid_energy_exported"}
    days = past["keys"]["pv_energy"]
    assert [point["start"] for point in days] == [
        f"2026-06-{day:02}T00:00:00+02:00" for day in (13, 14)
    ]
    assert all(1 < point["value"] < 60 for point in days)


async def test_no_past_of_what_is_not_measured(see: See) -> None:
    """Without a meter and without PV there is only the battery's past."""
    seen = await see("BARE")
    past = await seen.act(
        "get_history",
        start="2026-06-15 08:00",
        end="2026-06-15 10:00",
        resolution="records",
    )
    assert set(past["keys"]) == {"battery_soc"}
    with pytest.raises(ServiceValidationError) as caught:
        await seen.act("get_history", start="2026-06-08", resolution="day")
    assert caught.value.translation_key == "no_history"


async def test_hours(seen: Seen) -> None:
    """Hours are what the unit's own days come to, for it adds up in the same way."""
    span = {"start": "2026-06-13", "end": "2026-06-15"}
    hours = (await seen.act("get_history", **span, resolution="hour"))["keys"]
    days = (await seen.act("get_history", **span, resolution="day"))["keys"]
    assert hours.keys() == days.keys()
    for key, points in hours.items():
        assert len(points) == 48
        assert points[25]["start"] == "2026-06-14T01:00:00+02:00"
        told = [point["value"] for point in days[key]]
        assert [
            sum(point["value"] for point in points[:24]),
            sum(point["value"] for point in points[24:]),
        ] == pytest.approx(told, abs=6e-4)


@pytest.mark.parametrize("resolution", ["hour", "month"])
async def test_what_is_not_kept(see: See, resolution: str) -> None:
    """Months are not summed up by the unit, and nothing is without a meter."""
    seen = await see({"hour": "BARE", "month": "AC"}[resolution])
    with pytest.raises(ServiceValidationError):
        await seen.act("get_history", start="2026-06-08", resolution=resolution)


@pytest.mark.parametrize(
    "endpoint",
    ["config_state", "device", "status", "settings", "schedule", "notifications"],
)
async def test_read(seen: Seen, endpoint: str) -> None:
    """Every call that reads can be made."""
    assert await call(seen, endpoint)


async def test_event_by_name(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """An event is made, changed, read and taken away."""
    event = {
        "command": "SET_BASIC_MODE",
        "startTime": 100,
        "endTime": 200,
        "recurrence": "WEEKENDS",
        "parameters": {},
    }
    made = await call(seen, "schedule_event_create", parameters=event, confirm=True)
    name = {"event_id": made["id"]}
    later = {**event, "endTime": 300, **name}
    await call(seen, "schedule_event_update", parameters=later, confirm=True)
    read = await call(seen, "schedule_event", parameters=name)
    assert read["endTime"] == 300
    await async_pass(hass, freezer, seconds=15)
    schedule = await seen.act("get_schedule")
    assert [period["end"] for period in schedule["periods"]] == ["03:00"]
    await call(seen, "schedule_event_delete", parameters=name, confirm=True)
    assert seen.unit.device.schedule.events == {}
    assert seen.value("sensor", "writes_today") == "3"


async def test_notifications_by_name(seen: Seen) -> None:
    """Single alerts are read and deleted by a form."""
    seen.unit.raise_alert("FAN_LOCK")
    listed = await call(seen, "notifications", parameters={"size": 4, "offset": 0})
    (alert,) = listed["results"]
    name = {"id": alert["alertId"]}
    await call(seen, "notifications_read", parameters=name, confirm=True)
    unread = await call(seen, "notifications_unread", parameters={"status": "NORMAL"})
    assert unread["total"] == 0
    await call(seen, "notifications_delete", parameters=name, confirm=True)
    assert (await call(seen, "notifications"))["results"] == []


@pytest.mark.parametrize("endpoint", ["sign_in", "network_write", "topology_write"])
async def test_refused_to_everybody(seen: Seen, endpoint: str) -> None:
    """Sign-in and what is for installers cannot be called."""
    with pytest.raises(ServiceValidationError) as caught:
        await call(seen, endpoint, confirm=True)
    assert caught.value.translation_key == "call_refused"


@pytest.mark.parametrize(
    ("endpoint", "parameters"),
    [
        ("status", {"moon": 1}),
        ("schedule_event", {}),
        ("schedule_event", {"event_id": "../../auth/signin"}),
    ],
)
async def test_wrong_parameters(
    seen: Seen, endpoint: str, parameters: dict[str, Any]
) -> None:
    """What is not documented, or leads elsewhere, is not sent."""
    calls = len(seen.unit.calls)
    with pytest.raises(HomeAssistantError) as caught:
        await call(seen, endpoint, parameters=parameters)
    assert caught.value.translation_key == "refused"
    assert len(seen.unit.calls) == calls


async def test_customer_is_no_technician(see: See) -> None:
    """What only a technician may ask for is refused to the customer, and answered to him."""
    seen = await see()
    with pytest.raises(HomeAssistantError) as caught:
        await call(seen, "technical_status")
    assert caught.value.translation_key == "unsupported"
    assert not any(
        "technical" in one.path or "maintenance" in one.path
        for one in seen.unit.calls[:-1]
    )


async def test_technician(see: See) -> None:
    """The technician may."""
    seen = await see(role=Role.TECHNICIAN)
    assert (await call(seen, "technical_status"))["inverterModel"]
    assert (await call(seen, "diagnostics"))["cpuUsage"]
    assert await call(seen, "date_time")


@pytest.mark.usefixtures("all_enabled")
async def test_cloud_mode(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A unit that is set to its cloud says so, and why it refuses something."""
    assert seen.value("binary_sensor", "cloud_connected") == "off"
    assert await call(seen, "default_mode")
    seen.unit.set_cloud_mode()
    with pytest.raises(HomeAssistantError) as caught:
        await call(seen, "default_mode")
    assert caught.value.translation_key == "cloud_mode"
    await async_pass(hass, freezer, seconds=301)
    await async_pass(hass, freezer, seconds=10)
    assert seen.value("binary_sensor", "cloud_connected") == "on"
    with pytest.raises(HomeAssistantError):
        await seen.set("min_soc", 20)
    issues, name = ir.async_get(hass), f"cloud_mode_{seen.entry.entry_id}"
    assert issues.async_get_issue(DOMAIN, name) is not None
    seen.unit.set_cloud_mode(False)
    await seen.set("min_soc", 20)
    assert issues.async_get_issue(DOMAIN, name) is None

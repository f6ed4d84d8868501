"""Tests of the blueprints that look after a battery."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant, ServiceCall

from .conftest import AddBlueprint, Battery
from .test_while import change, later

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 15, 11, 50, tzinfo=BERLIN)
CHARGE = ("force_charge", {"target_soc": 100, "end": "2026-06-15T16:00:00+02:00"})


@pytest.fixture(autouse=True)
def frozen(freezer: FrozenDateTimeFactory) -> None:
    """Freeze time before noon."""
    freezer.move_to(NOON)


@pytest.mark.parametrize(
    ("inputs", "status", "expected"),
    [
        ({}, {}, [CHARGE]),
        ({}, {"battery_last_full": "2026-06-01T11:00:00+02:00"}, [CHARGE]),
        ({}, {"battery_last_full": "2026-06-01T13:00:00+02:00"}, []),
        ({"days": 13}, {"battery_last_full": "2026-06-01T13:00:00+02:00"}, [CHARGE]),
        ({}, {"battery_soc": 100}, []),
        ({"earliest": "13:00:00"}, {}, []),
        ({"latest": "11:30:00"}, {}, []),
        ({"power": 1500}, {}, [(CHARGE[0], CHARGE[1] | {"power": 1500})]),
    ],
)
async def test_full_charge_every_few_days(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    status: dict[str, Any],
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """A battery that has not been full for long is charged, in the time for that."""
    battery.status |= status
    await add_automation("full_charge", battery=battery.device_id, **inputs)
    await later(hass, freezer)
    battery.status["override"] = "force_charge"
    await later(hass, freezer)
    assert battery.told == expected


@pytest.fixture
def messages(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what a phone is sent."""
    calls: list[ServiceCall] = []
    hass.services.async_register("notify", "send_message", calls.append)
    return calls


@pytest.fixture
async def alerts(add_automation: AddBlueprint, battery: Battery) -> None:
    """Have alerts of all kinds."""
    await add_automation(
        "alerts",
        phones=["notify.phone"],
        problems=["binary_sensor.cellar_problem"],
        online=["binary_sensor.cellar_online"],
        overrides=["event.cellar_override"],
    )


@pytest.mark.usefixtures("alerts")
@pytest.mark.parametrize(
    ("key", "state", "minutes", "message"),
    [
        ("problem", "on", 10, "There is a problem."),
        ("online", "off", 60, "Nothing is heard of it any more."),
    ],
)
async def test_alert_of_what_lasts(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    messages: list[ServiceCall],
    key: str,
    state: str,
    minutes: int,
    message: str,
) -> None:
    """What lasts is said once, by the battery's name."""
    await change(hass, f"binary_sensor.cellar_{key}", state)
    freezer.tick(timedelta(minutes=minutes, seconds=-5))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert messages == []
    freezer.tick(timedelta(hours=3))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [dict(call.data) for call in messages] == [
        {"entity_id": ["notify.phone"], "title": "Cellar", "message": message}
    ]


@pytest.mark.usefixtures("alerts")
@pytest.mark.parametrize(
    ("states", "kind", "expected"),
    [
        (
            ("2026-06-15T09:50:00.000+00:00",),
            "ignored_by_device",
            ["The device ignores an override."],
        ),
        (("2026-06-15T09:50:00.000+00:00",), "started", []),
        (("unavailable", "2026-06-15T00:00:00.000+00:00"), "superseded", []),
        (
            ("unknown", "2026-06-15T09:50:00.000+00:00"),
            "superseded",
            ["Something else took over from an override."],
        ),
    ],
)
async def test_alert_of_an_override(
    hass: HomeAssistant,
    messages: list[ServiceCall],
    states: tuple[str, ...],
    kind: str,
    expected: list[str],
) -> None:
    """What was not asked for is said, and not again when the account comes back."""
    for state in states:
        hass.states.async_set("event.cellar_override", state, {"event_type": kind})
        await hass.async_block_till_done()
    assert [call.data["message"] for call in messages] == expected


async def test_alerts_of_one_kind(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    messages: list[ServiceCall],
) -> None:
    """Who chooses no entities of a kind is not told of it."""
    await add_automation(
        "alerts",
        phones=["notify.phone"],
        problems=["binary_sensor.cellar_problem"],
        problem_minutes=0,
    )
    await change(hass, "binary_sensor.cellar_online", "off")
    await change(hass, "binary_sensor.cellar_problem", "on")
    await later(hass, freezer)
    assert len(messages) == 1

"""What the card asks for over the WebSocket connection."""

from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator import Simulation

from .actions import CHARGE, act, device_id, writes
from .conftest import Simulate, async_set_up, half_full, make_entry

NIGHT = {"start": "02:00", "end": "05:00", "mode": "force_charge"}

type Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def socket(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return a connection, as a browser has it."""
    return await hass_ws_client(hass)


@pytest.fixture
def ask(socket: MockHAClientWebSocket) -> Ask:
    """Return what sends a command and returns the answer."""

    async def ask(kind: str, **fields: Any) -> Any:
        await socket.send_json_auto_id({"type": f"home_battery/{kind}", **fields})
        return await socket.receive_json()

    return ask


async def test_systems(ask: Ask, hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Every device is told with its entities by what they mean.

    The house of a single system has none that is enabled.
    """
    system, *parts = (await ask("systems"))["result"]["devices"]
    assert {part["house"] for part in parts} == {system["device_id"]}
    assert system["device_id"] == device_id(hass, loaded)
    assert system["steerable"]
    assert system["control"]
    assert (system["vendor"], system["vendor_name"]) == ("foxess", "Fox ESS")
    entities = system["entities"]
    assert entities["sensor.battery_soc"] == "sensor.fox_ess_kh8_battery_soc"
    assert entities["select.command"] == "select.fox_ess_kh8_command"


async def test_names_that_people_gave(
    ask: Ask, hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A device is called as the person calls it."""
    dr.async_get(hass).async_update_device(
        device_id(hass, loaded), name_by_user="Cellar"
    )
    system, *_ = (await ask("systems"))["result"]["devices"]
    assert system["name"] == "Cellar"


async def test_only_what_a_person_may_read(
    ask: Ask, hass: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """Who may read nothing of a device is told nothing of it."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy(
        {"entities": {"entity_ids": {"sensor.fox_ess_kh8_battery_soc": {"read": True}}}}
    )
    (system,) = (await ask("systems"))["result"]["devices"]
    assert list(system["entities"]) == ["sensor.battery_soc"]
    hass_admin_user.mock_policy({})
    assert (await ask("systems"))["result"]["devices"] == []
    for command, fields in (
        ("schedule/subscribe", {}),
        ("schedule/check", {"enabled": True, "periods": []}),
    ):
        answer = await ask(command, device_id=device_id(hass, loaded), **fields)
        assert answer["error"]["code"] == "unauthorized"


async def test_schedule_is_told_and_kept_up(
    ask: Ask,
    socket: MockHAClientWebSocket,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
) -> None:
    """The schedule comes at once, and again when it has changed."""
    answer = await ask("schedule/subscribe", device_id=device_id(hass, loaded))
    assert answer["success"]
    first = (await socket.receive_json())["event"]
    assert first["schedule"] == {"enabled": False, "periods": []}
    assert first["capabilities"]["max_periods"] == 8
    assert first["override"] is None
    assert first["time_zone"] == "Europe/Berlin"
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    second = (await socket.receive_json())["event"]
    (period,) = second["schedule"]["periods"]
    assert (period["start"], period["target_soc"]) == ("02:00", 90)
    assert (await socket.receive_json())["event"]["set_here"]


async def test_override_is_told(
    ask: Ask,
    socket: MockHAClientWebSocket,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An override is told beside the schedule over which it lies."""
    half_full(sim, freezer)
    await loaded.runtime_data.readings.async_refresh()
    await act(hass, loaded, "force_charge", target_soc=90, duration=60)
    await ask("schedule/subscribe", device_id=device_id(hass, loaded))
    told = (await socket.receive_json())["event"]
    assert told["override"]["mode"] == "force_charge"
    assert told["override"]["target_soc"] == 90
    assert told["override"]["began_soc"] == 49
    assert told["override"]["back_to"] == "self_consumption"
    assert told["schedule"] == {"enabled": False, "periods": []}
    await act(hass, loaded, "stop_override")
    assert (await socket.receive_json())["event"]["override"] is None


async def test_goes_on_after_a_reload(
    ask: Ask,
    socket: MockHAClientWebSocket,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
) -> None:
    """A subscription outlives a reload of the account."""
    await ask("schedule/subscribe", device_id=device_id(hass, loaded))
    await socket.receive_json()
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await socket.receive_json())["event"]["schedule"] is None
    assert (await socket.receive_json())["event"]["schedule"]["periods"] == []
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    told = (await socket.receive_json())["event"]
    assert len(told["schedule"]["periods"]) == 1


async def test_unsubscribe(
    ask: Ask,
    socket: MockHAClientWebSocket,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
) -> None:
    """Who has left is told nothing more."""
    answer = await ask("schedule/subscribe", device_id=device_id(hass, loaded))
    await socket.receive_json()
    await socket.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": answer["id"]}
    )
    assert (await socket.receive_json())["success"]
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    assert (await ask("systems"))["type"] == "result"


@pytest.mark.parametrize(
    ("periods", "key", "period", "limit"),
    [
        ([{**NIGHT, "power": 99000}], "schedule_range", 0, "1–10500"),
        (
            [NIGHT, {**NIGHT, "start": "04:00", "end": "06:00"}],
            "schedule_overlap",
            1,
            "1",
        ),
        (
            [
                {
                    "start": f"{hour:02}:00",
                    "end": f"{hour:02}:30",
                    "mode": "force_charge",
                }
                for hour in range(9)
            ],
            "schedule_too_many",
            None,
            "8",
        ),
        ([{**NIGHT, "days": ["mon"]}], "schedule_days", 0, ""),
    ],
)
async def test_impossible_schedules(
    ask: Ask,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    periods: list[dict[str, Any]],
    key: str,
    period: int | None,
    limit: str,
) -> None:
    """What a device cannot hold is told with the device's own limit; nothing is sent."""
    answer = await ask(
        "schedule/check",
        device_id=device_id(hass, loaded),
        enabled=True,
        periods=periods,
    )
    problem = answer["result"]["problem"]
    assert (problem["key"], problem["period"]) == (key, period)
    assert problem["placeholders"]["limit"] == limit
    assert writes(sim) == []


async def test_possible_schedule(
    ask: Ask, hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """There is nothing to say of a schedule that the device can hold."""
    answer = await ask(
        "schedule/check",
        device_id=device_id(hass, loaded),
        enabled=True,
        periods=[{**NIGHT, "power": 3000}],
    )
    assert answer["result"] == {"problem": None}
    assert writes(sim) == []


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_watching_only(
    hass: HomeAssistant, simulate: Simulate, hass_ws_client: WebSocketGenerator
) -> None:
    """Where nothing may be changed, the check says so."""
    entry = make_entry(await simulate(), control="watch")
    await async_set_up(hass, entry)
    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id(
        {
            "type": "home_battery/schedule/check",
            "device_id": device_id(hass, entry),
            "enabled": True,
            "periods": [NIGHT],
        }
    )
    problem = (await socket.receive_json())["result"]["problem"]
    assert (problem["key"], problem["period"]) == ("watch_only", None)


async def test_foreign_device(ask: Ask) -> None:
    """A device that is not ours is refused in words."""
    answer = await ask("schedule/subscribe", device_id="nothing")
    assert answer["error"]["translation_key"] == "service_device_not_found"

"""What a person may not do in Home Assistant, our actions and commands do not do for them."""

from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.home_battery import const
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.llm import StartOverride, StopOverride
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er, llm
from homeassistant.setup import async_setup_component
from simulator import Simulation
from tests.actions import CHARGE, device_id, writes
from tests.conftest import Simulate, async_set_up
from tests.vendors.voltstorage.entries import make_voltstorage_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

COMMAND = "select.fox_ess_kh8_command"
SOC = "sensor.fox_ess_kh8_battery_soc"
OTHER = "sensor.of_somebody_else"
READ: dict[str, dict[str, Any]] = {
    "get_status": {},
    "get_schedule": {},
    "get_history": {"start": "2026-06-15 00:00:00", "resolution": "day"},
    "growatt_read_parameter": {"parameter": "x"},
}
STEER: dict[str, dict[str, Any]] = {
    "set_schedule": {"periods": [CHARGE]},
    "clear_schedule": {},
    "set_operating_mode": {"mode": "backup"},
    "set_soc_limits": {"min_soc": 20},
    "force_charge": {"duration": 60},
    "force_discharge": {"duration": 60},
    "hold": {"duration": 60},
    "stop_override": {},
    "import_history": {"start": "2026-06-14 00:00:00"},
    "export_history": {"start": "2026-06-14 00:00:00", "path": "/x.csv"},
}
ADMIN: dict[str, dict[str, Any]] = {
    "growatt_write_parameter": {"parameter": "x", "values": ["1"]},
    "setup_energy_dashboard": {},
}
ABOUT_NO_DEVICE: dict[str, dict[str, Any]] = {
    "call_api": {"config_entry": "any", "endpoint": "plant_list"},
    "restore_energy_dashboard": {},
}
OUTSIDE = (
    "../manifest.json",
    "..%2fmanifest.json",
    "%2e%2e/manifest.json",
    "vendor/../../manifest.json",
    "..%5cmanifest.json",
    "/etc/passwd",
    "//etc/passwd",
    "",
    "vendor/",
)
EVERYTHING = {"entities": True}
READ_ONLY = {"entities": {"all": {"read": True}}}
SOME = {"entities": {"entity_ids": {SOC: True, COMMAND: {"read": True}}}}


def person(hass: HomeAssistant, policy: dict[str, Any]) -> MockUser:
    """Return somebody who is no administrator."""
    user = MockUser().add_to_hass(hass)
    user.mock_policy(policy)
    return user


async def act_as(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    user_id: str,
    action: str,
    data: dict[str, Any],
) -> Any:
    """Perform an action on the system in somebody's name."""
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": [device_id(hass, entry)], **data},
        blocking=True,
        return_response=True,
        context=Context(user_id=user_id),
    )


async def move_as(hass: HomeAssistant, user: MockUser, data: dict[str, Any]) -> None:
    """Change the statistics of one of our sensors in somebody's name."""
    await hass.services.async_call(
        DOMAIN,
        "import_history",
        {"entity_id": SOC, **data},
        blocking=True,
        return_response=True,
        context=Context(user_id=user.id),
    )


async def test_every_action_is_looked_at(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The lists above leave out none."""
    actions = hass.services.async_services_for_domain(DOMAIN)
    assert actions.keys() == {*READ, *STEER, *ADMIN, *ABOUT_NO_DEVICE}


async def test_who_only_reads_cannot_steer(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Without the right to control all of a system, it is not controlled."""
    for policy in (READ_ONLY, SOME, {}):
        user = person(hass, policy)
        for action, data in {**STEER, **ADMIN}.items():
            with pytest.raises(Unauthorized):
                await act_as(hass, loaded, user.id, action, data)
    assert writes(sim) == []


async def test_who_may_read_nothing_is_told_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A device of which nobody may read anything tells them nothing."""
    stranger = person(hass, {})
    for action, data in READ.items():
        with pytest.raises(Unauthorized):
            await act_as(hass, loaded, stranger.id, action, data)
    with pytest.raises(UnknownUser):
        await act_as(hass, loaded, "nobody", "get_status", {})


@pytest.mark.parametrize("policy", [READ_ONLY, SOME])
async def test_who_may_read_is_told(
    hass: HomeAssistant, loaded: MockConfigEntry, policy: dict[str, Any]
) -> None:
    """To read it takes the right to read anything of the device."""
    user = person(hass, policy)
    for action in ("get_status", "get_schedule"):
        assert await act_as(hass, loaded, user.id, action, {})


async def test_who_may_control_does(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Who may control everything steers, but does nothing of an administrator's."""
    user = person(hass, EVERYTHING)
    await act_as(hass, loaded, user.id, "set_schedule", STEER["set_schedule"])
    assert writes(sim)
    for action, data in ADMIN.items():
        with pytest.raises(Unauthorized):
            await act_as(hass, loaded, user.id, action, data)
    for action, data in ABOUT_NO_DEVICE.items():
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN, action, data, blocking=True, context=Context(user_id=user.id)
            )


@pytest.mark.parametrize("policy", [READ_ONLY, SOME, {}])
@pytest.mark.parametrize("data", [{"source_entity": OTHER}, {"undo": True}])
async def test_who_only_reads_cannot_move(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    policy: dict[str, Any],
    data: dict[str, Any],
) -> None:
    """Statistics of a sensor are for who may control all of its device."""
    with pytest.raises(Unauthorized):
        await move_as(hass, person(hass, policy), data)


async def test_nobody_reads_by_moving(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What one may not read is not copied to where one may."""
    ours = dict.fromkeys(er.async_get(hass).entities, True)
    user = person(hass, {"entities": {"entity_ids": ours}})
    with pytest.raises(Unauthorized):
        await move_as(hass, user, {"source_entity": OTHER})
    both = {"entity_ids": {**ours, OTHER: {"read": True}}}
    for policy in (EVERYTHING, {"entities": both}):
        with pytest.raises(ServiceValidationError) as refused:
            await move_as(hass, person(hass, policy), {"source_entity": OTHER})
        assert refused.value.translation_key == "no_recorder"


@pytest.mark.parametrize("tool", [StartOverride(), StopOverride()])
async def test_assist_steers_for_nobody_without_the_right(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation, tool: Any
) -> None:
    """What is exposed to Assist is steered only for who may do so without it."""
    assert await async_setup_component(hass, "homeassistant", {})
    async_expose_entity(hass, "conversation", COMMAND, True)
    told = await tool.async_call(
        hass,
        llm.ToolInput(tool_name=tool.name, tool_args={"mode": "hold", "minutes": 30}),
        llm.LLMContext(
            platform="test",
            context=Context(user_id=person(hass, READ_ONLY).id),
            language="en",
            assistant="conversation",
            device_id=None,
        ),
    )
    assert told.error
    assert writes(sim) == []


async def test_only_our_files_are_served(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Who is not signed in gets the card's modules, and nothing beside them."""
    client: TestClient[Any, Any] = await hass_client_no_auth()
    base = f"/home_battery_files/{const.VERSION}/"
    assert (await client.get(f"{base}home-battery.js")).status == 200
    for path in OUTSIDE:
        answer = await client.get(URL(f"{base}{path}", encoded=True))
        assert answer.status in (400, 403, 404), path


async def test_diagnostics_are_for_administrators(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Nobody else is given them."""
    assert await async_setup_component(hass, "diagnostics", {})
    client = await hass_client()
    path = f"/api/diagnostics/config_entry/{loaded.entry_id}"
    assert (await client.get(path)).status == 200
    hass_admin_user.groups = []
    hass_admin_user.mock_policy(EVERYTHING)
    assert (await client.get(path)).status == 401


async def test_no_file_outside_is_written(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """An export goes where Home Assistant lets files be written, and nowhere else."""
    sim = await simulate(voltstorage=("SMART",))
    await async_set_up(hass, make_voltstorage_entry(sim))
    user = person(hass, EVERYTHING)
    system = next(
        device.id
        for device in dr.async_get(hass).devices
        if device.serial_number is not None
    )
    config = hass.config.config_dir
    for path in ("/etc/x.csv", "x.csv", f"{config}/../x.csv", f"{config}/secrets"):
        with pytest.raises(ServiceValidationError) as refused:
            await hass.services.async_call(
                DOMAIN,
                "export_history",
                {"device_id": system, "start": "2026-06-14 00:00:00", "path": path},
                blocking=True,
                context=Context(user_id=user.id),
            )
        assert refused.value.translation_key == "path_not_allowed"

"""Any documented call: who may make it, what it answers, and what it leaves behind."""

import asyncio
from datetime import date
from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors.endpoint import Access
from custom_components.home_battery.vendors.foxess.endpoints import ENDPOINTS
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util import dt as dt_util
from simulator import Simulation
from simulator.calls import LoggedCall
from simulator.faults import Fault

from .conftest import Simulate, async_set_up, make_entry, patch_platforms
from .vendors.foxess.calls import READS, WRITES, parameters_of

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

SOC_GET = ENDPOINTS["battery_soc_get"].path
SOC_SET = ENDPOINTS["battery_soc_set"].path
WRITES_TODAY = "sensor.fox_ess_kh8_writes_today"
MIN_SOC_ON_GRID = "number.fox_ess_kh8_min_soc_on_grid"
SOC = {"minSoc": 12, "minSocOnGrid": 20}


async def call_api(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    endpoint: str,
    parameters: Any = None,
    *,
    context: Context | None = None,
    **data: Any,
) -> Any:
    """Make a call by the action, and return the vendor's answer."""
    if parameters is not None:
        data["parameters"] = parameters
    data = {"config_entry": entry.entry_id, "endpoint": endpoint, **data}
    response = await hass.services.async_call(
        DOMAIN, "call_api", data, blocking=True, return_response=True, context=context
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert response is not None
    return response["result"]


def serial_of(sim: Simulation) -> str:
    """Return the first inverter's serial number."""
    return sim.foxess.inverters[0].serial


def soc(sim: Simulation, **changes: Any) -> dict[str, Any]:
    """Return parameters that set the SOC limits of the first inverter."""
    return {"sn": serial_of(sim), **SOC, **changes}


def writes(sim: Simulation) -> list[LoggedCall]:
    """Return the writes that arrived."""
    return [call for call in sim.foxess.calls if call.write]


def counted(entry: MockConfigEntry, serial: str) -> int:
    """Return the writes of an inverter today."""
    writes_on: int = entry.runtime_data.store.writes_on(
        f"inverter_{serial}", dt_util.now().date()
    )
    return writes_on


@pytest.fixture
async def park(simulate: Simulate) -> Simulation:
    """Return a simulation with something of every kind."""
    return await simulate("KH8+METER+HEATPUMP", "H3-PRO", "MS", "EMS", "GMAX")


@pytest.fixture
async def parked(hass: HomeAssistant, park: Simulation) -> MockConfigEntry:
    """Return its entry, set up without entities."""
    entry = make_entry(park)
    with patch_platforms():
        await async_set_up(hass, entry)
    return entry


def test_every_call_is_tried() -> None:
    """The calls below are all that there are."""
    for access, tried in ((Access.READ, READS), (Access.WRITE, WRITES)):
        assert tried.keys() == {
            name for name, call in ENDPOINTS.items() if call.access is access
        }


async def test_every_read_answers(
    hass: HomeAssistant, park: Simulation, parked: MockConfigEntry
) -> None:
    """Each read gets what the vendor has, at its own path, and changes nothing."""
    for name, call in READS.items():
        park.foxess.calls.clear()
        result = await call_api(hass, parked, name, parameters_of(park, call))
        assert result is not None, name
        assert [(made.path, made.errno, made.write) for made in park.foxess.calls] == [
            (ENDPOINTS[name].path, 0, False)
        ]
    assert park.foxess.inverters
    assert counted(parked, serial_of(park)) == 0


async def test_every_write_is_taken(
    hass: HomeAssistant, park: Simulation, parked: MockConfigEntry
) -> None:
    """Each write arrives as it is given, and counts for the inverter that it names."""
    known = {device.serial for device in park.foxess.inverters}
    for name, call in WRITES.items():
        parameters = parameters_of(park, call)
        serial = str(parameters.get("sn") or parameters.get("deviceSN"))
        before = counted(parked, serial)
        park.foxess.calls.clear()
        result = await call_api(hass, parked, name, parameters, confirm=True)
        assert result == parameters, name
        assert [(made.path, made.body, made.errno) for made in writes(park)] == [
            (ENDPOINTS[name].path, parameters, 0)
        ]
        assert counted(parked, serial) == before + (serial in known), name
        # Else one call would have the next refused.
        park.foxess.inverters[0].scheduler.enabled = False


async def test_refused_calls(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """What is nobody's business is refused, confirmed or not, and nothing is sent."""
    sim.foxess.calls.clear()
    refused = [
        name for name, call in ENDPOINTS.items() if call.access is Access.REFUSED
    ]
    grid_code = {"sn": serial_of(sim), "key": "GridCode", "value": "1"}
    assert refused
    for name, parameters in (
        *((name, {"sn": serial_of(sim)}) for name in refused),
        ("setting_set", grid_code),
    ):
        for confirm in (False, True):
            with pytest.raises(ServiceValidationError) as raised:
                await call_api(hass, loaded, name, parameters, confirm=confirm)
            assert raised.value.translation_key == "call_refused"
    assert sim.foxess.calls == []
    assert counted(loaded, serial_of(sim)) == 0


@pytest.mark.parametrize("data", [{}, {"confirm": False}, {"confirm": "off"}], ids=str)
async def test_unconfirmed_write(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry, data: dict[str, Any]
) -> None:
    """A write that is not confirmed is refused."""
    sim.foxess.calls.clear()
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, loaded, "battery_soc_set", soc(sim), **data)
    assert raised.value.translation_key == "not_confirmed"
    assert raised.value.translation_placeholders == {"endpoint": "battery_soc_set"}
    assert sim.foxess.calls == []


async def test_only_watch(hass: HomeAssistant, sim: Simulation) -> None:
    """Where only watching was chosen, reads go on and no write leaves."""
    entry = make_entry(sim, control="watch")
    await async_set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, entry, "battery_soc_set", soc(sim), confirm=True)
    assert raised.value.translation_key == "watch_only"
    assert writes(sim) == []
    assert await call_api(hass, entry, "battery_soc_get", {"sn": serial_of(sim)})


async def test_only_administrators(
    hass: HomeAssistant,
    sim: Simulation,
    loaded: MockConfigEntry,
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    """A person without the rights is refused, also to read."""
    sim.foxess.calls.clear()
    with pytest.raises(Unauthorized):
        await call_api(
            hass,
            loaded,
            "access_count",
            context=Context(user_id=hass_read_only_user.id),
        )
    assert sim.foxess.calls == []
    assert await call_api(
        hass, loaded, "access_count", context=Context(user_id=hass_admin_user.id)
    )


@pytest.mark.parametrize(
    ("name", "similar"),
    [
        ("battery_soc", "battery_soc_get"),
        ("device_lst", "device_list"),
        ("/op/v0/device/list", "device_list"),
        ("", ""),
    ],
)
async def test_unknown_endpoint(
    hass: HomeAssistant,
    sim: Simulation,
    loaded: MockConfigEntry,
    name: str,
    similar: str,
) -> None:
    """Whoever mistypes a name is told those that are like it."""
    sim.foxess.calls.clear()
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, loaded, name)
    assert raised.value.translation_key == "unknown_endpoint"
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["endpoint"] == name
    assert similar in placeholders["similar"]
    assert len(placeholders["similar"].split(", ")) == 5
    assert sim.foxess.calls == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"endpoint": "device_list", "parameters": "all"},
        {"endpoint": "device_list", "parameters": [1]},
        {"endpoint": "device_list", "parameters": {"sn": object()}},
        {"endpoint": "device_list", "parameters": {"sn": 2**70}},
        {"endpoint": "device_list", "confirm": "perhaps"},
        {"endpoint": "device_list", "path": "/op/v0/plant/delete"},
    ],
    ids=[
        "no endpoint",
        "text",
        "list",
        "object",
        "long number",
        "no answer",
        "extra field",
    ],
)
async def test_malformed_input(
    hass: HomeAssistant, loaded: MockConfigEntry, data: dict[str, Any]
) -> None:
    """What no vendor could be sent does not get past the schema."""
    with pytest.raises(probatio.Invalid):
        await hass.services.async_call(
            DOMAIN,
            "call_api",
            {"config_entry": loaded.entry_id, **data},
            blocking=True,
            return_response=True,
        )


async def test_yaml_values(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """A date that YAML has read as one is sent as the text that it was."""
    result = await call_api(
        hass,
        loaded,
        "device_fault_history",
        {"sn": serial_of(sim), "date": date(2026, 6, 15)},
    )
    assert result == {"sn": serial_of(sim), "faults": []}


async def test_entries(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """The account must be there, ours, and loaded."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, other, "access_count")
    assert raised.value.translation_key == "service_config_entry_wrong_domain"
    await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, loaded, "access_count")
    assert raised.value.translation_key == "service_config_entry_not_loaded"
    await hass.config_entries.async_remove(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, loaded, "access_count")
    assert raised.value.translation_key == "service_config_entry_not_found"


@pytest.mark.parametrize(
    ("code", "key", "count"),
    [
        (40257, "refused", 0),
        (41930, "unknown_device", 0),
        (42015, "unsupported", 0),
        (44096, "blocked_by_schedule", 0),
        (40402, "quota_exhausted", 0),
        # The device may have taken it all the same.
        (41203, "communication_error", 1),
    ],
)
async def test_errors_of_the_vendor(
    hass: HomeAssistant,
    sim: Simulation,
    loaded: MockConfigEntry,
    code: int,
    key: str,
    count: int,
) -> None:
    """The vendor's refusal is said in words, and only what may have changed counts."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", path=SOC_SET, value=code))
    with pytest.raises(HomeAssistantError) as raised:
        await call_api(hass, loaded, "battery_soc_set", soc(sim), confirm=True)
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key == key
    assert counted(loaded, serial_of(sim)) == count
    assert len(writes(sim)) == 1


async def test_unreachable(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """Where nobody listens nothing can have happened, so nothing counts."""
    await sim.foxess.stop()
    # What breaks on a connection that was open may well have been sent.
    with pytest.raises(HomeAssistantError):
        await call_api(hass, loaded, "battery_soc_get", {"sn": serial_of(sim)})
    with pytest.raises(HomeAssistantError) as raised:
        await call_api(hass, loaded, "battery_soc_set", soc(sim), confirm=True)
    assert raised.value.translation_key == "communication_error"
    assert counted(loaded, serial_of(sim)) == 0


@pytest.mark.parametrize("name", ["battery_soc_get", "battery_soc_set"])
async def test_refused_credentials(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry, name: str
) -> None:
    """Where the key is refused, the person is asked for another."""
    sim.foxess.rotate_token()
    parameters = {"sn": serial_of(sim)} | (SOC if name.endswith("set") else {})
    with pytest.raises(HomeAssistantError) as raised:
        await call_api(hass, loaded, name, parameters, confirm=True)
    assert raised.value.translation_key == "authentication_error"
    await hass.async_block_till_done()
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH]


async def test_write_is_counted_and_shown(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """A write counts as any other does, and what it changed is read again and shown."""
    shown = hass.states.get(MIN_SOC_ON_GRID)
    assert shown is not None
    assert shown.state == "10.0"
    await call_api(hass, loaded, "battery_soc_set", soc(sim), confirm=True)
    shown = hass.states.get(MIN_SOC_ON_GRID)
    assert shown is not None
    assert shown.state == "20.0"
    today = hass.states.get(WRITES_TODAY)
    assert today is not None
    assert today.state == "1"


async def test_too_many_writes(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """A device that was written too often today is left alone."""
    loaded.runtime_data.store.writes[f"inverter_{serial_of(sim)}"] = {
        dt_util.now().date(): 300
    }
    with pytest.raises(ServiceValidationError) as raised:
        await call_api(hass, loaded, "battery_soc_set", soc(sim), confirm=True)
    assert raised.value.translation_key == "too_many_writes"
    assert writes(sim) == []


async def test_writers_take_turns(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """A call waits until another change of the same device is confirmed."""
    sim.foxess.calls.clear()
    await asyncio.gather(
        hass.services.async_call(
            "number",
            "set_value",
            {"entity_id": MIN_SOC_ON_GRID, "value": 33},
            blocking=True,
        ),
        call_api(hass, loaded, "battery_soc_set", soc(sim), confirm=True),
    )
    order = [call.path for call in sim.foxess.calls if call.path in (SOC_GET, SOC_SET)]
    assert order[:4] == [SOC_GET, SOC_SET, SOC_GET, SOC_SET]
    assert sim.foxess.inverters[0].settings["MinSocOnGrid"] == "20"


async def test_calls_keep_the_limits(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """However fast a person calls, the vendor has no reason to complain."""
    sim.foxess.calls.clear()
    for _ in range(3):
        await call_api(hass, loaded, "battery_soc_get", {"sn": serial_of(sim)})
        await call_api(hass, loaded, "battery_soc_set", soc(sim), confirm=True)
    # What an inverter lacks is asked for as well.
    assert {call.errno for call in sim.foxess.calls} <= {0, 41200}


async def test_answer_is_not_needed(
    hass: HomeAssistant, sim: Simulation, loaded: MockConfigEntry
) -> None:
    """A write does not need to be listened to."""
    await hass.services.async_call(
        DOMAIN,
        "call_api",
        {
            "config_entry": loaded.entry_id,
            "endpoint": "battery_soc_set",
            "parameters": soc(sim),
            "confirm": "true",
        },
        blocking=True,
    )
    assert len(writes(sim)) == 1


async def test_people_and_passwords_are_hidden(
    hass: HomeAssistant, park: Simulation, parked: MockConfigEntry
) -> None:
    """Neither the owner of a plant nor the password of a meter is in an answer."""
    plant = await call_api(
        hass, parked, "plant_detail", parameters_of(park, READS["plant_detail"])
    )
    assert (plant["user"], plant["installer"]) == ("**REDACTED**",) * 2
    assert plant["stationName"]
    model, key, others = WRITES["meter_reader_set"]
    reader = {**others, "readerInfo": {"ip": "192.0.2.9", "key": "secret"}}
    parameters = parameters_of(park, (model, key, reader))
    echo = await call_api(hass, parked, "meter_reader_set", parameters, confirm=True)
    read = await call_api(
        hass, parked, "meter_reader_get", parameters_of(park, (model, key, {}))
    )
    for answer in (echo, read):
        assert answer["readerInfo"] == {"ip": "192.0.2.9", "key": "**REDACTED**"}
    (device,) = (
        inverter
        for inverter in park.foxess.inverters
        if inverter.serial == parameters["sn"]
    )
    assert device.meter_reader.key == "secret"

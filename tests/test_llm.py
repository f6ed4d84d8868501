"""Assist: what a language model is told, and what it may do."""

import json
from typing import Any, NamedTuple

from freezegun.api import FrozenDateTimeFactory
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.llm import async_get_tools
from homeassistant.components.homeassistant.const import DATA_EXPOSED_ENTITIES
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, llm
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .actions import CHARGE, act, device_id, state, writes
from .conftest import Simulate, async_set_up, half_full, make_entry
from .test_overrides import periods

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

SOC = "sensor.fox_ess_kh8_battery_soc"
POWER = "sensor.fox_ess_kh8_battery_power"
COMMAND = "select.fox_ess_kh8_command"
READING_TOOLS = ["home_battery__get_schedule", "home_battery__get_status"]
EVERYTHING = ["enabled", "modes", "override", "periods", "valid_until"]
STEERING_TOOLS = ["home_battery__start_override", "home_battery__stop_override"]


@pytest.fixture(autouse=True)
async def assist(hass: HomeAssistant) -> None:
    """Set Assist up, to which nothing is exposed by itself."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "llm", {})
    await hass.config.async_set_time_zone("Europe/Berlin")
    for assistant in ("conversation", "cloud.alexa"):
        hass.data[DATA_EXPOSED_ENTITIES].async_set_expose_new_entities(assistant, False)


@pytest.fixture
def sim(sim: Simulation, freezer: FrozenDateTimeFactory) -> Simulation:
    """Return a house with half a battery and no sun."""
    half_full(sim, freezer)
    return sim


def expose(hass: HomeAssistant, *entity_ids: str) -> None:
    """Let Assist know of entities."""
    for entity_id in entity_ids:
        async_expose_entity(hass, "conversation", entity_id, True)


async def api(hass: HomeAssistant, assistant: str = "conversation") -> llm.APIInstance:
    """Return what a model is given for a talk."""
    return await llm.async_get_api(
        hass,
        llm.LLM_API_ASSIST,
        llm.LLMContext(
            platform="test",
            context=Context(user_id=None),
            language="en",
            assistant=assistant,
            device_id=None,
        ),
    )


def ours(instance: llm.APIInstance) -> list[str]:
    """Return the names of our tools."""
    return sorted(tool.name for tool in instance.tools if tool.integration == DOMAIN)


class Answer(NamedTuple):
    """What a tool answers, as a model reads it."""

    data: Any
    error: bool


async def use(hass: HomeAssistant, tool: str, **given: Any) -> Answer:
    """Use a tool as a model does; what it answers is sent as JSON."""
    instance = await api(hass)
    result = await instance.async_call_tool(
        llm.ToolInput(tool_name=f"{DOMAIN}__{tool}", tool_args=given)
    )
    await hass.async_block_till_done()
    return Answer(json.loads(json.dumps(result.data)), result.error)


async def test_nothing_is_exposed(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Without any entity exposed, there are no tools and no word of batteries."""
    instance = await api(hass)
    assert ours(instance) == []
    assert "batter" not in instance.api_prompt


@pytest.mark.parametrize(
    ("exposed", "expected"),
    [
        ([SOC], READING_TOOLS),
        (["calendar.fox_ess_kh8_schedule"], READING_TOOLS),
        (["number.fox_ess_kh8_command_power"], READING_TOOLS),
        ([SOC, COMMAND], [*READING_TOOLS, *STEERING_TOOLS]),
    ],
    ids=["sensor", "calendar", "number", "command"],
)
async def test_tools_follow_what_is_exposed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    exposed: list[str],
    expected: list[str],
) -> None:
    """A model steers only where the command is exposed, and only that assistant's."""
    expose(hass, *exposed)
    instance = await api(hass)
    assert ours(instance) == expected
    assert "Names: Fox ESS KH8." in instance.api_prompt
    assert "negative while it charges" in instance.api_prompt
    assert ours(await api(hass, "cloud.alexa")) == []


async def test_houses_are_only_read(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """Of a house that is exposed there are readings, and nothing else."""
    sim = await simulate("KH8+EVO")
    await async_set_up(hass, make_entry(sim))
    expose(hass, "sensor.house_1_battery_soc")
    assert ours(await api(hass)) == ["home_battery__get_status"]
    (house,) = (await use(hass, "get_status")).data["devices"]
    assert house["kind"] == "house"
    assert list(house["readings"]) == ["battery_soc"]


@pytest.mark.usefixtures("loaded")
async def test_other_apis_have_no_tools(hass: HomeAssistant) -> None:
    """The tools are Assist's."""
    expose(hass, COMMAND)
    context = llm.LLMContext("test", None, None, "conversation", None)
    assert async_get_tools(hass, context, "another") is None


async def test_tools_can_be_described(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What a tool takes can be said in the form that models read."""
    expose(hass, COMMAND)
    instance = await api(hass)
    described = {
        tool.name: probatio.to_openapi(
            tool.parameters,
            custom_serializer=instance.custom_serializer,
            openapi_version="3.1.0",
        )
        for tool in instance.tools
        if tool.integration == DOMAIN
    }
    start = described["home_battery__start_override"]
    assert start["required"] == ["mode"]
    assert start["properties"]["mode"]["enum"] == ["charge", "discharge", "hold"]
    assert start["properties"]["minutes"]["type"] == "number"
    assert start["properties"]["until"]["description"] == "Wall clock, HH:MM"
    annotations = {tool.name: tool.annotations.read_only for tool in instance.tools}
    assert [annotations[name] for name in READING_TOOLS] == [True, True]
    assert [annotations[name] for name in STEERING_TOOLS] == [False, False]


async def test_status(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Only what is exposed is told, with its unit."""
    expose(hass, SOC, POWER, "binary_sensor.fox_ess_kh8_online", COMMAND)
    result = await use(hass, "get_status")
    assert not result.error
    assert result.data == {
        "devices": [
            {
                "name": "Fox ESS KH8",
                "kind": "system",
                "readings": {
                    "battery_power": f"{state(hass, POWER)} W",
                    "battery_soc": f"{state(hass, SOC)} %",
                    "online": "on",
                },
            }
        ]
    }


async def test_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The schedule comes with what runs over it, and what modes do on this device."""
    expose(hass, SOC)
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    await act(hass, loaded, "force_charge", power=2000, end="13:00")
    (system,) = (await use(hass, "get_schedule", name="fox ess kh8")).data["systems"]
    assert system["name"] == "Fox ESS KH8"
    assert [
        (period["start"], period["end"], period["mode"]) for period in system["periods"]
    ] == [("02:00", "05:00", "force_charge")]
    assert system["override"]["mode"] == "force_charge"
    assert system["override"]["end"] == "2026-06-15T13:00+02:00"
    assert system["override"]["power"] == 2000
    assert system["modes"]["force_charge"]["exports_battery_power"] is False
    assert system["modes"]["force_charge"].keys() == {
        "pv_meanwhile",
        "power_is_a",
        "exports_battery_power",
        "max_soc_stops_pv",
    }


@pytest.mark.parametrize(
    ("given", "group", "until"),
    [
        (
            {"mode": "charge", "until": "13:00", "target_soc": 80, "power": 2000},
            (730, 779, "ForceCharge"),
            "13:00",
        ),
        (
            {"mode": "discharge", "minutes": "30", "name": ""},
            (730, 760, "ForceDischarge"),
            "12:40",
        ),
        (
            {"mode": "hold", "until": "13:00", "name": "Fox ESS KH8"},
            (730, 779, "SelfUse"),
            "13:00",
        ),
    ],
    ids=lambda value: value["mode"] if isinstance(value, dict) else None,
)
async def test_start_and_stop(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    given: dict[str, Any],
    group: tuple[int, int, str],
    until: str,
) -> None:
    """What a model begins is an override like any other, and can be ended."""
    expose(hass, COMMAND)
    result = await use(hass, "start_override", **given)
    assert not result.error
    assert result.data["outcome"] == "confirmed"
    assert result.data["name"] == "Fox ESS KH8"
    assert result.data["override"]["end"].startswith(f"2026-06-15T{until}")
    assert periods(sim) == [group]
    assert state(hass, "sensor.fox_ess_kh8_override") == result.data["override"]["mode"]
    result = await use(hass, "stop_override")
    assert result.data == {"name": "Fox ESS KH8", "outcome": "stopped"}
    assert periods(sim) == []
    assert (await use(hass, "stop_override")).data["outcome"] == "nothing"


async def test_start_without_an_end(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A charge without a time goes on to its target, and says how far for now."""
    expose(hass, COMMAND)
    override = (await use(hass, "start_override", mode="charge")).data["override"]
    assert override["end"] is None
    assert override["device_until"] == "2026-06-15T16:11+02:00"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mode": "charge", "power": 99999}, "outside the range"),
        ({"mode": "charge", "target_soc": 101}, "target_soc"),
        ({"mode": "discharge", "target_soc": 1}, "outage"),
        ({"mode": "charge", "until": "soon"}, "end"),
        ({"mode": "charge", "until": "13:00", "minutes": 5}, "end"),
        ({"mode": "charge", "until": "2020-01-01T06:00:00+00:00"}, "is over already"),
        ({"mode": "charge", "minutes": 0}, "duration"),
        ({"mode": "hold", "power": 100}, "power"),
        ({"mode": "explode"}, "mode"),
        ({}, "mode"),
        ({"mode": "charge", "name": "Tesla"}, "There are: Fox ESS KH8"),
    ],
    ids=str,
)
async def test_errors_in_words(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    given: dict[str, Any],
    said: str,
) -> None:
    """What cannot be done is an answer that tells why, and nothing is sent."""
    expose(hass, COMMAND)
    result = await use(hass, "start_override", **given)
    assert result.error
    assert said in result.data["error"]
    assert writes(sim) == []


@pytest.mark.parametrize("tool", ["start_override", "stop_override"])
async def test_exposed_no_more(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation, tool: str
) -> None:
    """What is taken back while a talk goes on is refused at once."""
    expose(hass, COMMAND, SOC)
    instance = await api(hass)
    async_expose_entity(hass, "conversation", COMMAND, False)
    result = await instance.async_call_tool(
        llm.ToolInput(tool_name=f"{DOMAIN}__{tool}", tool_args={"mode": "charge"})
    )
    assert result.error
    assert writes(sim) == []


async def test_vendor_out_of_order(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A cloud that does not answer is told of, and the talk goes on."""
    expose(hass, COMMAND)
    sim.faults.add(Fault(vendor="foxess", kind="status", value=503))
    result = await use(hass, "start_override", mode="charge", until="13:00")
    assert result.error
    assert "503" in result.data["error"]


async def test_only_watching(
    hass: HomeAssistant, sim: Simulation, entry: MockConfigEntry
) -> None:
    """Who only watches is told, and nothing else."""
    await async_set_up(hass, make_entry(sim, control="watch"))
    expose(hass, SOC)
    assert ours(await api(hass)) == READING_TOOLS
    (system,) = (await use(hass, "get_schedule")).data["systems"]
    assert system["periods"] == []
    assert system["override"] is None


async def test_several_systems(hass: HomeAssistant, simulate: Simulate) -> None:
    """Among several one has to be named, by what people call it."""
    sim = await simulate("KH8+EVO")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    dr.async_get(hass).async_update_device(
        device_id(hass, entry), name_by_user="Cellar"
    )
    expose(hass, COMMAND, "select.fox_ess_evo_10_5_h_command")
    result = await use(hass, "start_override", mode="hold", until="13:00")
    assert result.error
    assert "Cellar, Fox ESS EVO 10-5-H" in result.data["error"]
    result = await use(
        hass, "start_override", mode="hold", until="13:00", name="cellar"
    )
    assert result.data["name"] == "Cellar"
    assert state(hass, "sensor.fox_ess_kh8_override") == "hold"
    assert state(hass, "sensor.fox_ess_evo_10_5_h_override") == "none"
    status = (await use(hass, "get_status")).data["devices"]
    assert [device["name"] for device in status] == ["Fox ESS EVO 10-5-H", "Cellar"]


async def test_system_without_schedule(hass: HomeAssistant, simulate: Simulate) -> None:
    """What has no schedule says so, beside those that have one."""
    sim = await simulate("EMS", "KH8")
    await async_set_up(hass, make_entry(sim))
    soc = [
        one for one in hass.states.async_entity_ids("sensor") if "_battery_soc" in one
    ]
    expose(hass, *soc)
    systems = (await use(hass, "get_schedule")).data["systems"]
    kinds = {system["name"]: sorted(system.keys() - {"name"}) for system in systems}
    assert kinds["Fox ESS KH8"] == EVERYTHING
    assert ["error"] in kinds.values()

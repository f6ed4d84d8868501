"""Tests that the examples in the document for other tools are what they say."""

from collections.abc import Iterator
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from ..actions import device_id, state
from ..test_docs import mappings, prose, slug
from .conftest import AddExample
from .documents import DEVICE, DOCS, DOCUMENT, ENTITIES, EXAMPLES, example

AUTOMATIONS = [it for block in EXAMPLES for it in block.get("automation", [])]
SERVICES = {
    key: value for key, value in example("pred_bat").items() if key.endswith("_service")
}
# What Predbat puts in.
FILLED = {
    "device_id": DEVICE,
    "power": "3000",
    "target_soc": "80",
    "charge_end_time": "04:30:00",
    "discharge_end_time": "19:31:00",
}
ACTIONS = [
    part
    for part in mappings(EXAMPLES)
    if str(part.get("action", "")).startswith(f"{DOMAIN}.")
]


def calls() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every action that Predbat or an automation calls, and its data."""
    for templates in SERVICES.values():
        for template in templates:
            data = {key: text.format(**FILLED) for key, text in template.items()}
            yield data.pop("service"), data
    for action in ACTIONS:
        yield action["action"], action["data"]


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize("entity_id", ENTITIES)
async def test_entity_exists(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_id: str
) -> None:
    """Every entity that a tool is to read is a number of the demo's inverter."""
    assert float(state(hass, entity_id)) >= -100_000


@pytest.mark.parametrize(("action", "data"), calls())
async def test_call_is_valid(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    action: str,
    data: dict[str, Any],
) -> None:
    """What Predbat and the automations call is there, and takes what they send."""
    assert await async_setup_component(hass, DOMAIN, {})
    domain, name = action.split(".")
    schema = hass.services.async_services_for_domain(domain)[name].schema
    assert schema is not None
    assert schema(data)


def test_predbat_has_all_six_services() -> None:
    """Nothing that Predbat can call is left out."""
    assert set(SERVICES) == {
        f"{what}_{service}_service"
        for what in ("charge", "discharge")
        for service in ("start", "freeze", "stop")
    }


def test_predbat_stops_nothing_again_and_again() -> None:
    """A stop that is repeated would end what was begun before."""
    assert not re.search(r"^ +(repeat|always):", DOCUMENT, re.MULTILINE)


async def test_examples_are_set_up(
    hass: HomeAssistant, loaded: MockConfigEntry, add_example: AddExample
) -> None:
    """Home Assistant takes the scripts and the automation of blueprints as they are."""
    for domain in ("script", "automation"):
        await add_example(domain, device_id(hass, loaded))
    assert sorted(hass.states.async_entity_ids("script")) == sorted(
        f"script.{name}" for name in example("script")
    )
    assert state(hass, "automation.follow_emhass") == "on"


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("config", AUTOMATIONS, ids=lambda it: it["alias"])
async def test_automation_is_valid(
    hass: HomeAssistant, enable_custom_integrations: None, config: dict[str, Any]
) -> None:
    """Home Assistant takes each automation as it is."""
    for domain in ("automation", DOMAIN):
        assert await async_setup_component(hass, domain, {})
    taken = await async_validate_config_item(hass, "example", config)
    assert taken is not None
    assert taken.validation_error is None


async def test_rest_command_is_valid(hass: HomeAssistant) -> None:
    """Home Assistant takes the command for EMHASS, too."""
    command = example("rest_command")
    assert await async_setup_component(hass, "rest_command", {"rest_command": command})
    assert hass.services.has_service("rest_command", "emhass_mpc")


@pytest.mark.parametrize(
    "link", re.findall(r"\]\((?!https:)([^)]+)\)", prose(DOCUMENT)), ids=str
)
def test_link_leads_somewhere(link: str) -> None:
    """Each link within the repository is a file, and a heading where it names one."""
    name, _, anchor = link.partition("#")
    text = (DOCS / name).read_text()
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    assert anchor in {"", *map(slug, headings)}


def test_signs() -> None:
    """The table says of Predbat what its configuration sets."""
    config = example("pred_bat")
    (battery,) = config["battery_power_invert"]
    (grid,) = config["grid_power_invert"]
    rows = dict(re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \|", DOCUMENT, re.MULTILINE))
    assert [rows[key].startswith("**") for key in ("battery_power", "grid_power")] == [
        battery,
        grid,
    ]

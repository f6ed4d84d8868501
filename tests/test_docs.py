"""Tests that the documents say what is there, and name nothing that is not."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
import json
import os
from pathlib import Path
import re
from typing import Any

from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery import (
    binary_sensor,
    button,
    calendar,
    const,
    event,
    number,
    select,
    sensor,
    switch,
    time,
)
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.descriptions import ReadingSensorDescription
from custom_components.home_battery.vendors import VENDORS
from custom_components.home_battery.vendors.endpoint import Access
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityDescription
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml

ROOT = Path(__file__).parents[1]
INTEGRATION = Path(const.__file__).parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
DOCUMENTS = {"README": README, "CONTRIBUTING": CONTRIBUTING}
ENGLISH = json.loads((INTEGRATION / "translations" / "en.json").read_text())
SERVICES = load_yaml_dict(str(INTEGRATION / "services.yaml"))
PICTURES = sorted((ROOT / "docs" / "images").iterdir())

# Each rule of the quality scale that asks for documentation, and the heading that answers it.
HEADINGS = {
    "docs-high-level-description": "# Home Battery",
    "docs-installation-instructions": "## Installation",
    "docs-installation-parameters": "### Installation parameters",
    "docs-configuration-parameters": "## Options",
    "docs-supported-devices": "## Supported devices",
    "docs-supported-functions": "## Supported functions",
    "docs-actions": "## Actions",
    "docs-data-update": "## How data is updated",
    "docs-use-cases": "## Use cases",
    "docs-examples": "## Examples",
    "docs-troubleshooting": "## Troubleshooting",
    "docs-known-limitations": "## Known limitations",
    "docs-removal-instructions": "## Removing",
}


def section(heading: str) -> str:
    """Return what README says under a heading, up to the next of its rank or higher."""
    rank = heading.count("#", 0, heading.index(" "))
    found = re.search(
        rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{rank}}} |\Z)",
        README,
        re.MULTILINE | re.DOTALL,
    )
    assert found, heading
    return found[1]


def prose(document: str) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", document, flags=re.MULTILINE | re.DOTALL)


def blocks(document: str) -> Iterator[Any]:
    """Yield every block of YAML."""
    for block in re.findall(r"^```yaml$(.*?)^```$", document, re.MULTILINE | re.DOTALL):
        yield parse_yaml(block)


def mappings(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every mapping within a block of YAML."""
    match tree:
        case dict():
            yield tree
            yield from mappings([*tree.values()])
        case list():
            for item in tree:
                yield from mappings(item)


BLOCKS = list(blocks(README))
AUTOMATIONS = {
    block["alias"]: block
    for block in BLOCKS
    if "triggers" in block and "alias" in block
}
CALLS = [
    part
    for block in BLOCKS
    for part in mappings(block)
    if str(part.get("action", "")).startswith(f"{DOMAIN}.")
]


def described(table: object) -> Iterator[EntityDescription]:
    """Yield the entity descriptions in a table."""
    match table:
        case EntityDescription():
            yield table
        case tuple():
            for item in table:
                yield from described(item)


MODULES = {
    Platform.BINARY_SENSOR: (binary_sensor, "binary_sensors"),
    Platform.BUTTON: (button, "buttons"),
    Platform.CALENDAR: (calendar, "calendars"),
    Platform.EVENT: (event, "events"),
    Platform.NUMBER: (number, "numbers"),
    Platform.SELECT: (select, "selects"),
    Platform.SENSOR: (sensor, "sensors"),
    Platform.SWITCH: (switch, "switches"),
    Platform.TIME: (time, "times"),
}
ENTITIES = {
    (platform.value, description.key): description
    for platform, (module, table) in MODULES.items()
    for tables in (
        *vars(module).values(),
        *(getattr(vendor.tables, table, ()) for vendor in VENDORS.values()),
    )
    for description in described(tables)
    # Of those that are there once per string, phase or pack the first is listed.
    if (description.translation_placeholders or {}).get("number", "1") == "1"
    or not isinstance(description, ReadingSensorDescription)
}
LISTED = {
    (platform, key)
    for platform, keys in re.findall(
        r"^\| (\w+) \| (`.+`) \|$", CONTRIBUTING, re.MULTILINE
    )
    for key in re.findall(r"`(\w+)`", keys)
}
ROWS = {
    row[0]: row[1:]
    for row in (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(
            r"^\|.+\|$", section("## Supported functions"), re.MULTILINE
        )
    )
}


@pytest.mark.parametrize("rule", HEADINGS)
def test_readme_has_what_the_quality_scale_asks_for(rule: str) -> None:
    """Each documentation rule has its heading, with something under it."""
    assert len(prose(section(HEADINGS[rule])).split()) > 20


def test_every_documentation_rule_has_a_heading() -> None:
    """No rule is forgotten, but for those that are exempt."""
    rules = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"]
    exempt = {
        rule
        for rule, answer in rules.items()
        if isinstance(answer, dict) and answer["status"] == "exempt"
    }
    assert {rule for rule in rules if rule.startswith("docs-")} - exempt == set(
        HEADINGS
    )


@pytest.mark.parametrize("action", SERVICES)
def test_action_is_explained(action: str) -> None:
    """Each action has a heading, an example that names every field it needs, and its response."""
    text = section(f"### `{action}`")
    example, response, *_ = blocks(text)
    assert example["action"] == f"{DOMAIN}.{action}"
    assert list(response) in ([example["data"].get("device_id")], ["result"])
    assert {
        field
        for field, about in SERVICES[action]["fields"].items()
        if about.get("required") and field not in example["data"]
    } == set()


FIELDS = [
    (action, field)
    for action, about in SERVICES.items()
    for field, details in about["fields"].items()
    for field in (
        field,
        *(details.get("selector", {}).get("object") or {}).get("fields", ()),
    )
]


@pytest.mark.parametrize(("action", "field"), FIELDS)
def test_field_of_an_action_is_explained(action: str, field: str) -> None:
    """Each field stands where its action is explained."""
    assert f"`{field}`" in prose(section(f"### `{action}`"))


ENDPOINTS = [
    (endpoint.access, name)
    for vendor in VENDORS.values()
    for name, endpoint in vendor.endpoints.items()
]


@pytest.mark.parametrize(
    ("words", "access"),
    [
        ("read", Access.READ),
        ("change something", Access.WRITE),
        ("are refused to everybody", Access.REFUSED),
    ],
)
def test_every_call_is_named(words: str, access: Access) -> None:
    """README names each call that a vendor documents, and says what may be made of it."""
    rows = re.findall(
        rf"^\| [\w ]+ \| {words} \| (.+) \|$",
        section("### `call_api`"),
        re.MULTILINE,
    )
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == [
        name for found, name in ENDPOINTS if found is access
    ]


def test_no_action_is_explained_that_is_not_there() -> None:
    """What README explains is what the integration has."""
    headings = re.findall(r"^### `(\w+)`$", section("## Actions"), re.MULTILINE)
    assert headings == list(SERVICES)


@pytest.fixture
async def actions(hass: HomeAssistant, enable_custom_integrations: None) -> None:
    """Register the actions, without an account."""
    assert await async_setup_component(hass, DOMAIN, {})


@pytest.mark.usefixtures("actions")
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["action"])
async def test_example_of_an_action_is_valid(
    hass: HomeAssistant, call: Mapping[str, Any]
) -> None:
    """What README shows is what the actions take."""
    name = call["action"].removeprefix(f"{DOMAIN}.")
    schema = hass.services.async_services_for_domain(DOMAIN)[name].schema
    assert schema is not None
    data = {
        key: 50 if "{{" in str(value) else value for key, value in call["data"].items()
    }
    assert schema(data)


@pytest.mark.usefixtures("actions")
@pytest.mark.parametrize("alias", AUTOMATIONS)
async def test_example_automation_is_valid(hass: HomeAssistant, alias: str) -> None:
    """Home Assistant takes the examples as they are."""
    assert await async_setup_component(hass, "automation", {})
    config = await async_validate_config_item(hass, "example", AUTOMATIONS[alias])
    assert config is not None
    assert config.validation_error is None


def test_there_are_examples() -> None:
    """Every action is shown, and some whole automations."""
    assert len(AUTOMATIONS) >= 3
    assert {call["action"] for call in CALLS} == {
        f"{DOMAIN}.{name}" for name in SERVICES
    }


FORM_FIELDS = {
    (heading, field): label
    for heading, flow in (
        ("### Installation parameters", "config"),
        ("## Options", "options"),
    )
    for step in ENGLISH[flow]["step"].values()
    for form in (step, *step.get("sections", {}).values())
    for field, label in form.get("data", {}).items()
}


@pytest.mark.parametrize(("heading", "field"), FORM_FIELDS)
def test_field_of_a_form_is_explained(heading: str, field: str) -> None:
    """Each field of the flows is explained, and called what the form calls it."""
    row = re.search(
        rf"^\| `{field}` \| (.+?) \| .+ \|$", section(heading), re.MULTILINE
    )
    assert row
    assert FORM_FIELDS[heading, field] in row[1]


@pytest.mark.parametrize("choice", ["watch", "control"])
def test_choice_is_explained(choice: str) -> None:
    """Both ways to go on are called what the menu calls them."""
    label = ENGLISH["config"]["step"]["found"]["menu_options"][choice]
    assert f"**{label}**" in section("## Setting up")


def test_keys_are_listed() -> None:
    """CONTRIBUTING lists every key, and every listed key is still there."""
    assert set(ENTITIES) == LISTED


@pytest.mark.parametrize(("platform", "key"), sorted(ENTITIES))
def test_entity_is_explained(platform: str, key: str) -> None:
    """README has each entity with its name and unit, and says whether it is disabled."""
    entity = ENTITIES[platform, key]
    name, *cells = ROWS[f"`{key}`"]
    text = ENGLISH["entity"][platform][entity.translation_key]["name"]
    numbers = {"number": "1", **(entity.translation_placeholders or {})}
    assert name == text.format(**numbers)
    unit = getattr(entity, "native_unit_of_measurement", None) or ""
    assert unit in cells
    assert (
        cells[-1] == {True: "on", False: "off"}[entity.entity_registry_enabled_default]
    )


@pytest.mark.parametrize("mode", ENGLISH["selector"]["mode"]["options"])
def test_mode_is_explained(mode: str) -> None:
    """Each mode that an action offers is in README."""
    assert f"`{mode}`" in section("### Modes")


SAID = [
    re.sub(r"\{\w+\}", "…", text["message"]) for text in ENGLISH["exceptions"].values()
]


@pytest.mark.parametrize(
    "quoted", re.findall(r"\*([^*]+…?\.)\*", section("### Errors of actions"))
)
def test_error_is_quoted_as_it_is_said(quoted: str) -> None:
    """The errors that README explains are the ones that people read."""
    assert [text for text in SAID if quoted in text]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist(document: str) -> None:
    """Every script that is named is there and can be run."""
    commands = re.findall(r"`((?:scripts|\.ci)/\w+)\b", DOCUMENTS[document])
    commands += re.findall(r"^(scripts/\w+)$", DOCUMENTS[document], re.MULTILINE)
    assert {"scripts/demo", "scripts/test"} <= set(commands)
    assert [
        command
        for command in commands
        if not (ROOT / command).is_dir() and not os.access(ROOT / command, os.X_OK)
    ] == []


@pytest.mark.parametrize("command", ["scripts/demo", "scripts/test"])
def test_a_command_is_all_that_one_types(command: str) -> None:
    """The two commands of a new user stand alone in a block, and are all there is to it."""
    shown = re.search(
        rf"^```sh\n{command}\n```\n\n(.+)",
        section("## Try it without a battery"),
        re.MULTILINE,
    )
    assert shown
    assert shown[1].startswith("is all you type")


def slug(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_within_the_repository_lead_somewhere(document: str) -> None:
    """Anchors are headings, and relative links are files."""
    text = DOCUMENTS[document]
    anchors = {
        slug(heading) for heading in re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    }
    links = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", text)
    targets = [first or second for first, second in links]
    assert {target[1:] for target in targets if target.startswith("#")} <= anchors
    assert [
        target
        for target in targets
        if not re.match(r"#|https://", target) and not (ROOT / target).is_file()
    ] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_picture_is_small_and_shown(picture: Path) -> None:
    """Pictures load fast, and each has its place and its description in README."""
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert image.width <= 1000
    assert picture.stat().st_size < 150_000
    assert re.search(rf'src="docs/images/{picture.name}" width="\d+" alt=".+?"', README)


def test_oldest_home_assistant_is_the_one_that_hacs_is_told() -> None:
    """README asks for the version that HACS asks for."""
    oldest = json.loads((ROOT / "hacs.json").read_text())["homeassistant"]
    assert f"Home Assistant {oldest.removesuffix('.0')} or later" in README


# By the name of a feed.
INTERVALS = {
    "readings": (timedelta(minutes=5), "every 5 minutes"),
    "settings": (timedelta(minutes=25), "every 25 minutes"),
    "plan": (timedelta(hours=4), "every 4 hours"),
    "quota": (timedelta(hours=1), "every hour"),
    "identity": (timedelta(hours=12), "every 12 hours"),
    "totals": (timedelta(hours=1), "every hour"),
    "faults": (timedelta(hours=4), "every 4 hours"),
    "clock": (timedelta(hours=12), "every 12 hours"),
    "parts": (timedelta(hours=1), "every hour"),
    "meter_settings": (timedelta(hours=4), "every 4 hours"),
}


async def test_intervals_are_the_ones_that_readme_tells(
    loaded: MockConfigEntry,
) -> None:
    """The account asks as often as README says."""
    feeds = loaded.runtime_data.account.feeds
    assert {feed.name: feed.interval for feed in feeds} == {
        name: interval for name, (interval, _) in INTERVALS.items()
    }
    told = section("## How data is updated")
    assert [words for _, words in INTERVALS.values() if words not in told] == []

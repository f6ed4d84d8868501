"""Tests of what Home Assistant asks of an integration as such: our own hassfest."""

import ast
from collections.abc import Iterator, Mapping
import dataclasses
import json
from pathlib import Path
import re
from types import ModuleType
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
import hass_frontend
from PIL import Image
import probatio
import pytest

from custom_components.home_battery import (
    CONFIG_SCHEMA,
    PLATFORMS,
    binary_sensor,
    const,
    descriptions,
    number,
    select,
    sensor,
    switch,
    time,
)
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.entity import HomeBatteryEntity
from custom_components.home_battery.vendors import VENDORS
from custom_components.home_battery.vendors.flows import VendorFlows
import homeassistant.components
from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.components.time import TimeEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.selector import validate_selector
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

INTEGRATION = Path(const.__file__).parent
ROOT = INTEGRATION.parents[1]
CORE = Path(homeassistant.components.__path__[0])
MANIFEST = json.loads((INTEGRATION / "manifest.json").read_text())
ICONS = json.loads((INTEGRATION / "icons.json").read_text())
SERVICES = load_yaml_dict(str(INTEGRATION / "services.yaml"))
SCALE = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"]
SOURCES = {
    path.relative_to(INTEGRATION).as_posix(): ast.parse(path.read_text())
    for path in sorted(INTEGRATION.rglob("*.py"))
}


def matching(pattern: str) -> probatio.All:
    """Return a validator for texts of one form."""
    return probatio.All(str, probatio.Match(pattern))


# The manifest.

VERSIONS = [
    AwesomeVersionStrategy.CALVER,
    AwesomeVersionStrategy.SEMVER,
    AwesomeVersionStrategy.SIMPLEVER,
    AwesomeVersionStrategy.BUILDVER,
    AwesomeVersionStrategy.PEP440,
]


def test_manifest_is_one_that_hassfest_takes() -> None:
    """The manifest has what a custom integration needs, and no key besides."""
    probatio.Schema(
        {
            probatio.Required("domain"): INTEGRATION.name,
            probatio.Required("name"): probatio.All(str, probatio.Length(min=1)),
            probatio.Required("codeowners"): probatio.All(
                [matching(r"^@[\w./-]+$")], probatio.Length(min=1)
            ),
            probatio.Required("config_flow"): True,
            probatio.Required("documentation"): matching(
                r"^https://(?!www\.home-assistant\.io/integrations)"
            ),
            probatio.Required("integration_type"): "hub",
            probatio.Required("iot_class"): probatio.In(
                ["cloud_polling", "cloud_push", "local_polling", "local_push"]
            ),
            probatio.Required("issue_tracker"): matching(r"^https://"),
            probatio.Required("requirements"): [matching(r"^[\w.-]+==[\w.]+$")],
            probatio.Required("version"): str,
            probatio.Optional("after_dependencies"): [str],
            probatio.Optional("dependencies"): [str],
            probatio.Optional("loggers"): [str],
            probatio.Optional("zeroconf"): list,
            probatio.Optional("dhcp"): list,
            probatio.Optional("ssdp"): list,
            probatio.Optional("quality_scale"): str,
        }
    )(MANIFEST)


def test_manifest_keys_stand_in_order() -> None:
    """Domain and name come first, everything else by the alphabet."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(keys[2:])]


def test_version_is_one_everywhere() -> None:
    """The manifest, the code and the project tell the same version."""
    project = (ROOT / "pyproject.toml").read_text()
    assert MANIFEST["version"] == const.VERSION
    assert f'version = "{const.VERSION}"' in project.splitlines()
    assert AwesomeVersion(const.VERSION, ensure_strategy=VERSIONS).valid


def test_domain_is_one_everywhere() -> None:
    """The folder, the manifest and the code tell the same domain."""
    assert MANIFEST["domain"] == DOMAIN == INTEGRATION.name


def test_config_flow_is_there() -> None:
    """The manifest promises a config flow, and no YAML is taken."""
    assert "config_flow.py" in SOURCES
    assert CONFIG_SCHEMA({}) == {}


def test_domain_is_not_one_of_core() -> None:
    """No integration of Home Assistant is overridden."""
    assert (CORE / "sensor").is_dir()
    assert not (CORE / DOMAIN).exists()


@pytest.mark.parametrize("key", ["dependencies", "after_dependencies"])
def test_dependencies_are_of_core(key: str) -> None:
    """Each dependency is an integration that Home Assistant has."""
    assert [name for name in MANIFEST.get(key, []) if not (CORE / name).is_dir()] == []


def test_used_integrations_are_dependencies() -> None:
    """What is imported of other integrations is a platform of ours, or declared."""
    used = {
        name
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in used_integrations(node)
    }
    declared = {*MANIFEST.get("dependencies", []), *MANIFEST["after_dependencies"]}
    # What hassfest lets everyone use.
    free = {"diagnostics", "repairs", "system_health"}
    assert used - declared - free == set(PLATFORMS)


def used_integrations(node: ast.ImportFrom) -> set[str]:
    """Return the integrations of core that an import takes something from."""
    package, _, rest = (node.module or "").partition("homeassistant.components")
    if package or (node.module or "").partition(".")[0] != "homeassistant":
        return set()
    if node.module == "homeassistant.components":
        return {alias.name for alias in node.names}
    return {rest.split(".")[1]} if rest else set()


# What HACS reads.


def test_hacs_reads_the_integration() -> None:
    """HACS finds one integration, all in its folder, and knows its name."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["name"] == MANIFEST["name"]
    assert re.fullmatch(r"20\d\d\.(?:[1-9]|1[0-2])\.\d+", hacs["homeassistant"])
    folders = [path for path in INTEGRATION.parent.iterdir() if path.is_dir()]
    assert {path.name for path in folders} - {"__pycache__"} == {DOMAIN}
    assert {
        "domain",
        "documentation",
        "issue_tracker",
        "codeowners",
        "name",
        "version",
    } <= MANIFEST.keys()


def test_icon() -> None:
    """The integration brings its own icon, in the size that Home Assistant wants."""
    with Image.open(INTEGRATION / "brand" / "icon.png") as image:
        assert (image.format, image.size) == ("PNG", (256, 256))


# The actions.

FIELD = {
    probatio.Optional("required"): bool,
    probatio.Optional("advanced"): bool,
    probatio.Optional("default"): object,
    probatio.Optional("example"): object,
    probatio.Required("selector"): validate_selector,
}


@pytest.mark.parametrize("action", SERVICES)
def test_action_is_one_that_hassfest_takes(action: str) -> None:
    """Each field of an action has a selector that Home Assistant knows."""
    probatio.Schema({probatio.Required("fields"): {str: FIELD}})(SERVICES[action])


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_actions_are_described(hass: HomeAssistant) -> None:
    """The actions that exist without any entry are those that are described."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == SERVICES.keys()


@pytest.mark.usefixtures("enable_custom_integrations")
@pytest.mark.parametrize("action", SERVICES)
async def test_fields_of_an_action_are_described(
    hass: HomeAssistant, action: str
) -> None:
    """What an action takes, must have or assumes is what its form shows."""
    assert await async_setup_component(hass, DOMAIN, {})
    schema = hass.services.async_services_for_domain(DOMAIN)[action].schema
    fields = SERVICES[action]["fields"]
    taken = {str(marker): marker for marker in markers(schema)}
    assert taken.keys() == fields.keys()
    assert {
        key for key, marker in taken.items() if isinstance(marker, probatio.Required)
    } == {key for key, field in fields.items() if field.get("required")}
    assert {
        key: marker.default()
        for key, marker in taken.items()
        if isinstance(marker, probatio.Optional)
        and not isinstance(marker.default, probatio.Undefined)
    } == {key: field["default"] for key, field in fields.items() if "default" in field}


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_fields_of_a_period_are_described(hass: HomeAssistant) -> None:
    """The list of periods shows what a period takes, but for what few devices take."""
    assert await async_setup_component(hass, DOMAIN, {})
    schema = hass.services.async_services_for_domain(DOMAIN)["set_schedule"].schema
    assert isinstance(schema, probatio.Schema)
    taken = list(markers(schema.schema["periods"]))
    selector = SERVICES["set_schedule"]["fields"]["periods"]["selector"]
    fields = selector["object"]["fields"]
    assert set(map(str, taken)) == fields.keys() | {"days", "enabled"}
    assert {str(key) for key in taken if isinstance(key, probatio.Required)} == {
        key for key, field in fields.items() if field.get("required")
    }


def markers(schema: Any) -> Iterator[probatio.Marker]:
    """Yield the keys of a schema, also of one in a list or with conditions."""
    if isinstance(schema, probatio.Schema):
        yield from schema.schema
    parts = schema if isinstance(schema, list) else getattr(schema, "validators", ())
    for part in parts:
        yield from markers(part)


# The icons.


def icons(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yield every icon."""
    for value in tree.values():
        if isinstance(value, dict):
            yield from icons(value)
        else:
            yield value


@pytest.mark.parametrize("icon", sorted(set(icons(ICONS))))
def test_icon_exists(icon: str) -> None:
    """Each icon is one of those that the frontend brings."""
    folder = Path(hass_frontend.__file__).parent / "static" / "mdi"
    quoted = f'"{icon.removeprefix("mdi:")}":'
    assert icon.startswith("mdi:")
    assert any(quoted in path.read_text() for path in folder.glob("*.json"))


def test_state_has_an_icon_of_its_own() -> None:
    """A state's icon says something that the usual one does not."""
    assert [
        (platform, key, state)
        for platform, entities in ICONS["entity"].items()
        for key, entity in entities.items()
        for state, icon in entity.get("state", {}).items()
        if icon == entity["default"]
    ] == []


def test_every_action_has_an_icon() -> None:
    """Each action has an icon, and none is left over."""
    assert ICONS["services"].keys() == SERVICES.keys()
    assert all(icon.keys() == {"service"} for icon in ICONS["services"].values())


KINDS: dict[str, type[EntityDescription]] = {
    "binary_sensor": BinarySensorEntityDescription,
    "number": NumberEntityDescription,
    "select": SelectEntityDescription,
    "sensor": SensorEntityDescription,
    "switch": SwitchEntityDescription,
    "time": TimeEntityDescription,
}


def described(value: object) -> Iterator[EntityDescription]:
    """Yield the entity descriptions in a table, or in a table of tables."""
    match value:
        case EntityDescription():
            yield value
        case descriptions.Tables():
            yield from described(tuple(vars(value).values()))
        case tuple():
            for item in value:
                yield from described(item)


PLATFORM_MODULES: tuple[ModuleType, ...] = (
    binary_sensor,
    number,
    select,
    sensor,
    switch,
    time,
)
DESCRIPTIONS = [
    description
    for value in (
        *(value for module in PLATFORM_MODULES for value in vars(module).values()),
        *(vendor.tables for vendor in VENDORS.values()),
    )
    for description in described(value)
]


@pytest.mark.parametrize("platform", KINDS)
def test_icon_stands_where_no_device_class_has_one(platform: str) -> None:
    """An entity has an icon of its own just where its device class has none."""
    without = {
        str(description.translation_key)
        for description in DESCRIPTIONS
        if isinstance(description, KINDS[platform])
        and description.device_class in {None, "enum"}
    }
    own = ICONS["entity"].get(platform, {})
    # A state's own icon, or one for the thing whose time it is, says more.
    telling = {key for key, icon in own.items() if "state" in icon} | {
        description.key
        for description in DESCRIPTIONS
        if description.device_class == "timestamp"
    }
    # A field that only the vendor knows is described when it comes.
    assert without <= own.keys() <= without | telling | {"vendor_field"}


# The code.


def everywhere[NodeT: ast.AST](kind: type[NodeT]) -> list[tuple[str, NodeT]]:
    """Return all parts of one kind, each with its module."""
    return [
        (module, node)
        for module, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, kind)
    ]


CALLS = everywhere(ast.Call)


def last_name(node: ast.expr) -> str:
    """Return the last name in what is called, raised or inherited."""
    return ast.unparse(node).partition("[")[0].rpartition(".")[2]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_says_how_many_at_once(platform: str) -> None:
    """Each platform declares PARALLEL_UPDATES on top."""
    assigned = [
        ast.unparse(node)
        for node in SOURCES[f"{platform}.py"].body
        if isinstance(node, ast.Assign)
    ]
    assert re.fullmatch(r"PARALLEL_UPDATES = \d", assigned[0])


def test_platforms_stand_in_order() -> None:
    """The list of platforms is sorted and names every platform module."""
    assert list(PLATFORMS) == sorted(PLATFORMS)
    assert {str(platform) for platform in PLATFORMS} == {
        module.__name__.rpartition(".")[2] for module in PLATFORM_MODULES
    }


@pytest.mark.parametrize("name", ["coordinator.py", "entity.py", "diagnostics.py"])
def test_common_modules(name: str) -> None:
    """What every integration has is where people look for it."""
    assert name in SOURCES


def test_imports_within_are_relative() -> None:
    """A module names its neighbours as neighbours."""
    assert [
        (module, node.module)
        for module, node in everywhere(ast.ImportFrom)
        if not node.level and (node.module or "").startswith("custom_components")
    ] == []


def test_messages_for_the_log() -> None:
    """What is logged begins with a capital and has no full stop."""
    messages = [
        (module, str(call.args[0].value))
        for module, call in CALLS
        if re.match(r"_?LOGGER\.", ast.unparse(call.func), re.IGNORECASE)
        and isinstance(call.args[0], ast.Constant)
    ]
    assert messages
    assert [said for said in messages if not re.match(r"[A-Z%].*[^.]$", said[1])] == []


def test_errors_for_people_are_translated() -> None:
    """What reaches a person has a key and no words in one language."""
    translated = {
        "ConfigEntryAuthFailed",
        "ConfigEntryError",
        "ConfigEntryNotReady",
        "HomeAssistantError",
        "ServiceValidationError",
        "UpdateFailed",
    }
    needed = {"translation_domain", "translation_key"}
    errors = [(at, call) for at, call in CALLS if last_name(call.func) in translated]
    assert errors
    assert [
        (module, ast.unparse(call))
        for module, call in errors
        if call.args or not needed <= {word.arg for word in call.keywords}
    ] == []


def test_time_is_home_assistants() -> None:
    """Only the clock reads the machine's time."""
    readers = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    assert {module for module, call in CALLS if ast.unparse(call.func) in readers} <= {
        "transport/clock.py"
    }


def test_sessions_are_home_assistants() -> None:
    """No HTTP session is made that Home Assistant does not know of."""
    made = {
        (module, last_name(call.func))
        for module, call in CALLS
        if "session" in last_name(call.func).lower()
    }
    assert made == {("connect.py", "async_create_clientsession")}


def test_entities_stand_in_their_platform() -> None:
    """Entity classes are found in the module of their platform, or of the base."""
    assert {
        module
        for module, node in everywhere(ast.ClassDef)
        if any(last_name(base).endswith("Entity") for base in node.bases)
    } == {"entity.py", *(f"{platform}.py" for platform in PLATFORMS)}


def test_runtime_data_is_on_the_entry() -> None:
    """What belongs to an entry is kept there, not in one place for all."""
    assert [
        module
        for module, node in everywhere(ast.Subscript)
        if ast.unparse(node).endswith("hass.data[DOMAIN]")
    ] == []


def test_actions_are_registered_in_one_place() -> None:
    """Actions are registered when Home Assistant starts, never by an entry."""
    assert {
        module
        for module, call in CALLS
        if ast.unparse(call.func).endswith("services.async_register")
    } == {"services.py"}
    assert [
        (module, function.name)
        for module, function in everywhere(ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and last_name(call.func) == "async_setup_services"
    ] == [("__init__.py", "async_setup")]


def test_unique_ids_name_neither_domain_nor_platform() -> None:
    """A unique id says what Home Assistant does not know already."""
    ids = [
        ast.unparse(node.value)
        for _, node in everywhere(ast.Assign)
        if any(last_name(target) == "_attr_unique_id" for target in node.targets)
    ]
    named = re.compile(rf"DOMAIN|platform|{DOMAIN}", re.IGNORECASE)
    assert ids
    assert [text for text in ids if named.search(text)] == []


def test_steps_are_named_after_their_method() -> None:
    """A form that a step shows comes back to that step."""
    steps = [
        (function.name, f"async_step_{ast.literal_eval(word.value)}")
        for _, function in everywhere(ast.AsyncFunctionDef)
        if function.name.startswith("async_step_")
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "step_id"
    ]
    assert steps
    assert [(method, step) for method, step in steps if method != step] == []


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("step", ["", "_reauth", "_reconfigure"])
def test_vendor_has_its_steps(vendor: str, step: str) -> None:
    """The menu and the ways back lead to a step of each vendor."""
    assert callable(getattr(VendorFlows, f"async_step_{vendor}{step}"))


def test_no_one_is_asked_for_a_pace_or_a_name() -> None:
    """How often to ask is ours to know, and names are changed where all are."""
    assert [
        (module, alias.name)
        for module, node in everywhere(ast.ImportFrom)
        for alias in node.names
        if alias.name in {"CONF_NAME", "CONF_SCAN_INTERVAL"}
    ] == []


def test_no_description_says_what_goes_without_saying() -> None:
    """A description's argument differs from what it is anyway."""
    defaults = {
        (kind.__name__, field.name): field.default
        for kind in vars(descriptions).values()
        if isinstance(kind, type)
        and issubclass(kind, EntityDescription)
        and kind.__module__ == descriptions.__name__
        for field in dataclasses.fields(kind)
    }
    said = [
        (last_name(call.func), word.arg, word.value)
        for _, call in CALLS
        for word in call.keywords
        if (last_name(call.func), word.arg) in defaults
    ]
    assert said
    assert [
        (kind, name, ast.unparse(value))
        for kind, name, value in said
        if ast.unparse(value) == str(defaults[kind, str(name)])
    ] == []


def test_entities_are_named_after_their_device() -> None:
    """The entity classes leave the device's name to the device."""
    base = ast.unparse(SOURCES["entity.py"]).splitlines()
    assert "    _attr_has_entity_name = True" in base
    assert all(
        issubclass(value, HomeBatteryEntity)
        for module in PLATFORM_MODULES
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Entity)
        and value.__module__ == module.__name__
    )


def test_tests_leave_the_lifecycle_to_home_assistant() -> None:
    """No test sets up or unloads an entry by itself."""
    direct = re.compile(r"await (?:\w+\.)?async_(?:setup|unload)_entry\(")
    assert [
        path.name
        for path in Path(__file__).parent.rglob("*.py")
        if direct.search(path.read_text())
    ] == []


# The quality scale.

RULES = load_yaml_dict(str(CORE / "peblar" / "quality_scale.yaml"))["rules"]


def test_every_rule_of_the_quality_scale_is_answered() -> None:
    """The scale has all rules, in Home Assistant's order, and no other."""
    assert list(SCALE) == list(RULES)
    assert len(SCALE) == 54


@pytest.mark.parametrize("rule", SCALE)
def test_answer_to_a_rule(rule: str) -> None:
    """A rule is kept, or there is a word on why it is not."""
    probatio.Schema(
        probatio.Any(
            probatio.In(["done", "todo"]),
            {
                probatio.Required("status"): probatio.In(["done", "exempt", "todo"]),
                probatio.Required("comment"): probatio.All(
                    str, probatio.Length(min=20)
                ),
            },
        )
    )(SCALE[rule])

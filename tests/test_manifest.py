"""Tests of what Home Assistant asks of an integration as such: our own hassfest."""

import ast
from collections.abc import Iterator
import json
import re
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from PIL import Image
import probatio
import pytest

from custom_components.home_battery import CONFIG_SCHEMA, PLATFORMS, const
from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import validate_selector
from homeassistant.setup import async_setup_component

from .source import CORE, INTEGRATION, SERVICES, SOURCES

ROOT = INTEGRATION.parents[1]
MANIFEST = json.loads((INTEGRATION / "manifest.json").read_text())


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
    # What hassfest lets everyone use, or whoever has a module of that name.
    free = {"diagnostics", "homeassistant", "llm", "repairs", "system_health"}
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

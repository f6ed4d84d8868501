"""Tests that every blueprint is what people import, and speaks the common language."""

from pathlib import Path
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import probatio
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import selector
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml

from .conftest import BLUEPRINTS

ROOT = BLUEPRINTS.parent
PATHS = sorted(BLUEPRINTS.rglob("*.yaml"))
DOCUMENT = (ROOT / "docs" / "blueprints.md").read_text()
DOCUMENTS = "".join(
    path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
)
TEXTS = {path: path.read_text() for path in PATHS}
ABOUT: dict[Path, dict[str, Any]] = {
    path: load_yaml_dict(str(path))["blueprint"] for path in PATHS
}
# What a battery may be told by a blueprint, whoever made it.
COMMON = {
    "force_charge",
    "force_discharge",
    "get_status",
    "hold",
    "set_soc_limits",
    "stop_override",
}
each = pytest.mark.parametrize(
    "path", PATHS, ids=lambda path: str(path.relative_to(BLUEPRINTS))
)


def url(path: Path) -> str:
    """Return where people find a blueprint."""
    return (
        "https://github.com/home-battery/home-battery/blob/main/"
        f"{path.relative_to(ROOT).as_posix()}"
    )


@each
def test_about(path: Path) -> None:
    """A blueprint says what it is, where it comes from and what it needs."""
    about = ABOUT[path]
    assert about["domain"] == path.relative_to(BLUEPRINTS).parts[0]
    assert about["source_url"] == url(path)
    assert about["homeassistant"] == {"min_version": "2026.10.0"}
    assert about["name"].startswith("Home Battery: ")
    assert len(about["description"]) > 80


@each
def test_inputs(path: Path) -> None:
    """An input has a name and a selector, which takes its default; batteries are ours."""
    inputs = ABOUT[path]["input"]
    for about in inputs.values():
        assert about["name"]
    defaults = [about for about in inputs.values() if "default" in about]
    for about in defaults:
        taken = probatio.Schema(selector(about["selector"]))(about["default"])
        assert taken == about["default"]
    devices = [
        about["selector"]["device"]["filter"]
        for about in inputs.values()
        if "device" in about["selector"]
    ]
    assert all(wanted == {"integration": "home_battery"} for wanted in devices)


@each
def test_common_language(path: Path) -> None:
    """Nothing but what all vendors share is used, and never the reserve for an outage."""
    text = TEXTS[path]
    assert set(re.findall(r"home_battery\.(\w+)\n", text)) <= COMMON
    assert not re.search(
        r"foxess|growatt|eaton|voltstorage|\bmin_soc\b", text, re.IGNORECASE
    )


@each
async def test_import(
    hass: HomeAssistant,
    blueprints: None,
    aioclient_mock: AiohttpClientMocker,
    path: Path,
) -> None:
    """Home Assistant imports it from where it is, and finds nothing missing."""
    raw = url(path).replace("github.com", "raw.githubusercontent.com")
    aioclient_mock.get(raw.replace("/blob/", "/"), text=TEXTS[path])
    imported = await fetch_blueprint_from_url(hass, url(path))
    assert imported.suggested_filename == f"home-battery/{path.stem}"
    assert imported.blueprint.validate() is None


def test_documents_list_them_all() -> None:
    """Each has its link, by which Home Assistant imports it, and no other is there."""
    links = [
        urlsplit(link)
        for link in re.findall(
            r"\]\((https://my\.home-assistant\.io/[^)]+)\)", DOCUMENTS
        )
    ]
    assert {
        parse_qs(link.query)["blueprint_url"][0]
        for link in links
        if link.path == "/redirect/blueprint_import/"
    } == set(map(url, PATHS))


def test_document_explains_the_fields_of_the_script() -> None:
    """Every field by which the prices are asked has its row."""
    fields = load_yaml_dict(str(BLUEPRINTS / "script/home_battery/prices.yaml"))[
        "fields"
    ]
    rows = "".join(re.findall(r"^\| (`.+?) \|", DOCUMENT, re.MULTILINE))
    assert re.findall(r"`(\w+)`", rows) == list(fields)


async def test_example_of_the_document(
    hass: HomeAssistant, blueprints: None, tmp_path: Path
) -> None:
    """Home Assistant takes the example as it stands, where imported blueprints lie."""
    for domain in ("script", "automation"):
        folder = tmp_path / "blueprints" / domain
        (folder / "home_battery").rename(folder / "home-battery")
    *_, script, automation = (
        parse_yaml(block)
        for block in re.findall(
            r"^```yaml$(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL
        )
    )
    assert await async_setup_component(hass, "script", {"script": script})
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    assert hass.states.is_state("script.electricity_prices", "off")
    assert hass.states.is_state("automation.charge_when_it_is_cheapest", "on")
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )

"""What browsers load: registered, of one version, and with a text for all that it says."""

import json
from pathlib import Path
import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.home_battery import const
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Simulation

from .conftest import async_set_up, make_entry

FOLDER = Path(const.__file__).parent / "frontend"
MODULES = {path.name: path.read_text() for path in sorted(FOLDER.glob("*.js"))}
ENGLISH = json.loads((FOLDER.parent / "translations" / "en.json").read_text())
URL = f"/home_battery_files/{const.VERSION}/home-battery.js"
PREFIXES = ("card_", "command_", "schedule_", "mode_", "dashboard_")
# The keys that are put together, by what they begin with.
COMPOSED = re.compile(r"\(\s*`([a-z_]+)\$\{")

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def resources(hass: HomeAssistant, ws: WebSocketGenerator) -> list[str]:
    """Return what dashboards load."""
    socket = await ws(hass)
    await socket.send_json_auto_id({"type": "lovelace/resources"})
    return [item["url"] for item in (await socket.receive_json())["result"]]


@pytest.fixture
async def dashboards(hass: HomeAssistant) -> None:
    """Set up dashboards, with a resource of the person's own."""
    await async_setup_component(hass, "lovelace", {})


@pytest.mark.usefixtures("dashboards")
async def test_resource_comes_and_goes(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """One resource serves all accounts, and goes with the last."""
    await async_set_up(hass, entry)
    other = make_entry(sim, unique_id="foxess_other", token=sim.foxess.token)
    await async_set_up(hass, other)
    assert await resources(hass, hass_ws_client) == [URL]
    client = await hass_client()
    for name in MODULES:
        answer = await client.get(URL.replace("home-battery.js", name))
        assert answer.status == 200
        assert "javascript" in answer.headers["Content-Type"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert await resources(hass, hass_ws_client) == [URL]
    await hass.config_entries.async_remove(other.entry_id)
    assert await resources(hass, hass_ws_client) == []


async def test_resource_of_another_version(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_storage: dict[str, dict[str, object]],
) -> None:
    """An update replaces the address, and leaves what people have added."""
    mine = {"id": "1", "type": "module", "url": "/local/mine.js"}
    former = {
        "id": "2",
        "type": "module",
        "url": "/home_battery_files/0.0.1/home-battery.js",
    }
    hass_storage["lovelace_resources"] = {
        "version": 1,
        "data": {"items": [mine, former]},
    }
    await async_setup_component(hass, "lovelace", {})
    await async_set_up(hass, entry)
    assert await resources(hass, hass_ws_client) == ["/local/mine.js", URL]


async def test_resources_in_yaml(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who keeps resources in YAML is told the address."""
    caplog.set_level("INFO", "custom_components.home_battery")
    await async_setup_component(
        hass, "lovelace", {"lovelace": {"mode": "yaml", "resources": []}}
    )
    await async_set_up(hass, entry)
    assert await resources(hass, hass_ws_client) == []
    assert f"Dashboards are kept in YAML: add {URL} there" in caplog.text


async def test_without_dashboards(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Without dashboards everything else works."""
    await async_set_up(hass, entry)
    assert hass.states.get("sensor.fox_ess_kh8_battery_soc") is not None


@pytest.mark.parametrize("name", MODULES)
def test_texts(name: str) -> None:
    """Whatever a module says has a text."""
    module = MODULES[name]
    said = set(re.findall(r'\bt\(\s*"([a-z_]+)"', module)) | set(
        re.findall(rf'"((?:{"|".join(PREFIXES)})[a-z_]+)"', module)
    )
    assert said - ENGLISH["common"].keys() == set()


def test_no_text_too_many() -> None:
    """Every text of the card is said somewhere."""
    code = "".join(MODULES.values())
    composed = (*COMPOSED.findall(code), "card_option_")
    unsaid = {
        key
        for key in ENGLISH["common"]
        if key.startswith(PREFIXES)
        and f'"{key}"' not in code
        and not key.startswith(composed)
    }
    assert unsaid == set()


@pytest.mark.parametrize("name", MODULES)
def test_nothing_that_may_change_or_be_misused(name: str) -> None:
    """No inner parts of Home Assistant's frontend, and no markup from outside."""
    module = MODULES[name]
    assert set(re.findall(r"<(ha-[a-z-]+|hui-[a-z-]+)", module)) <= {"ha-card"}
    assert not re.search(r"innerHTML|unsafe|eval\(|document\.write", module)
    assert not re.search(r"https?://(?!github\.com/home-battery)", module)


@pytest.mark.parametrize("name", MODULES)
def test_imports(name: str) -> None:
    """Whatever a module imports is shipped."""
    for target in re.findall(r'(?:from|import) "([^"]+)"', MODULES[name]):
        assert (FOLDER / target).is_file()

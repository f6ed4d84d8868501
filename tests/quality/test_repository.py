"""What hassfest and HACS ask of the repository, beside the code and its texts."""

import json
import re

from PIL import Image
import probatio
import pytest

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors import VENDORS
from homeassistant.components.brands.const import ALLOWED_IMAGES
from tests.source import INTEGRATION
from tests.test_docs import README, prose, section
from tests.test_manifest import MANIFEST, ROOT, matching

BRAND = INTEGRATION / "brand"
ICONS = json.loads((INTEGRATION / "icons.json").read_text())

ICON = matching("^mdi:[a-z0-9-]+$")
STATES = {str: ICON}
RANGE = {probatio.Coerce(float): ICON}
ENTITY = {
    probatio.Required("default"): ICON,
    probatio.Optional("state"): STATES,
    probatio.Optional("range"): RANGE,
    probatio.Optional("state_attributes"): {
        str: {
            probatio.Required("default"): ICON,
            probatio.Optional("state"): STATES,
            probatio.Optional("range"): RANGE,
        }
    },
}
SERVICE = {
    probatio.Required("service"): ICON,
    probatio.Optional("sections"): {str: ICON},
}


def test_icons_are_ones_that_hassfest_takes() -> None:
    """The icons have the shape that Home Assistant reads, and no key besides."""
    probatio.Schema(
        {
            probatio.Required("entity"): {str: {str: ENTITY}},
            probatio.Required("services"): {str: SERVICE},
        }
    )(ICONS)


def test_brand_images() -> None:
    """Each image is one that Home Assistant serves, in a size that it wants."""
    images = sorted(BRAND.iterdir())
    assert {path.name for path in images} == ALLOWED_IMAGES
    for path in images:
        factor = 1 + path.stem.endswith("@2x")
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert 128 * factor <= min(image.size) <= 256 * factor, path.name


def test_one_integration() -> None:
    """HACS takes the first folder that it finds; all that is needed lies in it."""
    assert [
        path.name
        for path in INTEGRATION.parent.iterdir()
        if path.is_dir() and path.name != "__pycache__"
    ] == [DOMAIN]
    outside = re.compile(r"""["'](?:\.\./|/config/custom_components)""")
    assert [
        path.name
        for path in INTEGRATION.rglob("*.py")
        if outside.search(path.read_text())
    ] == []


def test_license_is_one_of_the_open_source_initiative() -> None:
    """The licence's text is that of the MIT licence, and the project says so."""
    text = " ".join((ROOT / "LICENSE").read_text().split())
    assert text.startswith("MIT License Copyright (c) 20")
    assert "without restriction, including without limitation the rights" in text
    assert 'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND' in text
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text()


def test_places_are_those_of_one_repository() -> None:
    """Where to read, to ask and to install is the same everywhere."""
    home = MANIFEST["documentation"]
    owner, _, name = home.removeprefix("https://github.com/").partition("/")
    assert MANIFEST["issue_tracker"] == f"{home}/issues"
    assert f"@{owner}" in MANIFEST["codeowners"]
    assert "hacs" not in name.lower()
    assert f"`{home}`" in section("### Through HACS")
    assert f"owner={owner}&repository={name}&category=integration" in README
    assert set(re.findall(r"https://github\.com/home-battery/[\w-]+", README)) == {home}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_is_explained(vendor: str) -> None:
    """README tells of each vendor what is supported, and what is not."""
    assert re.search(
        rf"^### {re.escape(VENDORS[vendor].name)}",
        section("## Supported devices"),
        re.MULTILINE,
    )


# What a section must say for somebody who does it for the first time.
SAID = {
    "# Home Battery": ("Fox ESS", "Growatt", "VoltStorage", "Eaton"),
    "### Through HACS": ("Custom repositories", "Integration", "Restart"),
    "### By hand": ("home_battery.zip", "custom_components/home_battery", "Restart"),
    "## Known limitations": ("\n- ",),
    "## Removing": ("three dots", "Delete", "Restart", "dashboard"),
    "## Troubleshooting": ("Download diagnostics", "debug"),
    "## Use cases": ("\n- ",),
    "## Privacy and safety": ("grid operator", "outage", "wear"),
}


@pytest.mark.parametrize("heading", SAID)
def test_section_says_what_to_do(heading: str) -> None:
    """A section has the words of what it is about."""
    text = prose(section(heading))
    assert [words for words in SAID[heading] if words not in text] == []

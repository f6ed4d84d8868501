"""Tests that every icon is there, and stands where it is needed."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from typing import Any

import hass_frontend
import pytest

from .source import INTEGRATION, SERVICES
from .tables import DESCRIPTIONS, KINDS

ICONS = json.loads((INTEGRATION / "icons.json").read_text())


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

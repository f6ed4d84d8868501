"""Tests that every entity, state and mode has a text."""

from itertools import chain
import re

import pytest

from custom_components.home_battery.battery.model import Mode
from custom_components.home_battery.vendors import VENDORS
from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription

from .tables import DESCRIPTIONS, KINDS
from .texts import ENGLISH, placeholders

PLACES = {
    (platform, description.key): description
    for description in DESCRIPTIONS
    for platform, kind in KINDS.items()
    if isinstance(description, kind)
}
MODES = [*map(str, Mode), *chain(*(vendor.tables.modes for vendor in VENDORS.values()))]


@pytest.mark.parametrize("place", PLACES, ids=":".join)
def test_translation_key_is_the_key(place: tuple[str, str]) -> None:
    """One word for an entity: in its identity, its tables and its texts.

    What there are several of shares a text, which leaves the number to be filled in.
    """
    description = PLACES[place]
    filled = description.translation_placeholders or {}
    number = filled.get("number")
    assert description.translation_key == re.sub(
        rf"_{number}(?=_|$)", "", description.key
    )
    name = ENGLISH["entity"][place[0]][description.translation_key]["name"]
    assert placeholders(name) == filled.keys()


def test_every_entity_has_a_name() -> None:
    """Each entity of the tables is named, and no name is left over."""
    named = {
        (platform, key)
        for platform, entities in ENGLISH["entity"].items()
        for key in entities
    }
    # A field that only the vendor knows is described when it comes.
    assert named == {("sensor", "vendor_field")} | {
        (platform, description.translation_key)
        for (platform, _), description in PLACES.items()
    }


ENUMS = {
    description.key: description.options
    for description in PLACES.values()
    if isinstance(description, SensorEntityDescription)
    and description.device_class is SensorDeviceClass.ENUM
}


@pytest.mark.parametrize("key", ENUMS)
def test_every_state_has_a_text(key: str) -> None:
    """Each option of a sensor is shown in words; without a list it is the modes."""
    states = ENGLISH["entity"]["sensor"][key]["state"]
    assert list(states) == (ENUMS[key] or MODES)


def test_every_mode_has_a_text() -> None:
    """Each mode of each vendor can be shown and chosen in words."""
    assert list(ENGLISH["entity"]["select"]["operating_mode"]["state"]) == MODES
    assert list(ENGLISH["selector"]["mode"]["options"]) == MODES

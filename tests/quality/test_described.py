"""Rules that are kept by how the entities are described."""

import ast
from collections.abc import Mapping
import re

import pytest

from homeassistant.components.number.const import DEVICE_CLASS_UNITS as NUMBER_UNITS
from homeassistant.components.sensor.const import DEVICE_CLASS_UNITS as SENSOR_UNITS
from homeassistant.const import PERCENTAGE
from tests.source import CALLS, everywhere, name_of
from tests.tables import DESCRIPTIONS, KINDS

UNITS: Mapping[str, Mapping[str, set[str]]] = {
    platform: {str(kind): {*map(str, units)} for kind, units in known.items()}
    for platform, known in (("sensor", SENSOR_UNITS), ("number", NUMBER_UNITS))
}
# What no device class is about, though one has its unit.
PLAIN = {PERCENTAGE, "None"}


@pytest.mark.parametrize("platform", UNITS)
def test_what_has_a_unit_has_a_device_class(platform: str) -> None:
    """A unit by which Home Assistant knows what is measured comes with that class."""
    known = set().union(*UNITS[platform].values()) - PLAIN
    described = [one for one in DESCRIPTIONS if isinstance(one, KINDS[platform])]
    units = {
        one.key: (
            str(getattr(one, "native_unit_of_measurement", None)),
            one.device_class,
        )
        for one in described
    }
    assert len(units) > 20
    assert [
        key
        for key, (unit, kind) in units.items()
        if (kind is None and unit in known)
        or (kind in UNITS[platform] and unit not in UNITS[platform][str(kind)])
    ] == []


CONTROLS = tuple(
    KINDS[platform] for platform in ("button", "number", "select", "switch", "time")
)


def test_what_is_set_up_once_is_a_matter_of_configuration() -> None:
    """A control is configuration, but for what a system is told now and then."""
    assert {
        description.key
        for description in DESCRIPTIONS
        if isinstance(description, CONTROLS) and description.entity_category is None
    } == {
        "command",
        "command_duration",
        "command_power",
        "command_target_soc",
        "operating_mode",
        "unit_command",
        "unit_power",
    }


def test_what_is_off_at_first_is_for_few() -> None:
    """What is there for who looks for a fault is off; what is on is worth a look."""
    telling = [one for one in DESCRIPTIONS if isinstance(one, KINDS["sensor"])]
    on = {one.key for one in telling if one.entity_registry_enabled_default}
    noisy = re.compile(
        r"signal|voltage|current$|frequency|_code|cpu|memory_load|firmware"
    )
    assert {key for key in on if noisy.search(key)} == set()


def test_no_entity_is_named_in_code() -> None:
    """A name is a text of the translations, never one of the code."""
    named = [
        (module, ast.unparse(node))
        for module, node in everywhere(ast.Assign)
        if any(
            name_of(target) in {"_attr_name", "_attr_icon"} for target in node.targets
        )
    ]
    described = [
        (module, ast.unparse(call))
        for module, call in CALLS
        if name_of(call.func).endswith("Description")
        and {word.arg for word in call.keywords} & {"name", "icon"}
    ]
    assert [*named, *described] == []

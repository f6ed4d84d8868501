"""The families: how each is told and asked about, as the notes list them (1.3)."""

import pytest

from custom_components.home_battery.vendors.growatt.endpoints import ENDPOINTS
from custom_components.home_battery.vendors.growatt.families import (
    FAMILIES,
    Family,
    family_of_check,
    family_of_v1,
    family_of_v4,
)

# Type and word of API v1, type of API v4, number in the check of a serial number.
NOTES: dict[str, tuple[int | None, str | None, str | None, int | None]] = {
    "inverter": (1, "inverter", "inv", 16),
    "storage": (2, "storage", "storage", 96),
    "max": (4, "max", "max", 18),
    "sph": (5, "mix", "sph", 17),
    "spa": (6, "spa", "spa", 19),
    "min": (7, "tlx", "min", 22),
    "pcs": (8, "pcs", None, 81),
    "hps": (9, "hps", None, 82),
    "pbd": (10, "pbd", None, 83),
    "boost": (11, "boost", None, None),
    "wit": (None, None, "wit", 218),
    "sph_s": (None, None, "sph-s", 260),
    "noah": (None, None, "noah", 1000),
    "nexa": (None, None, "noah", 1000),
    "meter": (None, "ammeter", None, None),
    "env": (None, "env", None, None),
    "datalogger": (None, "datalogger", None, 0),
}


def test_no_family_is_missing() -> None:
    """Every family is as the notes say."""
    assert {
        key: (family.v1_type, family.v1_word, family.v4_type, family.check_type)
        for key, family in FAMILIES.items()
    } == NOTES


@pytest.mark.parametrize(
    "family", [family for family in FAMILIES.values() if family.key != "nexa"]
)
def test_family_is_told(family: Family) -> None:
    """By each number or word that a family has, it is found."""
    found = [
        family_of_v1(family.v1_type),
        family_of_v4(family.v4_type),
        family_of_check(family.check_type),
    ]
    told = [family.v1_type, family.v4_type, family.check_type]
    assert found == [None if number is None else family for number in told]


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("NEXA 2000", "nexa"),
        ("nexa2000", "nexa"),
        ("Noah 2000", "noah"),
        ("", "noah"),
        (None, "noah"),
    ],
)
def test_nexa_is_told_by_its_model(model: str | None, key: str) -> None:
    """Both have the same type; only the model differs."""
    assert family_of_v4("noah", model) is FAMILIES[key]
    assert family_of_check(1000, model) is FAMILIES[key]


def test_unknown_type() -> None:
    """What is not known has no family."""
    assert family_of_v1(3) is None
    assert family_of_v1(99) is None
    assert family_of_v4("new") is None
    assert family_of_check(5.5) is None


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_calls_of_a_family(family: Family) -> None:
    """A family of the first version has records; parameters are those of the calls."""
    in_v1 = family.v1_type is not None
    assert family.has("details") is in_v1
    assert family.has("last_data") is (in_v1 or family.key in {"meter", "env"})
    single = {key for key in FAMILIES if f"{key}_last_data" in ENDPOINTS}
    many = {key for key in FAMILIES if f"{key}_last_data_many" in ENDPOINTS}
    assert many == {"inverter", "max", "sph", "spa", "min", "boost"}
    assert single == {*many, "storage", "pcs", "hps", "pbd", "meter", "env"}


@pytest.mark.parametrize(
    "key",
    ["inverter", "storage", "max", "sph", "spa", "min", "pcs", "hps", "pbd", "boost"],
)
def test_spelling_of_serial_numbers(key: str) -> None:
    """What the first version calls a serial number depends on the family."""
    family = FAMILIES[key]
    for call in ("last_data", "history"):
        parameters = ENDPOINTS[f"{key}_{call}"].parameters
        assert parameters[0] == family.serial_parameter
    many = [name for name in ENDPOINTS if name == f"{key}_last_data_many"]
    for name in many:
        assert ENDPOINTS[name].parameters[0] == family.serials_parameter

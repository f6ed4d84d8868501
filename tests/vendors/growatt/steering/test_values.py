"""Values out of settings records, which come in all shapes."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.growatt.steering.values import (
    clock,
    flag,
    numbered,
    whole,
)

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
)


@pytest.mark.parametrize(
    ("value", "minute"),
    [
        ("0:0", 0),
        ("7:5", 425),
        ("23:59", 1439),
        ("07:05:00", 425),
        ("24:0", 1439),
        ("24:1", None),
        ("11:187", None),
        ("30:30", None),
        ("null", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_clock(value: object, minute: int | None) -> None:
    """Times are read as they were seen, and what is none is none."""
    assert clock(value) == minute


@pytest.mark.parametrize(
    ("value", "on"),
    [
        (1, True),
        ("1", True),
        ("0001", True),
        (True, True),
        ("true", True),
        (0, False),
        ("0000", False),
        (False, False),
        ("false", False),
        (-1, None),
        (2, None),
        ("", None),
        ("null", None),
        (None, None),
    ],
)
def test_flag(value: object, on: bool | None) -> None:
    """Switches come as numbers, as text and as truth."""
    assert flag({"key": value}, "other", "key") is on


@pytest.mark.parametrize(
    ("record", "value"),
    [
        ({"new": "20", "old": 10}, 20),
        ({"new": -1, "old": 10.0}, 10),
        ({"new": "", "old": "10"}, 10),
        ({"new": None}, None),
        ({"old": "null"}, None),
        ({}, None),
    ],
)
def test_first_sound_number_counts(record: dict[str, Any], value: int | None) -> None:
    """A key that says nothing sound leaves it to the next."""
    assert whole(record, "new", "old") == value


@given(ANYTHING)
def test_anything_is_survived(value: object) -> None:
    """Whatever is sent is a value or none."""
    record = {"key": value}
    assert whole(record, "key") is None or isinstance(whole(record, "key"), int)
    assert flag(record, "key") in {None, True, False}
    assert clock(value) is None or clock(value) in range(1440)


def test_all_numbered_parameters_are_sent() -> None:
    """What a call makes no use of is sent empty."""
    assert numbered("param", ("1", "2"), 4) == {
        "param1": "1",
        "param2": "2",
        "param3": "",
        "param4": "",
    }

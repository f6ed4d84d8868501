"""Numbers out of whatever a vendor sends."""

import math

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.fields import Field, number

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=5,
)


@given(JSON)
def test_number_takes_anything(value: object) -> None:
    """Whatever comes is a finite number or none."""
    result = number(value)
    assert result is None or math.isfinite(result)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (-2.5, -2.5),
        ("3.5", 3.5),
        (" 4 ", 4.0),
        (1e18, 1e18),
        (2**64, None),
        ("-1e300", None),
        ("", None),
        ("--", None),
        ("n/a", None),
        ("nan", None),
        ("inf", None),
        (float("nan"), None),
        (float("-inf"), None),
        (10**400, None),
        (True, None),
        (None, None),
        ([1], None),
    ],
)
def test_number(value: object, expected: float | None) -> None:
    """Numbers come as numbers or as text."""
    assert number(value) == expected


@given(
    st.dictionaries(st.sampled_from(["a", "b"]), JSON),
    st.floats(-1e6, 1e6),
    st.one_of(st.just(math.inf), st.floats(0, 1e9)),
)
def test_field_takes_anything(
    record: dict[str, object], scale: float, limit: float
) -> None:
    """Whatever a record holds, a reading is finite and within its limit, or none."""
    value = Field(key="x", names=("a", "b"), scale=scale, limit=limit).read(record)
    assert value is None or (math.isfinite(value) and abs(value) <= limit)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param({"a": 1.25, "b": 9}, 1250.0, id="the first name"),
        pytest.param({"b": "2"}, 2000.0, id="another name, as text"),
        pytest.param({"a": None, "b": 2}, 2000.0, id="the first is empty"),
        pytest.param({"a": -1, "b": 2}, 2000.0, id="the first means none"),
        pytest.param({"a": 1e6, "b": 2}, 2000.0, id="the first is garbage"),
        pytest.param({"a": 1.8559999999999999}, 1856.0, id="binary noise"),
        pytest.param({"a": 1e6}, None, id="nothing sound"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_field(record: dict[str, object], expected: float | None) -> None:
    """The first sound value counts, in our unit and without noise."""
    field = Field(
        key="x",
        names=("a", "b"),
        scale=1000,
        limit=200_000,
        sentinels=frozenset({-1.0}),
    )
    assert field.read(record) == expected


def test_zero_has_no_sign() -> None:
    """-0.0 is 0."""
    value = Field(key="x", names=("a",)).read({"a": -0.0})
    assert value is not None
    assert math.copysign(1, value) == 1

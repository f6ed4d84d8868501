"""What a vendor measures beyond the common readings."""

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.fields import Field
from custom_components.home_battery.battery.variables import (
    Quantity,
    numbered,
    single,
    text_of,
    value_of,
)

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.none())
)


def field(key: str, names: tuple[str, ...], quantity: Quantity) -> Field:
    """Return a field without limits."""
    return Field(key=key, names=names)


def test_numbered() -> None:
    """Places are numbered by us, and named as the vendor does."""
    first, second, third = numbered(
        "phase", (1, 2, 4), {Quantity.POWER: ("p{n}", "p{p}")}, make=field
    )
    assert (first.key, first.text, first.number) == ("phase_1_power", "phase_power", 1)
    assert first.names == ("p1", "pr")
    assert second.names == ("p2", "ps")
    assert third.names == ("p4", "p")


@pytest.mark.parametrize(
    ("quantity", "record", "expected"),
    [
        (Quantity.POWER, {"a": "7"}, 7.0),
        (Quantity.CODE, {"a": 7}, "7"),
        (Quantity.CODE, {"a": 7.0}, "7"),
        (Quantity.CODE, {"a": 0}, "0"),
        (Quantity.CODE, {"a": " 007 "}, "007"),
        (Quantity.CODE, {"a": ""}, None),
        (Quantity.CODE, {"a": "", "b": "x"}, "x"),
        (Quantity.CODE, {"a": float("nan")}, None),
        (Quantity.CODE, {"a": True}, None),
        (Quantity.CODE, {"a": "x" * 256}, None),
        (Quantity.FAULT, {"a": 0}, "-"),
        (Quantity.FAULT, {"a": "0"}, "-"),
        (Quantity.FAULT, {"a": ""}, "-"),
        (Quantity.FAULT, {"a": 31}, "31"),
        (Quantity.FAULT, {}, None),
    ],
    ids=str,
)
def test_variable(
    quantity: Quantity, record: dict[str, object], expected: object
) -> None:
    """Numbers are numbers, codes are texts, and no fault is told as such."""
    assert single("x", quantity, "a", "b", make=field).read(record) == expected


@given(ANYTHING)
def test_any_value(value: object) -> None:
    """Whatever comes is a finite number or a short text, or nothing."""
    assert isinstance(value_of(value), float | str | None)
    assert len(text_of(value) or "") <= 255

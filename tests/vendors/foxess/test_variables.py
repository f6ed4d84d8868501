"""Variables beyond the common readings."""

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.foxess.variables import VARIABLES, values_of

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.none())
)


def test_keys_and_names_are_unique() -> None:
    """No two variables share a key or a name."""
    assert len({variable.key for variable in VARIABLES}) == len(VARIABLES)
    assert len({variable.names for variable in VARIABLES}) == len(VARIABLES)


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ({"pv1power": 1.5, "pv1volt": 380}, {"pv_string_1_power": 1500.0, "pv_string_1_voltage": 380.0}),
        ({"pv3power": 0, "pv3volt": 3.4}, {}),
        ({"pv3power": 0, "pv3volt": 120}, {"pv_string_3_power": 0.0, "pv_string_3_voltage": 120.0}),
        ({"soc_2": 55, "invbatpower_2": -1.25}, {"pack_2_soc": 55.0, "pack_2_power": -1250.0}),
        ({"svolt": 231.4}, {"phase_2_voltage": 231.4}),
        ({"reactivepower": 0.12}, {"reactive_power": 120.0}),
        ({"currentfault": "123,45"}, {"fault_codes": "123,45"}),
        ({"currentfault": ""}, {"fault_codes": "-"}),
        ({"newthing": 7, "other.thing": "x"}, {"foxess_newthing": 7.0, "foxess_other_thing": "x"}),
        ({"newthing": "", "pvpower": 3}, {}),
        ({"todayyield": 429496729.5}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_value(raw: dict[str, object], values: dict[str, object]) -> None:
    """Each variable has its key and our unit."""
    assert values_of(raw, has_battery=True) == values


def test_without_a_battery() -> None:
    """An inverter without a battery tells nothing of one."""
    raw = {"soc_1": 50, "energythroughput": 10, "batstatus": "1", "rfreq": 50}
    assert values_of(raw, has_battery=False) == {"phase_1_frequency": 50.0}


@given(
    st.dictionaries(
        st.sampled_from([v.names[0] for v in VARIABLES] + ["odd"]), ANYTHING
    )
)
def test_any_record(raw: dict[str, object]) -> None:
    """Whatever comes, what is told are numbers and short texts."""
    values = values_of(raw, has_battery=True)
    assert all(
        isinstance(value, float) or len(str(value)) <= 255 for value in values.values()
    )

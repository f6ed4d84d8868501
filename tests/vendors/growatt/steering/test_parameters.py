"""Every documented setting by its name."""

import pytest

from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.vendors.endpoint import Access
from custom_components.home_battery.vendors.growatt.steering.families import FAMILIES
from custom_components.home_battery.vendors.growatt.steering.parameters import (
    CATALOGUES,
    VPP,
)

from . import beans
from .test_settings import HELD, RECORDS, another, parsed

NAMED = {
    (write.endpoint, write.parameters.get("type") or write.parameters.get("paramId"))
    for kind in ("min", "sph", "spa", "storage", "max", "inverter")
    for key in HELD[kind]
    for steering in [parsed(kind, RECORDS[kind])]
    for write in steering.writes_of_controls({key: another(steering.controls()[key])})
}


def test_every_setting_of_an_entity_is_documented() -> None:
    """What entities write is among the documented names, but for version 4's calls."""
    documented = {
        (catalogue.call.endpoint, name)
        for catalogue in CATALOGUES.values()
        if catalogue.call is not None
        for name, parameter in catalogue.parameters.items()
        if parameter.access is Access.WRITE
    }
    assert {pair for pair in NAMED if pair[1] is not None} <= documented
    assert len(NAMED) > 20


def test_all_parameters_of_a_power_plant() -> None:
    """There are 34, without a gap."""
    assert list(VPP) == [f"set_param_{number}" for number in range(1, 35)]


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("min", "charge_power", ("100",)),
        ("min", "pv_active_p_rate", ("60",)),
        ("min", "pv_active_p_rate", ("60", "1", "0")),
        ("min", "pf_sys_year", ("2026-10-05 12:00:00",)),
        ("min", "time_segment9", ("1", "0", "0", "23", "59", "1")),
        ("min", "set_param_27", ("-100",)),
        ("sph", "mix_ac_discharge_time_period", ("100", "10", *"000000000000000")),
        ("spa", "spa_load_flast", tuple("000000000000000")),
        ("storage", "storage_ac_charge_hour_start", ("24", "0", "1", "59")),
        ("inverter", "pv_active_p_rate", ("50",)),
        ("wit", "set_param_3", ("2026-10-05 12:00:00",)),
    ],
)
def test_what_is_documented_is_written(
    kind: str, name: str, words: tuple[str, ...]
) -> None:
    """The values go out as they stand."""
    write = CATALOGUES[kind].write("SN1", name, *words)
    assert name in write.parameters.values()
    assert [*write.parameters.values()][2 : 2 + len(words)] == [*words] or (
        write.parameters["value"],
    ) == words


@pytest.mark.parametrize(
    ("kind", "name", "words", "problem"),
    [
        ("min", "charge_power", ("101",), Problem.UNKNOWN_OPTION),
        ("min", "charge_power", ("",), Problem.UNKNOWN_OPTION),
        ("min", "charge_power", ("1e1",), Problem.UNKNOWN_OPTION),
        ("min", "charge_power", (), Problem.PARAMETER_COUNT),
        ("min", "charge_power", ("1", "2"), Problem.PARAMETER_COUNT),
        ("min", "tlx_on_off", ("1",), Problem.UNKNOWN_OPTION),
        ("min", "pf_sys_year", ("12:00",), Problem.UNKNOWN_OPTION),
        ("min", "set_any_reg", ("1", "2"), Problem.UNKNOWN_CONTROL),
        ("min", "pv_grid_voltage_high", ("270",), Problem.UNKNOWN_CONTROL),
        ("min", "nothing", ("1",), Problem.UNKNOWN_CONTROL),
        ("sph", "backflow_setting", ("1",), Problem.PARAMETER_COUNT),
        ("sph", "set_param_12", ("10000",), Problem.UNKNOWN_CONTROL),
        ("max", "set_param_1", ("1",), Problem.UNKNOWN_CONTROL),
        ("spa", "set_param_34", ("",), Problem.UNKNOWN_OPTION),
    ],
)
def test_what_is_refused(
    kind: str, name: str, words: tuple[str, ...], problem: Problem
) -> None:
    """Nothing goes out that the vendor does not document, and no grid code at all."""
    with pytest.raises(ChangeError) as caught:
        CATALOGUES[kind].write("SN1", name, *words)
    assert caught.value.problem is problem


@pytest.mark.parametrize("kind", CATALOGUES)
def test_each_can_be_asked_for(kind: str) -> None:
    """Every setting is read by its name, and its answer found again by it."""
    catalogue = CATALOGUES[kind]
    for name in catalogue.parameters:
        reading = catalogue.reading(name)
        asked = reading.asked("SN1")
        assert {"SN1", name} <= set(asked.values())
        assert reading.bean("5") == {name: "5"}
        assert reading.bean("") == reading.bean(None) == {}


@pytest.mark.parametrize("kind", ["min", "sph", "spa"])
def test_keys_that_tell_a_setting(kind: str) -> None:
    """Where a record is said to tell a setting, most of its keys are there."""
    told = {
        key for parameter in CATALOGUES[kind].own.values() for key in parameter.told_by
    }
    record = {**RECORDS[kind], **beans.MIX}
    assert len(told & record.keys()) > 10
    assert FAMILIES[kind].needs in told


def test_grid_codes_and_registers_are_nobodys() -> None:
    """What concerns the grid's operator cannot be written in any family."""
    refused = {
        name
        for catalogue in CATALOGUES.values()
        for name, parameter in catalogue.parameters.items()
        if parameter.access is Access.REFUSED
    }
    words = ("voltage", "frequency", "reactive", "power_factor", "any_reg", "pf_cmd")
    every = {name for catalogue in CATALOGUES.values() for name in catalogue.parameters}
    assert {name for name in every if any(word in name for word in words)} <= refused
    assert {f"set_param_{number}" for number in range(8, 13)} <= refused

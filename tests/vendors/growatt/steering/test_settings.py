"""Settings of each family: what they show, and what is sent for a change."""

from typing import Any

import pytest

from custom_components.home_battery.battery.control import (
    ChoiceControl,
    Control,
    ControlValue,
    NumberControl,
    SwitchControl,
)
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.vendors.growatt.steering.families import FAMILIES
from custom_components.home_battery.vendors.growatt.steering.settings import Steering
from custom_components.home_battery.vendors.growatt.steering.values import Bean

from . import beans

STORAGE: dict[str, Any] = {
    "storage_cmd_on_off": "0001",
    "storage_cmd_mode": "1",
    "storage_cmd_forced_discharge_enable": "0",
    "storage_lithium_battery": "10",
    "storage_ac_charge_enable_disenable": "1",
    "storage_ac_charge_soc_limit": 80,
}
WIT: dict[str, Any] = {
    "onOff": 1,
    "activeRate": 50,
    "set_param_7": 0,
    "set_param_22": 100,
    "set_param_23": "10",
    "set_param_28": 1,
    "set_param_29": 20,
}
RECORDS: dict[str, Bean] = {
    "min": beans.MIN,
    "sph": {**beans.SPH, "pv_on_off": "1"},
    "spa": {**beans.SPA, "pv_on_off": "0"},
    "noah": beans.NOAH,
    "nexa": beans.NOAH,
    "inverter": {"pv_on_off": "1", "power_v4": 100},
    "max": {"max_cmd_on_off": "0001", "power_v4": "60"},
    "storage": STORAGE,
    "wit": WIT,
    "sph_s": {"activeRate": 100},
}
HELD: dict[str, dict[str, ControlValue]] = {
    "min": {
        "charge_power_rate": 100,
        "max_soc": 100,
        "discharge_power_rate": 80,
        "min_soc_on_grid": 20,
        "min_soc": 12,
        "ac_charge": False,
        "eps": True,
        "on_off": True,
        "active_power_rate": 100,
        "export_limit_mode": "off",
    },
    "sph": {
        "charge_power_rate": 100,
        "charge_stop_soc": 95,
        "ac_charge": True,
        "discharge_power_rate": 90,
        "discharge_stop_soc": 25,
        "min_soc_on_grid": 15,
        "eps": True,
        "on_off": True,
        "active_power_rate": 100,
        "export_limit_mode": "on",
        "export_limit": 2500,
    },
    "spa": {
        "charge_power_rate": 100,
        "charge_stop_soc": 95,
        "ac_charge": True,
        "discharge_power_rate": 90,
        "discharge_stop_soc": 25,
        "eps": True,
        "on_off": False,
        "active_power_rate": 100,
    },
    "noah": {
        "default_power": 200,
        "max_soc": 100,
        "min_soc_on_grid": 10,
        "ac_charge": False,
        "off_grid": False,
    },
    "inverter": {"on_off": True, "active_power_rate": 100},
    "max": {"on_off": True, "active_power_rate": 60},
    "storage": {
        "on_off": True,
        "storage_mode": "free",
        "forced_discharge": True,
        "min_soc": 10,
        "ac_charge": True,
        "ac_charge_stop_soc": 80,
    },
    "wit": {
        "on_off": True,
        "active_power_rate": 50,
        "max_soc": 100,
        "min_soc_on_grid": 10,
        "min_soc": 20,
        "ac_charge": True,
        "eps": False,
    },
    "sph_s": {"active_power_rate": 100},
}
HELD["nexa"] = HELD["noah"]


def parsed(kind: str, bean: Bean, rated_power: float | None = 5000) -> Steering:
    """Return the settings in a record of a family."""
    return FAMILIES[kind].parse(bean, beans.device(kind, rated_power))


def another(control: Control) -> ControlValue:
    """Return a value that a control takes and does not hold."""
    match control:
        case SwitchControl(value=value):
            return not value
        case ChoiceControl(value=value, options=options):
            return next(option for option in options if option != value)
        case NumberControl(value=value, minimum=minimum, maximum=maximum):
            return maximum if value != maximum else minimum
    raise AssertionError(control)


@pytest.mark.parametrize("kind", RECORDS)
def test_what_is_held(kind: str) -> None:
    """Every setting of a record is shown."""
    controls = parsed(kind, RECORDS[kind]).controls()
    assert {key: control.value for key, control in controls.items()} == HELD[kind]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (kind, key)
        for kind in ("min", "sph", "spa", "noah")
        for key in HELD[kind]
        # What the record does not tell is written like that of plain families.
        if (kind, key) not in {("sph", "on_off"), ("spa", "active_power_rate")}
    ],
)
def test_what_is_written_is_read(kind: str, key: str) -> None:
    """One setting changes, and no other."""
    steering = parsed(kind, RECORDS[kind])
    value = another(steering.controls()[key])
    (write,) = steering.writes_of_controls({key: value})
    changed = parsed(kind, beans.obey(dict(RECORDS[kind]), write)).controls()
    assert {name: control.value for name, control in changed.items()} == {
        **HELD[kind],
        key: value,
    }


@pytest.mark.parametrize(
    ("kind", "values", "sent"),
    [
        ("min", {"on_off": False}, [("min_set", "tlx_on_off", "0000")]),
        ("min", {"active_power_rate": 60}, [("min_set", "pv_active_p_rate", "60,1,0")]),
        ("min", {"export_limit_mode": "ct"}, [("min_set", "backflow_setting", "2")]),
        ("sph", {"export_limit": 1000}, [("sph_set", "backflow_setting", "1,20")]),
        (
            "sph",
            {"export_limit_mode": "off"},
            [("sph_set", "backflow_setting", "0,50")],
        ),
        (
            "sph",
            {"ac_charge": False, "discharge_stop_soc": 30, "eps": False},
            [
                ("sph_set", "mix_off_grid_enable", "0"),
                (
                    "sph_set",
                    "mix_ac_charge_time_period",
                    "100,95,0,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1",
                ),
                (
                    "sph_set",
                    "mix_ac_discharge_time_period",
                    "90,30,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1",
                ),
            ],
        ),
        ("spa", {"on_off": True}, [("spa_set", "pv_on_off", "0001")]),
        ("max", {"on_off": False}, [("max_set", "max_cmd_on_off", "0000")]),
        (
            "storage",
            {"storage_mode": "standard", "forced_discharge": False},
            [
                ("storage_set", "storage_cmd_mode", "0"),
                ("storage_set", "storage_cmd_forced_discharge_enable", "1"),
            ],
        ),
    ],
)
def test_what_is_sent(
    kind: str, values: dict[str, ControlValue], sent: list[tuple[str, str, str]]
) -> None:
    """Each write has the setting's name and its values, the rest is empty."""
    writes = parsed(kind, RECORDS[kind]).writes_of_controls(values)
    assert [
        (
            write.endpoint,
            write.parameters["type"],
            ",".join(beans.values_of(write.parameters)),
        )
        for write in writes
    ] == sent


@pytest.mark.parametrize(
    ("kind", "values", "endpoint", "parameters"),
    [
        (
            "inverter",
            {"on_off": True},
            "inverter_set",
            {
                "device_sn": "SN1",
                "paramId": "pv_on_off",
                "command_1": "0001",
                "command_2": "",
            },
        ),
        (
            "inverter",
            {"active_power_rate": 70},
            "power_set_v4",
            {"deviceSn": "SN1", "deviceType": "inv", "value": "70"},
        ),
        (
            "wit",
            {"on_off": False},
            "on_off_set_v4",
            {"deviceSn": "SN1", "deviceType": "wit", "value": "0"},
        ),
        (
            "wit",
            {"max_soc": 90},
            "vpp_parameter_set_v4",
            {
                "deviceSn": "SN1",
                "deviceType": "wit",
                "setType": "set_param_22",
                "value": "90",
            },
        ),
        (
            "sph_s",
            {"active_power_rate": 0},
            "power_set_v4",
            {"deviceSn": "SN1", "deviceType": "sph-s", "value": "0"},
        ),
    ],
)
def test_calls_of_their_own(
    kind: str,
    values: dict[str, ControlValue],
    endpoint: str,
    parameters: dict[str, str],
) -> None:
    """What version 4 writes goes by the name of its call."""
    (write,) = parsed(kind, RECORDS[kind]).writes_of_controls(values)
    assert (write.endpoint, write.parameters) == (endpoint, parameters)


def test_a_unit_without_a_battery() -> None:
    """Zeros and -1 give no control of a battery, and no schedule."""
    steering = parsed("min", beans.PV_ONLY)
    assert steering.controls().keys() == {
        "on_off",
        "active_power_rate",
        "export_limit_mode",
    }
    assert steering.schedule() is None


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_that_tells_nothing(kind: str) -> None:
    """Without values there are no controls."""
    empty = dict.fromkeys(RECORDS[kind], "")
    assert parsed(kind, empty).controls() == {}
    assert parsed(kind, {}).controls() == {}


@pytest.mark.parametrize(
    ("missing", "values"),
    [
        (["wchargeSOCLowLimit2"], {"charge_power_rate": 50}),
        (["acChargeEnable"], {"charge_stop_soc": 50}),
        (["wdisChargeSOCLowLimit2"], {"discharge_power_rate": 50}),
    ],
)
def test_nothing_is_made_up(
    missing: list[str], values: dict[str, ControlValue]
) -> None:
    """What is written whole is not written as long as a part of it is not known."""
    bean = {key: value for key, value in beans.SPH.items() if key not in missing}
    with pytest.raises(ChangeError) as caught:
        parsed("sph", bean).writes_of_controls(values)
    assert caught.value.problem is Problem.NOT_READ


def test_a_period_that_cannot_be_read_is_not_overwritten() -> None:
    """Times that make no sense and are in force stop a write of a power."""
    bean = {**beans.SPH, "forcedChargeTimeStart2": "11:187"}
    steering = parsed("sph", bean)
    with pytest.raises(ChangeError) as caught:
        steering.writes_of_controls({"charge_power_rate": 50})
    assert caught.value.problem is Problem.NOT_READ
    assert steering.writes_of_controls({"discharge_power_rate": 50})


def test_older_keys_are_read() -> None:
    """Where the limits have no number, the plain ones count."""
    bean: dict[str, Any] = {
        **{key: value for key, value in beans.SPH.items() if "SOCLowLimit" not in key},
        "wchargeSOCLowLimit": 88,
        "wdisChargeSOCLowLimit": 11,
    }
    controls = parsed("sph", bean).controls()
    assert controls["charge_stop_soc"].value == 88
    assert controls["discharge_stop_soc"].value == 11


@pytest.mark.parametrize("kind", ["min", "sph", "spa", "wit"])
def test_without_a_rated_power(kind: str) -> None:
    """What is kept in % of a power that nobody knows cannot be said in W."""
    record = {**RECORDS[kind], "set_param_34": []}
    steering = parsed(kind, record, None)
    assert "export_limit" not in steering.controls()
    state = steering.schedule()
    modes = {} if state is None else state.capabilities.modes
    assert not any(mode.power or mode.exports for mode in modes.values())


def test_a_discharge_of_which_no_power_can_be_said() -> None:
    """A period that was set in the app is shown, though none can be set here."""
    record = {**beans.SPH, "forcedDischargeTimeStop1": "4:59"}
    state = parsed("sph", record, None).schedule()
    assert state is not None
    (period,) = state.schedule.periods
    assert (period.mode, period.power, period.target_soc) == (
        "force_discharge",
        None,
        None,
    )
    assert "force_discharge" not in state.capabilities.modes


@pytest.mark.parametrize(
    ("on", "mode"),
    [
        (1, "force_charge"),
        (0, "growatt_battery_first"),
        (None, "growatt_battery_first"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "slot"),
    [
        (
            "min",
            {
                "forcedTimeStart3": "2:0",
                "forcedTimeStop3": "4:59",
                "time3Mode": "1",
                "forcedStopSwitch3": 1,
            },
        ),
        (
            "sph",
            {
                "forcedChargeTimeStart1": "2:0",
                "forcedChargeTimeStop1": "4:59",
                "forcedChargeStopSwitch1": 1,
            },
        ),
    ],
)
def test_battery_first_hangs_on_the_grid(
    kind: str, slot: dict[str, Any], on: int | None, mode: str
) -> None:
    """Battery first is a forced charge only where the grid may charge."""
    state = parsed(kind, {**RECORDS[kind], **slot, "acChargeEnable": on}).schedule()
    assert state is not None
    (period,) = state.schedule.periods
    assert (period.mode, period.start.hour, period.end.hour) == (mode, 2, 5)

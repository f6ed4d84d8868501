"""Growatt: its feeds and writes, and its error codes (Growatt notes, 1.9)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from scripts.house_demo.flow import Answers
from simulator import Simulation
from simulator.growatt.device import Device

from .faults import (
    DOWN,
    LACKING,
    LIMITED,
    REFUSED,
    UNKNOWN_DEVICE,
    UNREADABLE,
    code,
    vanishing,
    wrong_readings,
)
from .model import (
    HOUR,
    HOURLY,
    POWER,
    Brand,
    Fate,
    Fault,
    Feed,
    Outcome,
    Write,
    schedule,
)

_KEY: Final = "growatt"


# Which feeds ask by which API; writes of this family go by v1.
_V4: Final = frozenset({"loggers"})
_V1: Final = frozenset({"settings"})
_OFFLINE: Final = Outcome(write=Fate.REFUSED)
_V4_CODES: Final = {
    1: DOWN,
    2: DOWN,
    3: LACKING,
    4: UNKNOWN_DEVICE,
    5: _OFFLINE,
    6: REFUSED,
    7: LACKING,
    8: REFUSED,
    9: REFUSED,
    10: REFUSED,
    11: REFUSED,
    12: LACKING,
    14: REFUSED,
    15: DOWN,
    16: DOWN,
    18: DOWN,
    19: REFUSED,
    100: LIMITED,
    101: LACKING,
    102: LIMITED,
    103: DOWN,
    105: LIMITED,
}
_V1_CODES: Final = {
    10001: DOWN,
    10002: UNKNOWN_DEVICE,
    10003: REFUSED,
    10004: REFUSED,
    10005: UNKNOWN_DEVICE,
    10011: LACKING,
    10012: LIMITED,
    10013: REFUSED,
    10014: REFUSED,
}
# What sets has numbers of its own.
_SET_CODES: Final = {
    10001: DOWN,
    10002: DOWN,
    10003: _OFFLINE,
    10004: REFUSED,
    10005: _OFFLINE,
    10006: LACKING,
    10007: REFUSED,
    10008: REFUSED,
    10009: REFUSED,
    10011: LACKING,
    # Its words count before its number.
    10012: LIMITED,
    10013: REFUSED,
}


def _answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of the flow."""
    token = {"token": account["token"], "server": {"base_url": account["base_url"]}}
    return {
        "user": {"next_step_id": _KEY},
        _KEY: token,
        "growatt_reauth": {"token": account["token"]},
        "found": {"next_step_id": "control"},
    }


def _state(sim: Simulation) -> Device:
    """Return the inverter."""
    return sim.growatt.first("MIN-XH")


GROWATT: Final = Brand(
    key=_KEY,
    simulation={"models": (), "growatt": ("MIN-XH+METER+ENV", "MIN")},
    answers=_answers,
    cloud=lambda sim: sim.growatt,
    state=_state,
    steered="min:2",
    lapses=("stale", "offline"),
    night={
        "sensor.min:2.status": "[!s]*",
        "sensor.min:2.pv_power": "0*",
        "sensor.min:1.status": "sleeping",
        "sensor.min:1.pv_power": "0*",
        "sensor.min:1.pv_energy": "[1-9]*",
    },
    missing=LACKING,
    statuses={429: LIMITED},
    # So the vendor says of settings that there are none, which is doubted a day later.
    no_result=replace(UNREADABLE, back=timedelta(days=1)),
    faults=vanishing(
        lambda sim: sim.growatt.first("MIN").serial,
        "sensor.min:1.pv_power",
    )
    + wrong_readings(
        {
            "midnight_bounce": "bounce at midnight",
            "zero_totals": "totals of 0",
            "zero_soc": "SOC of 0",
        },
        {"sensor.min:2.pv_energy": "[1-9]*"},
    )
    + (
        Fault(
            name="no data",
            kind="no_data",
            outcome=replace(UNREADABLE, back=timedelta(days=1)),
            writes=False,
        ),
    )
    + tuple(
        replace(
            code(number, outcome), name=f"v4 code {number}", feeds=_V4, writes=False
        )
        for number, outcome in _V4_CODES.items()
    )
    + tuple(
        replace(
            code(number, outcome), name=f"v1 code {number}", feeds=_V1, writes=False
        )
        for number, outcome in _V1_CODES.items()
    )
    + tuple(
        replace(code(number, outcome), name=f"set code {number}", feeds=frozenset())
        for number, outcome in _SET_CODES.items()
    ),
    feeds=(
        Feed(
            name="readings",
            paths=(
                "/v4/new-api/queryLastData",
                "*tlx_last_data",
                "*meter_last_data",
                "*tlxs_data",
            ),
            every=timedelta(minutes=11),
            shows={"sensor.min:2.pv_power": POWER, "sensor.min:2.pv_energy": HOUR},
        ),
        Feed(
            name="settings",
            paths=(
                "*tlx_set_info",
                "*tlx_data_info",
                "*queryDeviceInfo",
                "*readMinParam",
            ),
            every=timedelta(minutes=30),
            shows={"number.min:2.min_soc_on_grid": HOUR},
        ),
        Feed(
            name="identity",
            paths=("*plant/list", "*queryDeviceList", "*device/list", "*plant/details"),
            every=timedelta(hours=12),
            shows={},
        ),
        Feed(
            name="environment",
            paths=("*env_last_data",),
            every=timedelta(minutes=6),
            shows={"sensor.env.panel_temperature": HOURLY},
        ),
        Feed(
            name="loggers",
            paths=("*getWiFiSignalByDevice",),
            every=HOUR,
            shows={"sensor.datalogger.signal_strength": HOURLY},
            either=True,
        ),
    ),
    writes=(
        Write(
            name="a number",
            paths=("*tlxSet",),
            action=("number", "set_value"),
            target="number.min:2.min_soc_on_grid",
            values=({"value": 20}, {"value": 25}),
            held=lambda device: {20: 0, 25: 1}.get(
                int(device.settings["onGridDischargeStopSOC"])
            ),
        ),
        Write(
            name="a switch",
            paths=("*tlxSet",),
            action=("switch", "turn_off", "turn_on"),
            target="switch.min:2.ac_charge",
            values=({}, {}),
            held=lambda device: int(device.settings["acChargeEnable"]),
        ),
        Write(
            name="a choice",
            paths=("*tlxSet",),
            action=("select", "select_option"),
            target="select.min:2.export_limit_mode",
            values=({"option": "off"}, {"option": "meter"}),
            held=lambda device: int(device.settings["exportLimit"]),
        ),
        Write(
            name="a schedule",
            paths=("*tlxSet",),
            steps=True,
            action=("home_battery", "set_schedule"),
            values=(
                schedule("02:00", "05:00", "self_consumption", enabled=True),
                schedule(
                    "18:00",
                    "20:00",
                    "force_discharge",
                    power=3000,
                    target_soc=30,
                    enabled=True,
                ),
            ),
            held=lambda device: {"2:0": 0, "18:0": 1}.get(
                str(device.settings["forcedTimeStart1"])
            ),
        ),
    ),
)

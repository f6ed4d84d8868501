"""Eaton: the feeds and writes of a local unit, and its refusals (Eaton notes, 1.3)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from scripts.house_demo.flow import Answers
from simulator import Simulation
from simulator.eaton import CommCard

from .faults import DOWN, REFUSED as COMMON_REFUSED, SILENT, code
from .model import HOUR, NOTHING, Brand, Fate, Fault, Feed, Outcome, Write, schedule
from .stage import Stage

_KEY: Final = "eaton"
_POWER: Final = timedelta(minutes=3)
_LOCKED: Final = timedelta(minutes=15)
# Nothing of a unit's refusals is remembered.
_REFUSED: Final = replace(COMMON_REFUSED, back=timedelta(0))
_UNSUPPORTED: Final = replace(_REFUSED, key="unsupported")
_CLOUD_MODE: Final = replace(_REFUSED, key="cloud_mode")
_CODES: Final[dict[str | int, Outcome]] = {
    "err_internal": DOWN,
    "err_communication_failed": DOWN,
    "err_schedule_add_event_overlap": _REFUSED,
    "err_invalid_request_unit_connected": _CLOUD_MODE,
    "invalid_op_mode": DOWN,
    "out_of_range_arg": DOWN,
    412: _CLOUD_MODE,
}


def _answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of the flow."""
    unit = account["units"][0]
    user = unit["users"]["tech"]
    return {
        "user": {"next_step_id": _KEY},
        "eaton": {
            "host": f"{unit['host']}:{unit['port']}",
            "user_type": "tech",
            **user,
        },
        "eaton_certificate": {},
        "eaton_technician": {"inverter_serial": unit["serial"]},
        "eaton_reauth": user,
        "found": {"next_step_id": "control"},
    }


def _state(sim: Simulation) -> CommCard:
    """Return the unit."""
    unit = sim.eaton.first
    unit.device.settle()
    return unit


def _expire(stage: Stage) -> None:
    """Let every token have expired."""
    stage.sim.eaton.first.expire_tokens()


def _lock(stage: Stage) -> None:
    """Lock the account, and forget who was signed in."""
    unit = stage.sim.eaton.first
    unit.lock(role=unit.technician.role)
    unit.expire_tokens()


def _refuse(stage: Stage) -> None:
    """Be away."""
    stage.sim.eaton.first.refuse()


def _answer(stage: Stage) -> None:
    """Be there again."""
    stage.sim.eaton.first.refuse(on=False)


EATON: Final = Brand(
    key=_KEY,
    simulation={"models": (), "eaton": ("AC",)},
    answers=_answers,
    cloud=lambda sim: sim.eaton.first,
    state=_state,
    steered="unit",
    certificate=Outcome(
        key="certificate_changed", write=Fate.REFUSED, issue="certificate"
    ),
    statuses={
        401: Outcome(again=True),
        400: _REFUSED,
        403: _UNSUPPORTED,
        404: _UNSUPPORTED,
        408: _REFUSED,
        429: _REFUSED,
    },
    faults=(
        *(code(number, outcome) for number, outcome in _CODES.items()),
        Fault(
            name="token expires",
            begin=_expire,
            outcome=replace(NOTHING, everywhere=True),
        ),
        Fault(
            name="readings of 0",
            kind="glitch",
            outcome=SILENT,
            feeds=frozenset({"technical_status"}),
            writes=False,
        ),
        Fault(
            name="account locked",
            begin=_lock,
            feeds=frozenset(),
            outcome=Outcome(key="account_locked", write=Fate.REFUSED, back=_LOCKED),
        ),
        Fault(
            name="unit away",
            begin=_refuse,
            end=_answer,
            outcome=Outcome(write=Fate.REFUSED, everywhere=True),
        ),
        Fault(
            name="reboots on a write",
            kind="reboot",
            feeds=frozenset(),
            outcome=Outcome(write=Fate.UNSEEN),
        ),
    ),
    feeds=(
        Feed(
            name="readings",
            paths=("/api/device/status",),
            every=timedelta(seconds=10),
            shows={
                "sensor.unit.battery_power": _POWER,
                "sensor.unit.battery_energy_charged": HOUR,
            },
        ),
        Feed(
            name="settings",
            paths=("/api/settings/", "/api/schedule/"),
            every=timedelta(minutes=15),
            shows={"number.unit.min_soc": HOUR},
        ),
        Feed(
            name="identity",
            paths=("/api/device",),
            every=HOUR,
            shows={},
        ),
        Feed(
            name="faults",
            paths=("/api/notifications/",),
            every=timedelta(minutes=1),
            shows={"sensor.unit.unread_alerts": HOUR},
            either=True,
        ),
        Feed(
            name="technical_status",
            paths=("/api/technical/status",),
            every=timedelta(minutes=1),
            shows={"sensor.unit.inverter_temperature": HOUR},
        ),
        Feed(
            name="diagnostics",
            paths=("/api/device/maintenance/diagnostics",),
            every=timedelta(minutes=30),
            shows={"sensor.unit.cpu_load": HOUR},
        ),
    ),
    writes=(
        Write(
            name="a setting",
            paths=("/api/settings/",),
            method="PUT",
            action=("number", "set_value"),
            target="number.unit.min_soc",
            values=({"value": 15}, {"value": 20}),
            held=lambda unit: {15: 0, 20: 1}.get(unit.device.settings.backup_level),
        ),
        Write(
            name="a command",
            paths=("/api/device/command",),
            action=("select", "select_option"),
            target="select.unit.unit_command",
            values=({"option": "eaton_basic"}, {"option": "self_consumption"}),
            held=lambda unit: {
                "SET_BASIC_MODE": 0,
                "SET_MAXIMIZE_AUTO_CONSUMPTION": 1,
            }.get(unit.device.mode.as_json()["command"]),
        ),
        Write(
            name="a schedule",
            paths=("/api/schedule/event*",),
            steps=True,
            action=("home_battery", "set_schedule"),
            values=(
                schedule(
                    "02:00",
                    "05:00",
                    "force_charge",
                    power=2300,
                    target_soc=90,
                    enabled=True,
                ),
                schedule("17:00", "20:00", "peak_shaving", power=4000, enabled=True),
            ),
            held=lambda unit: {(200,): 0, (1700,): 1}.get(
                tuple(
                    event.as_json()["startTime"]
                    for event in unit.device.schedule.events.values()
                )
            ),
        ),
    ),
)

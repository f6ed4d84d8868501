"""Fox ESS: its feeds and writes, and its error codes (Fox ESS notes, 2)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from scripts.house_demo.flow import Answers
from simulator import Simulation
from simulator.faults import Fault as Cause
from simulator.foxess.device import Inverter

from .faults import (
    DOWN,
    LACKING,
    LIMITED,
    LOOKED_FOR,
    REFUSED,
    SIGNED_OUT,
    SPENT,
    UNKNOWN_DEVICE,
    code,
    vanishing,
)
from .model import (
    DAILY,
    FOR_EVER,
    HOUR,
    HOURLY,
    NOTHING,
    POWER,
    SLOW,
    Brand,
    Fate,
    Fault,
    Feed,
    Outcome,
    Write,
    schedule,
)
from .stage import Stage

_KEY: Final = "foxess"
_COUNTED: Final = frozenset(
    {"readings", "settings", "plan", "totals", "faults", "parts"}
)
# A signature is refused of a wrong clock as well, so one alone is no reason to ask.
_SIGNATURE: Final = Outcome(
    key="authentication_error",
    write_key="signature_error",
    write=Fate.REFUSED,
    reauth=True,
    everywhere=True,
)
# On a read it is lacking, a write is told to wait for the end of the schedule.
_BLOCKED: Final = replace(LACKING, write_key="blocked_by_schedule")
# As often a hiccup as a lack.
_AMBIGUOUS: Final = replace(DOWN, quiet=True, back=timedelta(days=1))
# Seen in outages, and where a list is not for everybody.
_DENIED: Final = replace(DOWN, quiet=True, back=LOOKED_FOR)
_CODES: Final = {
    30000: DOWN,
    40256: _SIGNATURE,
    40257: REFUSED,
    40261: UNKNOWN_DEVICE,
    40400: LIMITED,
    40401: LIMITED,
    40402: SPENT,
    41200: _AMBIGUOUS,
    41201: DOWN,
    41202: DOWN,
    41203: DOWN,
    41807: SIGNED_OUT,
    41808: SIGNED_OUT,
    41809: SIGNED_OUT,
    41810: SIGNED_OUT,
    41811: _DENIED,
    41930: UNKNOWN_DEVICE,
    41935: DOWN,
    42015: LACKING,
    42023: REFUSED,
    44096: _BLOCKED,
    44098: DOWN,
}


def _answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of the flow."""
    token = {"token": account["token"], "server": {"base_url": account["base_url"]}}
    return {
        "user": {"next_step_id": _KEY},
        "foxess": {"next_step_id": "foxess_token"},
        "foxess_token": token,
        "foxess_reauth": {"token": account["token"]},
        "found": {"next_step_id": "control"},
    }


def _start(sim: Simulation) -> None:
    """Let the inverter have had a fault."""
    inverter = _state(sim)
    inverter.raise_faults(("4001",))
    inverter.raise_faults(())


def _use_up(stage: Stage) -> None:
    """Let the day's calls be used up, until faults are ended."""
    stage.sim.faults.add(Cause(vendor=_KEY, kind="quota_gone"))


def _state(sim: Simulation) -> Inverter:
    """Return the inverter."""
    inverter = sim.foxess.inverters[0]
    inverter.settle()
    return inverter


def _modes(inverter: Inverter) -> int | None:
    """Return which of the schedules the inverter has."""
    modes = [group.work_mode for group in inverter.scheduler.groups if group.enabled]
    return {"ForceCharge": 0, "ForceDischarge": 1}.get(" ".join(modes))


FOXESS: Final = Brand(
    key=_KEY,
    simulation={"models": ("KH8+METER", "GMAX", "PV")},
    answers=_answers,
    cloud=lambda sim: sim.foxess,
    start=_start,
    state=_state,
    steered="inverter",
    lapses=("stale", "offline", "glitch"),
    # The inverters' clocks seem wrong then, till each has been asked while it is awake.
    wrong_clock=replace(NOTHING, issue="clock", back=timedelta(days=1)),
    night={
        "sensor.inverter.status": "running",
        "sensor.inverter.pv_power": "0*",
        "sensor.inverter:2.status": "sleeping",
        "sensor.inverter:2.pv_power": "0*",
        "sensor.inverter:2.pv_energy": "[1-9]*",
    },
    missing=UNKNOWN_DEVICE,
    statuses={401: SIGNED_OUT, 404: LACKING, 406: _SIGNATURE, 429: LIMITED},
    faults=(
        *(code(number, outcome) for number, outcome in _CODES.items()),
        *vanishing(
            lambda sim: sim.foxess.inverters[-1].serial,
            "sensor.inverter:2.pv_power",
        ),
        # How many are left is told all the same.
        Fault(name="quota gone", begin=_use_up, outcome=SPENT, feeds=_COUNTED),
    ),
    feeds=(
        Feed(
            name="readings",
            paths=("/op/v1/device/real/query",),
            every=timedelta(minutes=5),
            shows={
                "sensor.inverter.pv_power": POWER,
                "sensor.inverter.pv_energy": HOUR,
            },
        ),
        Feed(
            name="settings",
            paths=(
                "/op/v?/device/scheduler/get",
                "/op/v0/device/setting/get",
                "/op/v0/device/battery*/get",
                "/op/v0/device/peakShaving/get",
            ),
            every=timedelta(minutes=25),
            shows={
                "number.inverter.min_soc_on_grid": HOUR,
                "calendar.inverter.schedule": HOUR,
            },
        ),
        Feed(
            name="plan",
            paths=("/op/v0/gmax/peakValleyPower/get",),
            every=timedelta(hours=4),
            shows={"binary_sensor.gmax.peak_valley_plan": SLOW},
        ),
        Feed(
            name="quota",
            paths=("/op/v0/user/getAccessCount",),
            every=timedelta(hours=1),
            shows={"sensor.account.calls_left": FOR_EVER},
        ),
        Feed(
            name="identity",
            paths=(
                "/op/v0/plant/list",
                "/op/v0/device/list",
                "/op/v1/device/detail",
                "/op/v0/ems/list",
            ),
            every=timedelta(hours=12),
            shows={"sensor.battery:2.battery_capacity": FOR_EVER},
        ),
        Feed(
            name="totals",
            paths=("/op/v0/device/report/query", "/op/v0/device/generation"),
            every=timedelta(hours=1),
            shows={"sensor.inverter.pv_energy_month": HOURLY},
        ),
        Feed(
            name="faults",
            paths=("/op/v0/device/fault/history",),
            every=timedelta(hours=4),
            shows={"sensor.inverter.last_fault": SLOW},
            either=True,
        ),
        Feed(
            name="clock",
            paths=("/op/v0/device/time/get",),
            every=timedelta(hours=12),
            shows={"sensor.inverter.clock_offset": DAILY},
        ),
        Feed(
            name="parts",
            paths=("/op/v0/module/list", "/op/v0/gw/list"),
            every=timedelta(hours=1),
            shows={"binary_sensor.module.online": HOURLY},
        ),
        Feed(
            name="meter_settings",
            paths=("/op/v0/gw/setting/get",),
            every=timedelta(hours=4),
            shows={"sensor.meter.meter_mode": SLOW},
            either=True,
        ),
    ),
    writes=(
        Write(
            name="a number",
            paths=("/op/v0/device/battery/soc/set",),
            action=("number", "set_value"),
            target="number.inverter.min_soc_on_grid",
            values=({"value": 20}, {"value": 25}),
            held=lambda inverter: {"20": 0, "25": 1}.get(
                inverter.settings["MinSocOnGrid"]
            ),
        ),
        Write(
            name="a mode",
            paths=("/op/v0/device/setting/set",),
            action=("select", "select_option"),
            target="select.inverter.operating_mode",
            values=({"option": "self_consumption"}, {"option": "feed_in_first"}),
            held=lambda inverter: {"SelfUse": 0, "Feedin": 1}.get(
                inverter.settings["WorkMode"]
            ),
        ),
        Write(
            name="a schedule",
            paths=(
                "/op/v?/device/scheduler/enable",
                "/op/v?/device/scheduler/set/flag",
            ),
            action=("home_battery", "set_schedule"),
            values=(
                schedule("02:00", "05:00", "force_charge", power=3000, target_soc=90),
                schedule(
                    "18:00", "20:00", "force_discharge", power=2500, target_soc=30
                ),
            ),
            held=_modes,
        ),
    ),
)

"""Fox ESS: its feeds and writes, and its error codes (Fox ESS notes, 2)."""

from datetime import timedelta
from typing import Any, Final

from scripts.house_demo.flow import Answers
from simulator import Simulation

from .model import FOR_EVER, HOUR, POWER, Brand, Feed, Write

_KEY: Final = "foxess"


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


def _state(sim: Simulation) -> Any:
    """Return what the inverter holds."""
    (inverter, *_) = sim.foxess.inverters
    inverter.settle()
    return inverter.settings


FOXESS: Final = Brand(
    key=_KEY,
    simulation={"models": ("KH8",)},
    answers=_answers,
    state=_state,
    feeds=(
        Feed(
            name="readings",
            paths=("/op/v1/device/real/query",),
            every=timedelta(minutes=5),
            shows={"sensor.inverter.pv_power": POWER, "sensor.inverter.pv_energy": HOUR},
        ),
        Feed(
            name="settings",
            paths=("/op/v?/device/scheduler/get", "/op/v0/device/setting/get", "/op/v0/device/battery/*/get", "/op/v0/device/peakShaving/get", "/op/v0/device/batteryHeating/get"),
            every=timedelta(minutes=25),
            shows={"number.inverter.min_soc_on_grid": HOUR, "calendar.inverter.schedule": HOUR},
        ),
        Feed(
            name="quota",
            paths=("/op/v0/user/getAccessCount",),
            every=timedelta(hours=1),
            shows={"sensor.account.calls_left": FOR_EVER},
        ),
    ),
    writes=(
        Write(
            name="a number",
            paths=("/op/v0/device/battery/soc/set",),
            action=("number", "set_value"),
            target="number.inverter.min_soc_on_grid",
            values=({"value": 20}, {"value": 25}),
            held=lambda settings: {"20": 0, "25": 1}.get(settings["MinSocOnGrid"]),
        ),
    ),
)

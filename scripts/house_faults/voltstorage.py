"""VoltStorage: its feeds, and what its statuses mean (VoltStorage notes, 1.2); nothing can be written."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from scripts.house_demo.flow import Answers
from simulator import Simulation

from .faults import LACKING, LIMITED, NOTHING, REFUSED, status
from .model import HOUR, HOURLY, POWER, Brand, Fault, Feed
from .stage import Stage

_KEY: Final = "voltstorage"
_LOST: Final = "lost-password"


def _answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of the flow."""
    password = account["password"]
    return {
        "user": {"next_step_id": _KEY},
        _KEY: {
            "email": account["email"],
            "password": password,
            "server": {"base_url": account["base_url"]},
        },
        "voltstorage_reauth": {"password": password},
        "found": {"next_step_id": "watch"},
    }


def _start(sim: Simulation) -> None:
    """Serve what is proven, and statistics where they are guessed to be."""
    sim.voltstorage.paths.serve(stream=None, latest=None)


def _expire(stage: Stage) -> None:
    """Let every token be worth nothing."""
    stage.sim.voltstorage.accounts.forget_tokens()


VOLTSTORAGE: Final = Brand(
    key=_KEY,
    simulation={"models": (), "voltstorage": ("SMART",)},
    answers=_answers,
    cloud=lambda sim: sim.voltstorage,
    start=_start,
    lapses=("stale",),
    statuses={400: REFUSED, 403: LACKING, 429: LIMITED},
    faults=(
        status(405),
        Fault(
            name="token expires",
            begin=_expire,
            outcome=replace(NOTHING, everywhere=True),
        ),
    ),
    feeds=(
        Feed(
            name="readings",
            paths=("/rest/data/export.csv",),
            every=HOUR,
            shows={
                "sensor.product.battery_power": POWER,
                "sensor.product.battery_soc": HOUR,
            },
            # Half a table is a table.
            either=True,
        ),
        Feed(
            name="identity",
            paths=("/rest/products",),
            every=timedelta(minutes=10),
            shows={},
        ),
        Feed(
            name="statistics",
            paths=("/rest/data/statistics",),
            every=HOUR,
            shows={"sensor.product.ac_capacity": HOURLY},
        ),
    ),
)

"""VoltStorage: its feeds, and what its statuses mean (VoltStorage notes, 1.2); nothing can be written."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from scripts.house_demo.flow import Answers
from simulator import Simulation
from simulator.faults import Fault as Cause

from .faults import (
    DOWN,
    LACKING,
    LIMITED,
    REFUSED,
    SIGNED_OUT,
    status,
    vanishing,
    wrong_readings,
)
from .model import HOUR, HOURLY, NOTHING, POWER, Brand, Fault, Feed, Turn
from .stage import Stage

_KEY: Final = "voltstorage"
_LOGIN: Final = "/rest/login/password"


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


def _change_password(stage: Stage) -> None:
    """Let every token be worth nothing, and the password another one."""
    stage.sim.voltstorage.change_password()
    _expire(stage)


def _no_login(cause: str, value: str | int | None = None) -> Turn:
    """Return what has tokens end, and whoever logs in meet a fault."""

    def fail(stage: Stage) -> None:
        stage.sim.faults.add(Cause(vendor=_KEY, kind=cause, path=_LOGIN, value=value))
        _expire(stage)

    return fail


def _expire(stage: Stage) -> None:
    """Let every token be worth nothing."""
    stage.sim.voltstorage.accounts.forget_tokens()


VOLTSTORAGE: Final = Brand(
    key=_KEY,
    simulation={"models": (), "voltstorage": ("SMART", "SMART")},
    answers=_answers,
    cloud=lambda sim: sim.voltstorage,
    start=_start,
    lapses=("stale",),
    missing=LACKING,
    # What is told comes with its moment, and powers stand for no longer than that.
    wrong=timedelta(minutes=10),
    statuses={400: REFUSED, 403: LACKING, 429: LIMITED},
    faults=(
        status(405),
        *wrong_readings({"bad_row": "bad row", "idle": "idle battery"}, {}),
        Fault(
            name="password changed",
            begin=_change_password,
            outcome=replace(SIGNED_OUT, everywhere=True),
        ),
        # Whatever is wrong with the server is no refusal of a password.
        *(
            Fault(
                name=f"log-in: {name}",
                begin=begin,
                outcome=replace(DOWN, everywhere=True, back=timedelta(minutes=20)),
            )
            for name, begin in {
                "HTTP 400": _no_login("status", 400),
                "HTTP 401": _no_login("errno", 401),
                "HTTP 500": _no_login("errno", 500),
                "HTML": _no_login("html"),
                "nulls": _no_login("nulls"),
                "time-out": _no_login("timeout"),
            }.items()
        ),
        *vanishing(
            lambda sim: sim.voltstorage.inverters[-1].serial,
            "sensor.product:2.battery_power",
        ),
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

"""Tests of the demonstration's own logic."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any, cast

import pytest

from scripts.house_demo import process
from scripts.house_demo.client import Client
from scripts.house_demo.configuration import write_configuration
from scripts.house_demo.errors import DemoError
from scripts.house_demo.flow import add_account
from scripts.house_demo.log import HARMLESS, faults
from scripts.house_demo.options import DEFAULT_PORT, parse
from scripts.house_demo.report import Report
from scripts.house_demo.system import find_system, is_number

QUIET_LOG = """\
2026-11-21 07:35:46.412 WARNING (MainThread) [homeassistant.bootstrap] Skipping pip installation
2026-11-21 07:35:46.500 INFO (MainThread) [custom_components.home_battery] Error is just a word here
"""


def line(level: str, message: str, logger: str = "homeassistant.core") -> str:
    """Return a line as Home Assistant logs it."""
    return f"2026-11-21 07:35:47.000 {level} (MainThread) [{logger}] {message}\n"


def test_quiet_log_has_no_fault() -> None:
    """Warnings and information are not faults."""
    assert faults(QUIET_LOG.splitlines()) == []


@pytest.mark.parametrize(
    "entry",
    [
        line("ERROR", "Something broke"),
        line("CRITICAL", "Everything broke"),
        line("WARNING", "Detected blocking call to open with args"),
        line("WARNING", "Detected that custom integration 'home_battery' calls"),
        line("WARNING", "Update of sensor.x is taking over 10 seconds"),
        line("WARNING", "Odd") + "Traceback (most recent call last):\nValueError: x\n",
    ],
)
def test_fault_in_the_log(entry: str) -> None:
    """Errors, exceptions and blocking calls are faults, once each."""
    assert len(faults((QUIET_LOG + entry + QUIET_LOG).splitlines())) == 1


def test_exception_outside_the_log_format() -> None:
    """A traceback that was printed before logging began is a fault as well."""
    text = "Traceback (most recent call last):\nImportError: x\n" + QUIET_LOG
    assert len(faults(text.splitlines())) == 1


def test_traceback_belongs_to_its_entry() -> None:
    """A fault keeps its traceback, and the next entry starts anew."""
    text = line("ERROR", "Broke") + "Traceback\n  detail\n" + line("ERROR", "Again")
    first, second = faults(text.splitlines())
    assert first.text == "Broke\nTraceback\n  detail"
    assert second.message == "Again"


def test_harmless_errors_are_known_exactly() -> None:
    """A known line is let through with its traceback, a longer or a foreign one is not."""
    logger, message = min(HARMLESS)
    known = line("ERROR", message, logger) + "Traceback (most recent call last):\n"
    assert faults(known.splitlines()) == []
    assert faults(line("ERROR", f"{message}!", logger).splitlines())
    assert faults(line("ERROR", message, "elsewhere").splitlines())


def test_report_is_one_line_of_json() -> None:
    """The last line has the promised keys."""
    text = Report(seconds=12.345, entries=1).as_json()
    assert "\n" not in text
    assert json.loads(text) == {
        "ok": False,
        "seconds": 12.3,
        "entries": 1,
        "devices": 0,
        "entities": 0,
        "unavailable": 0,
        "with_past": 0,
        "writes_confirmed": 0,
        "overrides": 0,
        "log_errors": 0,
    }


@pytest.mark.parametrize(
    ("finished", "problems", "ok"),
    [(True, [], True), (False, [], False), (True, ["in the log: x"], False)],
)
def test_report_is_good_only_at_the_end(
    finished: bool, problems: list[str], ok: bool
) -> None:
    """A check that stopped early or found a problem is not good."""
    assert Report(finished=finished, problems=problems).ok is ok


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("0", True),
        ("-12.5", True),
        ("unknown", False),
        ("unavailable", False),
        ("nan", False),
        ("", False),
    ],
)
def test_reading_is_a_number(state: str, expected: bool) -> None:
    """Only a number counts as a reading."""
    assert is_number(state) is expected


def test_options() -> None:
    """A check takes any free port, a demonstration the usual one."""
    assert parse([]).port == DEFAULT_PORT
    assert parse(["--check"]).port is None
    assert parse(["--check", "--port", "8200"]).port == 8200


def test_configuration_wants_an_empty_directory(tmp_path: Path) -> None:
    """A directory with something in it is left alone."""
    directory = tmp_path / "home"
    write_configuration(directory, tmp_path, 8123)
    assert (directory / "custom_components").is_symlink()
    http = json.loads((directory / ".storage" / "http").read_text())
    assert http["data"]["stable"]["server_host"] == ["127.0.0.1"]
    with pytest.raises(DemoError, match="not empty"):
        write_configuration(directory, tmp_path, 8123)


class FlowClient:
    """Plays a config flow's answers."""

    def __init__(self, *steps: dict[str, Any]) -> None:
        """Take the steps in their order."""
        self.steps = iter(steps)
        self.sent: list[Any] = []

    async def request(self, method: str, path: str, body: Any = None) -> Any:
        """Note what was sent and answer with the next step."""
        self.sent.append(body)
        return {"flow_id": "1", **next(self.steps)}


async def walk(*steps: dict[str, Any]) -> tuple[str, list[Any]]:
    """Walk through a flow with an answer for two steps."""
    client = FlowClient(*steps)
    answers = {"user": {"next_step_id": "account"}, "account": {"token": "x"}}
    entry_id = await add_account(cast("Client", client), answers)
    return entry_id, client.sent[1:]


MENU = {"type": "menu", "step_id": "user"}
FORM = {"type": "form", "step_id": "account", "errors": {}}


async def test_account_is_added_step_by_step() -> None:
    """Each step gets its answer until the entry is there."""
    created = {"type": "create_entry", "result": {"entry_id": "entry"}}
    assert await walk(MENU, FORM, created) == (
        "entry",
        [{"next_step_id": "account"}, {"token": "x"}],
    )


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ((MENU, {"type": "form", "step_id": "other"}), "asks for other"),
        ((MENU, FORM, {**FORM, "errors": {"base": "invalid_auth"}}), "invalid_auth"),
        ((MENU, {"type": "abort", "reason": "already_configured"}), "already_conf"),
    ],
)
async def test_account_that_cannot_be_added(
    steps: tuple[dict[str, Any], ...], problem: str
) -> None:
    """A flow that goes another way ends with the reason."""
    with pytest.raises(DemoError, match=problem):
        await walk(*steps)


def entry(unique_id: str, device_id: str = "device") -> dict[str, Any]:
    """Return an entry of the entity registry."""
    return {
        "unique_id": unique_id,
        "device_id": device_id,
        "entity_id": f"sensor.{unique_id}",
    }


def test_system_is_found_by_unique_ids() -> None:
    """Entities of another vendor or another serial are not taken."""
    client = cast("Client", None)
    registry = [
        entry("foxess_inverter_A1_battery_soc"),
        entry("foxess_inverter_A10_battery_soc", "other"),
        entry("growatt_min_A1_battery_soc", "another"),
    ]
    system = find_system(client, registry, "foxess", "A1")
    assert system.device_id == "device"
    assert system.entity("battery_soc") == "sensor.foxess_inverter_A1_battery_soc"
    with pytest.raises(DemoError, match="no entity pv_power"):
        system.entity("pv_power")
    with pytest.raises(DemoError, match="0 devices"):
        find_system(client, registry, "foxess", "B1")


@pytest.mark.parametrize("script", ["sleep 60", "trap '' TERM; sleep 60 & wait"])
async def test_child_is_gone_afterwards(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child ends with its context, also one that does not listen."""
    monkeypatch.setattr(process, "_STOP_SECONDS", 0.2)
    async with process.child(
        "bash", "-c", script, cwd=tmp_path, env=os.environ
    ) as running:
        await asyncio.sleep(0.1)
        assert running.returncode is None
    assert await running.wait() < 0

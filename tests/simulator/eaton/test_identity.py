"""What the unit says of itself, field by field as recorded from a real one."""

import json
from pathlib import Path
from typing import Any

import pytest

from .client import Client
from .conftest import Connect

SHAPES = json.loads((Path(__file__).parent / "shapes.json").read_text())
READ = ["config/state", "device", "device/status", "settings"]
TECHNICAL = ["technical/status", "device/maintenance/diagnostics"]


def shape(value: Any) -> Any:
    """Return a value with the kinds of its leaves in their place; a list is like its first row."""
    match value:
        case dict():
            return {key: shape(item) for key, item in value.items()}
        case [first, *_]:
            return [shape(first)]
        case bool() | str() | None | []:
            return type(value).__name__
        case _:
            return "number"


@pytest.mark.parametrize("path", READ)
async def test_shape(connect: Connect, path: str) -> None:
    """A unit without panels has the very fields of the recorded one."""
    client = await connect("NO-PV")
    await client.command("SET_CHARGE", action="ACTION_CHARGE", power=15, soc=90)
    client.pass_time(minutes=1)
    assert shape((await client.call("GET", path)).body) == SHAPES[path]


@pytest.mark.parametrize("path", TECHNICAL)
async def test_technical_shape(connect: Connect, path: str) -> None:
    """What technicians see has the very fields, too."""
    client = await connect("BARE")
    client.token = (await client.sign_in_technician()).result["token"]
    assert shape((await client.call("GET", path)).body) == SHAPES[path]


@pytest.mark.parametrize(
    ("model", "va", "capacity", "panels", "meters", "phases"),
    [
        ("AC", 4600, 10.08, False, 2, True),
        ("HYBRID", 6000, 10.08, True, 1, True),
        ("NO-PV", 3600, 6.0, False, 1, True),
        ("AC-3P", 4600, 6.0, False, 2, False),
        ("AC-1M", 3600, 4.2, False, 1, True),
        ("BARE", 3600, 4.2, False, 0, True),
    ],
)
async def test_models(
    connect: Connect,
    model: str,
    va: int,
    capacity: float,
    panels: bool,
    meters: int,
    phases: bool,
) -> None:
    """Ratings, panels and meters tell the installation."""
    client = await connect(model)
    told = await client.get("device")
    assert (told["inverterVaRating"], told["bmsCapacity"]) == (va, capacity)
    assert told["hasPv"] is panels
    wired = [meter for meter in told["powerMeters"] if meter["model"] != "None"]
    assert len(wired) == meters
    assert [meter["position"] for meter in told["powerMeters"]] == [1, 2]
    assert {meter["singlePhase"] for meter in told["powerMeters"]} == {phases}
    assert told["inverterSerialNumber"] == client.card.serial


async def test_old_firmware(connect: Connect) -> None:
    """Firmware that is too old says nothing of saving energy."""
    client = await connect("BARE")
    assert "energySavingMode" not in await client.get("device")
    assert "energySavingMode" not in await client.get("settings")
    flow = (await client.status())["energyFlow"]
    assert not {"energySavingModeEnabled", "energySavingModeActivated"} & flow.keys()


async def test_seconds_and_milliseconds(client: Client) -> None:
    """Identity and settings count seconds, modes milliseconds."""
    assert len(str((await client.get("device"))["deviceLastUpdate"])) == 10
    assert len(str((await client.get("settings"))["defaultMode"]["createdAt"])) == 10
    assert len(str((await client.status())["currentMode"]["createdAt"])) == 13


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
async def test_wrong_method(client: Client, method: str) -> None:
    """A wrong method is a missing page, in plain text."""
    answer = await client.call(method, "device")
    assert (answer.status, answer.text) == (404, "404 page not found")


async def test_unknown_path(client: Client) -> None:
    """An unknown path is a missing page, with or without a token."""
    client.token = ""
    answer = await client.call("GET", "definitely-not-a-real-endpoint")
    assert (answer.status, answer.text) == (404, "404 page not found")


async def test_missing_slash(client: Client) -> None:
    """Settings are read with and without a slash, and written only with one."""
    assert (await client.call("GET", "settings")).status == 200
    answer = await client.call("PUT", "settings", {})
    assert (answer.status, answer.location) == (307, "/api/settings/")
    answer = await client.call("GET", "notifications?size=3")
    assert (answer.status, answer.location) == (301, "/api/notifications/?size=3")

"""Tests of work that lets others have the loop in between."""

import asyncio

import pytest

from custom_components.home_battery.transport import breath
from custom_components.home_battery.transport.breath import Breath


@pytest.mark.parametrize(
    ("keep", "done"), [(0.0, ["other", "work"]), (3600.0, ["work"])]
)
async def test_breath(
    monkeypatch: pytest.MonkeyPatch, keep: float, done: list[str]
) -> None:
    """Others come first only when the loop was kept for long."""
    monkeypatch.setattr(breath, "_KEEP_SECONDS", keep)
    said: list[str] = []
    work = Breath()
    asyncio.get_running_loop().call_soon(said.append, "other")
    await work.take()
    said.append("work")
    assert said == done

"""An error that Home Assistant keeps holds nothing of the answer that it came from."""

from collections.abc import Iterator
import re
import traceback
from types import FrameType

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator.faults import Fault
from tests.conftest import Simulate, async_pass, async_set_up

from .accounts import CASES

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def frames(error: BaseException | None) -> Iterator[FrameType]:
    """Return the frames that an error and what it came from hold."""
    for one in chain(error):
        yield from (frame for frame, _ in traceback.walk_tb(one.__traceback__))


@pytest.mark.parametrize("vendor", ["foxess", "growatt", "voltstorage", "eaton"])
@pytest.mark.parametrize("kind", ["oversized", "html"])
async def test_no_answer(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    vendor: str,
    kind: str,
) -> None:
    """Neither what was too large nor what was no answer stays in memory."""
    case = CASES[vendor]
    sim = await simulate(**case.models)
    entry = case.entry(sim)
    await async_set_up(hass, entry)
    sim.faults.add(Fault(vendor=vendor, kind=kind))
    await async_pass(hass, freezer, minutes=20)
    data = entry.runtime_data
    failed = [
        feed.last_exception
        for feed in (data.readings, data.settings, *data.others)
        if not feed.last_update_success
    ]
    assert failed
    for error in failed:
        assert len(list(chain(error))) > 1
        assert [
            (frame.f_code.co_filename, sorted(frame.f_locals))
            for frame in frames(error)
            if re.search("/home_battery/(vendors|transport)/", frame.f_code.co_filename)
            and frame.f_locals
        ] == []

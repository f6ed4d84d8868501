"""Frozen time at less cost: what freezegun and the test plugin work out anew each time, and need not.

Nothing that a test sees is different. The plugin puts what is its own into freezegun
before each test, so it is replaced where the plugin has it.
"""

from calendar import timegm
from datetime import datetime
from functools import lru_cache
import time
from types import ModuleType
from unittest.mock import patch

from freezegun import api
import pytest
from pytest_homeassistant_custom_component import common, patch_time

from homeassistant import runner
from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import get_scheduled_timer_handles

_RESOLUTION = time.get_clock_info("monotonic").resolution


class FrozenDatetime(
    patch_time.HAFakeDatetime, metaclass=patch_time.HAFakeDatetimeMeta
):
    """What stands for datetime while time is frozen: arithmetic gives its own kind by itself."""

    __add__ = datetime.__add__
    __radd__ = datetime.__radd__
    # A date would be another matter.
    __sub__ = datetime.__sub__  # type: ignore[assignment]

    def timestamp(self) -> float:
        """Return the seconds since 1970."""
        if self.tzinfo is None:
            return super().timestamp()
        return api.real_datetime.timestamp(self)


def quicken() -> None:
    """Let it take less to freeze time, to ask for it, and to let it pass."""
    replaced = pytest.MonkeyPatch()
    replaced.setattr(patch_time, "HAFakeDatetime", FrozenDatetime)
    replaced.setattr(patch_time, "ha_datetime_to_fakedatetime", _as_frozen)
    replaced.setattr(patch_time, "ha_get_module_attributes_hash", _version)
    replaced.setattr(runner, "monotonic", _loop_time)
    replaced.setattr(common, "_async_fire_time_changed", _fire)


def _as_frozen(moment: datetime) -> datetime:
    """Return a moment as one of frozen time."""
    if type(moment) is FrozenDatetime:
        return moment
    return FrozenDatetime.combine(moment.date(), moment.timetz())


def _version(module: ModuleType) -> str:
    """Return what is another one once a module has more names."""
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


def _loop_time() -> float:
    """Return the time that the event loop goes by; no module that calls it is to have the real one."""
    if not api.freeze_factories:
        return time.monotonic()
    return _seconds(api.get_current_time())


@lru_cache(maxsize=1)
def _seconds(moment: datetime) -> float:
    """Return the seconds since 1970, of a time without a zone."""
    return timegm(moment.timetuple()) + moment.microsecond / 1e6


def _fire(hass: HomeAssistant, moment: datetime, fire_all: bool) -> None:
    """Run all timers that are due at a moment, which the trackers of time take for now.

    The plugin makes two mocks for each of them.
    """
    timestamp = moment.timestamp()
    with patch.multiple(
        "homeassistant.helpers.event",
        time_tracker_utcnow=lambda: moment,
        time_tracker_timestamp=lambda: timestamp,
    ):
        for handle in get_scheduled_timer_handles(hass.loop).copy():
            ahead = timestamp - time.time()
            left = handle.when() - (hass.loop.time() + _RESOLUTION)
            if not handle.cancelled() and (fire_all or ahead >= left):
                handle._run()  # noqa: SLF001
                handle.cancel()

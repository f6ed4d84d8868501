"""A cloud in memory, which answers the calls of one device and obeys its writes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.home_battery.transport.errors import (
    ApiError,
    TransientError,
    UnsupportedError,
)
from custom_components.home_battery.vendors.growatt.control import GrowattControl
from custom_components.home_battery.vendors.growatt.memory import DeviceMemory
from custom_components.home_battery.vendors.growatt.steering.families import FAMILIES
from custom_components.home_battery.vendors.growatt.steering.values import Write

from . import beans

type Answers = dict[str, Any]

WRAPPED = {
    "min_settings": (),
    "min_details": ("tlxSetbean",),
    "sph_details": (),
    "spa_details": (),
    "noah_app_settings": ("noah",),
}


class Moment:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.at = datetime(2026, 10, 5, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self.at

    def monotonic(self) -> float:
        """Return the seconds that have passed since some moment."""
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Move on."""
        self.at += timedelta(seconds=seconds)


class Cloud:
    """The calls of one device.

    Attributes:
        kind: Its family.
        record: What it holds.
        tells: The calls that tell the record.
        singles: What it tells when it is asked for one setting, by its name.
        fails: Errors by call, or by the name of the setting that is asked for.
        taken: Whether a write that fails is taken all the same.
        calls: The names of all calls so far, that of a setting behind a colon.
    """

    def __init__(self, kind: str, record: Mapping[str, Any], *tells: str) -> None:
        """Hold a record, told by some calls."""
        self.kind = kind
        self.record = dict(record)
        self.tells = tells
        self.singles: dict[str, Any] = {}
        self.fails: dict[str, ApiError] = {}
        self.taken = True
        self.calls: list[str] = []
        self.stored: dict[str, Any] = {}
        self.clock = Moment()

    @property
    def control(self) -> GrowattControl:
        """Return the steering of the device, made anew."""
        return GrowattControl(
            self,
            DeviceMemory(self.stored, self.clock),
            beans.device(self.kind),
            FAMILIES[self.kind],
            self.clock,
        )

    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Answer a call."""
        setting = parameters.get("paramId") or parameters.get("setType")
        self.calls.append(name if setting is None else f"{name}:{setting}")
        error = self.fails.pop(setting or name, None) or self.fails.get(f"{name}!")
        if name.removesuffix("_v4").endswith("_set"):
            self._write(Write(name, parameters), error)
            return None
        if error is not None:
            raise error
        if setting is not None or name == "power_v4":
            return self._single(setting or name)
        if name not in self.tells:
            return ""
        answer: Any = self.record
        path = WRAPPED.get(name, (self.kind.replace("_", "-"),))
        for step in reversed(path):
            answer = {step: [answer] if name == "details_v4" else answer}
        return answer

    def _single(self, name: str) -> Any:
        """Answer what a setting is."""
        if name not in self.singles:
            raise UnsupportedError("No such parameter")
        return self.singles[name]

    def _write(self, write: Write, error: ApiError | None) -> None:
        """Take a write, and report an error where one is to be."""
        if error is None or self.taken:
            self.record = beans.obey(self.record, write)
        if error is not None:
            raise error

    def take_calls(self) -> list[str]:
        """Return the calls since the last time."""
        calls, self.calls = self.calls, []
        return calls


def hiccup() -> TransientError:
    """Return what the vendor reports of many a write that it has taken."""
    return TransientError("System error", code="1")

"""The two daily windows in which the battery charges from the grid (Fox ESS notes 1.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..jsontypes import Json, JsonObject
from ..wall_clock import next_edge
from .schema import Fields


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window in minutes since midnight, its end excluded; it may cross midnight."""

    enabled: bool = False
    start: int = 0
    end: int = 0

    def covers(self, minute: int) -> bool:
        """Return whether a minute of the day lies in the window."""
        if not self.enabled:
            return False
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True, kw_only=True)
class ChargeTimes:
    """Both windows, which are always written together."""

    windows: tuple[Window, Window] = field(default=(Window(), Window()))

    def covers(self, minute: int) -> bool:
        """Return whether the device charges in a minute of the day."""
        return any(window.covers(minute) for window in self.windows)

    def next_change(self, minute: int) -> int:
        """Return the next minute of the day at which a window begins or ends."""
        return next_edge(
            minute,
            (edge for window in self.windows for edge in (window.start, window.end)),
        )

    def as_json(self) -> JsonObject:
        """Return the windows as the server sends them."""
        answer: dict[str, Json] = {}
        for number, window in enumerate(self.windows, 1):
            answer[f"enable{number}"] = window.enabled
            answer[f"startTime{number}"] = _clock(window.start)
            answer[f"endTime{number}"] = _clock(window.end)
        return answer


CHARGE_TIME_FIELDS = tuple(
    f"{name}{number}"
    for number in (1, 2)
    for name in ("enable", "startTime", "endTime")
)


def read_charge_times(fields: Fields) -> ChargeTimes:
    """Return both windows from a request."""
    first, second = (
        Window(
            enabled=fields.boolean(f"enable{number}"),
            start=_minute(fields.raw(f"startTime{number}")),
            end=_minute(fields.raw(f"endTime{number}")),
        )
        for number in (1, 2)
    )
    return ChargeTimes(windows=(first, second))


def _clock(minute: int) -> Mapping[str, Json]:
    """Return a minute of the day as hour and minute."""
    return {"hour": minute // 60, "minute": minute % 60}


def _minute(value: Json) -> int:
    """Return hour and minute as a minute of the day."""
    fields = Fields(value, required=("hour", "minute"))
    return fields.whole("hour", 0, 23) * 60 + fields.whole("minute", 0, 59)

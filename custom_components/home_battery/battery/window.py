"""Daily windows: whether what they would hold together makes sense."""

from collections.abc import Mapping
from datetime import time
from typing import Final

from .control import Control, ControlValue, Settings, SwitchControl, TimeControl, Window
from .errors import ChangeError, Problem

_DAY: Final = 24 * 60


def window_of(control: Control | None) -> Window | None:
    """Return the window that a control is a part of."""
    return control.window if isinstance(control, TimeControl | SwitchControl) else None


def check_windows(values: Settings, controls: Mapping[str, Control]) -> None:
    """Check the windows that some values touch, with the others as they are.

    A window that is off may hold any time. The end may lie before the start,
    as the window may cross midnight.

    Raises:
        ChangeError: A window that is on would have no length, or share minutes
            with another of its kind.
    """
    windows = {window for c in controls.values() if (window := window_of(c))}
    touched = {window for key in values if (window := window_of(controls.get(key)))}
    for window in sorted(touched, key=lambda one: one.switch):
        if (minutes := _minutes(window, values, controls)) is None:
            continue
        if not minutes:
            raise ChangeError(Problem.WINDOW_EMPTY)
        for other in windows - {window}:
            if other.kind == window.kind and minutes & (
                _minutes(other, values, controls) or frozenset()
            ):
                raise ChangeError(Problem.WINDOW_OVERLAP, number=other.number)


def _minutes(
    window: Window, values: Settings, controls: Mapping[str, Control]
) -> frozenset[int] | None:
    """Return the minutes of the day in a window, `None` if it is off or not known."""
    held: dict[str, ControlValue | None] = {
        key: control.value for key in window.keys if (control := controls.get(key))
    }
    on, start, end = (values.get(key, held.get(key)) for key in window.keys)
    if on is not True or not isinstance(start, time) or not isinstance(end, time):
        return None
    first, last = (edge.hour * 60 + edge.minute for edge in (start, end))
    length = (last - first) % _DAY
    return frozenset(minute % _DAY for minute in range(first, first + length))

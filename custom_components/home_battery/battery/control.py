"""Controls: the values that a person can set on a device."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from .capabilities import Range

type ControlValue = float | str | bool | time


@dataclass(frozen=True)
class Window:
    """One of the daily windows of a kind: a start, an end, and whether it is on.

    Each of the three is a control of its own, and they only make sense together.
    """

    kind: str
    number: int

    @property
    def switch(self) -> str:
        """Return the key of the control that turns it on."""
        return f"{self.kind}_{self.number}"

    @property
    def start(self) -> str:
        """Return the key of its start."""
        return f"{self.switch}_start"

    @property
    def end(self) -> str:
        """Return the key of its end, the first minute that is outside again."""
        return f"{self.switch}_end"

    @property
    def keys(self) -> tuple[str, str, str]:
        """Return the keys of all three."""
        return self.switch, self.start, self.end


@dataclass(frozen=True, kw_only=True)
class NumberControl:
    """A number on the device, with the range that the device itself reports.

    Attributes:
        value: What the device holds, `None` while it is not known.
        minimum: Smallest value that the device takes, in `unit`.
        maximum: Largest value that the device takes, in `unit`.
        step: The device's resolution.
        blocked: Why it cannot be set now, as an error key; `None` if it can.
    """

    value: float | None
    minimum: float
    maximum: float
    step: float
    blocked: str | None = None

    def nearest(self, value: ControlValue) -> ControlValue:
        """Return a number that the device can hold, on one of its steps."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return value
        return Range(self.minimum, self.maximum, self.step).nearest(value)

    def accepts(self, value: ControlValue) -> bool:
        """Tell whether the device would take the value."""
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and self.minimum <= value <= self.maximum
        )

    def holds(self, value: ControlValue) -> bool:
        """Tell whether the device already has the value, within half a step."""
        return (
            self.value is not None
            and isinstance(value, int | float)
            and abs(self.value - value) < self.step / 2
        )


@dataclass(frozen=True, kw_only=True)
class ChoiceControl:
    """One word out of several.

    Attributes:
        value: What the device holds; `None` while unknown or without a word.
        options: The words that this device takes.
        blocked: Why it cannot be set now, as an error key; `None` if it can.
    """

    value: str | None
    options: tuple[str, ...]
    blocked: str | None = None

    def nearest(self, value: ControlValue) -> ControlValue:
        """Return the word itself: there is nothing between two of them."""
        return value

    def accepts(self, value: ControlValue) -> bool:
        """Tell whether the device knows the word."""
        return value in self.options

    def holds(self, value: ControlValue) -> bool:
        """Tell whether the device already has the word."""
        return self.value == value


@dataclass(frozen=True, kw_only=True)
class TimeControl:
    """A time of day, on the device's own clock.

    Attributes:
        value: What the device holds, `None` while it is not known.
        window: The window that it begins or ends.
        blocked: Why it cannot be set now, as an error key; `None` if it can.
    """

    value: time | None
    window: Window | None = None
    blocked: str | None = None
    options = ("00:00 – 23:59",)

    def nearest(self, value: ControlValue) -> ControlValue:
        """Return the time without its seconds, which no device keeps."""
        if not isinstance(value, time):
            return value
        return value.replace(second=0, microsecond=0, tzinfo=None)

    def accepts(self, value: ControlValue) -> bool:
        """Tell whether it is a time of day."""
        return isinstance(value, time)

    def holds(self, value: ControlValue) -> bool:
        """Tell whether the device already has the time."""
        return self.value == value


@dataclass(frozen=True, kw_only=True)
class SwitchControl:
    """Something that is on or off.

    Attributes:
        value: What the device holds, `None` while it is not known.
        window: The window that it turns on.
        blocked: Why it cannot be set now, as an error key; `None` if it can.
    """

    value: bool | None
    window: Window | None = None
    blocked: str | None = None
    options = ("on", "off")

    def nearest(self, value: ControlValue) -> ControlValue:
        """Return the position itself: there is nothing in between."""
        return value

    def accepts(self, value: ControlValue) -> bool:
        """Tell whether it is on or off."""
        return isinstance(value, bool)

    def holds(self, value: ControlValue) -> bool:
        """Tell whether the device already is so."""
        return self.value is value


@dataclass(frozen=True, kw_only=True)
class ButtonControl:
    """Something that is done, and is nothing that the device holds.

    Attributes:
        blocked: Why it cannot be done now, as an error key; `None` if it can.
    """

    value: None = None
    blocked: str | None = None
    options = ()

    def nearest(self, value: ControlValue) -> ControlValue:
        """Return the value itself."""
        return value

    def accepts(self, value: ControlValue) -> bool:
        """Tell that it takes no value."""
        return False

    def holds(self, value: ControlValue) -> bool:
        """Tell that it holds none."""
        return False


type Control = (
    NumberControl | ChoiceControl | TimeControl | SwitchControl | ButtonControl
)
type Settings = Mapping[str, ControlValue]

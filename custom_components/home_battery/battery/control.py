"""Controls: the values that a person can set on a device."""

from collections.abc import Mapping
from dataclasses import dataclass

from .capabilities import Range

type ControlValue = float | str | bool


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


type Control = NumberControl | ChoiceControl
type Settings = Mapping[str, ControlValue]
